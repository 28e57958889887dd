//! Conversion to each type; an error means "does not fit".

use model::{CellValue, ColumnType, RowId};

use super::{dates, day_seconds, encode, seconds};
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::ops::{self, number};
use crate::value::Value;

pub(super) fn convert(
    value: &Value,
    to: &ColumnType,
    context: &mut Context<'_>,
) -> Result<CellValue, Exception> {
    match to {
        ColumnType::Text | ColumnType::Choice => text(value, context),
        ColumnType::Numeric => {
            if is_blank(value) {
                Ok(CellValue::Null)
            } else {
                float(value).map(CellValue::Float)
            }
        }
        ColumnType::ManualSortPos | ColumnType::PositionNumber => {
            if is_blank(value) {
                Ok(CellValue::Float(f64::INFINITY))
            } else {
                float(value).map(CellValue::Float)
            }
        }
        ColumnType::Int => {
            if is_blank(value) {
                Ok(CellValue::Null)
            } else {
                integer(float(value)?)
            }
        }
        ColumnType::Bool => truth(value),
        ColumnType::Date => date(value),
        ColumnType::DateTime(zone) => {
            date_time(value, if zone.is_empty() { super::DEFAULT_ZONE } else { zone })
        }
        ColumnType::ChoiceList => choices(value, context),
        ColumnType::Ref(_) | ColumnType::Id => row(value).map(CellValue::Int),
        ColumnType::RefList(_) | ColumnType::Attachments => rows(value, to, context),
        ColumnType::Any | ColumnType::Blob => Ok(encode(value, context)),
    }
}

fn unfit() -> Exception {
    Exception::empty(&exception::CONVERSION_ERROR)
}

fn is_blank(value: &Value) -> bool {
    matches!(value, Value::None) || matches!(value, Value::Str(text) if text.is_empty())
}

fn text(value: &Value, context: &mut Context<'_>) -> Result<CellValue, Exception> {
    Ok(match value {
        Value::None => CellValue::Null,
        Value::Str(text) => CellValue::Text(text.clone()),
        Value::Bytes(bytes) => CellValue::text(std::str::from_utf8(bytes).map_err(|_| unfit())?),
        Value::Float(float) if float.is_finite() => {
            // Whole numbers without a point, up to where floats are exact; else 15 digits.
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
            if float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0 {
                CellValue::Text(ecow::eco_format!("{}", *float as i64))
            } else {
                CellValue::Text(crate::format::float::general(*float, 15, false, false).into())
            }
        }
        other => CellValue::Text(context.text(other)?),
    })
}

fn float(value: &Value) -> Result<f64, Exception> {
    match value {
        Value::Str(text) => crate::format::float::parse(text).ok_or_else(unfit),
        Value::AltText(alt) => crate::format::float::parse(&alt.text).ok_or_else(unfit),
        Value::Bytes(bytes) => {
            std::str::from_utf8(bytes).ok().and_then(crate::format::float::parse).ok_or_else(unfit)
        }
        other => number::real(other),
    }
}

fn integer(float: f64) -> Result<CellValue, Exception> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within 32 bits")]
    let truncated = float.trunc() as i64;
    if float.is_finite() && i32::try_from(truncated).is_ok() && float.abs() < 1e10 {
        Ok(CellValue::Int(truncated))
    } else {
        Err(unfit())
    }
}

fn truth(value: &Value) -> Result<CellValue, Exception> {
    if !ops::truth(value) {
        return Ok(CellValue::Bool(false));
    }
    let text = match value {
        Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_) => return Ok(CellValue::Bool(true)),
        Value::Str(text) => text,
        Value::AltText(alt) => &alt.text,
        _ => return Err(unfit()),
    };
    match text.to_lowercase().as_str() {
        "false" | "no" | "0" => Ok(CellValue::Bool(false)),
        "true" | "yes" | "1" => Ok(CellValue::Bool(true)),
        _ => Err(unfit()),
    }
}

fn date(value: &Value) -> Result<CellValue, Exception> {
    Ok(match value {
        _ if is_blank(value) => CellValue::Null,
        Value::DateTime(date_time) => CellValue::Float(seconds(date_time.instant())),
        Value::Date(day) => CellValue::Float(day_seconds(*day)),
        Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_) => CellValue::Float(float(value)?),
        Value::Str(text) => CellValue::Float(dates::parse_iso_date(text).ok_or_else(unfit)?),
        _ => return Err(unfit()),
    })
}

fn date_time(value: &Value, zone: &str) -> Result<CellValue, Exception> {
    Ok(match value {
        _ if is_blank(value) => CellValue::Null,
        Value::DateTime(date_time) if date_time.zone.is_none() => {
            CellValue::Float(dates::wall_seconds(date_time.wall, zone))
        }
        Value::DateTime(date_time) => CellValue::Float(seconds(date_time.instant())),
        Value::Date(day) => {
            CellValue::Float(dates::wall_seconds(i64::from(*day) * crate::value::time::DAY, zone))
        }
        Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_) => CellValue::Float(float(value)?),
        Value::Str(text) => CellValue::Float(dates::parse_iso_date_time(text, zone).ok_or_else(unfit)?),
        _ => return Err(unfit()),
    })
}

fn choices(value: &Value, context: &mut Context<'_>) -> Result<CellValue, Exception> {
    if !ops::truth(value) {
        return Ok(CellValue::Null);
    }
    let items = match value {
        Value::Str(text) => match json_list(text) {
            Some(items) => items,
            None => return Ok(CellValue::Text(text.clone())),
        },
        other => context.collect(other)?,
    };
    let mut cells = Vec::with_capacity(items.len());
    for item in &items {
        cells.push(CellValue::Text(context.text(item)?));
    }
    Ok(CellValue::List(cells.into()))
}

fn row(value: &Value) -> Result<i64, Exception> {
    if !ops::truth(value) {
        return Ok(0);
    }
    match value {
        Value::Record(_, RowId(row)) => Ok(i64::from(*row)),
        Value::Int(int) if i32::try_from(*int).is_ok() => Ok(*int),
        Value::Bool(_) => Ok(1),
        _ => Err(unfit()),
    }
}

fn rows(value: &Value, to: &ColumnType, context: &mut Context<'_>) -> Result<CellValue, Exception> {
    let parsed;
    let value = match value {
        Value::Str(text) if text.starts_with('[') => match json_list(text) {
            // Only ids of rows: `[0]` and `[-1]` stay text.
            Some(items) if items.iter().all(|item| matches!(item, Value::Int(1..) | Value::Bool(true))) => {
                parsed = Value::list(items);
                &parsed
            }
            _ => return Err(unfit()),
        },
        _ => value,
    };
    if let Value::RecordSet(set) = value {
        let fits = to.target().is_some_and(|target| context.host.table(&target) == Some(set.table));
        if !fits {
            return Err(unfit());
        }
        return Ok(CellValue::List(set.rows.iter().map(|row| CellValue::from(*row)).collect()));
    }
    if !ops::truth(value) {
        return Ok(CellValue::Null);
    }
    if let Value::Record(table, _) = value {
        let fits = to.target().is_some_and(|target| context.host.table(&target) == Some(*table));
        if !fits {
            return Err(unfit());
        }
    }
    if matches!(value, Value::Record(..) | Value::Int(_)) {
        return Ok(CellValue::list([CellValue::Int(row(value)?)]));
    }
    let items = context.collect(value)?;
    let mut cells = Vec::with_capacity(items.len());
    for item in &items {
        cells.push(CellValue::Int(row(item)?));
    }
    Ok(CellValue::List(cells.into()))
}

/// The elements of a text that is a list in JSON.
fn json_list(text: &str) -> Option<Vec<Value>> {
    if !text.starts_with('[') {
        return None;
    }
    let items: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
    items
        .into_iter()
        .map(|item| {
            Some(match item {
                serde_json::Value::Null => Value::None,
                serde_json::Value::Bool(truth) => Value::Bool(truth),
                serde_json::Value::String(text) => Value::from(text),
                serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                    (Some(int), _) => Value::Int(int),
                    (None, Some(float)) => Value::Float(float),
                    _ => return None,
                },
                _ => return None,
            })
        })
        .collect()
}
