//! Numbers as people read them: digits, separators, currencies, by locale.
//!
//! What browsers make of `Intl.NumberFormat` for the options that columns have, for the locales below; others are written as in English.

use serde_json::{Map, Value};

/// How the numbers of a locale are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Conventions {
    /// Between whole part and fraction.
    pub(crate) decimal: char,
    /// Between groups of three digits.
    pub(crate) group: char,
    /// Whether currency and percent signs come after the number, with a space.
    after: bool,
}

const NARROW_SPACE: char = '\u{202f}';
const SPACE: char = '\u{a0}';

/// By language; Switzerland and Mexico differ from theirs.
pub(crate) fn conventions(locale: &str) -> Conventions {
    let mut parts = locale.split(['-', '_']);
    let language = parts.next().unwrap_or_default().to_lowercase();
    let region = parts.next_back().unwrap_or_default().to_uppercase();
    let (decimal, group, after) = match (language.as_str(), region.as_str()) {
        ("de" | "it" | "fr", "CH") if language != "fr" => ('.', '’', false),
        ("es", "MX" | "US") => ('.', ',', false),
        ("fr", _) => (',', NARROW_SPACE, true),
        ("de" | "es" | "it" | "nl" | "da" | "pt" | "id" | "tr" | "el" | "ro" | "hr" | "sl", _) => {
            (',', '.', language != "nl" && region != "BR")
        }
        (
            "pl" | "cs" | "sk" | "ru" | "uk" | "bg" | "hu" | "sv" | "nb" | "no" | "fi" | "lt" | "lv" | "et",
            _,
        ) => (',', SPACE, true),
        _ => ('.', ',', false),
    };
    Conventions { decimal, group, after }
}

/// The currency of a locale's country.
pub(crate) fn currency_of(locale: &str) -> &'static str {
    let region = locale.split(['-', '_']).next_back().unwrap_or_default().to_uppercase();
    match region.as_str() {
        "GB" => "GBP",
        "CA" => "CAD",
        "CH" => "CHF",
        "JP" => "JPY",
        "AU" => "AUD",
        "NZ" => "NZD",
        "SE" => "SEK",
        "NO" => "NOK",
        "DK" => "DKK",
        "PL" => "PLN",
        "CZ" => "CZK",
        "BR" => "BRL",
        "MX" => "MXN",
        "IN" => "INR",
        "CN" => "CNY",
        "FR" | "DE" | "ES" | "IT" | "PT" | "NL" | "BE" | "AT" | "IE" | "FI" | "GR" | "LU" | "SI" | "SK"
        | "HR" | "LT" | "LV" | "EE" | "MT" | "CY" => "EUR",
        _ => "USD",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Mode {
    Plain,
    Decimal,
    Percent,
    Scientific,
    Currency(String),
}

/// How the numbers of a column are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NumberFormat {
    mode: Mode,
    least: usize,
    most: usize,
    parentheses: bool,
    conventions: Conventions,
}

impl NumberFormat {
    /// From the options of a column, the locale and the currency of the document.
    pub(crate) fn new(options: &Map<String, Value>, locale: &str, currency: &str) -> Self {
        let text = |name: &str| options.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let count = |name: &str| {
            let count =
                options.get(name).and_then(Value::as_f64).filter(|count| (0.0..=20.0).contains(count));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 20")]
            count.map(|count| count as usize)
        };
        let mode = match text("numMode") {
            Some("decimal") => Mode::Decimal,
            Some("percent") => Mode::Percent,
            Some("scientific") => Mode::Scientific,
            Some("currency") => Mode::Currency(text("currency").unwrap_or(currency).to_owned()),
            _ => Mode::Plain,
        };
        let (least, most) = match &mode {
            Mode::Plain => (0, 10),
            Mode::Decimal | Mode::Scientific => (0, 3),
            Mode::Percent => (0, 0),
            Mode::Currency(code) if ["JPY", "KRW", "VND", "CLP", "ISK"].contains(&code.as_str()) => (0, 0),
            Mode::Currency(_) => (2, 2),
        };
        let least_given = count("decimals");
        let least = least_given.or(count("maxDecimals").map(|most| most.min(least))).unwrap_or(least);
        let most = count("maxDecimals").unwrap_or(most).max(least);
        let parentheses = text("numSign") == Some("parens");
        Self { mode, least, most, parentheses, conventions: conventions(locale) }
    }

    /// The number as text.
    pub(crate) fn text(&self, number: f64) -> String {
        if !number.is_finite() {
            return js_number(number);
        }
        let magnitude = number.abs();
        let (digits, is_zero) = match &self.mode {
            Mode::Scientific => {
                let (text, zero) = self.scientific(magnitude);
                (text, zero)
            }
            Mode::Percent => self.fixed(magnitude, 2, true),
            Mode::Plain => self.fixed(magnitude, 0, false),
            Mode::Decimal | Mode::Currency(_) => self.fixed(magnitude, 0, true),
        };
        let dressed = match &self.mode {
            Mode::Percent if self.conventions.after => format!("{digits}{NARROW_SPACE}%"),
            Mode::Percent => format!("{digits}%"),
            Mode::Currency(code) => {
                let sign = symbol(code);
                if self.conventions.after {
                    format!("{digits}{SPACE}{sign}")
                } else if sign.chars().next_back().is_some_and(char::is_alphabetic) {
                    format!("{sign}{SPACE}{digits}")
                } else {
                    format!("{sign}{digits}")
                }
            }
            _ => digits,
        };
        match (number < 0.0, self.parentheses) {
            (true, true) if !is_zero => format!("({dressed})"),
            (true, false) => format!("-{dressed}"),
            _ => dressed,
        }
    }

    /// Rounded digits with separators; whether nothing but zeros is left. `shift`: places that the point moves to the right.
    fn fixed(&self, magnitude: f64, shift: i32, grouped: bool) -> (String, bool) {
        let (whole, fraction) = rounded(magnitude, shift, self.most);
        let fraction = fraction.trim_end_matches('0');
        let is_zero = whole == "0" && fraction.is_empty();
        let mut text = if grouped { groups(&whole, self.conventions.group) } else { whole };
        let width = fraction.len().max(self.least);
        if width > 0 {
            text.push(self.conventions.decimal);
            text.push_str(fraction);
            text.extend(std::iter::repeat_n('0', width - fraction.len()));
        }
        (text, is_zero)
    }

    fn scientific(&self, magnitude: f64) -> (String, bool) {
        if magnitude == 0.0 {
            let (text, _) = self.fixed(0.0, 0, false);
            return (format!("{text}E0"), true);
        }
        let (_, exponent) = decimal(magnitude);
        let (mut text, _) = self.fixed(magnitude, 1 - exponent, false);
        let mut power = exponent - 1;
        if text.starts_with("10") {
            (text, _) = self.fixed(magnitude, -exponent, false);
            power += 1;
        }
        (format!("{text}E{power}"), false)
    }
}

fn symbol(code: &str) -> &str {
    match code {
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "¥",
        "CAD" => "CA$",
        "AUD" => "A$",
        "NZD" => "NZ$",
        "BRL" => "R$",
        "MXN" => "MX$",
        "INR" => "₹",
        "CNY" => "CN¥",
        "KRW" => "₩",
        "VND" => "₫",
        "ILS" => "₪",
        other => other,
    }
}

fn groups(whole: &str, group: char) -> String {
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    text
}

/// The shortest digits that give the number back, and the place of the point: `(digits, exponent)` for `0.digits × 10^exponent`.
fn decimal(magnitude: f64) -> (Vec<u8>, i32) {
    let text = format!("{magnitude:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    (digits, exponent.parse::<i32>().unwrap_or(0) + 1)
}

/// Whole part and fraction with so many places, halves rounded up, as decimals are written and not as they are in memory.
fn rounded(magnitude: f64, shift: i32, places: usize) -> (String, String) {
    let (mut digits, exponent) = decimal(magnitude);
    let mut point = exponent + shift;
    let keep = point + i32::try_from(places).unwrap_or(20);
    match usize::try_from(keep) {
        Err(_) => digits.clear(),
        Ok(keep) if keep < digits.len() => {
            let up = digits[keep] >= 5;
            digits.truncate(keep);
            if up {
                let mut at = keep;
                loop {
                    if at == 0 {
                        digits.insert(0, 1);
                        point += 1;
                        break;
                    }
                    at -= 1;
                    if digits[at] < 9 {
                        digits[at] += 1;
                        break;
                    }
                    digits[at] = 0;
                }
            }
        }
        Ok(_) => {}
    }
    let digit = |at: i32| usize::try_from(at).ok().and_then(|at| digits.get(at)).copied().unwrap_or(0);
    let write =
        |range: std::ops::Range<i32>| range.map(|at| char::from(b'0' + digit(at))).collect::<String>();
    let whole = if point > 0 { write(0..point) } else { String::new() };
    let whole = if whole.is_empty() { "0".to_owned() } else { whole };
    (whole, write(point..point + i32::try_from(places).unwrap_or(20)))
}

/// A number as JavaScript writes it.
pub(crate) fn js_number(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let magnitude = number.abs();
    if number == 0.0 {
        "0".to_owned()
    } else if (1e-6..1e21).contains(&magnitude) {
        format!("{number}")
    } else {
        let text = format!("{number:e}");
        if text.contains("e-") { text } else { text.replace('e', "e+") }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_written_as_browsers_do() {
        let cases = [
            (json!({}), "en-US", 1_234_567.891, "1234567.891"),
            (json!({}), "en-US", 0.1 + 0.2, "0.3"),
            (json!({}), "fr-FR", 1.5, "1,5"),
            (json!({"decimals": 2}), "en-US", 1.5, "1.50"),
            (json!({"maxDecimals": 1}), "en-US", 2.25, "2.3"),
            (json!({"maxDecimals": 2}), "en-US", 2.675, "2.68"),
            (json!({"numMode": "decimal"}), "en-US", -1234.5678, "-1,234.568"),
            (json!({"numMode": "decimal", "numSign": "parens"}), "en-US", -5.0, "(5)"),
            (json!({"numMode": "decimal"}), "de-DE", 1_234.5, "1.234,5"),
            (json!({"numMode": "percent"}), "en-US", 0.125, "13%"),
            (json!({"numMode": "percent", "maxDecimals": 1}), "en-US", 0.125, "12.5%"),
            (json!({"numMode": "percent"}), "fr-FR", 0.5, "50\u{202f}%"),
            (json!({"numMode": "currency", "currency": "EUR"}), "en-US", -2.0, "-€2.00"),
            (json!({"numMode": "currency", "currency": "EUR"}), "en-US", 1_234_567.891, "€1,234,567.89"),
            (json!({"numMode": "currency"}), "fr-FR", 1_234.5, "1\u{202f}234,50\u{a0}€"),
            (json!({"numMode": "currency", "currency": "CHF"}), "en-US", 3.0, "CHF\u{a0}3.00"),
            (json!({"numMode": "currency", "currency": "JPY"}), "en-US", 1_234.5, "¥1,235"),
            (json!({"numMode": "currency", "decimals": 0}), "en-US", 9.99, "$9.99"),
            (json!({"numMode": "currency", "maxDecimals": 0}), "en-US", 9.99, "$10"),
            (json!({"numMode": "scientific"}), "en-US", 12_345.0, "1.235E4"),
            (json!({"numMode": "scientific"}), "en-US", 0.000_999_96, "1E-3"),
            (json!({"numMode": "scientific"}), "en-US", 0.0, "0E0"),
            (json!({}), "en-US", 999_999_999_999.5, "999999999999.5"),
            (json!({"maxDecimals": 0}), "en-US", 0.5, "1"),
            (json!({"maxDecimals": 0}), "en-US", 9.5, "10"),
            (json!({"maxDecimals": 0}), "en-US", 0.04, "0"),
        ];
        for (options, locale, number, expected) in cases {
            let format = NumberFormat::new(options.as_object().unwrap(), locale, currency_of(locale));
            assert_eq!(format.text(number), expected, "{options} {locale} {number}");
        }
    }

    #[test]
    fn numbers_are_written_as_in_javascript() {
        let cases = [
            (3.0, "3"),
            (-4.0, "-4"),
            (2_469_135.782, "2469135.782"),
            (1e21, "1e+21"),
            (1.5e-7, "1.5e-7"),
            (0.000_001, "0.000001"),
            (f64::NAN, "NaN"),
        ];
        for (number, expected) in cases {
            assert_eq!(js_number(number), expected);
        }
    }
}
