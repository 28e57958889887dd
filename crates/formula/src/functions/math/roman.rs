//! Roman numerals from 0 (`N`) to 4999.

use super::py;
use crate::exception::Exception;
use crate::functions::operate::{Arguments, Outcome};
use crate::value::Value;

const SYMBOLS: [(i64, &str); 13] = [
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
];

fn to_roman(number: i64) -> Option<String> {
    if number == 0 {
        return Some("N".into());
    }
    if !(1..5000).contains(&number) {
        return None;
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, symbol) in SYMBOLS {
        while rest >= value {
            text.push_str(symbol);
            rest -= value;
        }
    }
    Some(text)
}

fn from_roman(text: &str) -> Option<i64> {
    if text == "N" {
        return Some(0);
    }
    let mut rest = text;
    let mut number = 0;
    for (value, symbol) in SYMBOLS {
        while let Some(after) = rest.strip_prefix(symbol) {
            number += value;
            rest = after;
        }
    }
    // Only the canonical numeral is valid.
    (rest.is_empty() && to_roman(number).as_deref() == Some(text)).then_some(number)
}

/// Text in any case; `InvalidRomanNumeralError` for other texts.
pub(super) fn arabic(call: &mut Arguments<'_, '_>) -> Outcome {
    let upper = py::method(call, call.arg(0), "upper", &[])?;
    let invalid = |message: String| Exception::foreign("InvalidRomanNumeralError", Some(&message));
    let Value::Str(text) = &upper else {
        return Err(invalid(format!("Invalid Roman numeral: {}", py::text(call, &upper)?)));
    };
    if text.is_empty() {
        return Err(invalid("Input can not be blank".into()));
    }
    from_roman(text).map(Value::Int).ok_or_else(|| invalid(format!("Invalid Roman numeral: {text}")))
}

/// `int(number)` from 0 to 4999, else `OutOfRangeError`.
pub(super) fn roman(call: &mut Arguments<'_, '_>) -> Outcome {
    let number = py::int(call, call.arg(0))?;
    let text = if let Value::Int(number) = number { to_roman(number) } else { None };
    text.map(Value::from)
        .ok_or_else(|| Exception::foreign("OutOfRangeError", Some("number out of range (must be 0..4999)")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for number in 0..5000 {
            assert_eq!(from_roman(&to_roman(number).unwrap()), Some(number));
        }
        assert_eq!(to_roman(1912).as_deref(), Some("MCMXII"));
        for text in ["IIII", "IC", "VX", "", "MMMMM", "ABC"] {
            assert_eq!(from_roman(text), None, "{text}");
        }
    }
}
