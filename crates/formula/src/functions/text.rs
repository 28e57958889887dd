//! Grist's `text` family: texts cut, found, replaced, formatted.
//!
//! Positions count characters from 1. Errors are Python's: `TypeError` or `AttributeError` for what is no
//! text, `ValueError` for positions that make no sense. Source of the behaviour: Grist's function reference
//! and its recorded results.

mod numbers;
pub(crate) mod patterns;
mod phone;

use super::operate as py;
use super::operate::{Arguments, Outcome, not_implemented};
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::value::Value;

/// The family's functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function("CHAR", "table_number", "The character with a Unicode number.", char_),
    Native::function("CLEAN", "text", "The text without control characters.", clean),
    Native::function("CODE", "string", "The Unicode number of the first character.", code),
    Native::function("CONCATENATE", "string, *more_strings", "The arguments as one text.", concatenate),
    Native::function("CONCAT", "string, *more_strings", "The arguments as one text.", concatenate),
    Native::function("DOLLAR", "number, decimals=2", "A number as an amount of dollars.", numbers::dollar),
    Native::function("EXACT", "string1, string2", "Whether two values are equal.", exact),
    Native::function(
        "FIND",
        "find_text, within_text, start_num=1",
        "Where a text begins within another, by exact case.",
        find,
    ),
    Native::function(
        "FIXED",
        "number, decimals=2, no_commas=False",
        "A number with a fixed number of decimals.",
        numbers::fixed,
    ),
    Native::function("LEFT", "string, num_chars=1", "The first characters.", left),
    Native::function("LEN", "text", "The number of characters or items.", len),
    Native::function("LOWER", "text", "The text in lower case.", lower),
    Native::function("MID", "text, start_num, num_chars", "A part of a text.", mid),
    Native::function(
        "PHONE_FORMAT",
        "value, country=None, format=None",
        "A telephone number as it is written in its country or abroad.",
        phone::phone_format,
    ),
    Native::function("PROPER", "text", "The text with a capital at each word.", proper),
    Native::function(
        "REGEXEXTRACT",
        "text, regular_expression",
        "The first part that a regular expression matches.",
        patterns::extract,
    ),
    Native::function(
        "REGEXMATCH",
        "text, regular_expression",
        "Whether a regular expression matches a part.",
        patterns::matches,
    ),
    Native::function(
        "REGEXREPLACE",
        "text, regular_expression, replacement",
        "Replaces what a regular expression matches.",
        patterns::replace,
    ),
    Native::function(
        "REPLACE",
        "text, position, length, new_text",
        "Replaces a part of a text by another.",
        replace,
    ),
    Native::function("REPT", "text, number_times", "A text several times over.", rept),
    Native::function("RIGHT", "string, num_chars=1", "The last characters.", right),
    Native::function(
        "SEARCH",
        "find_text, within_text, start_num=1",
        "Where a text begins within another, in any case.",
        search,
    ),
    Native::function(
        "SUBSTITUTE",
        "text, old_text, new_text, instance_num=None",
        "Replaces a text within another, everywhere or once.",
        substitute,
    ),
    Native::function("T", "value", "The value if it is text, else an empty text.", text_only),
    Native::function("TASTEME", "food", "Whether a text is to Grist's taste.", taste_me),
    Native::function("TEXT", "number, format_type", "Not implemented in Grist.", not_implemented),
    Native::function("TRIM", "text", "The text without spaces around and without double spaces.", trim),
    Native::function("UPPER", "text", "The text in capitals.", upper),
    Native::function("VALUE", "text", "The number or date that a text stands for.", numbers::value),
];

/// An int from 0 to 0x10FFFF.
fn char_(call: &mut Arguments<'_, '_>) -> Outcome {
    py::character(call, call.arg(0))
}
/// Text; code points 0 to 31 and 127 to 159 go.
fn clean(call: &mut Arguments<'_, '_>) -> Outcome {
    let text = py::pattern_subject(call.arg(0))?;
    let control = |c: char| c < ' ' || ('\x7f'..'\u{a0}').contains(&c);
    Ok(Value::from(text.chars().filter(|c| !control(*c)).collect::<String>()))
}
/// `ord(string[0])`; `IndexError` for an empty text.
fn code(call: &mut Arguments<'_, '_>) -> Outcome {
    let first = py::item(call, call.arg(0), &Value::Int(0))?;
    py::ord(call, &first)
}
/// Each argument as `str` shows it; bytes are read as UTF-8.
fn concatenate(call: &mut Arguments<'_, '_>) -> Outcome {
    let mut text = String::new();
    for value in call.positional() {
        text.push_str(&py::text_or_bytes(call, value)?);
    }
    Ok(Value::from(text))
}
/// `string1 == string2`.
fn exact(call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Bool(py::equal(call, call.arg(0), call.arg(1))?))
}

fn position(call: &mut Arguments<'_, '_>, within: &Value, wanted: &Value) -> Outcome {
    let start = call.get(2).cloned().unwrap_or(Value::Int(1));
    let start = py::subtract(call, &start, &Value::Int(1))?;
    let found = py::method(call, within, "index", &[wanted.clone(), start])?;
    py::add(call, &found, &Value::Int(1))
}
/// `ValueError` when it is not found.
fn find(call: &mut Arguments<'_, '_>) -> Outcome {
    position(call, call.arg(1), call.arg(0))
}
/// `ValueError` when it is not found.
fn search(call: &mut Arguments<'_, '_>) -> Outcome {
    let within = py::method(call, call.arg(1), "lower", &[])?;
    let start = call.get(2).cloned().unwrap_or(Value::Int(1));
    let wanted = py::method(call, call.arg(0), "lower", &[])?;
    let start = py::subtract(call, &start, &Value::Int(1))?;
    let found = py::method(call, &within, "index", &[wanted, start])?;
    py::add(call, &found, &Value::Int(1))
}

/// The number of characters asked for, not negative.
fn length(call: &mut Arguments<'_, '_>) -> Outcome {
    let number = call.get(1).cloned().unwrap_or(Value::Int(1));
    if py::less(call, &number, &Value::Int(0))? {
        return Err(exception::value_error("num_chars invalid"));
    }
    Ok(number)
}
/// Text or list.
fn left(call: &mut Arguments<'_, '_>) -> Outcome {
    let number = length(call)?;
    py::slice(call, call.arg(0), None, Some(&number))
}
/// Text or list; everything for 0 characters, as in Grist.
fn right(call: &mut Arguments<'_, '_>) -> Outcome {
    let number = length(call)?;
    let start = py::negative(call, &number)?;
    py::slice(call, call.arg(0), Some(&start), None)
}
/// `len(text)`.
fn len(call: &mut Arguments<'_, '_>) -> Outcome {
    py::len(call, call.arg(0)).map(|length| Value::Int(length as i64))
}
/// `text.lower()`.
fn lower(call: &mut Arguments<'_, '_>) -> Outcome {
    py::method(call, call.arg(0), "lower", &[])
}
/// `text.upper()`.
fn upper(call: &mut Arguments<'_, '_>) -> Outcome {
    py::method(call, call.arg(0), "upper", &[])
}
/// `text.title()`.
fn proper(call: &mut Arguments<'_, '_>) -> Outcome {
    py::method(call, call.arg(0), "title", &[])
}

/// A position from 1, as an index from 0.
fn index_of(call: &mut Arguments<'_, '_>, position: &Value, message: &str) -> Result<Value, Exception> {
    if py::less(call, position, &Value::Int(1))? {
        return Err(exception::value_error(message));
    }
    py::subtract(call, position, &Value::Int(1))
}
/// `ValueError` below position 1.
fn mid(call: &mut Arguments<'_, '_>) -> Outcome {
    let start = index_of(call, call.arg(1), "start_num invalid")?;
    let end = py::add(call, &start, call.arg(2))?;
    py::slice(call, call.arg(0), Some(&start), Some(&end))
}
/// `ValueError` below position 1.
fn replace(call: &mut Arguments<'_, '_>) -> Outcome {
    let start = index_of(call, call.arg(1), "position invalid")?;
    let before = py::slice(call, call.arg(0), None, Some(&start))?;
    let joined = py::add(call, &before, call.arg(3))?;
    let end = py::add(call, &start, call.arg(2))?;
    let after = py::slice(call, call.arg(0), Some(&end), None)?;
    py::add(call, &joined, &after)
}
/// At most 32767 characters.
fn rept(call: &mut Arguments<'_, '_>) -> Outcome {
    let times = call.arg(1);
    let invalid = || exception::value_error("number_times invalid");
    if py::less(call, times, &Value::Int(0))? {
        return Err(invalid());
    }
    let length = py::len(call, call.arg(0))?;
    let total = py::multiply(call, &Value::Int(length as i64), times)?;
    if py::less(call, &Value::Int(32_767), &total)? {
        return Err(invalid());
    }
    let times = py::int(call, times)?;
    py::multiply(call, call.arg(0), &times)
}

/// The arguments are taken as text; overlapping occurrences count for `instance_num`.
fn substitute(call: &mut Arguments<'_, '_>) -> Outcome {
    let text = py::text(call, call.arg(0))?;
    let old = py::text(call, call.arg(1))?;
    let new = py::text(call, call.arg(2))?;
    if old.is_empty() {
        return Ok(Value::from(text));
    }
    let Some(instance) = call.some(3) else {
        return Ok(Value::from(text.replace(old.as_str(), &new)));
    };
    if !py::less(call, &Value::Int(0), instance)? {
        return Err(exception::value_error("instance_num invalid"));
    }
    let instance = py::index(call, instance)?;
    let mut from = 0;
    let mut found = None;
    for _ in 0..instance {
        let Some(at) = text[from..].find(old.as_str()).map(|at| at + from) else {
            return Ok(Value::from(text));
        };
        found = Some(at);
        from = at + text[at..].chars().next().map_or(1, char::len_utf8);
    }
    let at = found.unwrap_or(0);
    Ok(Value::from(format!("{}{new}{}", &text[..at], &text[at + old.len()..])))
}
/// Alt text counts as text.
fn text_only(call: &mut Arguments<'_, '_>) -> Outcome {
    match call.arg(0) {
        Value::Str(text) => Ok(Value::from(text.clone())),
        value @ (Value::Bytes(_) | Value::AltText(_)) => py::text_or_bytes(call, value).map(Value::from),
        _ => Ok(Value::from("")),
    }
}
/// A joke of Grist's: true when some word has two equal letters with one between them.
fn taste_me(call: &mut Arguments<'_, '_>) -> Outcome {
    let upper = py::method(call, call.arg(0), "upper", &[])?;
    let Value::Str(upper) = &upper else {
        return Err(exception::type_error(format!(
            "expected string or bytes-like object, got '{}'",
            py::type_name(&upper)
        )));
    };
    let mut words = Vec::new();
    for word in upper.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
        if !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase()) {
            words.push(word);
        }
    }
    if words.is_empty() {
        return Ok(Value::None);
    }
    let tasty = words.iter().any(|word| word.as_bytes().windows(3).any(|window| window[0] == window[2]));
    Ok(Value::Bool(tasty))
}
/// `text.strip()` with runs of spaces made one.
fn trim(call: &mut Arguments<'_, '_>) -> Outcome {
    let stripped = py::method(call, call.arg(0), "strip", &[])?;
    let text = py::pattern_subject(&stripped)?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    Ok(Value::from(out))
}
