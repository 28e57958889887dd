//! What looks like an e-mail or web address.

/// Whether a text is an e-mail address, in plain ASCII.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let word = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "_'+-".contains(c))
    };
    local.split('.').all(word) && text.is_ascii() && is_domain(domain)
}

/// Whether a text is an address on the web, with or without `http://`.
pub(super) fn is_url(text: &str) -> bool {
    let text = text.trim();
    let rest = match text.split_once("://") {
        Some(("http" | "https" | "ftp" | "mailto", rest)) => rest,
        Some(_) => return false,
        None => text,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.split_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) => return false,
        None => host,
    };
    let allowed = |c: char| c.is_alphanumeric() || "!#$%&'()*+,-./:;=?@_~".contains(c);
    is_domain(host) && path.chars().all(allowed)
}

/// Labels with dots between them, the last one of letters.
fn is_domain(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let label = |label: &&str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let last = labels.last().copied().unwrap_or("");
    labels.len() > 1
        && labels.iter().all(label)
        && last.chars().count() > 1
        && last.chars().all(char::is_alphabetic)
}
