//! A table like another one: columns, widths, rules, and the data if wanted.

use indexmap::IndexMap;
use model::json::raw;
use model::{CellValue, Cells, ColId, ColumnValues, RowId, TableId};

use crate::apply::{Bundle, engine_error};
use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::metadata::{COLUMNS, FIELDS, SECTIONS, TABLES, is_helper};
use crate::summaries::remap_sort;
use crate::tables::{Parts, Wanted, dict};

impl Bundle<'_, '_> {
    pub(crate) fn duplicate_table(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let old = TableId::new(arguments.text(0, "the table id")?);
        let with_data = arguments.get(2).is_some_and(CellValue::is_true);
        let old_ref = self.table_ref(&old)?;
        if !self.reference(TABLES, old_ref, "summarySourceTable").is_none() {
            return Err(ActionError::Value("Cannot duplicate a summary table".into()));
        }
        let all = self.columns_of_table(old_ref);
        let columns: Vec<RowId> =
            all.iter().copied().filter(|column| !is_helper(&self.text(COLUMNS, *column, "colId"))).collect();
        let wanted: Vec<Wanted> = columns.iter().map(|column| self.column_like(*column)).collect();
        let parts = Parts { manual_sort: true, page: false, card: true, summary_of: None };
        let made = self.make_table(arguments.optional_text(1), wanted, parts)?;
        let mut map: IndexMap<RowId, RowId> =
            columns.iter().copied().zip(made.columns.iter().copied()).collect();
        // Rules are formulas of the new table's own.
        for rule in all {
            let id = self.text(COLUMNS, rule, "colId");
            if id.starts_with("gristHelper_ConditionalRule")
                || id.starts_with("gristHelper_RowConditionalRule")
            {
                let formula = self.text(COLUMNS, rule, "formula");
                let formula = self.formula_of_copy(&formula, &old, &made.table, rule);
                let (new, _) = self.add_helper(&made.table, &id, &formula)?;
                map.insert(rule, new);
            }
        }
        let raw = (
            self.reference(TABLES, old_ref, "rawViewSectionRef"),
            self.reference(TABLES, made.record, "rawViewSectionRef"),
        );
        let card = (
            self.reference(TABLES, old_ref, "recordCardViewSectionRef"),
            self.reference(TABLES, made.record, "recordCardViewSectionRef"),
        );
        let raw_fields = self.paired_fields(raw, &map);
        for (from, to) in columns.iter().zip(&made.columns) {
            self.copy_column_record(*from, *to, &old, &made.table, &map)?;
            for (old_field, new_field) in &raw_fields {
                if self.reference(FIELDS, *new_field, "colRef") == *to {
                    self.copy_field(*old_field, *new_field, &map)?;
                }
            }
        }
        self.copy_section(raw, &map, &raw_fields)?;
        self.copy_card(card, &map)?;
        if with_data {
            let held = self.turn.engine_mut().loaded(&old).map_err(engine_error)?;
            let rows: Vec<RowId> = held.rows().iter().collect();
            let data = held.columns_of(&rows, false);
            let shared: ColumnValues = data
                .into_iter()
                .filter(|(col, _)| {
                    self.turn
                        .engine()
                        .table(&made.table)
                        .and_then(|new| new.column(col))
                        .is_some_and(|slot| !slot.spec.is_formula)
                })
                .collect();
            self.replace_rows(&made.table, rows, shared)?;
        }
        Ok(dict([
            ("id", made.record.into()),
            ("table_id", CellValue::Text(made.table.text())),
            ("raw_section_id", raw.1.into()),
        ]))
    }

    /// Lets a section look like another one: its fields, then itself.
    pub(crate) fn copy_card(
        &mut self,
        sections: (RowId, RowId),
        columns: &IndexMap<RowId, RowId>,
    ) -> Result<(), ActionError> {
        if sections.0.is_none() {
            return Ok(());
        }
        let fields = self.paired_fields(sections, columns);
        for (from, to) in &fields {
            self.copy_field(*from, *to, columns)?;
        }
        self.copy_section(sections, columns, &fields)
    }

    /// A formula that speaks of its own table speaks of the copy in the copy.
    fn formula_of_copy(&self, formula: &str, old: &TableId, new: &TableId, column: RowId) -> String {
        let mut renames = formula::rename::Renames::default();
        let engine = self.turn.engine();
        let (table, col) = self.column_names(column);
        let (Some(table_ix), Some((place_table, place_col))) =
            (engine.table_ix(old), engine.find(&table, &col))
        else {
            return formula.to_owned();
        };
        renames.tables.insert(table_ix, new.clone());
        let place = formula::Place { table: place_table, col: place_col };
        formula::rename::rename_in_formula(formula, place, engine, &renames)
            .unwrap_or_else(|| formula.to_owned())
    }

    fn paired_fields(
        &self,
        sections: (RowId, RowId),
        map: &IndexMap<RowId, RowId>,
    ) -> IndexMap<RowId, RowId> {
        let new = self.fields_of(sections.1);
        self.fields_of(sections.0)
            .into_iter()
            .filter_map(|field| {
                let column = map.get(&self.reference(FIELDS, field, "colRef"))?;
                let same = new.iter().find(|other| self.reference(FIELDS, **other, "colRef") == *column)?;
                Some((field, *same))
            })
            .collect()
    }

    fn copy_column_record(
        &mut self,
        from: RowId,
        to: RowId,
        old: &TableId,
        new: &TableId,
        map: &IndexMap<RowId, RowId>,
    ) -> Result<(), ActionError> {
        let kind = self.text(COLUMNS, from, "type");
        let own = [format!("Ref:{old}"), format!("RefList:{old}")];
        let kind = if own.contains(&kind) { kind.replace(old.as_str(), new) } else { kind };
        let formula = self.text(COLUMNS, from, "formula");
        let formula = self.formula_of_copy(&formula, old, new, from);
        let mapped = |cell: CellValue| map_list(&cell, map);
        let deps = match mapped(self.cell(COLUMNS, from, "recalcDeps")) {
            CellValue::Null => CellValue::list([]),
            deps => deps,
        };
        let shown = self.reference(COLUMNS, from, "visibleCol");
        let values = [
            ("type", CellValue::text(&kind)),
            ("formula", CellValue::text(&formula)),
            ("visibleCol", map.get(&shown).copied().unwrap_or(shown).into()),
            ("rules", mapped(self.cell(COLUMNS, from, "rules"))),
            ("recalcWhen", self.cell(COLUMNS, from, "recalcWhen")),
            ("recalcDeps", deps),
            ("untieColIdFromLabel", self.cell(COLUMNS, from, "untieColIdFromLabel")),
            ("colId", self.cell(COLUMNS, to, "colId")),
        ];
        let values = values.into_iter().map(|(key, value)| (ColId::new(key), Cells::one(value))).collect();
        self.update_as_stored(&[to], &values)?;
        self.copy_display(from, to)
    }

    fn copy_field(
        &mut self,
        from: RowId,
        to: RowId,
        map: &IndexMap<RowId, RowId>,
    ) -> Result<(), ActionError> {
        let shown = self.reference(FIELDS, from, "visibleCol");
        let mut values = ColumnValues::default();
        for key in ["parentPos", "width", "widgetOptions", "filter"] {
            values.insert(key.into(), Cells::one(self.cell(FIELDS, from, key)));
        }
        values.insert("visibleCol".into(), Cells::one(map.get(&shown).copied().unwrap_or(shown).into()));
        values.insert("rules".into(), Cells::one(map_list(&self.cell(FIELDS, from, "rules"), map)));
        self.update_values(&FIELDS.into(), &[to], values)?;
        let display = self.reference(FIELDS, from, "displayCol");
        if !display.is_none() && !shown.is_none() {
            let (table, col) = self.column_names(self.reference(FIELDS, to, "colRef"));
            let formula = format!("${col}.{}", self.text(COLUMNS, shown, "colId"));
            self.set_display(&table, Some(to), None, Some(&formula))?;
        }
        Ok(())
    }

    fn copy_section(
        &mut self,
        (from, to): (RowId, RowId),
        columns: &IndexMap<RowId, RowId>,
        fields: &IndexMap<RowId, RowId>,
    ) -> Result<(), ActionError> {
        let mut values = ColumnValues::default();
        for key in ["options", "theme", "chartType", "description", "defaultWidth", "borderWidth"] {
            values.insert(key.into(), Cells::one(self.cell(SECTIONS, from, key)));
        }
        values.insert("rules".into(), Cells::one(map_list(&self.cell(SECTIONS, from, "rules"), columns)));
        if let Some(layout) = raw::parse(&self.text(SECTIONS, from, "layoutSpec")) {
            let text = raw::dump(&map_leaves(&layout, fields), false);
            values.insert("layoutSpec".into(), Cells::one(CellValue::text(&text)));
        }
        let sort = self.text(SECTIONS, from, "sortColRefs");
        if let Some(text) = remap_sort(&sort, &|column| columns.get(&column).copied()) {
            values.insert("sortColRefs".into(), Cells::one(CellValue::text(&text)));
        }
        self.update_values(&SECTIONS.into(), &[to], values)
    }
}

fn map_list(cell: &CellValue, map: &IndexMap<RowId, RowId>) -> CellValue {
    match cell {
        CellValue::List(items) => CellValue::list(
            items.iter().filter_map(|item| map.get(&item.as_row_id()?)).map(|row| CellValue::from(*row)),
        ),
        other => other.clone(),
    }
}

/// A layout whose leaves are fields, with other fields.
fn map_leaves(layout: &CellValue, fields: &IndexMap<RowId, RowId>) -> CellValue {
    match layout {
        CellValue::Dict(entries) => CellValue::Dict(
            entries
                .iter()
                .map(|(key, value)| {
                    let leaf = value.as_row_id().filter(|_| key == "leaf");
                    let new = leaf.and_then(|leaf| fields.get(&leaf)).map(|row| CellValue::from(*row));
                    (key.clone(), new.unwrap_or_else(|| map_leaves(value, fields)))
                })
                .collect(),
        ),
        CellValue::List(items) => CellValue::list(items.iter().map(|item| map_leaves(item, fields))),
        other => other.clone(),
    }
}
