//! Tables as they come out of a file.

use formula::parse;
use model::CellValue;

use crate::Origin;

/// A table of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its name; may be empty.
    pub name: String,
    /// Its columns, all of the same length.
    pub columns: Vec<SheetColumn>,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetColumn {
    /// Its header; empty where there is none.
    pub name: String,
    /// The type of its cells, as `Numeric`.
    pub column_type: String,
    /// Options of its cells, as JSON.
    pub widget_options: Option<String>,
    /// Its cells.
    pub values: Vec<CellValue>,
}

impl Sheet {
    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }
}

impl SheetColumn {
    /// A column of texts, of the type that fits them.
    pub(crate) fn of_texts(name: &str, texts: &[&str], origin: &Origin) -> Self {
        let name = name.trim().to_owned();
        match parse::guess(texts, &origin.locale, &origin.zone) {
            Some(found) => Self {
                name,
                column_type: found.column_type,
                widget_options: found.widget_options,
                values: found.values,
            },
            None => Self {
                name,
                column_type: "Text".to_owned(),
                widget_options: None,
                values: texts.iter().map(|text| CellValue::text(text)).collect(),
            },
        }
    }

    /// A column of values that have kinds of their own.
    pub(crate) fn of_values(name: &str, values: Vec<CellValue>, origin: Option<&Origin>) -> Self {
        let name = name.trim().to_owned();
        let mut filled = values.iter().filter(|value| !value.is_null()).peekable();
        let all = |fits: fn(&CellValue) -> bool| {
            let mut filled = values.iter().filter(|value| !value.is_null());
            filled.all(fits)
        };
        let column_type = if filled.peek().is_none() {
            "Any"
        } else if all(|value| matches!(value, CellValue::Bool(_))) {
            "Bool"
        } else if all(|value| matches!(value, CellValue::Int(_) | CellValue::Float(_))) {
            "Numeric"
        } else if all(|value| matches!(value, CellValue::Date(_))) {
            "Date"
        } else if all(|value| matches!(value, CellValue::Date(_) | CellValue::DateTime(..))) {
            "DateTime"
        } else if all(|value| matches!(value, CellValue::Text(_)))
            && let Some(origin) = origin
        {
            let texts: Vec<&str> = values.iter().map(|value| value.as_text().unwrap_or_default()).collect();
            return Self::of_texts(&name, &texts, origin);
        } else {
            "Text"
        };
        let zone = origin.map_or("UTC", |origin| origin.zone.as_str());
        let full_type =
            if column_type == "DateTime" { format!("DateTime:{zone}") } else { column_type.to_owned() };
        let values = values.into_iter().map(|value| as_cell(value, column_type)).collect();
        Self { name, column_type: full_type, widget_options: None, values }
    }
}

/// A value as a column of a type holds it.
fn as_cell(value: CellValue, column_type: &str) -> CellValue {
    match (column_type, value) {
        ("Date" | "DateTime", CellValue::Date(seconds) | CellValue::DateTime(seconds, _)) => {
            CellValue::Float(seconds)
        }
        ("Text", CellValue::Bool(truth)) => CellValue::text(if truth { "true" } else { "false" }),
        ("Text", CellValue::Int(int)) => CellValue::text(&int.to_string()),
        ("Text", CellValue::Float(float)) => CellValue::text(&float.to_string()),
        ("Text", CellValue::Null) => CellValue::text(""),
        (_, value) => value,
    }
}
