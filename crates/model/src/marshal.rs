//! Python's marshal format, version 2: how Grist stores cells that SQLite has no form for, and history entries.
//!
//! Values are JSON values in the stdio dialect ([`crate::json`]): `["F", "nan"]` and the like stand for floats that JSON lacks.
//! Reading accepts what older versions of Grist wrote (byte strings, interned strings, references to them, long integers, text floats).
//! Depth and sizes are bounded by the input: damaged bytes give an error, never a crash.
//!
//! Source: CPython's `Python/marshal.c`.

use serde_json::{Map, Number, Value};

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

/// Writes a value.
#[must_use]
pub fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(value, &mut bytes);
    bytes
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(b'N'),
        Value::Bool(true) => out.push(b'T'),
        Value::Bool(false) => out.push(b'F'),
        Value::Number(number) => write_number(number, out),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            if let Some(float) = special_float(items) {
                out.push(b'g');
                out.extend(float.to_le_bytes());
                return;
            }
            out.push(b'[');
            write_len(items.len(), out);
            for item in items {
                write(item, out);
            }
        }
        Value::Object(map) => {
            out.push(b'{');
            for (key, value) in map {
                write_text(key, out);
                write(value, out);
            }
            out.push(b'0');
        }
    }
}

fn write_number(number: &Number, out: &mut Vec<u8>) {
    match number.as_i64() {
        Some(int) => match i32::try_from(int) {
            Ok(int) => {
                out.push(b'i');
                out.extend(int.to_le_bytes());
            }
            Err(_) => write_long(int, out),
        },
        None => {
            out.push(b'g');
            out.extend(number.as_f64().unwrap_or(f64::NAN).to_le_bytes());
        }
    }
}

/// Long integers: signed count of 15-bit digits, lowest first.
fn write_long(int: i64, out: &mut Vec<u8>) {
    let mut rest = int.unsigned_abs();
    let mut digits: Vec<u16> = Vec::with_capacity(5);
    while rest > 0 {
        digits.push(u16::try_from(rest & 0x7fff).unwrap_or_default());
        rest >>= 15;
    }
    let count = i32::try_from(digits.len()).unwrap_or_default();
    out.push(b'l');
    out.extend((if int < 0 { -count } else { count }).to_le_bytes());
    out.extend(digits.into_iter().flat_map(u16::to_le_bytes));
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'u');
    write_len(text.len(), out);
    out.extend(text.as_bytes());
}

fn write_len(len: usize, out: &mut Vec<u8>) {
    out.extend(u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
}

fn special_float(items: &[Value]) -> Option<f64> {
    match items {
        [code, word] if code == "F" => match word.as_str()? {
            "nan" => Some(f64::NAN),
            "inf" => Some(f64::INFINITY),
            "-inf" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

/// Reads a value; bytes after it are ignored, as Python does.
///
/// # Errors
/// When the bytes are no marshalled value.
pub fn decode(bytes: &[u8]) -> Result<Value, MarshalError> {
    Reader { bytes, interned: Vec::new() }.value(DEPTH)?.ok_or(MarshalError::Damaged)
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
