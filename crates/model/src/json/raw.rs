//! Raw values: JSON as it stands, held in a [`CellValue`] tree.
//!
//! The arguments of user actions mix cells with plain lists and objects, and only the action knows which is which: `["L", "M"]` is a list of
//! one as a cell, and two texts as the values of two rows. So arguments travel raw: an array is a [`CellValue::List`] of all its elements, an
//! object is a [`CellValue::Dict`], and [`decode`] turns a raw value into the cell it encodes, once it is known to be one. What user actions
//! return, and the JSON that metadata columns such as `widgetOptions` hold as text, are raw as well.

use serde_json::{Map, Number, Value};

use super::{Dialect, cell_from_coded, float_to_json, number_word};
use crate::cell::{CellValue, Text};

/// Takes JSON as it stands. `["F", "nan"]` and the like become floats.
#[must_use]
pub fn raw_from_json(value: &Value) -> CellValue {
    match value {
        Value::Null => CellValue::Null,
        Value::Bool(truth) => CellValue::Bool(*truth),
        Value::Number(number) => number
            .as_i64()
            .map_or_else(|| CellValue::Float(number.as_f64().unwrap_or(f64::NAN)), CellValue::Int),
        Value::String(text) => CellValue::text(text),
        Value::Array(list) => match list.as_slice() {
            [Value::String(code), Value::String(word)]
                if code == "F" && number_word(Some(word)).is_some() =>
            {
                number_word(Some(word)).map_or(CellValue::Null, CellValue::Float)
            }
            list => CellValue::List(list.iter().map(raw_from_json).collect()),
        },
        Value::Object(map) => CellValue::Dict(
            map.iter().map(|(key, value)| (Text::from(key.as_str()), raw_from_json(value))).collect(),
        ),
    }
}

/// Writes a raw value; the inverse of [`raw_from_json`]. Values that are not raw (dates, records, …) are written as the cells they are.
#[must_use]
pub fn raw_to_json(raw: &CellValue, dialect: Dialect) -> Value {
    match raw {
        CellValue::List(items) => Value::Array(items.iter().map(|item| raw_to_json(item, dialect)).collect()),
        CellValue::Dict(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, value)| (key.to_string(), raw_to_json(value, dialect)))
                .collect::<Map<_, _>>(),
        ),
        CellValue::Float(float) => float_to_json(*float, dialect),
        CellValue::Int(int) => Value::from(*int),
        other => super::cell_to_json(other, dialect),
    }
}

/// The cell that a raw value encodes: `["L", …]` becomes a list, `["d", …]` a date, and so on.
#[must_use]
pub fn decode(raw: &CellValue) -> CellValue {
    match raw {
        CellValue::List(items) => {
            let json: Vec<Value> = items.iter().map(|item| raw_to_json(item, Dialect::Stdio)).collect();
            cell_from_coded(&json)
        }
        other => other.clone(),
    }
}

/// Reads JSON text, as Python's `json.loads`. Nothing if it is not JSON.
#[must_use]
pub fn parse(text: &str) -> Option<CellValue> {
    serde_json::from_str(text).ok().map(|value| raw_from_json(&value))
}

/// Writes JSON text, byte for byte as Python's `json.dumps` does: a blank after commas and colons unless `compact`, and escapes for whatever
/// is not ASCII.
#[must_use]
pub fn dump(raw: &CellValue, compact: bool) -> String {
    let mut text = String::new();
    write(&mut text, raw, if compact { (",", ":") } else { (", ", ": ") });
    text
}

fn write(out: &mut String, raw: &CellValue, separators: (&str, &str)) {
    match raw {
        CellValue::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        CellValue::Int(int) => out.push_str(&int.to_string()),
        CellValue::Float(float) => write_float(out, *float),
        CellValue::Text(text) => write_text(out, text),
        CellValue::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push_str(separators.0);
                }
                write(out, item, separators);
            }
            out.push(']');
        }
        CellValue::Dict(entries) => {
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                if at > 0 {
                    out.push_str(separators.0);
                }
                write_text(out, key);
                out.push_str(separators.1);
                write(out, value, separators);
            }
            out.push('}');
        }
        _ => out.push_str("null"),
    }
}

fn write_float(out: &mut String, float: f64) {
    if float.is_nan() {
        out.push_str("NaN");
    } else if float.is_infinite() {
        out.push_str(if float > 0.0 { "Infinity" } else { "-Infinity" });
    } else if let Some(number) = Number::from_f64(float) {
        out.push_str(&number.to_string());
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_text_is_written_as_python_does() {
        let cases = [
            (r#"{"a":[1,2.5,null,true],"b":{}}"#, r#"{"a": [1, 2.5, null, true], "b": {}}"#),
            (r#""é\n\"\u0001😀""#, r#""\u00e9\n\"\u0001\ud83d\ude00""#),
            ("[]", "[]"),
        ];
        for (given, expected) in cases {
            assert_eq!(dump(&parse(given).unwrap(), false), expected);
        }
        assert_eq!(dump(&parse("[1, -2]").unwrap(), true), "[1,-2]");
    }

    #[test]
    fn a_raw_list_is_a_cell_only_once_decoded() {
        let raw = parse(r#"["L", "M"]"#).unwrap();
        assert_eq!(raw, CellValue::list([CellValue::text("L"), CellValue::text("M")]));
        assert_eq!(decode(&raw), CellValue::list([CellValue::text("M")]));
        assert_eq!(decode(&parse(r#"["d", 86400]"#).unwrap()), CellValue::Date(86400.0));
    }
}
