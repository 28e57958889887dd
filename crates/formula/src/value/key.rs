//! Hashable values: keys of dictionaries, elements of sets.

use std::hash::{Hash, Hasher};

use num_traits::ToPrimitive;

use crate::exception::{self, Exception};
use crate::ops;
use crate::value::{Function, Value};

/// A value known to be hashable. Equal as Python has it: `1`, `1.0` and `True` are one key.
#[derive(Clone, Debug)]
pub struct Key(Value);

impl Key {
    /// Checks that the value can be hashed: `unhashable type: 'list'` if not.
    pub fn new(value: Value) -> Result<Self, Exception> {
        check(&value)?;
        Ok(Self(value))
    }
    /// A key that is text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(Value::str(text))
    }
    /// The value.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.0
    }
    /// The value, owned.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.0
    }
}

fn check(value: &Value) -> Result<(), Exception> {
    match value {
        Value::List(_) | Value::Dict(_) | Value::Set(_) | Value::Slice(_) => {}
        Value::Object(object) if object.hash().is_none() => {}
        Value::Tuple(items) => return items.iter().try_for_each(check),
        _ => return Ok(()),
    }
    Err(exception::type_error(format!("unhashable type: '{}'", crate::types::type_of(value).name)))
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        // Python looks at identity first, so that the same NaN is found again.
        if let (Value::Float(a), Value::Float(b)) = (&self.0, &other.0) {
            return a == b || a.to_bits() == b.to_bits();
        }
        ops::equal(&self.0, &other.0)
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(&self.0, state);
    }
}

fn hash<H: Hasher>(value: &Value, state: &mut H) {
    match value {
        Value::Bool(truth) => state.write_i64(i64::from(*truth)),
        Value::Int(int) => state.write_i64(*int),
        Value::Big(big) => match big.to_f64() {
            Some(float) => state.write_u64(float.to_bits()),
            None => state.write_u8(1),
        },
        Value::Float(float) =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
            if float.fract() == 0.0 && float.abs() < 9e18 {
                state.write_i64(*float as i64);
            } else {
                state.write_u64(float.to_bits());
            }
        }
        Value::Str(text) => text.as_str().hash(state),
        Value::Bytes(bytes) => bytes.hash(state),
        Value::Date(day) => state.write_i32(*day),
        Value::DateTime(date_time) => state.write_i64(date_time.comparable()),
        Value::Time(time) => state.write_i64(time.micros),
        Value::Delta(micros) => state.write_i64(*micros),
        Value::Tuple(items) => {
            for item in items.iter() {
                hash(item, state);
            }
            state.write_usize(items.len());
        }
        Value::FrozenSet(set) => state.write_usize(set.len()),
        Value::Record(table, row) => {
            state.write_u32(table.0);
            state.write_u32(row.0);
        }
        Value::RecordSet(set) => set.rows.hash(state),
        Value::Table(table) => state.write_u32(table.0),
        Value::Type(def) => state.write_usize(std::ptr::from_ref::<crate::types::TypeDef>(def) as usize),
        Value::Function(Function::Native(native)) => {
            state.write_usize(std::ptr::from_ref::<crate::native::Native>(native) as usize);
        }
        Value::AltText(text) => text.text.as_str().hash(state),
        Value::Object(object) => state.write_u64(object.hash().unwrap_or_default()),
        // Compared by identity or rare: one bucket is enough.
        _ => state.write_u8(2),
    }
}
