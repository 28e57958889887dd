//! Python's marshal format, version 2: how Grist stores cells that SQLite has no form for, and history entries.
//!
//! Values are JSON values in the stdio dialect ([`crate::json`]): `["F", "nan"]` and the like stand for floats that JSON lacks.
//! Reading accepts what older versions of Grist wrote (byte strings, interned strings, references to them, long integers, text floats).
//! Depth and sizes are bounded by the input: damaged bytes give an error, never a crash.
//!
//! Source: CPython's `Python/marshal.c`.

mod write;

use serde_json::{Map, Number, Value};

use crate::cell::CellValue;
pub use write::{Flavour, Writer};

/// How deep lists may be nested.
const DEPTH: u32 = 200;

/// What is wrong with marshalled bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarshalError {
    /// The bytes end too early.
    #[error("marshalled data ends too early")]
    Truncated,
    /// An unknown type code.
    #[error("marshalled data has an unknown type code {0}")]
    Code(u8),
    /// A length, number or reference that makes no sense.
    #[error("marshalled data is damaged")]
    Damaged,
    /// Too deeply nested.
    #[error("marshalled data is nested too deeply")]
    TooDeep,
}

/// Writes a JSON value, byte for byte as CPython's `marshal.dumps(value, 2)` does.
#[must_use]
pub fn encode(value: &Value) -> Vec<u8> {
    let mut writer = Writer::new(Flavour::Python);
    writer.json(value);
    writer.into_bytes()
}

/// Writes a cell.
#[must_use]
pub fn encode_cell(cell: &CellValue) -> Vec<u8> {
    let mut writer = Writer::new(Flavour::Python);
    writer.cell(cell);
    writer.into_bytes()
}

/// Reads a value; bytes after it are ignored, as Python does.
///
/// # Errors
/// When the bytes are no marshalled value.
pub fn decode(bytes: &[u8]) -> Result<Value, MarshalError> {
    Reader { bytes, interned: Vec::new() }.value(DEPTH)?.ok_or(MarshalError::Damaged)
}

/// Reads the entries of a dictionary of which only the beginning is there: those that are whole.
#[must_use]
pub fn decode_beginning(bytes: &[u8]) -> Map<String, Value> {
    let mut map = Map::new();
    let mut reader = Reader { bytes, interned: Vec::new() };
    if !matches!(reader.array(), Ok([b'{'])) {
        return map;
    }
    while let Ok(Some(Value::String(key))) = reader.value(DEPTH) {
        let Ok(Some(value)) = reader.value(DEPTH) else { break };
        map.insert(key, value);
    }
    map
}

struct Reader<'b> {
    bytes: &'b [u8],
    interned: Vec<String>,
}

impl<'b> Reader<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], MarshalError> {
        let (head, tail) = self.bytes.split_at_checked(count).ok_or(MarshalError::Truncated)?;
        self.bytes = tail;
        Ok(head)
    }
    fn array<const N: usize>(&mut self) -> Result<[u8; N], MarshalError> {
        self.take(N)?.try_into().map_err(|_| MarshalError::Truncated)
    }
    fn int(&mut self) -> Result<i32, MarshalError> {
        Ok(i32::from_le_bytes(self.array()?))
    }
    fn len(&mut self) -> Result<usize, MarshalError> {
        let len = usize::try_from(self.int()?).map_err(|_| MarshalError::Damaged)?;
        // Every element takes at least a byte: a longer list cannot be.
        if len > self.bytes.len() { Err(MarshalError::Truncated) } else { Ok(len) }
    }
    fn text(&mut self) -> Result<String, MarshalError> {
        let len = self.len()?;
        Ok(text_of(self.take(len)?))
    }

    /// `None` is the end of a dictionary.
    fn value(&mut self, depth: u32) -> Result<Option<Value>, MarshalError> {
        let depth = depth.checked_sub(1).ok_or(MarshalError::TooDeep)?;
        let [code] = self.array()?;
        Ok(Some(match code {
            b'0' => return Ok(None),
            b'N' => Value::Null,
            b'T' => Value::Bool(true),
            b'F' => Value::Bool(false),
            b'i' => Value::from(self.int()?),
            b'I' => Value::from(i64::from_le_bytes(self.array()?)),
            b'l' => self.long()?,
            b'g' => float(f64::from_le_bytes(self.array()?)),
            b'f' => {
                let [len] = self.array()?;
                let text = text_of(self.take(usize::from(len))?);
                float(text.parse().map_err(|_| MarshalError::Damaged)?)
            }
            b'u' | b's' => Value::from(self.text()?),
            b't' => {
                let text = self.text()?;
                self.interned.push(text.clone());
                Value::from(text)
            }
            b'R' => {
                let at = usize::try_from(self.int()?).map_err(|_| MarshalError::Damaged)?;
                Value::from(self.interned.get(at).ok_or(MarshalError::Damaged)?.as_str())
            }
            b'[' | b'(' | b'<' | b'>' => {
                let len = self.len()?;
                let mut items = Vec::with_capacity(len.min(1024));
                for _ in 0..len {
                    items.push(self.value(depth)?.ok_or(MarshalError::Damaged)?);
                }
                Value::Array(items)
            }
            b'{' => {
                let mut map = Map::new();
                while let Some(key) = self.value(depth)? {
                    let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
                    map.insert(key, self.value(depth)?.ok_or(MarshalError::Damaged)?);
                }
                Value::Object(map)
            }
            other => return Err(MarshalError::Code(other)),
        }))
    }

    fn long(&mut self) -> Result<Value, MarshalError> {
        let count = self.int()?;
        let digits = self.take(
            usize::try_from(count.unsigned_abs()).map_err(|_| MarshalError::Damaged)?.saturating_mul(2),
        )?;
        let digits = digits.chunks_exact(2).map(|pair| i128::from(u16::from_le_bytes([pair[0], pair[1]])));
        let mut int: i128 = 0;
        for digit in digits.rev() {
            int = int
                .checked_mul(1 << 15)
                .and_then(|int| int.checked_add(digit))
                .ok_or(MarshalError::Damaged)?;
        }
        let int = if count < 0 { -int } else { int };
        Ok(i64::try_from(int).map_or_else(|_| serde_json::json!(["U", int.to_string()]), Value::from))
    }
}

fn float(float: f64) -> Value {
    match Number::from_f64(float) {
        Some(number) => Value::Number(number),
        None if float.is_nan() => serde_json::json!(["F", "nan"]),
        None => serde_json::json!(["F", if float > 0.0 { "inf" } else { "-inf" }]),
    }
}

/// Text as UTF-8, else byte by byte: old files have byte strings of unknown encoding.
fn text_of(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn bytes_are_those_of_python() {
        // From CPython: marshal.dumps(value, 2).
        let cases: [(Value, &[u8]); 7] = [
            (json!(null), b"N"),
            (json!(5), b"i\x05\x00\x00\x00"),
            (json!(-1.5), b"g\x00\x00\x00\x00\x00\x00\xf8\xbf"),
            (json!("h\u{e9}"), b"u\x03\x00\x00\x00h\xc3\xa9"),
            (json!(["L", true]), b"[\x02\x00\x00\x00u\x01\x00\x00\x00LT"),
            (json!({"a": 1}), b"{u\x01\x00\x00\x00ai\x01\x00\x00\x000"),
            (json!(1_i64 << 40), b"l\x03\x00\x00\x00\x00\x00\x00\x00\x00\x04"),
        ];
        for (value, bytes) in cases {
            assert_eq!(encode(&value), bytes, "{value}");
            assert_eq!(decode(bytes), Ok(value));
        }
    }

    #[test]
    fn old_forms_are_read() {
        assert_eq!(decode(b"(\x02\x00\x00\x00t\x01\x00\x00\x00xR\x00\x00\x00\x00"), Ok(json!(["x", "x"])));
        assert_eq!(decode(b"f\x031.5"), Ok(json!(1.5)));
        assert_eq!(decode(b"s\x01\x00\x00\x00\xe9"), Ok(json!("\u{e9}")));
    }

    #[test]
    fn actions_and_cells_are_written_as_their_json() {
        let actions = [
            json!(["AddRecord", "T", 1, {"A": ["L", 1, ["d", 1.5]], "B": ["E", "X", null, null, {"u": 1}]}]),
            json!(["BulkUpdateRecord", "T", [1, 2], {"A": ["F", "inf"], "B": [["U", "12345678901"], ["P"]]}]),
            json!(["BulkRemoveRecord", "T", [3]]),
            json!(["RemoveRecord", "T", 3]),
            json!(["AddColumn", "T", "A", {"type": "Any", "isFormula": true}]),
            json!(["ModifyColumn", "T", "A", {"type": "Text"}]),
            json!(["RenameColumn", "T", "A", "B"]),
            json!(["RemoveColumn", "T", "B"]),
            json!(["AddTable", "U", [{"id": "A", "type": "Ref:T"}, {"id": "B"}]]),
            json!(["RenameTable", "U", "V"]),
            json!(["ReplaceTableData", "V", [1], {"A": [["r", "T", [1, 2]]], "B": [["R", "T", 1]]}]),
            json!(["RemoveTable", "V"]),
            json!(["UpdateRecord", "T", 1, {"A": ["D", 1.5, "UTC"], "B": ["O", {"k": ["C"]}], "C": ["l", "x", {"raw": "x"}]}]),
        ];
        for expected in actions {
            let action = crate::json::action_from_json(&expected).unwrap();
            let mut writer = Writer::new(Flavour::Python);
            writer.action(&action);
            // Two texts that together look like a float are two texts.
            assert_eq!(decode(&writer.into_bytes()), Ok(expected));
        }
    }

    #[test]
    fn the_server_of_grist_sorts_keys_and_has_one_kind_of_number() {
        let bytes = |value: &Value| {
            let mut writer = Writer::new(Flavour::Grist);
            writer.json(value);
            writer.into_bytes()
        };
        let same = [
            (json!({"b": 1.0, "a": -2.0}), json!({"a": -2, "b": 1})),
            (json!({"\u{ffff}": 1, "\u{10000}": 1}), json!({"\u{10000}": 1, "\u{ffff}": 1})),
        ];
        for (given, expected) in same {
            assert_eq!(bytes(&given), encode(&expected));
        }
        for float in [-0.0, 0.5, 2_147_483_648.0] {
            assert_eq!(bytes(&json!(float)), encode(&json!(float)));
        }
        assert_eq!(bytes(&json!(1_i64 << 40)), encode(&json!(1_099_511_627_776.0)));
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(float),
            ".{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                prop::collection::btree_map(".{0,3}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn decoding_is_the_inverse(value in value()) {
            // Lists that look like codes of floats are floats.
            prop_assume!(!value.to_string().contains("\"F\""));
            prop_assert_eq!(decode(&encode(&value)), Ok(value));
        }

        #[test]
        fn damaged_bytes_never_crash(bytes in prop::collection::vec(any::<u8>(), 0..80), code in prop::sample::select(b"[({lufgitR".to_vec())) {
            let _ = decode(&bytes);
            let _ = decode(&[&[code], &bytes[..]].concat());
        }
    }
}
