//! Tables: add, remove, rename.

use model::{CellValue, Cells, ColId, ColumnInfo, ColumnValues, DocAction, RowId, RowValues, TableId};

use crate::apply::Bundle;
use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::identifiers::{Taken, pick_col_ids, pick_table_id};
use crate::metadata::{COLUMNS, TABLES, is_visible};
use crate::views::view_answer;

/// A column that is asked for.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) id: Option<String>,
    pub(crate) info: RowValues,
}

/// What comes with a new table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts {
    pub(crate) manual_sort: bool,
    pub(crate) page: bool,
    pub(crate) card: bool,
    pub(crate) summary_of: Option<RowId>,
}

/// A table that was made: its record, the records and ids of its columns, its page's view and section.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) record: RowId,
    pub(crate) table: TableId,
    pub(crate) columns: Vec<RowId>,
    ids: Vec<String>,
    page: Option<(RowId, RowId)>,
}

impl Made {
    fn answer(&self) -> CellValue {
        let views = self.page.map(|(view, section)| view_answer(view, section));
        dict([
            ("id", self.record.into()),
            ("table_id", CellValue::Text(self.table.text())),
            ("columns", CellValue::list(self.ids.iter().map(|id| CellValue::text(id)))),
            ("views", CellValue::list(views)),
        ])
    }
}

/// The columns of a new table of which nothing is said.
pub(crate) fn empty_columns() -> Vec<Wanted> {
    let empty = |_| Wanted {
        id: None,
        info: RowValues::from_iter([(ColId::new("isFormula"), CellValue::Bool(true))]),
    };
    (0..3).map(empty).collect()
}

impl Bundle<'_, '_> {
    pub(crate) fn add_table(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let columns = arguments.list(1, "columns")?;
        let mut wanted = Vec::with_capacity(columns.len());
        for column in columns {
            let column = [column.clone()];
            let mut info = Arguments { name: arguments.name, values: &column }.values(0, "a column")?;
            let id = info.shift_remove("id").and_then(|id| id.as_text().map(str::to_owned));
            wanted.push(Wanted { id, info });
        }
        let parts = Parts { manual_sort: true, page: true, card: true, summary_of: None };
        Ok(self.make_table(arguments.optional_text(0), wanted, parts)?.answer())
    }

    pub(crate) fn add_empty_table(
        &mut self,
        arguments: Arguments<'_>,
        page: bool,
    ) -> Result<CellValue, ActionError> {
        let parts = Parts { manual_sort: true, page, card: true, summary_of: None };
        Ok(self.make_table(arguments.optional_text(0), empty_columns(), parts)?.answer())
    }

    /// Makes a table with its records, sections and, if asked for, its page.
    pub(crate) fn make_table(
        &mut self,
        suggestion: Option<&str>,
        mut columns: Vec<Wanted>,
        parts: Parts,
    ) -> Result<Made, ActionError> {
        let mut taken = Taken::default();
        for id in self.turn.engine().table_ids() {
            taken.insert(&id);
        }
        let table = TableId::from(pick_table_id(suggestion, &taken));
        let mut taken = Taken::default();
        taken.insert("id");
        if parts.manual_sort {
            taken.insert("manualSort");
        }
        let mut ids = pick_col_ids(columns.iter().map(|column| column.id.as_deref()), taken);
        let first = usize::from(parts.manual_sort);
        if parts.manual_sort {
            let info = RowValues::from_iter([("type".into(), "ManualSortPos".into())]);
            columns.insert(0, Wanted { id: None, info });
            ids.insert(0, "manualSort".to_owned());
        }
        let infos: Vec<ColumnInfo> = columns
            .iter()
            .zip(&ids)
            .map(|(column, id)| {
                let mut info = self.schema_info(&column.info);
                info.insert("id".into(), CellValue::text(id));
                info
            })
            .collect();
        self.emit(DocAction::AddTable(table.clone(), infos.clone()))?;
        let mut values = ColumnValues::from_iter([
            (ColId::new("tableId"), Cells::one(CellValue::Text(table.text()))),
            (ColId::new("primaryViewId"), Cells::one(CellValue::Int(0))),
        ]);
        if let Some(source) = parts.summary_of {
            values.insert("summarySourceTable".into(), Cells::one(source.into()));
        }
        let record = self.add_rows(&TABLES.into(), &[CellValue::Null], values)?[0];
        let all = if columns.is_empty() {
            Vec::new()
        } else {
            self.add_column_records(record, &columns, &ids, &infos)?
        };
        let columns = all[first..].to_vec();
        let ids = ids.split_off(first);
        let shown: Vec<RowId> =
            columns.iter().zip(&ids).filter(|(_, id)| is_visible(id)).map(|(column, _)| *column).collect();
        let page = if parts.page { Some(self.make_page(record, &table, "raw_data", &shown)?) } else { None };
        let raw = self.make_section(record, None, "record", &shown, "")?;
        if parts.card {
            self.make_record_card(record, &shown)?;
        }
        let mut update = vec![("rawViewSectionRef", CellValue::from(raw))];
        if let Some((view, _)) = page {
            update.push(("primaryViewId", view.into()));
        }
        self.set(TABLES, record, &update)?;
        Ok(Made { record, table, columns, ids, page })
    }

    fn add_column_records(
        &mut self,
        table: RowId,
        columns: &[Wanted],
        ids: &[String],
        infos: &[ColumnInfo],
    ) -> Result<Vec<RowId>, ActionError> {
        let mut values = ColumnValues::default();
        let get = |info: &RowValues, key: &str, default: CellValue| info.get(key).cloned().unwrap_or(default);
        values.insert("colId".into(), ids.iter().map(|id| CellValue::text(id)).collect());
        for key in ["type", "isFormula", "formula"] {
            values.insert(key.into(), infos.iter().map(|info| get(info, key, CellValue::Null)).collect());
        }
        let labels =
            columns.iter().zip(ids).map(|(column, id)| get(&column.info, "label", CellValue::text(id)));
        values.insert("label".into(), labels.collect());
        values.insert(
            "widgetOptions".into(),
            columns.iter().map(|column| get(&column.info, "widgetOptions", "".into())).collect(),
        );
        let known = [
            "type",
            "isFormula",
            "formula",
            "label",
            "widgetOptions",
            "_position",
            "visibleCol",
            "displayCol",
            "rules",
            "reverseCol",
        ];
        let mut others: Vec<ColId> = Vec::new();
        for key in columns.iter().flat_map(|column| column.info.keys()) {
            if !known.contains(&key.as_str()) && !others.contains(key) {
                others.push(key.clone());
            }
        }
        for key in others {
            let default = self
                .turn
                .engine()
                .table(COLUMNS)
                .and_then(|table| table.column(&key))
                .map(|slot| slot.spec.column_type.default_value());
            let Some(default) = default else { continue };
            values.insert(
                key.clone(),
                columns.iter().map(|column| get(&column.info, &key, default.clone())).collect(),
            );
        }
        let positions =
            columns.iter().map(|column| get(&column.info, "_position", CellValue::Float(f64::INFINITY)));
        values.insert("parentPos".into(), positions.collect());
        values.insert("parentId".into(), Cells::repeated(table.into(), ids.len()));
        self.add_rows(&COLUMNS.into(), &vec![CellValue::Null; ids.len()], values)
    }

    /// What the schema needs to know of a column that is asked for: a column of no type and no formula is an empty one.
    pub(crate) fn schema_info(&self, info: &RowValues) -> ColumnInfo {
        let formula = info.get("formula").and_then(CellValue::as_text).unwrap_or_default();
        let is_formula = info.get("isFormula").map_or(!formula.is_empty(), CellValue::is_true);
        let usual = if is_formula { "Any" } else { "Text" };
        let column_type = info.get("type").and_then(CellValue::as_text).unwrap_or(usual);
        ColumnInfo::from_iter([
            ("isFormula".into(), CellValue::Bool(is_formula)),
            ("type".into(), CellValue::text(column_type)),
            ("formula".into(), CellValue::text(formula)),
        ])
    }

    pub(crate) fn remove_table(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let record = self.table_ref(&table)?;
        self.remove_rows(&TABLES.into(), &[record])?;
        Ok(CellValue::Null)
    }

    pub(crate) fn rename_table(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = arguments.text(0, "the table id")?;
        let record = self.table_ref(table)?;
        if !self.reference(TABLES, record, "summarySourceTable").is_none() {
            return Err(ActionError::Value("RenameTable: cannot rename a summary table".into()));
        }
        let wanted = ColumnValues::from_iter([(
            ColId::new("tableId"),
            Cells::one(CellValue::text(arguments.text(1, "the new id")?)),
        )]);
        self.update_table_records(&[record], &wanted)?;
        Ok(CellValue::text(&self.text(TABLES, record, "tableId")))
    }
}

/// A raw object.
pub(crate) fn dict<const N: usize>(entries: [(&str, CellValue); N]) -> CellValue {
    CellValue::Dict(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
}
