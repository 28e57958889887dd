//! Texts of floats: shortest round-trip `repr`, the styles `e`, `f`, `g`, `%`, and Python's `round`.
//!
//! All digits are those of the exact binary value, rounded half to even, as CPython's `dtoa` gives them.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

/// `repr(value)`: shortest digits that read back as the same float; exponent form below 1e-4 and from 1e16.
pub fn repr(value: f64) -> String {
    if let Some(text) = non_finite(value) {
        return text.into();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = split_exponent(&scientific);
    if !(-4..16).contains(&exponent) {
        return format!("{mantissa}e{}", exponent_text(exponent));
    }
    let mut text = format!("{value}");
    if !text.contains('.') {
        text.push_str(".0");
    }
    text
}

/// The name of an infinity or NaN (`inf`, `-inf`, `nan`), `None` for finite values.
pub fn non_finite(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("nan")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "inf" } else { "-inf" })
    } else {
        None
    }
}

/// Style `e` of a non-negative finite float.
pub fn exponential(value: f64, precision: usize, alternate: bool) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = split_exponent(&text);
    let point = if alternate && precision == 0 { "." } else { "" };
    format!("{mantissa}{point}e{}", exponent_text(exponent))
}

/// Style `f` of a non-negative finite float.
pub fn fixed(value: f64, precision: usize, alternate: bool) -> String {
    let mut text = format!("{value:.precision$}");
    if alternate && precision == 0 {
        text.push('.');
    }
    text
}

/// Style `g` of a non-negative finite float. `point_zero` is the variant of an absent type: it keeps one
/// digit after the point (`1.0`) and turns to the exponent form one digit earlier.
pub fn general(value: f64, precision: usize, alternate: bool, point_zero: bool) -> String {
    let precision = precision.max(1);
    let rounded = format!("{value:.*e}", precision - 1);
    let (mantissa, exponent) = split_exponent(&rounded);
    let limit = precision as i32 - i32::from(point_zero);
    if exponent < -4 || exponent >= limit {
        let mantissa = if alternate { with_point(mantissa) } else { trim_zeros(mantissa).to_owned() };
        return format!("{mantissa}e{}", exponent_text(exponent));
    }
    let decimals = usize::try_from(precision as i32 - 1 - exponent).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    if alternate {
        return with_point(&text);
    }
    let mut text = trim_zeros(&text).to_owned();
    if point_zero && !text.contains('.') {
        text.push_str(".0");
    }
    text
}

/// `round(value, places)`: half to even on the exact value. `None` when the result overflows.
pub fn round(value: f64, places: i64) -> Option<f64> {
    if !value.is_finite() {
        return Some(value);
    }
    if places > 323 {
        return Some(value);
    }
    if places < -308 {
        return Some(0.0f64.copysign(value));
    }
    if places >= 0 {
        // Beyond 17 significant digits nothing can change.
        let text = format!("{value:.*}", places as usize);
        return text.parse().ok();
    }
    let zeros = places.unsigned_abs() as u32;
    let whole: BigInt = format!("{:.0}", value.abs().trunc()).parse().ok()?;
    let unit = BigInt::from(10u8).pow(zeros);
    let mut quotient = &whole / &unit;
    let twice: BigInt = (&whole - &quotient * &unit) * 2;
    let exact_tie = twice == unit && value.fract() == 0.0;
    let odd = quotient.bit(0);
    if twice > unit || (twice == unit && !exact_tie) || (exact_tie && odd) {
        quotient += 1;
    }
    let rounded: f64 = format!("{quotient}e{zeros}").parse().ok()?;
    rounded.is_finite().then(|| rounded.copysign(value))
}

/// `round(value)` without places: the nearest integer, half to even. The value must be finite.
pub fn round_to_integer(value: f64) -> BigInt {
    integer(value.round_ties_even())
}

/// The integer part of a finite float, exactly.
pub fn integer(value: f64) -> BigInt {
    if value.abs() < 9.0e18 {
        return BigInt::from(value as i64);
    }
    format!("{:.0}", value.trunc()).parse().unwrap_or_else(|_| BigInt::zero())
}

/// The nearest float of a big integer, half to even; infinite when too large.
pub fn from_big(value: &BigInt) -> f64 {
    // Going through decimal text gives the correctly rounded result.
    let text = value.abs().to_string();
    let magnitude: f64 = text.parse().unwrap_or(f64::INFINITY);
    if value.is_negative() { -magnitude } else { magnitude }
}

/// Reads a float as `float(text)` does: blanks around, `_` between digits, `inf`, `nan`; no hexadecimal.
pub fn parse(text: &str) -> Option<f64> {
    let text = text.trim_matches(crate::format::spec::is_space);
    let ascii = normalise_digits(text);
    let text = remove_underscores(&ascii)?;
    let body = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let lower = body.to_ascii_lowercase();
    if matches!(lower.as_str(), "inf" | "infinity" | "nan") {
        let magnitude = if lower == "nan" { f64::NAN } else { f64::INFINITY };
        return Some(if text.starts_with('-') { -magnitude } else { magnitude });
    }
    if !body.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        || !body.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
        || !body.bytes().any(|b| b.is_ascii_digit())
    {
        return None;
    }
    text.parse().ok()
}

/// Digits of other scripts as ASCII digits.
pub fn normalise_digits(text: &str) -> String {
    text.chars()
        .map(|c| match super::spec::decimal_digit(c) {
            Some(digit) if !c.is_ascii() => char::from(b'0' + digit),
            _ => c,
        })
        .collect()
}

/// Drops single underscores between digits; `None` when one stands elsewhere.
pub fn remove_underscores(text: &str) -> Option<String> {
    if !text.contains('_') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let ok = bytes.iter().enumerate().all(|(i, &b)| {
        b != b'_'
            || (i > 0
                && bytes[i - 1].is_ascii_alphanumeric()
                && bytes.get(i + 1).is_some_and(u8::is_ascii_alphanumeric))
    });
    ok.then(|| text.replace('_', ""))
}

fn split_exponent(text: &str) -> (&str, i32) {
    match text.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, exponent.parse().unwrap_or(0)),
        None => (text, 0),
    }
}

fn exponent_text(exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{:02}", exponent.abs())
}

fn trim_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

fn with_point(text: &str) -> String {
    if text.contains('.') { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_is_shortest() {
        let cases = [
            (0.1, "0.1"),
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (9999999999999998.0, "9999999999999998.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e22, "1e+22"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "nan"),
        ];
        for (value, text) in cases {
            assert_eq!(repr(value), text);
        }
    }

    #[test]
    fn rounds_the_exact_value() {
        let cases = [
            (2.675, 2, 2.67),
            (0.5, 0, 0.0),
            (1.5, 0, 2.0),
            (2.5, 0, 2.0),
            (1234.5678, -2, 1200.0),
            (1250.0, -2, 1200.0),
            (1350.0, -2, 1400.0),
            (1250.1, -2, 1300.0),
            (-5.015, 2, -5.01),
            (1e300, -299, 1e300),
            (0.1, 20, 0.1),
        ];
        for (value, places, expected) in cases {
            assert_eq!(round(value, places), Some(expected), "round({value}, {places})");
        }
        assert_eq!(round(1.7e308, -308), None);
    }

    #[test]
    fn general_style() {
        assert_eq!(general(100000.0, 3, false, true), "1e+05");
        assert_eq!(general(1.0, 6, false, false), "1");
        assert_eq!(general(0.0, 6, true, false), "0.00000");
        assert_eq!(general(12.0, 12, false, true), "12.0");
        assert_eq!(general(1234567.0, 6, false, false), "1.23457e+06");
    }

    #[test]
    fn reads_as_python() {
        for (text, value) in [(" 1.5 ", 1.5), ("1e3", 1000.0), ("1_0.5", 10.5), (".5", 0.5), ("5.", 5.0)] {
            assert_eq!(parse(text), Some(value), "{text}");
        }
        for text in ["", "abc", "1__0", "_1", "0x10", "1e", "--1", "e5", "."] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
