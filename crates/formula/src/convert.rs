//! From formula values to cells and back: what a value becomes in a column of each type.
//!
//! Promise: the conversions of Grist. A value that does not fit a column becomes text ("alt text"); nothing here fails.
//!
//! - [`convert`]: a formula's result, as the column stores it;
//! - [`convert_cell`]: a value set by an action, as the column stores it;
//! - [`from_cell`]: a stored cell, as formulas see it;
//! - [`encode`]: a value in a column of type Any, or within a list.

mod dates;
mod encode;
mod typed;

use std::rc::Rc;

use ecow::EcoString;
use model::{CellValue, ColumnType, RowId};

pub use dates::{parse_iso_date, parse_iso_date_time};
pub use encode::encode;

use crate::context::Context;
use crate::exception::{self, Exception};
use crate::object::Object;
use crate::schema::TableIx;
use crate::types::TypeDef;
use crate::value::{AltText, DateTime, Dict, Key, RecordSet, Value, Zone, time};

/// The zone of DateTime columns that name none.
pub const DEFAULT_ZONE: &str = "America/New_York";

/// A value read from a cell that formulas can only pass on.
#[derive(Debug)]
pub struct Opaque(pub CellValue);

static OPAQUE: TypeDef = TypeDef::new("UnmarshallableValue", "objtypes", None, &[]);

impl Object for Opaque {
    fn type_def(&self) -> &'static TypeDef {
        &OPAQUE
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// A formula's result as the column stores it.
pub fn convert(value: &Value, to: &ColumnType, context: &mut Context<'_>) -> CellValue {
    if let Value::Error(error) = value {
        return error_cell(error);
    }
    match typed::convert(value, to, context) {
        Ok(cell) => cell,
        Err(_) => match context.text(value) {
            Ok(text) => CellValue::Text(text),
            Err(_) => CellValue::Text(crate::ops::plain_repr(value)),
        },
    }
}

/// The result of a formula as the column stores it: plain values move, others are converted ([`convert`]).
#[inline]
pub fn convert_result(value: Value, to: &ColumnType, context: &mut Context<'_>) -> CellValue {
    match (value, to) {
        (Value::Float(float), ColumnType::Numeric | ColumnType::Any) => CellValue::Float(float),
        (Value::Str(text), ColumnType::Text | ColumnType::Any | ColumnType::Choice) => CellValue::Text(text),
        (Value::Bool(truth), ColumnType::Bool | ColumnType::Any) => CellValue::Bool(truth),
        (value, to) => convert(&value, to, context),
    }
}

/// A value set by an action as the column stores it.
pub fn convert_cell(cell: CellValue, to: &ColumnType, context: &mut Context<'_>) -> CellValue {
    match (&cell, to) {
        // What is stored as it is.
        (CellValue::Error(_) | CellValue::Pending | CellValue::Censored, _) => cell,
        (_, ColumnType::Any | ColumnType::Blob) => cell,
        (CellValue::Text(_) | CellValue::Null, ColumnType::Text | ColumnType::Choice)
        | (
            CellValue::Float(_) | CellValue::Null,
            ColumnType::Numeric | ColumnType::Date | ColumnType::DateTime(_),
        )
        | (CellValue::Bool(_), ColumnType::Bool)
        | (
            CellValue::Null,
            ColumnType::Int | ColumnType::ChoiceList | ColumnType::RefList(_) | ColumnType::Attachments,
        ) => cell,
        _ => {
            let value = decode(&cell, context);
            convert(&value, to, context)
        }
    }
}

/// An exception as the value of a cell. The name is that of the innermost error, as the cells that read each other show it.
#[must_use]
pub fn error_cell(exception: &Exception) -> CellValue {
    let inner = exception.innermost();
    let mut error = model::CellError { name: inner.name().into(), ..model::CellError::default() };
    if std::ptr::eq(inner.class(), &exception::INVALID_TYPED_VALUE)
        && let [kind, text] = inner.raised().args.as_slice()
    {
        error.message = Some(crate::ops::plain_str(kind));
        error.details = Some(crate::ops::plain_str(text));
    } else {
        error.spoken = Some(inner.message());
    }
    CellValue::Error(std::sync::Arc::new(error))
}

/// The exception that reading an error cell raises, before the host wraps it ([`Exception::of_cell`]).
#[must_use]
pub fn cell_error(error: &model::CellError) -> Exception {
    if error.name == "InvalidTypedValue"
        && let (Some(kind), Some(text)) = (&error.message, &error.details)
    {
        return Exception::with_args(
            &exception::INVALID_TYPED_VALUE,
            vec![Value::Str(kind.clone()), Value::Str(text.clone())],
        );
    }
    Exception::foreign(&error.name, error.message.as_deref().or(error.spoken.as_deref()))
}

/// A stored cell as formulas see it; an error cell raises. `table` finds tables.
pub fn from_cell(
    cell: &CellValue,
    column_type: &ColumnType,
    table: &dyn Fn(&str) -> Option<TableIx>,
) -> Result<Value, Exception> {
    use ColumnType as T;
    if let CellValue::Error(error) = cell {
        return Err(cell_error(error));
    }
    Ok(match (column_type, cell) {
        (T::Any | T::Blob, _) => rich(cell, table)?,
        (T::Text | T::Choice, CellValue::Text(text)) => Value::Str(text.clone()),
        (T::ChoiceList | T::RefList(_) | T::Attachments, CellValue::Null) => default_of(column_type, table),
        (
            T::Text
            | T::Choice
            | T::Numeric
            | T::Int
            | T::Bool
            | T::Date
            | T::DateTime(_)
            | T::ManualSortPos
            | T::PositionNumber
            | T::Id,
            CellValue::Null,
        ) => Value::None,
        (T::Numeric | T::ManualSortPos | T::PositionNumber, CellValue::Float(float)) => Value::Float(*float),
        #[expect(clippy::cast_precision_loss, reason = "numbers of Numeric columns are floats")]
        (T::Numeric | T::ManualSortPos | T::PositionNumber, CellValue::Int(int)) => Value::Float(*int as f64),
        (T::Int | T::Id, CellValue::Int(int)) => Value::Int(*int),
        (T::Bool, CellValue::Bool(truth)) => Value::Bool(*truth),
        (T::Bool, CellValue::Int(int @ (0 | 1))) => Value::Bool(*int == 1),
        (T::Bool, CellValue::Float(float)) if *float == 0.0 || *float == 1.0 => Value::Bool(*float == 1.0),
        (T::Date, CellValue::Float(_) | CellValue::Int(_)) => date_of(cell.as_number().unwrap_or(0.0)),
        (T::DateTime(own), CellValue::Float(_) | CellValue::Int(_)) => {
            date_time_of(cell.as_number().unwrap_or(0.0), if own.is_empty() { DEFAULT_ZONE } else { own })
        }
        (T::Ref(target), CellValue::Int(row)) if u32::try_from(*row).is_ok() => {
            let row = u32::try_from(*row).unwrap_or(0);
            table(target).map_or(Value::Int(i64::from(row)), |table| Value::Record(table, RowId(row)))
        }
        (T::ChoiceList, CellValue::List(items))
            if items.iter().all(|item| matches!(item, CellValue::Text(_))) =>
        {
            Value::Tuple(items.iter().filter_map(CellValue::as_text).map(Value::str).collect())
        }
        (T::RefList(_) | T::Attachments, CellValue::List(items))
            if items.iter().all(|item| item.as_row_id().is_some()) =>
        {
            let rows: Rc<[RowId]> = items.iter().filter_map(CellValue::as_row_id).collect();
            match column_type.target().and_then(|target| table(&target)) {
                Some(table) => RecordSet::unordered(table, rows),
                None => Value::list(rows.iter().map(|row| Value::Int(i64::from(row.0))).collect()),
            }
        }
        _ => alt_text(cell, column_type),
    })
}

/// What a formula sees in a cell that was never set, and in any cell of the empty record.
pub fn default_of(column_type: &ColumnType, table: impl Fn(&str) -> Option<TableIx>) -> Value {
    match column_type {
        ColumnType::Text | ColumnType::Choice => Value::Str(EcoString::new()),
        ColumnType::Numeric => Value::Float(0.0),
        ColumnType::ManualSortPos | ColumnType::PositionNumber => Value::Float(f64::INFINITY),
        ColumnType::Int | ColumnType::Id => Value::Int(0),
        ColumnType::Bool => Value::Bool(false),
        ColumnType::Ref(target) => {
            table(target).map_or(Value::Int(0), |table| Value::Record(table, RowId::NONE))
        }
        ColumnType::RefList(_) | ColumnType::Attachments => {
            match column_type.target().and_then(|target| table(&target)) {
                Some(table) => RecordSet::unordered(table, [].into()),
                None => Value::list(Vec::new()),
            }
        }
        ColumnType::ChoiceList => Value::tuple(Vec::new()),
        _ => Value::None,
    }
}

/// The date of a stored number of seconds.
#[must_use]
pub fn date_of(seconds: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the years 1 to 9999")]
    let day = (seconds / 86_400.0).floor().clamp(-719_162.0, 2_932_896.0) as i32;
    if seconds.is_nan() { Value::None } else { Value::Date(day) }
}

/// The date and time of a stored number of seconds, in a zone.
#[must_use]
pub fn date_time_of(seconds: f64, zone: &str) -> Value {
    if seconds.is_nan() {
        return Value::None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the years 1 to 9999")]
    let micros = (seconds.clamp(-62_135_500_000.0, 253_402_200_000.0) * 1e6).round() as i64;
    let zone = Zone::named(zone).unwrap_or(Zone::Fixed(0, None));
    Value::date_time(DateTime::at(micros, zone))
}

/// A cell of a type of its own (in columns of type Any, and inside lists) as formulas see it.
fn rich(cell: &CellValue, table: &dyn Fn(&str) -> Option<TableIx>) -> Result<Value, Exception> {
    Ok(match cell {
        CellValue::Null => Value::None,
        CellValue::Bool(truth) => Value::Bool(*truth),
        CellValue::Int(int) => Value::Int(*int),
        CellValue::Float(float) => Value::Float(*float),
        CellValue::Text(text) => Value::Str(text.clone()),
        CellValue::List(items) => {
            let items: Result<Vec<Value>, Exception> = items.iter().map(|item| rich(item, table)).collect();
            Value::list(items?)
        }
        CellValue::Dict(entries) => {
            let mut dict = Dict::default();
            for (key, value) in entries.iter() {
                dict.insert(Key::text(key), rich(value, table)?);
            }
            Value::dict(dict)
        }
        CellValue::Date(seconds) => date_of(*seconds),
        CellValue::DateTime(seconds, zone) => date_time_of(*seconds, zone),
        CellValue::Record(id, row) if let Some(table) = table(id) => Value::Record(table, *row),
        CellValue::RecordSet(id, rows) if let Some(table) = table(id) => {
            RecordSet::unordered(table, rows.iter().copied().collect())
        }
        CellValue::Error(error) => return Err(cell_error(error)),
        CellValue::Unmarshallable(digits) if let Ok(big) = digits.parse::<num_bigint::BigInt>() => {
            Value::int(big)
        }
        other => Value::object(Opaque(other.clone())),
    })
}

/// A value set by an action, as a value that can be converted.
fn decode(cell: &CellValue, context: &Context<'_>) -> Value {
    rich(cell, &|id| context.host.table(id)).unwrap_or_else(Value::Error)
}

fn alt_text(cell: &CellValue, column_type: &ColumnType) -> Value {
    let text = match cell {
        CellValue::Text(text) => text.clone(),
        other => {
            rich(other, &|_| None).map_or_else(|_| EcoString::new(), |value| crate::ops::plain_str(&value))
        }
    };
    let kind = column_type.to_string();
    let type_name = kind.split(':').next().unwrap_or("Any").into();
    Value::AltText(Rc::new(AltText { text, type_name }))
}

/// A value as a cell of a column would give it back: what keys and bounds are compared as.
pub fn as_in_column(value: &Value, column_type: &ColumnType, context: &mut Context<'_>) -> Value {
    let cell = convert(value, column_type, context);
    from_cell(&cell, column_type, &|id| context.host.table(id)).unwrap_or(Value::None)
}

/// Seconds since 1970 of an instant in microseconds.
#[expect(clippy::cast_precision_loss, reason = "stored seconds are floats")]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

/// Seconds since 1970 of the midnight (UTC) a day begins with.
fn day_seconds(day: i32) -> f64 {
    seconds(i64::from(day) * time::DAY)
}
