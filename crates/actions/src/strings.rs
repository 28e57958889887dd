//! Text that people typed or pasted, read by the types of the columns it goes to.
//!
//! [`parse_strings`] rewrites the text values of actions on records before these are done, as the document's language and the options of each column have
//! it. References become lookups (`["l", value, …]`), which are resolved when the action is done. What cannot be read stays text.

use std::sync::Arc;

use engine::{Engine, Table};
use formula::parse::{Locale, Parser};
use model::json::raw;
use model::{CellValue, ColumnType, RowId};

use crate::apply::UserAction;
use crate::metadata::{COLUMNS, TABLES};

/// Rewrites text values in actions that add or update records of user tables.
pub fn parse_strings(engine: &Engine, actions: &mut [UserAction]) {
    for action in actions {
        let (bulk, places): (bool, &[usize]) = match action.name.as_str() {
            "AddRecord" | "UpdateRecord" => (false, &[2]),
            "BulkAddRecord" | "BulkUpdateRecord" | "ReplaceTableData" => (true, &[2]),
            "AddOrUpdateRecord" => (false, &[1, 2]),
            "BulkAddOrUpdateRecord" => (true, &[1, 2]),
            _ => continue,
        };
        let Some(table) = action.arguments.first().and_then(CellValue::as_text).map(str::to_owned) else {
            continue;
        };
        if table.starts_with("_grist_") {
            continue;
        }
        for place in places {
            if let Some(CellValue::Dict(entries)) = action.arguments.get_mut(*place) {
                let read = entries.iter().map(|(col, values)| {
                    let column = Column::find(engine, &table, col);
                    (col.clone(), column.map_or_else(|| values.clone(), |column| column.read(values, bulk)))
                });
                *entries = read.collect();
            }
        }
    }
}

/// How text for a column is read.
struct Column {
    parser: Parser,
    column_type: ColumnType,
    /// For references: the column they are known by, and how its values are read.
    shown: Option<(String, Parser)>,
}

impl Column {
    fn find(engine: &Engine, table: &str, col: &str) -> Option<Self> {
        let columns = engine.table(COLUMNS)?;
        let tables = engine.table(TABLES)?;
        let parent =
            tables.rows().iter().find(|row| tables.cell("tableId", *row).as_text() == Some(table))?;
        let record = columns.rows().iter().find(|row| {
            columns.cell("parentId", *row).as_row_id() == Some(parent)
                && columns.cell("colId", *row).as_text() == Some(col)
        })?;
        let settings = Settings::of(engine);
        let (column_type, parser) = settings.parser(columns, record);
        let shown = columns.cell("visibleCol", record).as_row_id().filter(|shown| !shown.is_none()).and_then(
            |shown| {
                let id = columns.cell("colId", shown).as_text()?.to_owned();
                Some((id, settings.parser(columns, shown).1))
            },
        );
        Some(Self { parser, column_type, shown })
    }

    fn read(&self, values: &CellValue, bulk: bool) -> CellValue {
        match (bulk, values) {
            (true, CellValue::List(items)) => CellValue::list(items.iter().map(|item| self.read_one(item))),
            (false, value) => self.read_one(value),
            (true, other) => other.clone(),
        }
    }

    fn read_one(&self, value: &CellValue) -> CellValue {
        let CellValue::Text(text) = value else { return value.clone() };
        match (&self.column_type, &self.shown) {
            (ColumnType::Ref(_), Some(_)) if text.is_empty() => CellValue::Int(0),
            (ColumnType::RefList(_), Some(_)) if text.trim().is_empty() => CellValue::Null,
            (ColumnType::Ref(_), Some((col, parser))) => lookup(encoded(&parser.parse(text)), col, text),
            (ColumnType::RefList(_), Some((col, parser))) => {
                let items = formula::parse::list_items(text);
                let values = items.iter().map(|item| encoded(&parser.parse(item)));
                let list = CellValue::list([CellValue::text("L")].into_iter().chain(values));
                lookup(list, col, text)
            }
            _ => encoded(&self.parser.parse(text)),
        }
    }
}

/// What the document says of its people.
struct Settings {
    locale: Locale,
    zone: String,
}

impl Settings {
    fn of(engine: &Engine) -> Self {
        let info = |key: &str| {
            let table = engine.table("_grist_DocInfo");
            table
                .map(|table| table.cell(key, RowId(1)))
                .unwrap_or_default()
                .as_text()
                .unwrap_or_default()
                .to_owned()
        };
        Self { locale: locale_of(&info("documentSettings"), ""), zone: info("timezone") }
    }

    fn parser(&self, columns: &Table, record: RowId) -> (ColumnType, Parser) {
        let text = |key: &str| columns.cell(key, record).as_text().unwrap_or_default().to_owned();
        let column_type = ColumnType::parse(&text("type"));
        let parser = Parser::new(&column_type, &text("widgetOptions"), self.locale.clone(), &self.zone);
        (column_type, parser)
    }
}

/// The language that document settings (JSON text) name.
pub(crate) fn locale_of(settings: &str, otherwise: &str) -> Locale {
    let settings = raw::parse(settings);
    let text = |key: &str| match &settings {
        Some(CellValue::Dict(entries)) => {
            entries.iter().find(|(known, _)| known == key).and_then(|(_, value)| value.as_text())
        }
        _ => None,
    };
    Locale::named(text("locale").unwrap_or(otherwise), text("currency"))
}

/// A cell as a raw argument.
fn encoded(cell: &CellValue) -> CellValue {
    match cell {
        CellValue::List(items) => {
            CellValue::list([CellValue::text("L")].into_iter().chain(items.iter().map(encoded)))
        }
        other => other.clone(),
    }
}

fn lookup(value: CellValue, col: &str, text: &str) -> CellValue {
    let options = [("column".into(), CellValue::text(col)), ("raw".into(), CellValue::text(text))];
    CellValue::list([CellValue::text("l"), value, CellValue::Dict(Arc::new(options))])
}
