//! Text as people write it, read as values of a type: numbers with the marks of a language, currencies, percents, dates in many forms, references by what
//! is shown, lists of choices. And the way back: cells as people see them.
//!
//! Promise: what is read is what Grist reads from the same text. Nothing fails: text that is no value of the type stays text.

mod date;
mod guess;
mod locale;
mod number;
mod show;

use model::{CellValue, ColumnType, RowId};
use rustc_hash::FxHashMap;

pub use date::{parse_date, parse_date_time};
pub use guess::{Guess, guess};
pub use locale::Locale;
pub use number::{Number, parse_number};
pub use show::show;

/// Reads text as values of one type.
#[derive(Clone, Debug)]
pub struct Parser {
    column_type: ColumnType,
    locale: Locale,
    zone: String,
    date_format: Option<String>,
    choices: Vec<String>,
    /// Rows by what is shown of them.
    references: Option<FxHashMap<String, RowId>>,
}

impl Parser {
    /// For a type with its `widgetOptions` (JSON text), a language, and the document's time zone.
    #[must_use]
    pub fn new(column_type: &ColumnType, options: &str, locale: Locale, zone: &str) -> Self {
        let options = model::json::raw::parse(options);
        let choices = match option(options.as_ref(), "choices") {
            Some(CellValue::List(items)) => {
                items.iter().filter_map(CellValue::as_text).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        let date_format =
            option(options.as_ref(), "dateFormat").and_then(CellValue::as_text).map(str::to_owned);
        let own = match column_type {
            ColumnType::DateTime(own) if !own.is_empty() => own.as_str(),
            _ => zone,
        };
        Self {
            column_type: column_type.clone(),
            locale,
            zone: own.to_owned(),
            date_format,
            choices,
            references: None,
        }
    }

    /// What is shown of the rows that references refer to; the first of those that look alike counts.
    pub fn set_references(&mut self, rows: impl IntoIterator<Item = (RowId, String)>) {
        let mut references = FxHashMap::default();
        for (row, text) in rows {
            references.entry(text).or_insert(row);
        }
        self.references = Some(references);
    }

    /// The value itself, where a conversion from another type needs no text in between.
    #[must_use]
    pub fn keep(&self, cell: &CellValue, from: &ColumnType) -> Option<CellValue> {
        match (cell, &self.column_type) {
            (CellValue::Null, _) => Some(CellValue::Null),
            (CellValue::Float(_) | CellValue::Int(_), ColumnType::Numeric | ColumnType::Int)
                if matches!(from, ColumnType::Numeric | ColumnType::Int | ColumnType::Any) =>
            {
                Some(cell.clone())
            }
            (CellValue::Float(_) | CellValue::Int(_), ColumnType::Date | ColumnType::DateTime(_))
                if matches!(from, ColumnType::Date | ColumnType::DateTime(_)) =>
            {
                Some(cell.clone())
            }
            (CellValue::Bool(truth), ColumnType::Numeric | ColumnType::Int) => {
                Some(CellValue::Int(i64::from(*truth)))
            }
            (CellValue::Float(_) | CellValue::Int(_) | CellValue::Bool(_), ColumnType::Bool) => {
                Some(cell.clone())
            }
            (CellValue::List(_), ColumnType::ChoiceList) if *from == ColumnType::ChoiceList => {
                Some(cell.clone())
            }
            (CellValue::Int(_) | CellValue::List(_), ColumnType::Ref(_) | ColumnType::RefList(_))
                if from.target() == self.column_type.target() =>
            {
                Some(match (cell, self.column_type.is_list()) {
                    (CellValue::Int(0), true) => CellValue::Null,
                    (CellValue::Int(_), true) => CellValue::list([cell.clone()]),
                    (CellValue::List(items), false) if items.len() == 1 => items[0].clone(),
                    (CellValue::List(_), false) => return None,
                    _ => cell.clone(),
                })
            }
            _ => None,
        }
    }

    /// What a text says; the text itself where it says nothing of this type.
    #[must_use]
    pub fn parse(&self, text: &str) -> CellValue {
        let unread = || CellValue::text(text);
        match &self.column_type {
            ColumnType::Numeric | ColumnType::Int => {
                if text.trim().is_empty() {
                    return CellValue::Null;
                }
                parse_number(text, &self.locale).map_or_else(unread, |number| CellValue::Float(number.value))
            }
            ColumnType::Bool => match text.trim().to_lowercase().as_str() {
                "true" | "yes" | "t" | "y" | "1" => CellValue::Bool(true),
                "false" | "no" | "f" | "n" | "0" | "" => CellValue::Bool(false),
                _ => unread(),
            },
            ColumnType::Date => {
                if text.trim().is_empty() {
                    return CellValue::Null;
                }
                parse_date(text, self.date_format.as_deref()).map_or_else(unread, CellValue::Float)
            }
            ColumnType::DateTime(_) => {
                if text.trim().is_empty() {
                    return CellValue::Null;
                }
                parse_date_time(text, self.date_format.as_deref(), &self.zone)
                    .map_or_else(unread, CellValue::Float)
            }
            ColumnType::ChoiceList => self.choice_list(text),
            ColumnType::Ref(_) => self.reference(text),
            ColumnType::RefList(_) => self.reference_list(text),
            _ => unread(),
        }
    }

    fn choice_list(&self, text: &str) -> CellValue {
        let items = list_items(text);
        if items.is_empty() {
            return CellValue::Null;
        }
        CellValue::list(items.iter().map(|item| CellValue::text(item)))
    }

    fn reference(&self, text: &str) -> CellValue {
        if text.is_empty() {
            return CellValue::Int(0);
        }
        match &self.references {
            Some(references) => {
                references.get(text).map_or_else(|| CellValue::text(text), |row| CellValue::from(*row))
            }
            None => row_id(text).unwrap_or_else(|| CellValue::text(text)),
        }
    }

    fn reference_list(&self, text: &str) -> CellValue {
        let items = list_items(text);
        if items.is_empty() {
            return CellValue::Null;
        }
        let mut rows = Vec::with_capacity(items.len());
        for item in &items {
            match self.reference(item) {
                CellValue::Text(_) => return CellValue::text(text),
                row => rows.push(row),
            }
        }
        CellValue::list(rows)
    }

    /// The choices that the options offer.
    #[must_use]
    pub fn choices(&self) -> &[String] {
        &self.choices
    }
}

fn row_id(text: &str) -> Option<CellValue> {
    let digits = text.rsplit_once('[').map_or(text, |(_, rest)| rest.trim_end_matches(']'));
    digits.parse::<u32>().ok().map(|row| CellValue::Int(i64::from(row)))
}

/// The elements of a list as people write it: JSON, or separated by commas, with quotes where an element has a comma.
#[must_use]
pub fn list_items(text: &str) -> Vec<String> {
    if let Some(CellValue::List(items)) = model::json::raw::parse(text) {
        return items
            .iter()
            .map(|item| match item {
                CellValue::Text(text) => text.to_string(),
                other => model::json::raw::dump(other, true),
            })
            .collect();
    }
    let mut items = Vec::new();
    let mut item = String::new();
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                item.push('"');
                characters.next();
            }
            '"' if quoted => quoted = false,
            '"' if item.trim().is_empty() => quoted = true,
            ',' | '\n' if !quoted => items.push(std::mem::take(&mut item)),
            other => item.push(other),
        }
    }
    items.push(item);
    items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

fn option<'a>(options: Option<&'a CellValue>, key: &str) -> Option<&'a CellValue> {
    match options {
        Some(CellValue::Dict(entries)) => {
            entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
        }
        _ => None,
    }
}
