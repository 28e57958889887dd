//! Values in columns of type Any.

use model::CellValue;

use super::{Opaque, day_seconds, error_cell, seconds};
use crate::context::Context;
use crate::value::{Value, Zone};

/// Deeper lists than this are shown as text.
const DEEPEST: u32 = 100;

/// A value as a column of type Any holds it. What has no encoding is kept as its `repr`.
pub fn encode(value: &Value, context: &mut Context<'_>) -> CellValue {
    inner(value, context, DEEPEST).unwrap_or_else(|| {
        let repr = context.repr(value).unwrap_or_else(|_| crate::ops::plain_repr(value));
        CellValue::Unmarshallable(repr)
    })
}

fn inner(value: &Value, context: &mut Context<'_>, depth: u32) -> Option<CellValue> {
    let depth = depth.checked_sub(1)?;
    let mut list = |items: &[Value]| -> Option<CellValue> {
        let mut cells = Vec::with_capacity(items.len());
        for item in items {
            cells.push(match inner(item, context, depth) {
                Some(cell) => cell,
                None => encode_item(item, context),
            });
        }
        Some(CellValue::List(cells.into()))
    };
    Some(match value {
        Value::None => CellValue::Null,
        Value::Bool(truth) => CellValue::Bool(*truth),
        Value::Int(int) if i32::try_from(*int).is_ok() => CellValue::Int(*int),
        Value::Float(float) => CellValue::Float(*float),
        Value::Str(text) => CellValue::Text(text.clone()),
        Value::AltText(text) => CellValue::Text(text.text.clone()),
        Value::Bytes(bytes) => CellValue::text(std::str::from_utf8(bytes).ok()?),
        Value::Date(day) => CellValue::Date(day_seconds(*day)),
        Value::DateTime(date_time) => {
            let zone = match &date_time.zone {
                Some(zone @ Zone::Named(..)) => zone.name(),
                // A fixed offset has no name of the tz database; Grist cannot encode it either.
                Some(Zone::Fixed(0, None)) | None => "UTC".into(),
                Some(Zone::Fixed(..)) => return None,
            };
            CellValue::DateTime(seconds(date_time.instant()), zone)
        }
        Value::List(items) => {
            let items = items.borrow().clone();
            return list(&items);
        }
        Value::Tuple(items) => return list(items),
        Value::Dict(dict) => {
            let mut entries = Vec::new();
            let dict = dict.borrow().clone();
            for (key, value) in &dict {
                let Value::Str(key) = key.value() else { return None };
                let cell = match inner(value, context, depth) {
                    Some(cell) => cell,
                    None => encode_item(value, context),
                };
                entries.push((key.clone(), cell));
            }
            CellValue::Dict(entries.into())
        }
        Value::Record(table, row) => CellValue::Record(context.host.table_id(*table), *row),
        Value::RecordSet(set) => {
            CellValue::RecordSet(context.host.table_id(set.table), set.rows.iter().copied().collect())
        }
        Value::Error(error) => error_cell(error),
        Value::Object(object) => {
            let opaque = value.downcast::<Opaque>();
            match opaque {
                Some(opaque) => opaque.0.clone(),
                None => {
                    let object = object.clone();
                    return inner(&object.plain()?, context, depth);
                }
            }
        }
        _ => return None,
    })
}

fn encode_item(item: &Value, context: &mut Context<'_>) -> CellValue {
    let repr = context.repr(item).unwrap_or_else(|_| crate::ops::plain_repr(item));
    CellValue::Unmarshallable(repr)
}
