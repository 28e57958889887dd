//! Cells as people read them: for files of text, and for what spreadsheets cannot hold as a value.

use model::{CellError, CellValue, ColumnType};
use serde_json::{Map, Value};

use super::date_text;
use super::number_text::{NumberFormat, js_number};

/// What a document says of how things are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct DocumentStyle {
    /// Locale, such as `fr-FR`.
    pub(crate) locale: String,
    /// Currency, such as `EUR`.
    pub(crate) currency: String,
}

/// How the cells of a column are written.
#[derive(Clone, Debug)]
pub(crate) struct CellText {
    kind: Kind,
    is_list: bool,
}

#[derive(Clone, Debug)]
enum Kind {
    Number(NumberFormat),
    Date {
        format: String,
    },
    DateTime {
        format: String,
        zone: String,
    },
    /// Row ids, shown as such: nothing else of the row was chosen.
    Row(String),
    /// Values show what they are.
    Any,
}

impl CellText {
    /// For a column of that type and options; where cells are references, what they show is of the type and options given.
    pub(crate) fn new(column_type: &ColumnType, options: &Map<String, Value>, style: &DocumentStyle) -> Self {
        let text = |name: &str, default: &str| {
            let given = options.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
            given.unwrap_or(default).to_owned()
        };
        let kind = match column_type {
            ColumnType::Numeric | ColumnType::Int => {
                Kind::Number(NumberFormat::new(options, &style.locale, &style.currency))
            }
            ColumnType::Date => Kind::Date { format: text("dateFormat", date_text::DATE) },
            ColumnType::DateTime(zone) => Kind::DateTime {
                format: format!(
                    "{} {}",
                    text("dateFormat", date_text::DATE),
                    text("timeFormat", date_text::TIME)
                ),
                zone: zone.to_string(),
            },
            ColumnType::Ref(table) | ColumnType::RefList(table) => Kind::Row(table.to_string()),
            _ => Kind::Any,
        };
        Self { kind, is_list: column_type.is_list() }
    }

    /// For a column of lists whose elements are written like this.
    pub(crate) fn in_lists(self) -> Self {
        Self { is_list: true, ..self }
    }

    /// The cell as text; elements of lists are parted by `between`.
    pub(crate) fn text(&self, value: &CellValue, between: &str) -> String {
        match value {
            CellValue::Null => String::new(),
            CellValue::List(items) if self.is_list => {
                let items: Vec<String> = items.iter().map(|item| quoted(&self.one(item), between)).collect();
                items.join(between)
            }
            other => self.one(other),
        }
    }

    fn one(&self, value: &CellValue) -> String {
        match (&self.kind, value) {
            (_, CellValue::Text(text)) => text.to_string(),
            (Kind::Number(format), value) if value.as_number().is_some() => {
                format.text(value.as_number().unwrap_or_default())
            }
            (Kind::Date { format }, CellValue::Int(_) | CellValue::Float(_) | CellValue::Date(_)) => {
                dated(seconds(value), "", format)
            }
            (
                Kind::DateTime { format, zone },
                CellValue::Int(_) | CellValue::Float(_) | CellValue::DateTime(..),
            ) => dated(seconds(value), zone, format),
            (Kind::Row(_), CellValue::Int(0)) => String::new(),
            (Kind::Row(table), CellValue::Int(row)) => format!("{table}[{row}]"),
            (_, CellValue::Null) => String::new(),
            (_, other) => plain(other),
        }
    }
}

/// An element of a list that holds what parts them, or quotes, is put in quotes.
fn quoted(item: &str, between: &str) -> String {
    let mark = between.trim_end();
    if item.contains(mark) || item.contains(['"', '\n', '\r']) || item.trim() != item {
        format!("\"{}\"", item.replace('"', "\"\""))
    } else {
        item.to_owned()
    }
}

fn seconds(value: &CellValue) -> f64 {
    match value {
        CellValue::Date(seconds) | CellValue::DateTime(seconds, _) => *seconds,
        other => other.as_number().unwrap_or(f64::NAN),
    }
}

fn dated(seconds: f64, zone: &str, format: &str) -> String {
    date_text::instant(seconds, zone).map_or_else(|| js_number(seconds), |at| date_text::format(&at, format))
}

/// A value of no particular column.
fn plain(value: &CellValue) -> String {
    match value {
        CellValue::Null => String::new(),
        CellValue::Text(text) | CellValue::Unmarshallable(text) => text.to_string(),
        CellValue::Error(error) => error_text(error),
        CellValue::Pending => "Loading...".to_owned(),
        CellValue::Censored => "CENSORED".to_owned(),
        other => nested(other),
    }
}

/// A value within another, or that shows what it is.
fn nested(value: &CellValue) -> String {
    let joined = |items: &[CellValue]| items.iter().map(nested).collect::<Vec<_>>().join(", ");
    match value {
        CellValue::Null => "null".to_owned(),
        CellValue::Bool(truth) => truth.to_string(),
        CellValue::Int(int) => int.to_string(),
        CellValue::Float(float) => js_number(*float),
        CellValue::Text(text) => Value::from(text.as_str()).to_string(),
        CellValue::List(items) => format!("[{}]", joined(items)),
        CellValue::Dict(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), nested(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        CellValue::Date(seconds) => dated(*seconds, "", "YYYY-MM-DD"),
        CellValue::DateTime(seconds, zone) => dated(*seconds, zone, "YYYY-MM-DD HH:mm:ssZ"),
        CellValue::Record(table, row) => format!("{table}[{row}]"),
        CellValue::RecordSet(table, rows) => {
            let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
            format!("{table}[[{}]]", rows.join(", "))
        }
        other => plain(other),
    }
}

fn error_text(error: &CellError) -> String {
    match error.name.as_str() {
        "ZeroDivisionError" => "#DIV/0!".to_owned(),
        "InvalidTypedValue" => {
            let part = |text: &Option<model::Text>| text.clone().unwrap_or_default();
            format!("#Invalid {}: {}", part(&error.message), part(&error.details))
        }
        name => format!("#{name}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_are_written_for_people() {
        let text = CellValue::text;
        let list = |items: &[CellValue]| CellValue::list(items.to_vec());
        let cases = [
            ("Numeric", json!({"numMode": "currency", "currency": "EUR"}), CellValue::Float(1.5), "€1.50"),
            ("Numeric", json!({}), text("n/a"), "n/a"),
            ("Date", json!({"dateFormat": "DD/MM/YYYY"}), CellValue::Float(1_709_251_200.0), "01/03/2024"),
            ("DateTime:UTC", json!({}), CellValue::Float(0.0), "1970-01-01 12:00am"),
            ("Bool", json!({}), CellValue::Bool(true), "true"),
            ("ChoiceList", json!({}), list(&[text("x"), text("y")]), "x, y"),
            ("ChoiceList", json!({}), list(&[text("a, b"), text("c")]), "\"a, b\", c"),
            ("Ref:Team", json!({}), CellValue::Int(3), "Team[3]"),
            ("Ref:Team", json!({}), CellValue::Int(0), ""),
            ("RefList:Team", json!({}), list(&[CellValue::Int(3), CellValue::Int(4)]), "Team[3], Team[4]"),
            ("Any", json!({}), CellValue::Float(-4.0), "-4"),
            ("Any", json!({}), list(&[CellValue::Int(1), text("a"), CellValue::Null]), "[1, \"a\", null]"),
            ("Any", json!({}), CellValue::Record("Team".into(), model::RowId(1)), "Team[1]"),
            ("Any", json!({}), CellValue::error("ZeroDivisionError"), "#DIV/0!"),
            ("Any", json!({}), CellValue::error("NameError"), "#NameError"),
            ("Any", json!({}), CellValue::Date(86_400.0), "1970-01-02"),
            ("Text", json!({}), CellValue::Null, ""),
        ];
        let style = DocumentStyle { locale: "en-US".into(), currency: "USD".into() };
        for (kind, options, value, expected) in cases {
            let format = CellText::new(&ColumnType::parse(kind), options.as_object().unwrap(), &style);
            assert_eq!(format.text(&value, ", "), expected, "{kind} {value:?}");
        }
    }
}
