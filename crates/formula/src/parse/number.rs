//! Numbers as people write them.

use super::Locale;

/// A number with the marks it was written with.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each mark is there or not")]
pub struct Number {
    /// Its value; that of `50 %` is 0.5.
    pub value: f64,
    /// With a sign of currency.
    pub currency: bool,
    /// With a percent sign.
    pub percent: bool,
    /// In parentheses, as negative amounts are.
    pub parentheses: bool,
    /// With groups of digits.
    pub grouped: bool,
    /// With an exponent.
    pub scientific: bool,
    /// How many digits follow the decimal mark.
    pub decimals: usize,
}

const CURRENCY_SIGNS: [char; 14] = ['$', '€', '£', '¥', '₹', '₽', '₩', '₪', '₫', '฿', '₴', '₺', '₦', '₱'];
const CURRENCY_WORDS: [&str; 13] =
    ["USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "kr", "zł", "Kč", "Ft", "R$", "US$"];

/// Reads a number; nothing if the text is none.
#[must_use]
pub fn parse_number(text: &str, locale: &Locale) -> Option<Number> {
    let mut rest: String = text
        .chars()
        .map(|character| if is_space(character) { ' ' } else { character })
        .map(|character| if character == '−' { '-' } else { character })
        .collect();
    let mut number = Number {
        value: 0.0,
        currency: false,
        percent: false,
        parentheses: false,
        grouped: false,
        scientific: false,
        decimals: 0,
    };
    for word in CURRENCY_WORDS.iter().rev().copied().chain([locale.currency.as_str()]) {
        if !word.is_empty() && rest.contains(word) {
            rest = rest.replacen(word, "", 1);
            number.currency = true;
            break;
        }
    }
    if let Some(at) = rest.find(CURRENCY_SIGNS) {
        if number.currency {
            return None;
        }
        rest.remove(at);
        number.currency = true;
    }
    if let Some(at) = rest.find('%') {
        if number.currency {
            return None;
        }
        rest.remove(at);
        number.percent = true;
    }
    let mut trimmed = rest.trim();
    let mut negative = false;
    if let Some(inner) = trimmed.strip_prefix('(') {
        trimmed = inner.strip_suffix(')')?.trim();
        number.parentheses = true;
        negative = true;
    }
    let sign = |text: &str| text.chars().next().filter(|first| matches!(first, '-' | '+'));
    if let Some(first) = sign(trimmed) {
        if number.parentheses {
            return None;
        }
        negative = first == '-';
        trimmed = trimmed[1..].trim_start();
    } else if let Some(before) = trimmed.strip_suffix('-') {
        if number.parentheses {
            return None;
        }
        negative = true;
        trimmed = before.trim_end();
    }
    let (mantissa, exponent) = match trimmed.find(['e', 'E']) {
        Some(at) => {
            number.scientific = true;
            (&trimmed[..at], trimmed[at + 1..].parse::<i32>().ok()?)
        }
        None => (trimmed, 0),
    };
    let (whole, fraction) = match mantissa.split_once(locale.decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let whole = ungrouped(whole, locale, &mut number.grouped)?;
    let fraction = fraction.unwrap_or_default();
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    number.decimals = fraction.len();
    let plain = format!(
        "{}.{}e{exponent}",
        if whole.is_empty() { "0" } else { &whole },
        if fraction.is_empty() { "0" } else { fraction }
    );
    let value: f64 = plain.parse().ok()?;
    let value = if number.percent { value / 100.0 } else { value };
    number.value = if negative { -value } else { value };
    Some(number)
}

/// The digits of a whole number without the marks between groups, which must be of three digits (two, in India).
fn ungrouped(text: &str, locale: &Locale, grouped: &mut bool) -> Option<String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.to_owned());
    }
    let mark = if is_space(locale.group) { ' ' } else { locale.group };
    let marks: Vec<char> = if mark == '’' { vec!['’', '\''] } else { vec![mark] };
    let groups: Vec<&str> = text.split(|character| marks.contains(&character)).collect();
    let digits = |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    if groups.len() < 2 || !groups.iter().all(digits) {
        return None;
    }
    let last = groups.last().map_or(0, |group| group.len());
    let middle = groups[1..groups.len() - 1].iter().all(|group| matches!(group.len(), 2 | 3));
    if last != 3 || !middle || groups[0].len() > 3 {
        return None;
    }
    *grouped = true;
    Some(groups.concat())
}

fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{a0}' | '\u{202f}' | '\u{2009}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_several_languages() {
        let cases = [
            ("en-US", "1,234.5", Some(1234.5)),
            ("en-US", " -17.6", Some(-17.6)),
            ("en-US", "$1,000", Some(1000.0)),
            ("en-US", "(12.50)", Some(-12.5)),
            ("en-US", "50%", Some(0.5)),
            ("en-US", "1,23", None),
            ("en-US", "1.2e3", Some(1200.0)),
            ("en-US", "12a", None),
            ("en-US", "", None),
            ("fr-FR", "1\u{202f}234,5", Some(1234.5)),
            ("fr-FR", "1 234,5 €", Some(1234.5)),
            ("de-DE", "1.234,5", Some(1234.5)),
            ("de-CH", "1'234.5", Some(1234.5)),
        ];
        for (locale, text, expected) in cases {
            let value = parse_number(text, &Locale::named(locale, None)).map(|number| number.value);
            assert_eq!(value, expected, "{locale} {text}");
        }
    }
}
