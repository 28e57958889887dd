//! What comes before the path proper: `/dw/<worker>`, `/v/<tag>`, `/o/<site>`.
//!
//! They are taken off before any route is looked for; the site becomes part of the request. A WebSocket may be opened at any path: its request goes to [`LIVE`].

use axum::extract::Request;
use axum::http::Uri;
use axum::http::header::UPGRADE;
use home::Site;
use settings::Settings;

/// The route that WebSockets are led to, whatever their path was.
pub const LIVE: &str = "/_live";

/// Takes the prefixes off.
pub(crate) fn strip(settings: &Settings, mut request: Request) -> Request {
    let (site, path) = split(settings, request.uri().path());
    let is_socket = request
        .headers()
        .get(UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
    let path = if is_socket { LIVE.to_owned() } else { path };
    if path != request.uri().path() {
        let query = request.uri().query().map_or_else(String::new, |query| format!("?{query}"));
        if let Ok(uri) = format!("{path}{query}").parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request.extensions_mut().insert(site);
    request
}

/// The site that an address names, and the path that is left.
fn split(settings: &Settings, path: &str) -> (Site, String) {
    let mut rest = path;
    let mut site = settings.single_org.as_deref().map_or(Site::Unnamed, Site::named);
    while let Some((prefix, value, after)) = leading(rest) {
        match prefix {
            "dw" | "v" => {}
            "o" if settings.org_in_path => {
                // The only site is the one that every address means.
                if settings.single_org.is_none() {
                    site = Site::named(value);
                }
            }
            _ => break,
        }
        rest = after;
    }
    let rest = if rest.is_empty() { "/" } else { rest };
    // Routes are the same with a slash at their end; published documents are documents.
    let rest = if rest.starts_with("/api/") { rest.trim_end_matches('/') } else { rest };
    match rest.strip_prefix("/api/s/") {
        Some(share) => (site, format!("/api/docs/s.{share}")),
        None => (site, rest.to_owned()),
    }
}

/// Takes `/<prefix>/<value>` off a path.
fn leading(path: &str) -> Option<(&str, &str, &str)> {
    let (prefix, rest) = path.strip_prefix('/')?.split_once('/')?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (value, after) = rest.split_at(end);
    (!value.is_empty()).then_some((prefix, value, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Settings {
        Settings::from_variables(&|name| {
            let given = variables.iter().find(|(known, _)| *known == name);
            given.map(|(_, value)| (*value).to_owned()).or_else(|| (name == "HOME").then(|| "/h".into()))
        })
        .unwrap()
    }

    #[test]
    fn prefixes_are_taken_off() {
        let plain = settings(&[]);
        let team = Site::Domain("team".to_owned());
        let cases = [
            ("/", Site::Unnamed, "/"),
            ("/api/orgs", Site::Unnamed, "/api/orgs"),
            ("/api/orgs/", Site::Unnamed, "/api/orgs"),
            ("/o/team", team.clone(), "/"),
            ("/o/team/api/orgs/current", team.clone(), "/api/orgs/current"),
            ("/o/docs/doc/x", Site::Personal, "/doc/x"),
            ("/dw/self/v/unknown/o/team/doc/x", team.clone(), "/doc/x"),
            ("/v/1.2/o/team/uploads", team, "/uploads"),
            ("/api/s/KEY/forms/3", Site::Unnamed, "/api/docs/s.KEY/forms/3"),
            ("/over/there", Site::Unnamed, "/over/there"),
        ];
        for (path, site, rest) in cases {
            assert_eq!(split(&plain, path), (site, rest.to_owned()), "{path}");
        }
        let single = settings(&[("GRIST_SINGLE_ORG", "only")]);
        for path in ["/api/orgs", "/o/other/api/orgs"] {
            assert_eq!(split(&single, path).0, Site::Domain("only".to_owned()), "{path}");
        }
        let flat = settings(&[("GRIST_ORG_IN_PATH", "0")]);
        assert_eq!(split(&flat, "/o/team/x"), (Site::Unnamed, "/o/team/x".to_owned()));
    }
}
