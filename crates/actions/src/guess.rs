//! The type of a column that has none, guessed from what is put into it.

use formula::parse::{self, Locale};
use model::CellValue;

/// A type for computed cells that become data; nothing if all are blank.
pub(crate) fn of_cells(cells: &[CellValue]) -> Option<String> {
    let mut filled = cells.iter().filter(|cell| !is_blank(cell)).peekable();
    filled.peek()?;
    let all = |fits: &dyn Fn(&CellValue) -> bool| filled.clone().all(fits);
    Some(if all(&|cell| matches!(cell, CellValue::Bool(_))) {
        "Bool".to_owned()
    } else if all(&|cell| matches!(cell, CellValue::Int(_) | CellValue::Float(_))) {
        "Numeric".to_owned()
    } else if all(&|cell| matches!(cell, CellValue::Date(_))) {
        "Date".to_owned()
    } else if all(&|cell| matches!(cell, CellValue::DateTime(..))) {
        "DateTime".to_owned()
    } else {
        "Text".to_owned()
    })
}

/// What text written to an empty column says of it.
pub(crate) struct Guess {
    pub(crate) column_type: String,
    pub(crate) widget_options: Option<String>,
    pub(crate) values: Vec<CellValue>,
}

/// A type for values that somebody writes to an empty column, with the values as that type has them; nothing if all are blank.
pub(crate) fn of_written(values: &[CellValue], locale: &Locale, zone: &str) -> Option<Guess> {
    if values.iter().all(is_blank) {
        return None;
    }
    if values.iter().all(|value| matches!(value, CellValue::Text(_) | CellValue::Null)) {
        let texts: Vec<&str> = values.iter().map(|value| value.as_text().unwrap_or_default()).collect();
        if let Some(found) = parse::guess(&texts, locale, zone) {
            return Some(Guess {
                column_type: found.column_type,
                widget_options: found.widget_options,
                values: found.values,
            });
        }
        return Some(Guess { column_type: "Text".to_owned(), widget_options: None, values: values.to_vec() });
    }
    Some(Guess { column_type: of_cells(values)?, widget_options: None, values: values.to_vec() })
}

fn is_blank(cell: &CellValue) -> bool {
    cell.is_null() || cell.as_text() == Some("")
}
