//! Requests that a page of another site could make a browser send.

use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use http::{HeaderMap, Method};

use crate::error::LoginError;
use crate::identity::{By, Identity, Login};

impl Login {
    /// Whether the request comes from one of our own pages, or from no page at all: its `Origin` is absent, or names the host that it was sent to, or our public
    /// address. WebSockets need this too.
    #[must_use]
    pub fn is_own_origin(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        if self.settings.home_url.as_deref().is_some_and(|url| same_origin(url, origin)) {
            return true;
        }
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let named = origin.split_once("://").map(|(_, host)| host);
        host.is_some() && named.zip(host).is_some_and(|(named, host)| named.eq_ignore_ascii_case(host))
    }

    /// Refuses what comes from a page of another site and carries anything that shows who it is. A page of another site may ask as nobody.
    ///
    /// # Errors
    /// [`LoginError::ForeignOrigin`].
    pub fn check_origin(&self, headers: &HeaderMap) -> Result<(), LoginError> {
        let shows = headers.contains_key(COOKIE) || headers.contains_key(AUTHORIZATION);
        if shows && !self.is_own_origin(headers) { Err(LoginError::ForeignOrigin) } else { Ok(()) }
    }

    /// Refuses a change that a form on a page of another site could ask for: without a key it must carry a header that no form can send.
    ///
    /// # Errors
    /// [`LoginError::Forgery`].
    pub fn check_forgery(
        &self,
        method: &Method,
        headers: &HeaderMap,
        identity: &Identity,
    ) -> Result<(), LoginError> {
        let harmless = method == Method::GET || method == Method::HEAD || method == Method::OPTIONS;
        if harmless || identity.by == By::Key {
            return Ok(());
        }
        let is = |name: &str, expected: &str| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.and_then(|value| value.split(';').next()).is_some_and(|value| value.trim() == expected)
        };
        if is("x-requested-with", "XMLHttpRequest") || is(CONTENT_TYPE.as_str(), "application/json") {
            return Ok(());
        }
        Err(LoginError::Forgery)
    }
}

/// Whether an address lies at an origin (`https://host:port`).
fn same_origin(address: &str, origin: &str) -> bool {
    let Some((scheme, rest)) = address.split_once("://") else { return false };
    let host = rest.split('/').next().unwrap_or(rest);
    origin.eq_ignore_ascii_case(&format!("{scheme}://{host}"))
}
