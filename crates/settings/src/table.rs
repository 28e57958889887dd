//! The table of settings, for people to read.

use std::fmt::Write as _;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// `1`, `on`, `true`, `yes` or `0`, `off`, `false`, `no`.
    Switch,
    /// A whole number.
    Number,
    /// A directory.
    Path,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Switch => "switch",
            Self::Number => "number",
            Self::Path => "directory",
        }
    }
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Our name: `MOULIN_…`.
    pub name: &'static str,
    /// The name it has in Grist, which is accepted too; empty if it has none.
    pub grist: &'static str,
    /// How it is written.
    pub kind: Kind,
    /// What holds when it is not given, in words.
    pub default: &'static str,
    /// What it does, in one sentence.
    pub help: &'static str,
}

const fn setting(
    name: &'static str,
    grist: &'static str,
    kind: Kind,
    default: &'static str,
    help: &'static str,
) -> Setting {
    Setting { name, grist, kind, default, help }
}

pub(crate) const DATA_DIR: Setting = setting(
    "MOULIN_DATA_DIR",
    "GRIST_DATA_DIR",
    Kind::Path,
    "~/.local/share/moulin",
    "Where everything is kept: the home database and, under docs, the documents.",
);
pub(crate) const HOST: Setting = setting(
    "MOULIN_HOST",
    "GRIST_HOST",
    Kind::Text,
    "127.0.0.1",
    "The address to listen on; 0.0.0.0 means every address of the machine.",
);
pub(crate) const PORT: Setting =
    setting("MOULIN_PORT", "PORT", Kind::Number, "8484", "The port to listen on; 0 picks a free one.");
pub(crate) const HOME_URL: Setting = setting(
    "MOULIN_HOME_URL",
    "APP_HOME_URL",
    Kind::Text,
    "",
    "The address by which browsers reach the server, if a proxy stands before it: its origin is trusted.",
);
pub(crate) const DEFAULT_EMAIL: Setting = setting(
    "MOULIN_DEFAULT_EMAIL",
    "GRIST_DEFAULT_EMAIL",
    Kind::Text,
    "you@example.com",
    "The person whom every browser is signed in as until there is a sign-in service; empty means that visitors stay anonymous.",
);
pub(crate) const ADMIN_EMAIL: Setting = setting(
    "MOULIN_ADMIN_EMAIL",
    "GRIST_ADMIN_EMAIL",
    Kind::Text,
    "the one named by `moulin seed`, else the default person",
    "The person who administers the installation.",
);
pub(crate) const SINGLE_ORG: Setting = setting(
    "MOULIN_SINGLE_ORG",
    "GRIST_SINGLE_ORG",
    Kind::Text,
    "",
    "The domain of the only site: every address means this one.",
);
pub(crate) const ORG_IN_PATH: Setting = setting(
    "MOULIN_ORG_IN_PATH",
    "GRIST_ORG_IN_PATH",
    Kind::Switch,
    "on",
    "Whether `/o/<site>/` before a path names the site.",
);
pub(crate) const SESSION_COOKIE: Setting = setting(
    "MOULIN_SESSION_COOKIE",
    "GRIST_SESSION_COOKIE",
    Kind::Text,
    "grist_core2",
    "The name of the cookie that keeps a browser signed in.",
);
pub(crate) const SESSION_SECRET: Setting = setting(
    "MOULIN_SESSION_SECRET",
    "GRIST_SESSION_SECRET",
    Kind::Text,
    "made at the first start and kept in the home database",
    "The key that cookies are signed with.",
);
pub(crate) const COOKIE_MAX_AGE: Setting = setting(
    "MOULIN_COOKIE_MAX_AGE",
    "COOKIE_MAX_AGE",
    Kind::Number,
    "7776000000",
    "How long a browser stays signed in, in milliseconds.",
);
pub(crate) const FORCE_LOGIN: Setting = setting(
    "MOULIN_FORCE_LOGIN",
    "GRIST_FORCE_LOGIN",
    Kind::Switch,
    "off",
    "Whether nothing at all is shown to those who are not signed in, public documents included.",
);
pub(crate) const ANON_PLAYGROUND: Setting = setting(
    "MOULIN_ANON_PLAYGROUND",
    "GRIST_ANON_PLAYGROUND",
    Kind::Switch,
    "as MOULIN_ORG_CREATION_ANYONE",
    "Whether those who are not signed in may make unsaved documents.",
);
pub(crate) const ORG_CREATION_ANYONE: Setting = setting(
    "MOULIN_ORG_CREATION_ANYONE",
    "GRIST_ORG_CREATION_ANYONE",
    Kind::Switch,
    "on",
    "Whether everybody may make team sites; if not, the administrator alone.",
);
pub(crate) const MAX_PARALLEL_REQUESTS: Setting = setting(
    "MOULIN_MAX_PARALLEL_REQUESTS_PER_DOC",
    "GRIST_MAX_PARALLEL_REQUESTS_PER_DOC",
    Kind::Number,
    "10",
    "How many requests to one document may be under way at a time; 0 means no limit.",
);
pub(crate) const SQL_TIMEOUT: Setting = setting(
    "MOULIN_SQL_TIMEOUT_MSEC",
    "GRIST_SQL_TIMEOUT_MSEC",
    Kind::Number,
    "1000",
    "How long a query in SQL may take, in milliseconds.",
);
pub(crate) const WEBHOOK_DOMAINS: Setting = setting(
    "MOULIN_ALLOWED_WEBHOOK_DOMAINS",
    "ALLOWED_WEBHOOK_DOMAINS",
    Kind::Text,
    "",
    "Domains that webhooks may call, with commas between; what lies below them is included; * means all; none by default.",
);
pub(crate) const WEBHOOK_PRIVATE: Setting = setting(
    "MOULIN_WEBHOOK_PRIVATE_ADDRESSES",
    "",
    Kind::Switch,
    "on if MOULIN_ALLOWED_WEBHOOK_DOMAINS is *, as in Grist; else off",
    "Whether webhooks may call machines of the own network, this one included. A machine that is named itself among the domains may be called in any case; link-local addresses never.",
);
pub(crate) const WEBHOOK_PROXY: Setting = setting(
    "MOULIN_PROXY_FOR_UNTRUSTED_URLS",
    "GRIST_PROXY_FOR_UNTRUSTED_URLS",
    Kind::Text,
    "direct",
    "The proxy for requests to addresses that users choose, as `http://host:port`; `direct` means none.",
);
pub(crate) const WEBHOOK_MAX_QUEUE: Setting = setting(
    "MOULIN_MAX_QUEUE_SIZE",
    "GRIST_MAX_QUEUE_SIZE",
    Kind::Number,
    "1000",
    "How many events of a webhook may wait; above that, those that its receiver does not take are given up after five attempts. Edits never wait for receivers.",
);
pub(crate) const WEBHOOK_WAIT: Setting = setting(
    "MOULIN_TRIGGER_WAIT_DELAY",
    "GRIST_TRIGGER_WAIT_DELAY",
    Kind::Number,
    "1000",
    "One step of the waits between attempts to call a webhook, in milliseconds: 1, 2, 4, up to 64 steps.",
);
pub(crate) const WEBHOOK_ATTEMPTS: Setting = setting(
    "MOULIN_TRIGGER_MAX_ATTEMPTS",
    "GRIST_TRIGGER_MAX_ATTEMPTS",
    Kind::Number,
    "20",
    "How often a webhook is called before its events are put off for 64 steps and more.",
);
pub(crate) const ENABLE_SCIM: Setting = setting(
    "MOULIN_ENABLE_SCIM",
    "GRIST_ENABLE_SCIM",
    Kind::Switch,
    "off",
    "Whether people can be managed through SCIM.",
);
pub(crate) const SCIM_EMAIL: Setting = setting(
    "MOULIN_SCIM_EMAIL",
    "GRIST_SCIM_EMAIL",
    Kind::Text,
    "",
    "A person who may use SCIM besides the administrator.",
);
pub(crate) const ENABLE_SERVICE_ACCOUNTS: Setting = setting(
    "MOULIN_ENABLE_SERVICE_ACCOUNTS",
    "GRIST_ENABLE_SERVICE_ACCOUNTS",
    Kind::Switch,
    "off",
    "Whether people may make accounts for programs.",
);
pub(crate) const LOG_LEVEL: Setting = setting(
    "MOULIN_LOG_LEVEL",
    "GRIST_LOG_LEVEL",
    Kind::Text,
    "info",
    "What is written to stderr: `error`, `warn`, `info`, `debug`, or a filter such as `warn,api=debug`.",
);
pub(crate) const TEMPLATE_ORG: Setting = setting(
    "MOULIN_TEMPLATE_ORG",
    "GRIST_TEMPLATE_ORG",
    Kind::Text,
    "",
    "The domain of the site whose public documents are offered as templates.",
);
pub(crate) const WEB_DIR: Setting = setting(
    "MOULIN_WEB_DIR",
    "",
    Kind::Path,
    "the web app within the program",
    "A folder with a build of the web app to serve instead, read anew for each request: for those who work on it.",
);

/// All settings, in the order in which they are shown.
pub const TABLE: &[Setting] = &[
    DATA_DIR,
    HOST,
    PORT,
    HOME_URL,
    DEFAULT_EMAIL,
    ADMIN_EMAIL,
    SINGLE_ORG,
    ORG_IN_PATH,
    SESSION_COOKIE,
    SESSION_SECRET,
    COOKIE_MAX_AGE,
    FORCE_LOGIN,
    ANON_PLAYGROUND,
    ORG_CREATION_ANYONE,
    MAX_PARALLEL_REQUESTS,
    SQL_TIMEOUT,
    WEBHOOK_DOMAINS,
    WEBHOOK_PRIVATE,
    WEBHOOK_PROXY,
    WEBHOOK_MAX_QUEUE,
    WEBHOOK_WAIT,
    WEBHOOK_ATTEMPTS,
    ENABLE_SCIM,
    SCIM_EMAIL,
    ENABLE_SERVICE_ACCOUNTS,
    TEMPLATE_ORG,
    WEB_DIR,
    LOG_LEVEL,
];

/// The table as a page of documentation.
#[must_use]
pub fn as_markdown() -> String {
    let mut page = String::from(
        "# Settings\n\nGiven in the environment, under our name or under Grist's; if both are given, ours holds. A switch is `1`, `on`, `true`, `yes` or `0`, `off`, `false`, `no`.\n\n\
         | name | Grist's name | type | default | meaning |\n|---|---|---|---|---|\n",
    );
    for Setting { name, grist, kind, default, help } in TABLE {
        // Writing to a text cannot fail.
        let grist = if grist.is_empty() { "none".to_owned() } else { format!("`{grist}`") };
        let _ = writeln!(page, "| `{name}` | {grist} | {} | {default} | {help} |", kind.word());
    }
    page
}

#[cfg(test)]
mod tests {
    use super::{TABLE, as_markdown};

    #[test]
    fn the_page_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/settings.md");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(path, as_markdown()).unwrap();
        }
        let page = std::fs::read_to_string(path).unwrap();
        assert_eq!(page, as_markdown(), "run this test with UPDATE_EXPECT=1");
    }

    #[test]
    fn names_are_distinct() {
        let mut names: Vec<_> = TABLE
            .iter()
            .flat_map(|setting| [setting.name, setting.grist])
            .filter(|name| !name.is_empty())
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
