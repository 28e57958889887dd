//! Character sets `[…]` and escapes that stand for one character or a category.

use super::PatternError;

/// What an escape means.
pub(super) enum Escape {
    /// One character.
    Char(char),
    /// A category: `d`, `D`, `w`, `W`, `s`, `S`.
    Category(char),
}

/// Reads the escape after a backslash at `start`, inside or outside a set; references and anchors are not
/// treated here.
pub(super) fn escape(chars: &[char], start: usize, at: &mut usize) -> Result<Escape, PatternError> {
    let error = |message: String| PatternError { message, position: Some(start) };
    let Some(&c) = chars.get(*at) else {
        return Err(error("bad escape (end of pattern)".into()));
    };
    *at += 1;
    let simple = match c {
        'a' => Some('\x07'),
        'b' => Some('\x08'),
        'f' => Some('\x0c'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'v' => Some('\x0b'),
        _ => None,
    };
    if let Some(simple) = simple {
        return Ok(Escape::Char(simple));
    }
    let digits = match c {
        'd' | 'D' | 'w' | 'W' | 's' | 'S' => return Ok(Escape::Category(c)),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        '0'..='7' => {
            let mut code = c.to_digit(8).unwrap_or(0);
            let mut count = 1;
            while count < 3
                && let Some(digit) = chars.get(*at).and_then(|d| d.to_digit(8))
            {
                code = code * 8 + digit;
                *at += 1;
                count += 1;
            }
            if code > 0o377 {
                let text: String = chars[start..*at].iter().collect();
                return Err(error(format!("octal escape value {text} outside of range 0-0o377")));
            }
            return char::from_u32(code).map(Escape::Char).ok_or_else(|| error("bad escape".into()));
        }
        c if c.is_ascii_alphanumeric() => return Err(error(format!("bad escape \\{c}"))),
        c => return Ok(Escape::Char(c)),
    };
    let end = (*at..*at + digits).take_while(|&i| chars.get(i).is_some_and(char::is_ascii_hexdigit)).count();
    let text: String = chars[*at..*at + end].iter().collect();
    *at += end;
    if end < digits {
        return Err(error(format!("incomplete escape \\{c}{text}")));
    }
    u32::from_str_radix(&text, 16)
        .ok()
        .and_then(char::from_u32)
        .map(Escape::Char)
        .ok_or_else(|| error(format!("bad escape \\{c}{text}")))
}

/// A category for the target syntax, to stand inside or outside a set.
pub(super) fn category(letter: char, ascii: bool, inside: bool) -> &'static str {
    match (letter, ascii, inside) {
        ('d', true, false) => "[0-9]",
        ('d', true, true) => "0-9",
        ('D', true, _) => "[^0-9]",
        ('w', true, false) => "[A-Za-z0-9_]",
        ('w', true, true) => "A-Za-z0-9_",
        ('W', true, _) => "[^A-Za-z0-9_]",
        ('s', true, false) => "[ \\t\\n\\r\\x0c\\x0b]",
        ('s', true, true) => " \\t\\n\\r\\x0c\\x0b",
        ('S', true, _) => "[^ \\t\\n\\r\\x0c\\x0b]",
        ('d', ..) => "\\d",
        ('D', ..) => "\\D",
        // Python's words: letters, numbers of any kind, underscore; no combining marks.
        ('w', false, false) => "[\\p{L}\\p{N}_]",
        ('w', false, true) => "\\p{L}\\p{N}_",
        ('W', false, _) => "[^\\p{L}\\p{N}_]",
        ('s', false, false) => "[\\s\\x1c-\\x1f]",
        ('s', false, true) => "\\s\\x1c-\\x1f",
        (_, false, _) => "[^\\s\\x1c-\\x1f]",
        _ => "",
    }
}

/// Reads a set whose `[` stands at `open`; `at` is behind it. Gives the set in the target syntax.
pub(super) fn set(chars: &[char], open: usize, at: &mut usize, ascii: bool) -> Result<String, PatternError> {
    let unterminated = || PatternError { message: "unterminated character set".into(), position: Some(open) };
    let mut out = String::from("[");
    if chars.get(*at) == Some(&'^') {
        out.push('^');
        *at += 1;
    }
    let first = *at;
    loop {
        let c = *chars.get(*at).ok_or_else(unterminated)?;
        if c == ']' && *at > first {
            *at += 1;
            break;
        }
        let item_start = *at;
        let low = item(chars, at)?;
        if chars.get(*at) == Some(&'-') && chars.get(*at + 1).is_some_and(|&c| c != ']') {
            *at += 1;
            let high = item(chars, at)?;
            let (Escape::Char(from), Escape::Char(to)) = (&low, &high) else {
                return Err(bad_range(chars, item_start, *at));
            };
            if from > to {
                return Err(bad_range(chars, item_start, *at));
            }
            out.push_str(&quote(*from));
            out.push('-');
            out.push_str(&quote(*to));
            continue;
        }
        if chars.get(*at) == Some(&'-') && chars.get(*at + 1).is_none() {
            return Err(unterminated());
        }
        match low {
            Escape::Char(c) => out.push_str(&quote(c)),
            Escape::Category(letter) => out.push_str(category(letter, ascii, true)),
        }
    }
    out.push(']');
    Ok(out)
}

fn item(chars: &[char], at: &mut usize) -> Result<Escape, PatternError> {
    let start = *at;
    *at += 1;
    match chars.get(start) {
        Some('\\') => escape(chars, start, at),
        Some(&c) => Ok(Escape::Char(c)),
        None => Err(PatternError { message: "unterminated character set".into(), position: Some(start) }),
    }
}

fn bad_range(chars: &[char], start: usize, end: usize) -> PatternError {
    let text: String = chars[start..end].iter().collect();
    PatternError { message: format!("bad character range {text}"), position: Some(start) }
}

/// A literal character for the target syntax, inside or outside a set.
pub(super) fn quote(c: char) -> String {
    match c {
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        c if c.is_ascii_punctuation()
            && c != '_'
            && !matches!(c, '<' | '>' | '/' | '"' | '\'' | '`' | '%' | '@' | ',' | ':' | ';' | '=' | '!') =>
        {
            format!("\\{c}")
        }
        c if c.is_control() || c == ' ' => format!("\\x{{{:x}}}", u32::from(c)),
        c => c.to_string(),
    }
}
