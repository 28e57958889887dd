//! The session cookie: whom the browser is signed in as, signed, so that nobody can make one up.
//!
//! Its value is `<reference of the person>.<instant in ms>.<signature>`; `-` in the place of the person means that somebody has signed out on purpose. Nothing of it is
//! kept on the server.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// In the place of a person: signed out.
const NOBODY: &str = "-";

/// What a valid cookie says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    /// Signed in: the person's reference.
    Person(String),
    /// Signed out.
    SignedOut,
}

/// Signs and reads cookies.
#[derive(Clone)]
pub(crate) struct Signer {
    key: Hmac<Sha256>,
    max_age: i64,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

impl Signer {
    /// `max_age` is in milliseconds.
    pub(crate) fn new(secret: &str, max_age: i64) -> Option<Self> {
        Some(Self { key: Hmac::new_from_slice(secret.as_bytes()).ok()?, max_age })
    }

    pub(crate) fn sign(&self, session: &Session, now: i64) -> String {
        let whom = match session {
            Session::Person(reference) => reference.as_str(),
            Session::SignedOut => NOBODY,
        };
        let said = format!("{whom}.{now}");
        let signature = self.key.clone().chain_update(&said).finalize().into_bytes();
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// What the value says, if it is ours and not too old.
    pub(crate) fn read(&self, value: &str, now: i64) -> Option<Session> {
        let (said, signature) = value.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.key.clone().chain_update(said).verify_slice(&signature).ok()?;
        let (whom, at) = said.split_once('.')?;
        let at: i64 = at.parse().ok()?;
        if now.saturating_sub(at) > self.max_age {
            return None;
        }
        Some(if whom == NOBODY { Session::SignedOut } else { Session::Person(whom.to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_cookies_are_believed() {
        let signer = Signer::new("secret", 1000).unwrap();
        let ada = Session::Person("ada".to_owned());
        let value = signer.sign(&ada, 5000);
        assert_eq!(signer.read(&value, 5500), Some(ada));
        assert_eq!(signer.read(&value, 6001), None, "too old");
        assert_eq!(signer.read(&value.replace("ada", "bob"), 5500), None, "changed");
        assert_eq!(Signer::new("other", 1000).unwrap().read(&value, 5500), None, "another's");
        let out = signer.sign(&Session::SignedOut, 5000);
        assert_eq!(signer.read(&out, 5000), Some(Session::SignedOut));
        for nonsense in ["", ".", "a.b", "a.b.c", "ada.5000."] {
            assert_eq!(signer.read(nonsense, 5000), None, "{nonsense}");
        }
    }
}
