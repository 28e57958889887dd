//! What the present schema has and a document lacks: added empty, with the defaults of the types.

use model::schema::METADATA;
use model::{CellValue, ColumnInfo, DocAction};

use super::tables::Tables;

/// Adds missing tables and columns; takes out the one column that was withdrawn.
pub(super) fn complete(tables: &mut Tables, version: i64) {
    if version < 6 && tables.has_column("_grist_Views", "primaryViewTable") {
        tables.apply(DocAction::RemoveColumn("_grist_Views".into(), "primaryViewTable".into()));
    }
    for (table, columns) in METADATA {
        if tables.has(table) {
            for (col, kind) in *columns {
                if !tables.has_column(table, col) {
                    tables.apply(DocAction::AddColumn((*table).into(), (*col).into(), info(kind)));
                }
            }
        } else {
            let columns = columns.iter().map(|(col, kind)| {
                let mut with_id = ColumnInfo::from_iter([("id".into(), CellValue::text(col))]);
                with_id.extend(info(kind));
                with_id
            });
            tables.apply(DocAction::AddTable((*table).into(), columns.collect()));
        }
    }
}

fn info(kind: &str) -> ColumnInfo {
    ColumnInfo::from_iter([
        ("type".into(), CellValue::text(kind)),
        ("isFormula".into(), CellValue::Bool(false)),
        ("formula".into(), CellValue::text("")),
    ])
}
