//! Summary tables: found or made for a section, regrouped, detached.
//!
//! A table has at most one summary for a set of columns; sections that group alike share it. The rows of summaries come and go by themselves, in `engine`.

use model::json::raw;
use model::{CellValue, Cells, ColId, ColumnType, ColumnValues, DocAction, RowId, RowValues, TableId};

use crate::apply::{Bundle, engine_error};
use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::metadata::{COLUMNS, FIELDS, SECTIONS, TABLES, is_helper};
use crate::tables::{Parts, Wanted};

/// The name of a summary: its source and the columns that group it.
pub(crate) fn summary_table_name(source: &str, mut grouped: Vec<String>) -> String {
    grouped.sort();
    let mut name = format!("{source}_summary");
    for col in grouped {
        name.push('_');
        name.push_str(&col);
    }
    name
}

/// The type of a column that groups by a column of this type: elements of lists.
pub(crate) fn group_by_type(source: &ColumnType) -> ColumnType {
    match source {
        ColumnType::ChoiceList => ColumnType::Choice,
        ColumnType::RefList(target) => ColumnType::Ref(target.clone()),
        ColumnType::Attachments => ColumnType::Ref(TableId::new("_grist_Attachments")),
        other => other.clone(),
    }
}

impl Bundle<'_, '_> {
    /// A section that shows a table grouped by columns.
    pub(crate) fn make_summary_section(
        &mut self,
        table: RowId,
        group_by: &[RowId],
        view: RowId,
        key: &str,
    ) -> Result<RowId, ActionError> {
        let formulas = self.default_formulas(table, group_by);
        let (summary, grouped, computed) = self.summary_for(table, group_by, formulas)?;
        let section = self.insert(
            SECTIONS,
            &[("tableRef", summary.into()), ("parentKey", key.into()), ("parentId", view.into())],
        )?;
        let shown = |column: &RowId| {
            let id = self.text(COLUMNS, *column, "colId");
            id != "group" && !is_helper(&id)
        };
        let columns: Vec<RowId> =
            grouped.iter().copied().chain(computed.iter().copied().filter(shown)).collect();
        self.make_fields(section, &columns)?;
        Ok(section)
    }

    /// What a new summary computes: the group, its size, sums of numbers; formulas of other summaries of the table where they have the same id.
    fn default_formulas(&self, table: RowId, group_by: &[RowId]) -> Vec<Wanted> {
        let source = self.text(TABLES, table, "tableId");
        let grouped: Vec<String> =
            group_by.iter().map(|column| self.text(COLUMNS, *column, "colId")).collect();
        let mut wanted: Vec<Wanted> = Vec::new();
        let counts = |column: &RowId| {
            self.text(COLUMNS, *column, "colId") == "count"
                && matches!(self.text(COLUMNS, *column, "type").as_str(), "Int" | "Numeric")
        };
        // A source that counts already has its counts added up.
        let has_count = self.columns_of_table(table).iter().any(counts);
        for (id, kind, formula) in [
            ("group", format!("RefList:{source}"), "table.getSummarySourceGroup(rec)"),
            ("count", "Int".to_owned(), "len($group)"),
        ] {
            if has_count && id == "count" {
                continue;
            }
            if !grouped.iter().any(|col| col == id) {
                wanted.push(
                    self.shared_formula(table, id).unwrap_or_else(|| computed(id, id, &kind, formula, "")),
                );
            }
        }
        for column in self.columns_of_table(table) {
            let id = self.text(COLUMNS, column, "colId");
            if group_by.contains(&column)
                || is_helper(&id)
                || wanted.iter().any(|known| known.id.as_deref() == Some(&id))
            {
                continue;
            }
            let kind = self.text(COLUMNS, column, "type");
            if let Some(shared) = self.shared_formula(table, &id) {
                wanted.push(shared);
            } else if matches!(kind.as_str(), "Int" | "Numeric") {
                let mut sum = computed(
                    &id,
                    &self.text(COLUMNS, column, "label"),
                    &kind,
                    &format!("SUM($group.{id})"),
                    &self.text(COLUMNS, column, "widgetOptions"),
                );
                let description = self.text(COLUMNS, column, "description");
                if !description.is_empty() {
                    sum.info.insert("description".into(), CellValue::text(&description));
                }
                wanted.push(sum);
            }
        }
        wanted
    }

    fn shared_formula(&self, table: RowId, id: &str) -> Option<Wanted> {
        self.sister_columns(table, id, None).first().map(|column| self.column_like(*column))
    }

    /// A column like another one, as it is asked for.
    pub(crate) fn column_like(&self, column: RowId) -> Wanted {
        let mut info = RowValues::default();
        for key in ["type", "isFormula", "formula", "label", "widgetOptions"] {
            info.insert(key.into(), self.cell(COLUMNS, column, key));
        }
        let description = self.text(COLUMNS, column, "description");
        if !description.is_empty() {
            info.insert("description".into(), CellValue::text(&description));
        }
        Wanted { id: Some(self.text(COLUMNS, column, "colId")), info }
    }

    /// The summary of a table by columns, made if there is none, with the columns that group and those that compute.
    fn summary_for(
        &mut self,
        table: RowId,
        group_by: &[RowId],
        formulas: Vec<Wanted>,
    ) -> Result<(RowId, Vec<RowId>, Vec<RowId>), ActionError> {
        let grouped: Vec<Wanted> = group_by
            .iter()
            .map(|column| {
                let mut wanted = self.column_like(*column);
                let kind = ColumnType::parse(&self.text(COLUMNS, *column, "type"));
                wanted.info.insert("type".into(), CellValue::text(&group_by_type(&kind).to_string()));
                wanted.info.insert("isFormula".into(), CellValue::Bool(false));
                wanted.info.insert("formula".into(), "".into());
                wanted
            })
            .collect();
        let found = self
            .referring(TABLES, "summarySourceTable", table)
            .into_iter()
            .find(|summary| self.groups_by(*summary, group_by));
        if let Some(summary) = found {
            let columns = |bundle: &mut Self, wanted: Vec<Wanted>| -> Result<Vec<RowId>, ActionError> {
                wanted.into_iter().map(|wanted| bundle.column_or_new(summary, wanted)).collect()
            };
            let grouped = columns(self, grouped)?;
            let computed = columns(self, formulas)?;
            return Ok((summary, grouped, computed));
        }
        let ids = group_by.iter().map(|column| self.text(COLUMNS, *column, "colId")).collect();
        let name = summary_table_name(&self.text(TABLES, table, "tableId"), ids);
        let count = grouped.len();
        let wanted: Vec<Wanted> = grouped.into_iter().chain(formulas).collect();
        let parts = Parts { manual_sort: false, page: false, card: false, summary_of: Some(table) };
        let made = self.make_table(Some(&name), wanted, parts)?;
        let (grouped, computed) = made.columns.split_at(count);
        let mut update = ColumnValues::from_iter([
            (
                ColId::new("summarySourceCol"),
                group_by.iter().map(|column| CellValue::from(*column)).collect(),
            ),
            (
                ColId::new("visibleCol"),
                group_by.iter().map(|column| self.cell(COLUMNS, *column, "visibleCol")).collect(),
            ),
        ]);
        if grouped.is_empty() {
            update.clear();
        }
        if let Some((rows, columns)) = self.only_changes(&COLUMNS.into(), grouped, update) {
            self.emit(DocAction::BulkUpdateRecord(COLUMNS.into(), rows, columns))?;
        }
        for (from, to) in group_by.iter().zip(grouped) {
            self.copy_display(*from, *to)?;
        }
        Ok((made.record, grouped.to_vec(), computed.to_vec()))
    }

    fn groups_by(&self, summary: RowId, group_by: &[RowId]) -> bool {
        let mut sources: Vec<RowId> = self
            .referring(COLUMNS, "parentId", summary)
            .into_iter()
            .map(|column| self.reference(COLUMNS, column, "summarySourceCol"))
            .filter(|source| !source.is_none())
            .collect();
        let mut wanted = group_by.to_vec();
        sources.sort_unstable();
        wanted.sort_unstable();
        sources == wanted
    }

    fn column_or_new(&mut self, table: RowId, wanted: Wanted) -> Result<RowId, ActionError> {
        let id = wanted.id.clone().unwrap_or_default();
        let is_formula = wanted.info.get("isFormula").is_some_and(CellValue::is_true);
        let formula = wanted.info.get("formula").cloned().unwrap_or_default();
        let found = self.columns_of_table(table).into_iter().find(|column| {
            self.text(COLUMNS, *column, "colId") == id
                && self.cell(COLUMNS, *column, "isFormula").is_true() == is_formula
                && (!is_formula || self.cell(COLUMNS, *column, "formula") == formula)
        });
        match found {
            Some(column) => Ok(column),
            None => {
                let table_id = TableId::from(self.text(TABLES, table, "tableId"));
                let (column, col) = self.make_column(&table_id, Some(&id), wanted.info)?;
                let raw = self.reference(TABLES, table, "rawViewSectionRef");
                if !raw.is_none() && !is_helper(&col) && col != "group" {
                    self.make_fields(raw, &[column])?;
                }
                Ok(column)
            }
        }
    }

    pub(crate) fn update_summary_section(
        &mut self,
        arguments: Arguments<'_>,
    ) -> Result<CellValue, ActionError> {
        let section = arguments.row(0, "the section")?;
        let group_by = arguments.rows(1, "columns to group by")?;
        self.regroup(section, &group_by)?;
        Ok(CellValue::Null)
    }

    /// Lets a summary section group by other columns of the source.
    pub(crate) fn regroup(&mut self, section: RowId, group_by: &[RowId]) -> Result<(), ActionError> {
        let before = self.reference(SECTIONS, section, "tableRef");
        let source = self.reference(TABLES, before, "summarySourceTable");
        if source.is_none() {
            return Err(ActionError::Value("Cannot update a section that is not a summary".into()));
        }
        let grouped: Vec<String> =
            group_by.iter().map(|column| self.text(COLUMNS, *column, "colId")).collect();
        let (mut of_groups, mut of_formulas, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
        for field in self.fields_of(section) {
            let column = self.reference(FIELDS, field, "colRef");
            let from = self.reference(COLUMNS, column, "summarySourceCol");
            if !from.is_none() && group_by.contains(&from) {
                of_groups.push((field, from));
            } else if self.cell(COLUMNS, column, "isFormula").is_true()
                && !grouped.contains(&self.text(COLUMNS, column, "colId"))
            {
                of_formulas.push((field, column));
            } else {
                dropped.push(field);
            }
        }
        let kept: Vec<RowId> = self
            .columns_of_table(before)
            .into_iter()
            .filter(|column| {
                self.cell(COLUMNS, *column, "isFormula").is_true()
                    && !grouped.contains(&self.text(COLUMNS, *column, "colId"))
            })
            .collect();
        let formulas = kept.iter().map(|column| self.column_like(*column)).collect();
        let columns_before = self.columns_of_table(before);
        let ids_before: Vec<String> =
            columns_before.iter().map(|column| self.text(COLUMNS, *column, "colId")).collect();
        let (summary, group_columns, computed) = self.summary_for(source, group_by, formulas)?;
        let new_group =
            |from: RowId| group_by.iter().position(|other| *other == from).map(|at| group_columns[at]);
        let new_formula =
            |column: RowId| kept.iter().position(|other| *other == column).map(|at| computed[at]);
        self.set(SECTIONS, section, &[("tableRef", CellValue::Int(0))])?;
        self.remove_rows(&FIELDS.into(), &dropped)?;
        let moved: Vec<(RowId, RowId)> = of_formulas
            .iter()
            .filter_map(|(field, column)| Some((*field, new_formula(*column)?)))
            .chain(of_groups.iter().filter_map(|(field, from)| Some((*field, new_group(*from)?))))
            .collect();
        let (fields, columns): (Vec<RowId>, Cells) =
            moved.into_iter().map(|(field, column)| (field, CellValue::from(column))).unzip();
        self.update_values(
            &FIELDS.into(),
            &fields,
            ColumnValues::from_iter([(ColId::new("colRef"), columns)]),
        )?;
        self.add_group_fields(section, group_by, &group_columns, &of_groups)?;
        let sort = self.text(SECTIONS, section, "sortColRefs");
        let mut update = ColumnValues::from_iter([(ColId::new("tableRef"), Cells::one(summary.into()))]);
        let after: Vec<(String, RowId)> = self
            .columns_of_table(summary)
            .into_iter()
            .map(|column| (self.text(COLUMNS, column, "colId"), column))
            .collect();
        let remapped = remap_sort(&sort, &|column| {
            let at = columns_before.iter().position(|other| *other == column)?;
            after.iter().find(|(id, _)| *id == ids_before[at]).map(|(_, column)| *column)
        });
        if let Some(text) = remapped {
            update.insert("sortColRefs".into(), Cells::one(CellValue::text(&text)));
        }
        self.update_values(&SECTIONS.into(), &[section], update)
    }

    /// Fields for columns that group a section newly, after the last that did; then all of them in the order of the columns.
    fn add_group_fields(
        &mut self,
        section: RowId,
        group_by: &[RowId],
        columns: &[RowId],
        present: &[(RowId, RowId)],
    ) -> Result<(), ActionError> {
        let new: Vec<RowId> = group_by
            .iter()
            .zip(columns)
            .filter(|(from, _)| !present.iter().any(|(_, known)| known == *from))
            .map(|(_, column)| *column)
            .collect();
        if !new.is_empty() {
            let last = present
                .iter()
                .filter_map(|(field, _)| self.cell(FIELDS, *field, "parentPos").as_number())
                .fold(f64::NEG_INFINITY, f64::max);
            let wish = if last.is_finite() {
                self.position_after(section, last)
            } else {
                self.fields_of(section)
                    .first()
                    .and_then(|field| self.cell(FIELDS, *field, "parentPos").as_number())
                    .unwrap_or(f64::INFINITY)
            };
            for column in new {
                self.insert(
                    FIELDS,
                    &[
                        ("colRef", column.into()),
                        ("parentId", section.into()),
                        ("parentPos", CellValue::Float(wish)),
                    ],
                )?;
            }
        }
        let fields = self.fields_of(section);
        let ordered: Vec<RowId> = columns
            .iter()
            .filter_map(|column| {
                fields.iter().copied().find(|field| self.reference(FIELDS, *field, "colRef") == *column)
            })
            .collect();
        let position =
            |field: &RowId| self.cell(FIELDS, *field, "parentPos").as_number().unwrap_or(f64::INFINITY);
        let mut positions: Vec<f64> = ordered.iter().map(position).collect();
        if positions.is_sorted() {
            return Ok(());
        }
        positions.sort_by(f64::total_cmp);
        let values = positions.into_iter().map(CellValue::Float).collect();
        self.update_values(
            &FIELDS.into(),
            &ordered,
            ColumnValues::from_iter([(ColId::new("parentPos"), values)]),
        )
    }

    /// Just before the field that follows a position within a section.
    fn position_after(&self, section: RowId, position: f64) -> f64 {
        self.fields_of(section)
            .into_iter()
            .filter_map(|field| self.cell(FIELDS, field, "parentPos").as_number())
            .filter(|other| *other > position)
            .fold(f64::INFINITY, f64::min)
    }

    /// Makes a table of what a summary section shows; the section shows that table from then on.
    pub(crate) fn detach_summary_section(
        &mut self,
        arguments: Arguments<'_>,
    ) -> Result<CellValue, ActionError> {
        let section = arguments.row(0, "the section")?;
        let summary = self.reference(SECTIONS, section, "tableRef");
        let source_ref = self.reference(TABLES, summary, "summarySourceTable");
        let source = self.text(TABLES, source_ref, "tableId");
        let summary_id = TableId::from(self.text(TABLES, summary, "tableId"));
        let fields: Vec<(RowId, RowId)> = self
            .fields_of(section)
            .into_iter()
            .map(|field| (field, self.reference(FIELDS, field, "colRef")))
            .filter(|(_, column)| self.text(COLUMNS, *column, "colId") != "group")
            .collect();
        let mut wanted: Vec<Wanted> = fields.iter().map(|(_, column)| self.column_like(*column)).collect();
        let mut keys = Vec::new();
        for (_, column) in &fields {
            let from = self.reference(COLUMNS, *column, "summarySourceCol");
            if from.is_none() {
                continue;
            }
            let (from_id, id) = (self.text(COLUMNS, from, "colId"), self.text(COLUMNS, *column, "colId"));
            keys.push(match ColumnType::parse(&self.text(COLUMNS, from, "type")) {
                ColumnType::ChoiceList => format!("{from_id}=CONTAINS(${id}, match_empty=\"\")"),
                kind if kind.is_list() => format!("{from_id}=CONTAINS(${id}, match_empty=0)"),
                _ => format!("{from_id}=${id}"),
            });
        }
        let formula = format!("{source}.lookupRecords({})", keys.join(", "));
        wanted.push(computed("group", "group", &format!("RefList:{source}"), &formula, ""));
        let parts = Parts { manual_sort: true, page: true, card: true, summary_of: None };
        let made = self.make_table(None, wanted, parts)?;
        let table = TableId::from(self.text(TABLES, made.record, "tableId"));
        self.turn.recalculate();
        let held = self.turn.engine_mut().loaded(&summary_id).map_err(engine_error)?;
        let rows: Vec<RowId> = held.rows().iter().collect();
        let data: ColumnValues = fields
            .iter()
            .filter(|(_, column)| !self.cell(COLUMNS, *column, "isFormula").is_true())
            .map(|(_, column)| {
                let col = ColId::from(self.text(COLUMNS, *column, "colId"));
                let held = self.turn.engine().table(&summary_id);
                let cells = rows
                    .iter()
                    .map(|row| held.map(|held| held.cell(&col, *row)).unwrap_or_default())
                    .collect();
                (col, cells)
            })
            .collect();
        self.replace_rows(&table, rows, data)?;
        self.set(SECTIONS, section, &[("tableRef", CellValue::Int(0))])?;
        let columns = made.columns.iter().take(fields.len()).map(|column| CellValue::from(*column)).collect();
        let fields: Vec<RowId> = fields.into_iter().map(|(field, _)| field).collect();
        self.update_values(
            &FIELDS.into(),
            &fields,
            ColumnValues::from_iter([(ColId::new("colRef"), columns)]),
        )?;
        self.set(SECTIONS, section, &[("tableRef", made.record.into())])?;
        Ok(CellValue::Null)
    }

    /// Before columns go: sections that group by them group by what remains.
    pub(crate) fn ungroup(&mut self, columns: &[RowId]) -> Result<(), ActionError> {
        let mut summaries: Vec<RowId> = Vec::new();
        for column in columns {
            for grouped in self.referring(COLUMNS, "summarySourceCol", *column) {
                let table = self.reference(COLUMNS, grouped, "parentId");
                if !summaries.contains(&table) {
                    summaries.push(table);
                }
            }
        }
        summaries.sort_unstable();
        for summary in summaries {
            let remaining: Vec<RowId> = self
                .columns_of_table(summary)
                .into_iter()
                .map(|column| self.reference(COLUMNS, column, "summarySourceCol"))
                .filter(|source| !source.is_none() && !columns.contains(source))
                .collect();
            for section in self.referring(SECTIONS, "tableRef", summary) {
                self.regroup(section, &remaining)?;
            }
        }
        Ok(())
    }
}

fn computed(id: &str, label: &str, kind: &str, formula: &str, options: &str) -> Wanted {
    let info = [
        ("type", CellValue::text(kind)),
        ("isFormula", CellValue::Bool(true)),
        ("formula", CellValue::text(formula)),
        ("label", CellValue::text(label)),
        ("widgetOptions", CellValue::text(options)),
    ];
    let info = info.into_iter().map(|(key, value)| (ColId::new(key), value)).collect();
    Wanted { id: Some(id.to_owned()), info }
}

/// A sort order with other columns; those without a counterpart are left out. Nothing if there is no order.
pub(crate) fn remap_sort(text: &str, new: &dyn Fn(RowId) -> Option<RowId>) -> Option<String> {
    let CellValue::List(items) = raw::parse(text)? else { return None };
    let kept = items.iter().filter_map(|item| match item {
        CellValue::Int(int) => {
            let column = new(RowId(u32::try_from(int.unsigned_abs()).ok()?))?;
            Some(CellValue::Int(int.signum() * i64::from(column.0)))
        }
        CellValue::Text(spec) => {
            let (column, flags) = spec.split_once(':').unwrap_or((spec, ""));
            let (sign, digits) = column.strip_prefix('-').map_or(("", column), |digits| ("-", digits));
            let column = new(RowId(digits.parse().ok()?))?;
            let joint = if flags.is_empty() { "" } else { ":" };
            Some(CellValue::text(&format!("{sign}{column}{joint}{flags}")))
        }
        _ => None,
    });
    Some(raw::dump(&CellValue::list(kept), true))
}
