//! Where requests may go: domains by the setting, and no address in the own network unless that is allowed.
//!
//! A name is checked when it is given, and what it leads to each time it is called: a name may lead elsewhere by then.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

use crate::error::OutboxError;

/// Where requests may go.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    domains: Vec<String>,
    private: bool,
}

impl Addresses {
    /// Domains as the setting gives them, `*` standing for all; whether addresses of the own network may be called.
    #[must_use]
    pub fn new(domains: Vec<String>, private: bool) -> Self {
        Self { domains, private }
    }

    /// Whether an address may be called as far as its name tells: its domain is one of those allowed, or lies below one.
    ///
    /// # Errors
    /// What is not an address, and what is not allowed.
    pub fn check(&self, url: &str) -> Result<Uri, OutboxError> {
        let bad = || OutboxError::Url(url.to_owned());
        let uri: Uri = url.trim().parse().map_err(|_| bad())?;
        let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else { return Err(bad()) };
        let user_in_url = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        if !["http", "https"].contains(&scheme) || host.is_empty() || user_in_url {
            return Err(bad());
        }
        if self.domains.iter().any(|domain| domain == "*") {
            return Ok(uri);
        }
        // Without TLS only to the machine itself, which must be named all the same.
        let may_be_open = scheme == "https" || host.eq_ignore_ascii_case("localhost");
        let known = self.domains.iter().any(|domain| covers(domain, host, uri.port_u16()));
        if may_be_open && known { Ok(uri) } else { Err(OutboxError::Domain(host.to_owned())) }
    }

    /// Whether what a name leads to may be connected to.
    ///
    /// # Errors
    /// An address that nobody outside has.
    pub fn check_address(&self, host: &str, port: u16, address: IpAddr) -> Result<(), OutboxError> {
        // Somebody who names a machine of their own means it; a domain around it does not say so.
        let is_named = || self.domains.iter().any(|domain| is_exactly(domain, host, port));
        let allowed = match reach(address) {
            Reach::Public => true,
            Reach::Private => self.private || is_named(),
            Reach::Never => false,
        };
        if allowed { Ok(()) } else { Err(OutboxError::Private { host: host.to_owned(), address }) }
    }
}

fn is_exactly(domain: &str, host: &str, port: u16) -> bool {
    domain.eq_ignore_ascii_case(host) || domain.eq_ignore_ascii_case(&format!("{host}:{port}"))
}

fn covers(domain: &str, host: &str, port: Option<u16>) -> bool {
    let domain = domain.trim_start_matches("*.").trim_start_matches('.').to_lowercase();
    let host = host.to_lowercase();
    let with_port = port.map(|port| format!("{host}:{port}"));
    !domain.is_empty()
        && (host == domain
            || with_port.as_deref() == Some(domain.as_str())
            || host.strip_suffix(&domain).is_some_and(|above| above.ends_with('.')))
}

/// Who can be at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Anybody.
    Public,
    /// Somebody in the own network, or on this machine.
    Private,
    /// The network itself: services that tell secrets of the machine, or everybody at once.
    Never,
}

fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        _ if address.is_link_local() || address.is_broadcast() || address.is_multicast() => Reach::Never,
        // This network; 0.0.0.0 is this machine by another name.
        (0, ..) => Reach::Never,
        // Kept for later, documentation, measuring.
        (240..=255, ..) | (192, 0, 2) | (198, 51, 100) | (203, 0, 113) | (198, 18..=19, _) => Reach::Never,
        _ if address.is_private() || address.is_loopback() => Reach::Private,
        // Between a provider and its customers; and what clouds put beside their machines.
        (100, 64..=127, _) | (192, 0, 0) => Reach::Private,
        _ => Reach::Public,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    if address.is_loopback() {
        return Reach::Private;
    }
    // An IPv4 address in another dress: mapped, compatible, translated (64:ff9b::/96), or tunnelled (2002::/16).
    let segments = address.segments();
    let last = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match segments {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] if high != 0 => return reach_v4(last(high, low)),
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            return reach_v4(last(high, low));
        }
        [0x2002, high, low, ..] => return reach_v4(last(high, low)),
        _ => {}
    }
    // Where a cloud tells secrets of the machine.
    const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
    match segments[0] {
        _ if address.is_unspecified() || address.is_multicast() || address == METADATA => Reach::Never,
        0xfe80..=0xfebf => Reach::Never,
        0xfc00..=0xfdff | 0xfec0..=0xfeff => Reach::Private,
        0x2000..=0x3fff => Reach::Public,
        _ => Reach::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(domains: &str, private: bool) -> Addresses {
        Addresses::new(domains.split(',').map(str::to_owned).collect(), private)
    }

    #[test]
    fn names_are_allowed_by_domain() {
        let cases = [
            ("http://127.0.0.1:9/x", "*", true),
            ("https://example.com/hook", "example.com", true),
            ("https://EXAMPLE.com/hook", "example.com", true),
            ("https://a.example.com/hook", "example.com", true),
            ("https://badexample.com/hook", "example.com", false),
            ("http://example.com/hook", "example.com", false),
            ("http://localhost:5000/", "localhost", true),
            ("http://localhost:5000/", "localhost:5000", true),
            ("https://a.example.com:8443/", ".example.com", true),
            ("https://a.example.com/", "*.example.com", true),
            ("https://example.com@evil.org/", "example.com", false),
            ("https://a:b@example.com/", "*", false),
            ("https://example.com/", "", false),
            ("not a url", "*", false),
            ("ftp://example.com/", "*", false),
            ("/hook", "*", false),
        ];
        for (url, domains, allowed) in cases {
            assert_eq!(addresses(domains, true).check(url).is_ok(), allowed, "{url} {domains}");
        }
    }

    #[test]
    fn addresses_of_the_own_network_are_refused() {
        use Reach::{Never, Private, Public};
        let cases = [
            ("8.8.8.8", Public),
            ("1.1.1.1", Public),
            ("10.0.0.1", Private),
            ("172.16.0.1", Private),
            ("172.32.0.1", Public),
            ("192.168.1.1", Private),
            ("127.0.0.1", Private),
            ("127.8.8.8", Private),
            ("100.64.0.1", Private),
            ("169.254.169.254", Never),
            ("0.0.0.0", Never),
            ("255.255.255.255", Never),
            ("224.0.0.1", Never),
            ("::1", Private),
            ("::", Never),
            ("::ffff:127.0.0.1", Private),
            ("::ffff:169.254.169.254", Never),
            ("::ffff:0.0.0.0", Never),
            ("::ffff:8.8.8.8", Public),
            ("64:ff9b::a00:1", Private),
            ("2002:a9fe:a9fe::1", Never),
            ("fd00::1", Private),
            ("fd00:ec2::254", Never),
            ("fe80::1", Never),
            ("ff02::1", Never),
            ("2606:4700::1111", Public),
        ];
        for (address, expected) in cases {
            assert_eq!(reach(address.parse().unwrap()), expected, "{address}");
        }
        let refused = |domains: &str, private: bool, host: &str, address: &str| {
            addresses(domains, private).check_address(host, 80, address.parse().unwrap()).is_err()
        };
        assert!(refused("example.com", false, "a.example.com", "10.0.0.1"));
        assert!(!refused("example.com", true, "a.example.com", "10.0.0.1"));
        assert!(!refused("a.example.com", false, "a.example.com", "10.0.0.1"), "somebody named it");
        assert!(!refused("localhost", false, "localhost", "127.0.0.1"));
        assert!(!refused("localhost:80", false, "localhost", "127.0.0.1"));
        assert!(refused("*", false, "localhost", "127.0.0.1"));
        assert!(refused("*", true, "metadata", "169.254.169.254"), "never");
    }
}
