//! The settings as the program reads them.

use std::path::PathBuf;
use std::time::Duration;

use crate::error::SettingsError;
use crate::parse::Variables;
use crate::table;

/// All settings, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Address to listen on.
    pub host: String,
    /// Port to listen on; 0 picks a free one.
    pub port: u16,
    /// The public address, without a slash at its end, if one was given.
    pub home_url: Option<String>,
    /// The person whom browsers are signed in as by default.
    pub default_email: Option<String>,
    /// The administrator, if one was given.
    pub admin_email: Option<String>,
    /// The domain of the only site.
    pub single_org: Option<String>,
    /// Whether `/o/<site>/` names the site.
    pub org_in_path: bool,
    /// Name of the session cookie.
    pub session_cookie: String,
    /// Key that cookies are signed with, if one was given.
    pub session_secret: Option<String>,
    /// Age of the cookie in milliseconds.
    pub cookie_max_age: i64,
    /// Whether the anonymous see nothing.
    pub force_login: bool,
    /// Whether the anonymous may make unsaved documents.
    pub anon_playground: bool,
    /// Whether everybody may make team sites.
    pub org_creation_anyone: bool,
    /// Requests to one document at a time; 0 means no limit.
    pub max_parallel_requests: u32,
    /// How long a query in SQL may take.
    pub sql_timeout: Duration,
    /// Domains that webhooks may call.
    pub webhook_domains: Vec<String>,
    /// Whether webhooks may call machines of the own network.
    pub webhook_private: bool,
    /// The proxy for requests to addresses that users choose.
    pub webhook_proxy: Option<String>,
    /// How many events of a webhook may wait.
    pub webhook_max_queue: u64,
    /// One step of the waits between attempts.
    pub webhook_wait: Duration,
    /// Attempts before events are put off.
    pub webhook_attempts: u32,
    /// Whether SCIM is on.
    pub enable_scim: bool,
    /// A person who may use SCIM besides the administrator.
    pub scim_email: Option<String>,
    /// Whether accounts for programs may be made.
    pub enable_service_accounts: bool,
    /// The domain of the site of templates.
    pub template_org: Option<String>,
    /// Where the web app is read from, if not from the program.
    pub web_dir: Option<PathBuf>,
    /// What is logged: a filter of `tracing`.
    pub log_level: String,
}

/// The secret is not shown.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("data_dir", &self.data_dir)
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// From the environment of the process.
    ///
    /// # Errors
    /// When a value cannot be understood.
    pub fn from_environment() -> Result<Self, SettingsError> {
        Self::from_variables(&|name| std::env::var(name).ok())
    }

    /// From variables that come from wherever the caller says.
    ///
    /// # Errors
    /// When a value cannot be understood.
    pub fn from_variables(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let given = Variables(variable);
        let data_dir = match given.text(&table::DATA_DIR) {
            Some(path) => PathBuf::from(path),
            None => user_data(variable).ok_or(SettingsError::NoDataDir)?,
        };
        let default_email = match given.given(&table::DEFAULT_EMAIL) {
            Some((_, email)) => Some(email.trim().to_owned()).filter(|email| !email.is_empty()),
            None => Some(table::DEFAULT_EMAIL.default.to_owned()),
        };
        let webhook_domains: Vec<String> = given
            .text(&table::WEBHOOK_DOMAINS)
            .map(|list| list.split(',').map(|domain| domain.trim().to_lowercase()).collect())
            .unwrap_or_default();
        let all_domains = webhook_domains.iter().any(|domain| domain == "*");
        let org_creation_anyone = given.switch(&table::ORG_CREATION_ANYONE, true)?;
        Ok(Self {
            data_dir,
            host: given.text(&table::HOST).unwrap_or_else(|| table::HOST.default.to_owned()),
            port: given.number(&table::PORT, 8484)?,
            home_url: given.text(&table::HOME_URL).map(|url| url.trim_end_matches('/').to_owned()),
            default_email,
            admin_email: given.text(&table::ADMIN_EMAIL),
            single_org: given.text(&table::SINGLE_ORG),
            org_in_path: given.switch(&table::ORG_IN_PATH, true)?,
            session_cookie: given
                .text(&table::SESSION_COOKIE)
                .unwrap_or_else(|| table::SESSION_COOKIE.default.to_owned()),
            session_secret: given.text(&table::SESSION_SECRET),
            cookie_max_age: given.number(&table::COOKIE_MAX_AGE, 90 * 24 * 3600 * 1000)?,
            force_login: given.switch(&table::FORCE_LOGIN, false)?,
            anon_playground: given.switch(&table::ANON_PLAYGROUND, org_creation_anyone)?,
            org_creation_anyone,
            max_parallel_requests: given.number(&table::MAX_PARALLEL_REQUESTS, 10)?,
            sql_timeout: Duration::from_millis(given.number(&table::SQL_TIMEOUT, 1000)?),
            webhook_private: given.switch(&table::WEBHOOK_PRIVATE, all_domains)?,
            webhook_domains,
            webhook_proxy: given.text(&table::WEBHOOK_PROXY),
            webhook_max_queue: given.number(&table::WEBHOOK_MAX_QUEUE, 1000)?,
            webhook_wait: Duration::from_millis(given.number(&table::WEBHOOK_WAIT, 1000)?),
            webhook_attempts: given.number(&table::WEBHOOK_ATTEMPTS, 20)?,
            enable_scim: given.switch(&table::ENABLE_SCIM, false)?,
            scim_email: given.text(&table::SCIM_EMAIL),
            enable_service_accounts: given.switch(&table::ENABLE_SERVICE_ACCOUNTS, false)?,
            template_org: given.text(&table::TEMPLATE_ORG),
            web_dir: given.text(&table::WEB_DIR).map(PathBuf::from),
            log_level: given
                .text(&table::LOG_LEVEL)
                .unwrap_or_else(|| table::LOG_LEVEL.default.to_owned())
                .to_lowercase(),
        })
    }
}

/// The user's directory for data, by the conventions of the system.
fn user_data(variable: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_DATA_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local/share")))
        .or_else(|| set("LOCALAPPDATA"))
        .map(|folder| folder.join("moulin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let found = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Settings::from_variables(&|name| found(name).or_else(|| (name == "HOME").then(|| "/h".to_owned())))
    }

    #[test]
    fn defaults() {
        let settings = from(&[]).unwrap();
        assert_eq!(settings.data_dir, PathBuf::from("/h/.local/share/moulin"));
        assert_eq!((settings.host.as_str(), settings.port), ("127.0.0.1", 8484));
        assert_eq!(settings.default_email.as_deref(), Some("you@example.com"));
        assert!(settings.org_creation_anyone && settings.anon_playground && !settings.enable_scim);
    }

    #[test]
    fn both_names_are_known_and_ours_wins() {
        assert_eq!(from(&[("PORT", "1")]).unwrap().port, 1);
        assert_eq!(from(&[("PORT", "1"), ("MOULIN_PORT", "2")]).unwrap().port, 2);
        assert_eq!(from(&[("GRIST_DEFAULT_EMAIL", "")]).unwrap().default_email, None);
        assert!(!from(&[("GRIST_ORG_CREATION_ANYONE", "false")]).unwrap().anon_playground);
        assert!(from(&[("GRIST_ENABLE_SCIM", "Yes")]).unwrap().enable_scim);
        assert!(!from(&[("ALLOWED_WEBHOOK_DOMAINS", "a.org")]).unwrap().webhook_private);
        let all = [("ALLOWED_WEBHOOK_DOMAINS", "*"), ("MOULIN_WEBHOOK_PRIVATE_ADDRESSES", "off")];
        assert!(from(&all[..1]).unwrap().webhook_private && !from(&all).unwrap().webhook_private);
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        let said = |variables: &[(&str, &str)]| from(variables).unwrap_err().to_string();
        assert_eq!(said(&[("PORT", "http")]), "PORT is \"http\", but should be a whole number");
        assert_eq!(
            said(&[("MOULIN_FORCE_LOGIN", "perhaps")]),
            "MOULIN_FORCE_LOGIN is \"perhaps\", but should be on or off"
        );
        let nothing = Settings::from_variables(&|_| None).unwrap_err();
        assert_eq!(nothing, SettingsError::NoDataDir);
    }
}
