//! Cells as text, as people see them.

use model::{CellValue, ColumnType};

use super::Locale;
use crate::dates::calendar;
use crate::value::Zone;

/// A cell of a type as text.
#[must_use]
pub fn show(
    cell: &CellValue,
    column_type: &ColumnType,
    options: &str,
    locale: &Locale,
    zone: &str,
) -> String {
    match (cell, column_type) {
        (CellValue::Null, _) => String::new(),
        (CellValue::Text(text), _) => text.to_string(),
        (CellValue::Bool(truth), _) => if *truth { "true" } else { "false" }.to_owned(),
        (CellValue::Float(_) | CellValue::Int(_), ColumnType::Date) => {
            day_text(cell.as_number().unwrap_or(0.0), &date_format(options))
        }
        (CellValue::Float(_) | CellValue::Int(_), ColumnType::DateTime(own)) => {
            let zone = if own.is_empty() { zone } else { own.as_str() };
            moment_text(cell.as_number().unwrap_or(0.0), zone, &date_format(options))
        }
        (CellValue::Int(0), ColumnType::Ref(_)) => String::new(),
        (CellValue::Int(int), _) => int.to_string(),
        (CellValue::Float(float), _) => {
            let text = crate::format::float::general(*float, 15, false, false);
            if locale.decimal == '.' { text } else { text.replace('.', &locale.decimal.to_string()) }
        }
        (CellValue::List(items), _) => {
            let shown = |item: &CellValue| show(item, &ColumnType::Any, options, locale, zone);
            items.iter().map(shown).collect::<Vec<_>>().join(", ")
        }
        (CellValue::Date(seconds), _) => day_text(*seconds, &date_format(options)),
        (CellValue::DateTime(seconds, zone), _) => moment_text(*seconds, zone, &date_format(options)),
        (CellValue::Record(table, row), _) => format!("{table}[{row}]"),
        (CellValue::Unmarshallable(text), _) => text.to_string(),
        _ => String::new(),
    }
}

fn date_format(options: &str) -> String {
    let options = model::json::raw::parse(options);
    super::option(options.as_ref(), "dateFormat")
        .and_then(CellValue::as_text)
        .filter(|format| !format.is_empty())
        .unwrap_or("YYYY-MM-DD")
        .to_owned()
}

fn day_text(seconds: f64, format: &str) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "days of representable dates")]
    let (year, month, day) = calendar::civil((seconds / 86_400.0).floor() as i64);
    let name = calendar::MONTHS[month as usize - 1];
    let mut text = format.to_owned();
    for (code, value) in [
        ("YYYY", format!("{year:04}")),
        ("YY", format!("{:02}", year.rem_euclid(100))),
        ("DD", format!("{day:02}")),
        ("Do", day.to_string()),
        ("MMMM", "\u{1}".to_owned()),
        ("MMM", "\u{2}".to_owned()),
        ("MM", format!("{month:02}")),
        ("M", month.to_string()),
        ("D", day.to_string()),
    ] {
        text = text.replace(code, &value);
    }
    text.replace('\u{1}', name).replace('\u{2}', &name[..3])
}

fn moment_text(seconds: f64, zone: &str, format: &str) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "microseconds of representable dates")]
    let micros = (seconds * 1e6) as i64;
    let offset = Zone::named(zone).map_or(0, |zone| zone.offset_at(micros));
    let local = seconds + f64::from(offset);
    #[expect(clippy::cast_possible_truncation, reason = "seconds of one day")]
    let clock = local.rem_euclid(86_400.0) as i64;
    format!("{} {:02}:{:02}", day_text(local, format), clock / 3600, clock / 60 % 60)
}
