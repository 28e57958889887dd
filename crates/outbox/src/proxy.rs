//! A proxy that requests go through, if one is set: `http://user:password@host:port`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Uri};

use crate::error::OutboxError;

/// A proxy.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) authorization: Option<HeaderValue>,
}

/// The password is not shown.
impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proxy({}:{})", self.host, self.port)
    }
}

impl Proxy {
    /// Reads the setting; `direct` and nothing mean none.
    ///
    /// # Errors
    /// When it is neither that nor an address with `http`.
    pub fn parse(text: &str) -> Result<Option<Self>, OutboxError> {
        if text.is_empty() || text == "direct" {
            return Ok(None);
        }
        // The whole may hold a password, and is not repeated.
        let bad = || OutboxError::NotAProxy(text.rsplit('@').next().unwrap_or_default().to_owned());
        let uri: Uri = text.parse().map_err(|_| bad())?;
        let (Some("http"), Some(host)) = (uri.scheme_str(), uri.host()) else { return Err(bad()) };
        let user = uri.authority().and_then(|authority| authority.as_str().rsplit_once('@'));
        let authorization = match user {
            Some((user, _)) => {
                let plain = percent_decoded(user).ok_or_else(bad)?;
                let mut value =
                    HeaderValue::try_from(format!("Basic {}", STANDARD.encode(plain))).map_err(|_| bad())?;
                value.set_sensitive(true);
                Some(value)
            }
            None => None,
        };
        Ok(Some(Self { host: host.to_owned(), port: uri.port_u16().unwrap_or(80), authorization }))
    }
}

fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::Proxy;

    #[test]
    fn proxies_are_read() {
        assert_eq!(Proxy::parse("").unwrap(), None);
        assert_eq!(Proxy::parse("direct").unwrap(), None);
        let proxy = Proxy::parse("http://me:p%40ss@proxy.lan:3128").unwrap().unwrap();
        assert_eq!((proxy.host.as_str(), proxy.port), ("proxy.lan", 3128));
        assert_eq!(proxy.authorization.unwrap(), "Basic bWU6cEBzcw==");
        assert_eq!(Proxy::parse("http://proxy").unwrap().unwrap().port, 80);
        for bad in ["socks5://x:1", "proxy:3128", "https://proxy"] {
            assert!(Proxy::parse(bad).is_err(), "{bad}");
        }
        assert!(!Proxy::parse("ftp://me:secret@proxy").unwrap_err().to_string().contains("secret"));
    }
}
