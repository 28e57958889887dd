//! Under which name a file is saved: the header `Content-Disposition`.

use axum::http::HeaderValue;

/// `attachment; filename="…"`, with a second form for names that are not plain ASCII (RFC 6266).
pub(crate) fn content_disposition(inline: bool, name: &str) -> HeaderValue {
    let kind = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .filter(|character| !character.is_control())
        .flat_map(|character| {
            let escaped = matches!(character, '"' | '\\').then_some('\\');
            escaped.into_iter().chain([if character.is_ascii() { character } else { '?' }])
        })
        .collect();
    let mut header = format!("{kind}; filename=\"{plain}\"");
    if !name.is_ascii() {
        header.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                header.push(char::from(byte));
            } else {
                header.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    HeaderValue::from_str(&header).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive() {
        let cases = [
            (false, "hello.txt", "attachment; filename=\"hello.txt\""),
            (true, "new name.txt", "inline; filename=\"new name.txt\""),
            (false, "a\"b\\c\r\n.txt", "attachment; filename=\"a\\\"b\\\\c.txt\""),
            (false, "été.csv", "attachment; filename=\"?t?.csv\"; filename*=UTF-8''%C3%A9t%C3%A9.csv"),
        ];
        for (inline, name, expected) in cases {
            assert_eq!(content_disposition(inline, name).to_str().unwrap(), expected);
        }
    }
}
