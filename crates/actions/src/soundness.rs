//! Whether metadata and tables say the same. Raw doc actions can break that, such as an undo of something on which later changes rest; then nothing of
//! the bundle remains.

use std::collections::BTreeSet;

use model::{DocAction, TableId};

use crate::apply::Bundle;
use crate::error::ActionError;
use crate::metadata::{COLUMNS, TABLES};

/// Whether an action changes which tables and columns there are, or what the metadata says of that.
pub(crate) fn touches_schema(action: &DocAction) -> bool {
    match action {
        DocAction::AddRecord(table, ..)
        | DocAction::UpdateRecord(table, ..)
        | DocAction::RemoveRecord(table, ..)
        | DocAction::BulkAddRecord(table, ..)
        | DocAction::BulkUpdateRecord(table, ..)
        | DocAction::BulkRemoveRecord(table, ..)
        | DocAction::ReplaceTableData(table, ..) => matches!(table.as_str(), TABLES | COLUMNS),
        _ => true,
    }
}

impl Bundle<'_, '_> {
    /// Fails if some table or column is in the metadata only, or in the data only.
    pub(crate) fn check_schema(&self) -> Result<(), ActionError> {
        let mut described: BTreeSet<(TableId, String)> = BTreeSet::new();
        for record in self.rows(TABLES) {
            described.insert((self.text(TABLES, record, "tableId").into(), String::new()));
        }
        for record in self.rows(COLUMNS) {
            let (table, col) = self.column_names(record);
            described.insert((table, col.to_string()));
        }
        let mut held: BTreeSet<(TableId, String)> = BTreeSet::new();
        for (_, table) in self.turn.engine().tables().filter(|(_, table)| !table.id.is_metadata()) {
            held.insert((table.id.clone(), String::new()));
            let columns = table.columns().filter(|(_, slot)| !slot.id.starts_with('#') && slot.id != "id");
            held.extend(columns.map(|(_, slot)| (table.id.clone(), slot.id.to_string())));
        }
        let named = |(table, col): &(TableId, String)| {
            if col.is_empty() { table.to_string() } else { format!("{table}.{col}") }
        };
        let difference = |what: &str, a: &BTreeSet<_>, b: &BTreeSet<_>| {
            let extra: Vec<String> = a.difference(b).map(named).collect();
            let text = format!("Internal schema inconsistent; extra in {what}: {}", extra.join(", "));
            if extra.is_empty() { Ok(()) } else { Err(ActionError::Assertion(text)) }
        };
        difference("metadata", &described, &held)?;
        difference("tables", &held, &described)
    }
}
