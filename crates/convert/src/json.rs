//! JSON: a list of objects is a table; objects in objects become tables of their own, to which the outer rows refer by their place. The rows of lists of objects
//! refer to their outer row.

use indexmap::IndexMap;
use model::CellValue;
use serde_json::Value;

use crate::Imported;
use crate::columns::{Sheet, SheetColumn};
use crate::error::ConvertError;

/// A table while it is collected.
#[derive(Default)]
struct Table {
    rows: usize,
    columns: IndexMap<String, Vec<CellValue>>,
    /// The table to which a column refers.
    references: IndexMap<String, String>,
}

pub(crate) fn read(bytes: &[u8], title: &str) -> Result<Imported, ConvertError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| ConvertError::Malformed("JSON", error.to_string()))?;
    let mut tables: IndexMap<String, Table> = IndexMap::new();
    tables.insert(title.to_owned(), Table::default());
    let rows = match value {
        Value::Array(rows) => rows,
        single => vec![single],
    };
    for row in rows {
        add(&mut tables, title, row);
    }
    let sheets = tables.into_iter().map(|(name, table)| table.finished(name)).collect();
    Ok(Imported { sheets, options: serde_json::Map::new() })
}

/// Makes a row refer to the one that it stands in.
fn refer(tables: &mut IndexMap<String, Table>, inner: &str, row: usize, (outer, place): (&str, usize)) {
    let table = &mut tables[inner];
    let column = table.columns.entry(outer.to_owned()).or_default();
    column.resize(row - 1, CellValue::Null);
    column.push(CellValue::Int(i64::try_from(place).unwrap_or(0)));
    table.references.insert(outer.to_owned(), outer.to_owned());
}

/// Adds a row; gives its place, from 1.
fn add(tables: &mut IndexMap<String, Table>, name: &str, row: Value) -> usize {
    let fields = match row {
        Value::Object(fields) => fields.into_iter().collect(),
        other => vec![(String::new(), other)],
    };
    let table = tables.entry(name.to_owned()).or_default();
    table.rows += 1;
    let place = table.rows;
    for (key, value) in fields {
        let cell = match value {
            // Many of them: they refer to their row instead.
            Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_object) => {
                let inner = format!("{name}_{key}");
                for item in items {
                    let row = add(tables, &inner, item);
                    refer(tables, &inner, row, (name, place));
                }
                continue;
            }
            Value::Object(_) => {
                let inner = format!("{name}_{key}");
                let row = add(tables, &inner, value);
                tables[name].references.insert(key.clone(), inner);
                CellValue::Int(i64::try_from(row).unwrap_or(0))
            }
            Value::Null => CellValue::Null,
            Value::Bool(truth) => CellValue::Bool(truth),
            Value::Number(number) => number
                .as_i64()
                .map_or_else(|| CellValue::Float(number.as_f64().unwrap_or(f64::NAN)), CellValue::Int),
            Value::String(text) => CellValue::text(&text),
            Value::Array(items) => CellValue::text(&Value::Array(items).to_string()),
        };
        let column = tables[name].columns.entry(key).or_default();
        column.resize(place - 1, CellValue::Null);
        column.push(cell);
    }
    place
}

impl Table {
    fn finished(self, name: String) -> Sheet {
        let Self { rows, columns, references } = self;
        let columns = columns
            .into_iter()
            .map(|(key, mut values)| {
                values.resize(rows, CellValue::Null);
                match references.get(&key) {
                    Some(table) => {
                        let whole =
                            |value: CellValue| if value.is_null() { CellValue::Int(0) } else { value };
                        SheetColumn {
                            name: key,
                            column_type: format!("Ref:{table}"),
                            widget_options: None,
                            values: values.into_iter().map(whole).collect(),
                        }
                    }
                    None => SheetColumn::of_values(&key, values, None),
                }
            })
            .collect();
        Sheet { name, columns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_in_objects_are_tables_of_their_own() {
        let read = read(br#"[{"a": 1, "b": {"c": 2}}, {"a": 3}]"#, "two").unwrap();
        let [two, inner] = read.sheets.as_slice() else { panic!("{:?}", read.sheets) };
        assert_eq!((two.name.as_str(), inner.name.as_str()), ("two", "two_b"));
        assert_eq!(two.columns[1].column_type, "Ref:two_b");
        assert_eq!(two.columns[1].values, [CellValue::Int(1), CellValue::Int(0)]);
        assert_eq!(inner.columns[0].values, [CellValue::Int(2)]);
        assert!(matches!(super::read(b"{\"not\": [1, 2", "x"), Err(ConvertError::Malformed("JSON", _))));
    }
}
