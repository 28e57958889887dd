//! The section in which an import is looked at before it becomes rows: one formula column for each column of the destination.

use model::{CellValue, RowId, RowValues, TableId};

use crate::apply::Bundle;
use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::metadata::{COLUMNS, SECTIONS, is_helper};
use crate::tables::dict;

const PREFIX: &str = "gristHelper_Import_";

impl Bundle<'_, '_> {
    pub(crate) fn gen_importer_view(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let source = TableId::new(arguments.text(0, "the source table id")?);
        let destination = arguments.optional_text(1).map(TableId::new);
        let table = self.table_ref(&source)?;
        self.remove_importer_view(table)?;
        let rule = match arguments.get(2) {
            Some(rule) => rule.clone(),
            None => self.import_rule(table, destination.as_ref())?,
        };
        let mut columns = Vec::new();
        for column in columns_of_rule(&rule) {
            let get = |key: &str| column.get(key).cloned().unwrap_or_default();
            let text = |key: &str| get(key).as_text().unwrap_or_default().to_owned();
            let id = match get("colId").as_text() {
                Some(id) if !id.is_empty() => id.to_owned(),
                _ => text("label"),
            };
            let mut info = RowValues::default();
            info.insert("label".into(), get("label"));
            info.insert("isFormula".into(), CellValue::Bool(true));
            info.insert("type".into(), get("type"));
            info.insert("formula".into(), get("formula"));
            info.insert("widgetOptions".into(), CellValue::text(&text("widgetOptions")));
            if let Some(shown) = column.get("visibleCol").filter(|shown| !shown.is_null()) {
                info.insert("visibleCol".into(), shown.clone());
            }
            let (record, col) = self.make_column(&source, Some(&format!("{PREFIX}{id}")), info)?;
            let shown = self.reference(COLUMNS, record, "visibleCol");
            if !shown.is_none() {
                let formula = format!("${col}.{}", self.text(COLUMNS, shown, "colId"));
                self.set_display(&source, None, Some(record), Some(&formula))?;
            }
            columns.push(record);
        }
        let section = self.insert(
            SECTIONS,
            &[
                ("tableRef", table.into()),
                ("parentKey", "record".into()),
                ("borderWidth", CellValue::Int(1)),
                ("defaultWidth", CellValue::Int(100)),
                ("sortColRefs", "[]".into()),
            ],
        )?;
        self.make_fields(section, &columns)?;
        Ok(dict([("viewSectionRef", section.into()), ("transformRule", rule)]))
    }

    fn remove_importer_view(&mut self, table: RowId) -> Result<(), ActionError> {
        let columns: Vec<RowId> = self
            .columns_of_table(table)
            .into_iter()
            .filter(|column| self.text(COLUMNS, *column, "colId").starts_with(PREFIX))
            .collect();
        if columns.is_empty() {
            return Ok(());
        }
        let sections: Vec<RowId> = self
            .referring(SECTIONS, "tableRef", table)
            .into_iter()
            .filter(|section| {
                let fields = self.fields_of(*section);
                let shows = |field: &RowId| {
                    columns.contains(&self.reference(crate::metadata::FIELDS, *field, "colRef"))
                };
                !fields.is_empty() && fields.iter().all(shows)
            })
            .collect();
        self.remove_rows(&SECTIONS.into(), &sections)?;
        self.remove_rows(&COLUMNS.into(), &columns)
    }

    /// Columns of the destination, filled from those of the source of the same name; without a destination, the source's own.
    fn import_rule(&self, source: RowId, destination: Option<&TableId>) -> Result<CellValue, ActionError> {
        let named = |table: RowId| -> Vec<(RowId, String)> {
            self.columns_of_table(table)
                .into_iter()
                .map(|column| (column, self.text(COLUMNS, column, "colId")))
                .filter(|(_, id)| !is_helper(id))
                .collect()
        };
        let sources = named(source);
        let target = match destination {
            Some(id) => self.table_ref(id)?,
            None => source,
        };
        let columns = named(target).into_iter().filter(|(column, _)| {
            !self.cell(COLUMNS, *column, "isFormula").is_true()
                || self.text(COLUMNS, *column, "formula").is_empty()
        });
        let rules = columns.map(|(column, id)| {
            let formula = if sources.iter().any(|(_, other)| *other == id) {
                CellValue::text(&format!("${id}"))
            } else {
                CellValue::text("")
            };
            let id = if destination.is_some() || target == source {
                CellValue::text(&id)
            } else {
                CellValue::Null
            };
            let mut entries = vec![
                ("label".into(), self.cell(COLUMNS, column, "label")),
                ("colId".into(), id),
                ("type".into(), self.cell(COLUMNS, column, "type")),
                ("widgetOptions".into(), self.cell(COLUMNS, column, "widgetOptions")),
                ("formula".into(), formula),
            ];
            let shown = self.reference(COLUMNS, column, "visibleCol");
            if !shown.is_none() {
                entries.push(("visibleCol".into(), shown.into()));
            }
            CellValue::Dict(entries.into())
        });
        Ok(dict([("destCols", CellValue::list(rules))]))
    }
}

fn columns_of_rule(rule: &CellValue) -> Vec<RowValues> {
    let CellValue::Dict(entries) = rule else { return Vec::new() };
    let Some((_, CellValue::List(columns))) = entries.iter().find(|(key, _)| key == "destCols") else {
        return Vec::new();
    };
    columns
        .iter()
        .filter_map(|column| match column {
            CellValue::Dict(entries) => {
                Some(entries.iter().map(|(key, value)| (key.clone().into(), value.clone())).collect())
            }
            _ => None,
        })
        .collect()
}
