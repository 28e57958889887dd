//! The first rows of a new document.

use model::schema::SCHEMA_VERSION;
use model::{CellValue, Cells, ColId, ColumnValues, DocAction, RowId};

use crate::apply::Bundle;
use crate::error::ActionError;

impl Bundle<'_, '_> {
    /// Settings, and the rows on access that programs of old expect to find.
    pub(crate) fn init_new_doc(&mut self) -> Result<CellValue, ActionError> {
        self.insert(
            "_grist_DocInfo",
            &[
                ("schemaVersion", CellValue::Int(SCHEMA_VERSION)),
                ("timezone", self.turn.moment().zone.as_str().into()),
                ("documentSettings", "{\"locale\": \"en-US\"}".into()),
            ],
        )?;
        let names = ["Owners", "Admins", "Editors", "Viewers"];
        let columns = ColumnValues::from_iter([
            (ColId::new("type"), Cells::repeated(CellValue::text("group"), names.len())),
            (ColId::new("groupName"), names.into_iter().map(CellValue::text).collect()),
        ]);
        let rows: Vec<RowId> = (1..=4).map(RowId).collect();
        self.emit(DocAction::BulkAddRecord("_grist_ACLPrincipals".into(), rows, columns))?;
        self.insert("_grist_ACLResources", &[("tableId", "".into()), ("colIds", "".into())])?;
        // Without a position: it is no rule, and comes after those that are.
        let rule = [
            ("resource", CellValue::Int(1)),
            ("permissions", CellValue::Int(0x3f)),
            ("principals", "[1]".into()),
        ];
        let rule = rule.into_iter().map(|(col, value)| (ColId::new(col), value)).collect();
        self.emit(DocAction::AddRecord("_grist_ACLRules".into(), RowId(1), rule))?;
        Ok(CellValue::Null)
    }
}
