//! The type that a column of texts seems to be of.

use model::CellValue;

use super::{Locale, date, number};

/// What texts seem to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// As `_grist_Tables_column.type` writes it.
    pub column_type: String,
    /// Options that show the values as they were written, as JSON text.
    pub widget_options: Option<String>,
    /// The values, read as that type.
    pub values: Vec<CellValue>,
}

const DATE_FORMATS: [&str; 7] =
    ["YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "MM-DD-YYYY", "DD-MM-YYYY", "MMMM D, YYYY", "D MMMM YYYY"];

/// Guesses the type of texts; nothing: they are text. One in ten may be something else.
#[must_use]
pub fn guess(texts: &[&str], locale: &Locale, zone: &str) -> Option<Guess> {
    let filled = texts.iter().filter(|text| !text.is_empty()).count();
    if filled == 0 {
        return None;
    }
    bools(texts).or_else(|| numbers(texts, filled, locale)).or_else(|| dates(texts, filled, zone))
}

fn bools(texts: &[&str]) -> Option<Guess> {
    let values: Option<Vec<CellValue>> = texts
        .iter()
        .map(|text| match *text {
            "true" | "TRUE" | "True" => Some(CellValue::Bool(true)),
            "false" | "FALSE" | "False" => Some(CellValue::Bool(false)),
            _ => None,
        })
        .collect();
    Some(Guess { column_type: "Bool".to_owned(), widget_options: None, values: values? })
}

fn numbers(texts: &[&str], filled: usize, locale: &Locale) -> Option<Guess> {
    let mut options = Vec::new();
    let values = read(texts, filled, &mut |text| {
        let number = number::parse_number(text, locale)?;
        if number.currency {
            options.push("currency");
        } else if number.percent {
            options.push("percent");
        } else if number.grouped {
            options.push("decimal");
        } else if number.scientific {
            options.push("scientific");
        }
        Some(number.value)
    })?;
    let widget_options = options.first().map(|mode| format!("{{\"numMode\": \"{mode}\"}}"));
    Some(Guess { column_type: "Numeric".to_owned(), widget_options, values })
}

fn dates(texts: &[&str], filled: usize, zone: &str) -> Option<Guess> {
    let plausible = |text: &&&str| text.len() >= 6 && text.bytes().any(|byte| byte.is_ascii_digit());
    if texts.iter().filter(|text| !text.is_empty()).filter(plausible).count() * 10 < filled * 9 {
        return None;
    }
    for format in DATE_FORMATS {
        if let Some(values) = read(texts, filled, &mut |text| date::parse_date(text, Some(format))) {
            let widget_options = Some(format!(
                "{{\"dateFormat\": \"{format}\", \"timeFormat\": \"\", \"isCustomDateFormat\": false, \"isCustomTimeFormat\": true}}"
            ));
            return Some(Guess { column_type: "Date".to_owned(), widget_options, values });
        }
    }
    let values = read(texts, filled, &mut |text| date::parse_date_time(text, None, zone))?;
    Some(Guess { column_type: format!("DateTime:{zone}"), widget_options: None, values })
}

fn read(texts: &[&str], filled: usize, parse: &mut dyn FnMut(&str) -> Option<f64>) -> Option<Vec<CellValue>> {
    let mut unread = 0;
    let mut values = Vec::with_capacity(texts.len());
    for text in texts {
        if text.is_empty() {
            values.push(CellValue::Null);
            continue;
        }
        match parse(text) {
            Some(number) => values.push(CellValue::Float(number)),
            None => {
                unread += 1;
                if unread * 10 > filled {
                    return None;
                }
                values.push(CellValue::text(text));
            }
        }
    }
    Some(values)
}
