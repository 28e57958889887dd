//! The person behind a request.

use std::sync::Arc;

use home::{ANONYMOUS, Home, Person, normalise_email, now};
use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderValue};
use settings::Settings;

use crate::cookie::{Session, Signer};
use crate::error::LoginError;

/// How somebody showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By an API key in the request: no browser sends that by itself.
    Key,
    /// By the cookie of a browser.
    Cookie,
    /// Not at all.
    Nothing,
}

/// Who speaks.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The person; nobody is the anonymous person.
    pub person: Person,
    /// How they showed it.
    pub by: By,
}

impl Identity {
    /// The id by which formulas and rules know the session (`user.SessionID`): that of the person, or for the anonymous that of the connection.
    #[must_use]
    pub fn session_id(&self, connection: &str) -> String {
        if self.person.is_anonymous() { format!("a{connection}") } else { format!("u{}", self.person.id) }
    }
}

/// Finds out who speaks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Login {
    home: Home,
    pub(crate) settings: Arc<Settings>,
    signer: Signer,
}

impl Login {
    /// The secret of cookies is taken from the settings, else from the home database, where it is put at the first start.
    ///
    /// # Errors
    /// When the home database fails.
    pub async fn new(home: Home, settings: Arc<Settings>) -> Result<Self, LoginError> {
        const NAME: &str = "session-secret";
        let secret = match (&settings.session_secret, home.setting(NAME).await?) {
            (Some(given), _) => given.clone(),
            (None, Some(kept)) => kept,
            (None, None) => {
                let made = format!("{}{}", home::new_id(), home::new_id());
                home.set_setting(NAME, &made).await?;
                made
            }
        };
        let signer = Signer::new(&secret, settings.cookie_max_age).ok_or(LoginError::BadKey)?;
        Ok(Self { home, settings, signer })
    }

    /// Who speaks. The API key decides if there is one, then the cookie.
    ///
    /// # Errors
    /// When the key is wrong, the account switched off, or nobody may look without signing in.
    pub async fn identify(&self, headers: &HeaderMap) -> Result<Identity, LoginError> {
        let identity = if let Some(key) = api_key(headers) {
            let person = self.home.person_by_api_key(key).await?.ok_or(LoginError::BadKey)?;
            Identity { person, by: By::Key }
        } else if let Some(person) = self.signed_in(headers).await? {
            Identity { person, by: By::Cookie }
        } else if self.settings.force_login {
            return Err(LoginError::SignInFirst);
        } else {
            Identity { person: self.anonymous().await?, by: By::Nothing }
        };
        if identity.person.disabled_at.is_some() { Err(LoginError::Disabled) } else { Ok(identity) }
    }

    /// The anonymous person.
    ///
    /// # Errors
    /// When the home database fails.
    pub async fn anonymous(&self) -> Result<Person, LoginError> {
        Ok(self.home.person(ANONYMOUS).await?.ok_or(home::HomeError::NotFound("user"))?)
    }

    /// Whether a person administers the installation.
    ///
    /// # Errors
    /// When the home database fails.
    pub async fn is_admin(&self, person: &Person) -> Result<bool, LoginError> {
        if person.is_anonymous() {
            return Ok(false);
        }
        let seeded = self.home.setting(home::ADMIN_SETTING).await?;
        let admin =
            self.settings.admin_email.clone().or(seeded).or_else(|| self.settings.default_email.clone());
        Ok(admin.is_some_and(|admin| normalise_email(&admin) == normalise_email(&person.email)))
    }

    /// The cookie that signs a browser in. `secure`: the browser came by HTTPS.
    #[must_use]
    pub fn sign_in(&self, person: &Person, secure: bool) -> Option<HeaderValue> {
        self.cookie(&Session::Person(person.reference.clone()), secure)
    }

    /// The cookie that signs a browser out.
    #[must_use]
    pub fn sign_out(&self, secure: bool) -> Option<HeaderValue> {
        self.cookie(&Session::SignedOut, secure)
    }

    /// The default person, if there is one: whoever signs in without a sign-in service is this person. Made when first needed.
    ///
    /// # Errors
    /// When the home database fails.
    pub async fn default_person(&self) -> Result<Option<Person>, LoginError> {
        let Some(email) = &self.settings.default_email else { return Ok(None) };
        let person = self.home.ensure_person(email, Some("You")).await?;
        self.home.note_login(person.id).await?;
        Ok(Some(person))
    }

    /// Whether a browser that asks for a page is to be signed in as the default person: it has no session, and has not signed out.
    #[must_use]
    pub fn is_new_here(&self, headers: &HeaderMap) -> bool {
        self.settings.default_email.is_some() && self.session(headers).is_none() && api_key(headers).is_none()
    }

    async fn signed_in(&self, headers: &HeaderMap) -> Result<Option<Person>, LoginError> {
        match self.session(headers) {
            Some(Session::Person(reference)) => Ok(self.home.person_by_reference(&reference).await?),
            Some(Session::SignedOut) | None => Ok(None),
        }
    }

    fn session(&self, headers: &HeaderMap) -> Option<Session> {
        let now = now();
        let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        values
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.settings.session_cookie)
            .find_map(|(_, value)| self.signer.read(value, now))
    }

    fn cookie(&self, session: &Session, secure: bool) -> Option<HeaderValue> {
        let value = self.signer.sign(session, now());
        let seconds = self.settings.cookie_max_age / 1000;
        let secure = if secure { "; Secure" } else { "" };
        let name = &self.settings.session_cookie;
        let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&line).ok()
    }
}

fn api_key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}
