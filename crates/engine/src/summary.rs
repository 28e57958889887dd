//! Summary tables: each row of the source is linked to the summary rows of its groups by a hidden column; groups are what is linked back.

use formula::value::Key;
use formula::{ColIx, KeyColumn, LookupPlan, TableIx};
use model::{CellValue, Cells, ColId, ColumnType, ColumnValues, DocAction, RowId, TableId};
use rustc_hash::FxHashMap;

use crate::engine::Engine;
use crate::graph::Node;
use crate::table::ColumnSpec;
use crate::turn::Turn;
use crate::values::{key_part, value_of};

/// How the rows of a source table find their rows in a summary table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SummaryLink {
    /// The summary table.
    pub(crate) summary: TableIx,
    /// The columns to group by: in the source, and in the summary.
    pub(crate) columns: Vec<(ColIx, ColIx)>,
    /// Whether some column of the source is a list, so that a row may stand in several groups.
    pub(crate) unnests: bool,
}

impl Engine {
    /// Makes the hidden link columns as the metadata asks for, and gives their nodes.
    pub(crate) fn refresh_summary_links(&mut self) -> Vec<(Node, SummaryLink)> {
        let sources = self.read_summary_sources();
        if sources != self.summary_sources {
            self.graph.note_name("getSummarySourceGroup");
            self.summary_sources = sources;
        }
        if self.summary_sources.is_empty() {
            self.links.clear();
            return Vec::new();
        }
        let records = self.column_records();
        let mut links = Vec::new();
        let mut sources: Vec<(TableIx, TableIx)> =
            self.summary_sources.iter().map(|(a, b)| (*a, *b)).collect();
        sources.sort_unstable();
        for (summary, source) in sources {
            let mut columns: Vec<(RowId, ColIx, ColIx)> = records
                .iter()
                .filter(|(_, record)| record.node.0 == summary)
                .filter_map(|(row, record)| {
                    let from = records.get(&record.summary_source?)?;
                    (from.node.0 == source).then_some((*row, from.node.1, record.node.1))
                })
                .collect();
            columns.sort_unstable();
            let columns: Vec<(ColIx, ColIx)> = columns.into_iter().map(|(_, from, to)| (from, to)).collect();
            let is_list = |col: ColIx| {
                self.at(source)
                    .and_then(|table| table.slot(col))
                    .is_some_and(|slot| slot.spec.column_type.is_list())
            };
            let unnests = columns.iter().any(|(from, _)| is_list(*from));
            let node = (source, self.link_column(source, summary, unnests));
            links.push((node, SummaryLink { summary, columns, unnests }));
        }
        self.links = links.iter().map(|(node, link)| (link.summary, *node)).collect();
        links
    }

    fn link_column(&mut self, source: TableIx, summary: TableIx, unnests: bool) -> ColIx {
        let summary_id = self.at(summary).map(|table| table.id.clone()).unwrap_or_default();
        let id = ColId::from(format!("#summary#{}", summary.0));
        let column_type = if unnests { ColumnType::RefList(summary_id) } else { ColumnType::Ref(summary_id) };
        let spec = ColumnSpec { column_type, is_formula: true, ..ColumnSpec::default() };
        let Some(table) = self.at_mut(source) else { return ColIx(u32::MAX) };
        match table.find(&id) {
            Some(col) => {
                if table.slot(col).is_some_and(|slot| slot.spec == spec) {
                    return col;
                }
                table.remove_column(col);
                table.add_column(id, spec)
            }
            None => table.add_column(id, spec),
        }
    }

    /// For a summary table: the link column of its source, and the index by which a group is found.
    pub(crate) fn group_source(&mut self, summary: TableIx) -> Option<(Node, u32)> {
        let node = *self.links.get(&summary)?;
        Some((node, self.referrers(node.0, node.1)))
    }

    /// The values of the groups to which a source row belongs; several where a column is a list.
    pub(crate) fn group_combinations(
        &self,
        source: TableIx,
        row: RowId,
        link: &SummaryLink,
    ) -> Vec<Vec<CellValue>> {
        let mut combinations: Vec<Vec<CellValue>> = vec![Vec::new()];
        for (from, _) in &link.columns {
            let choices = self.group_values(source, *from, row);
            combinations = combinations
                .into_iter()
                .flat_map(|so_far| {
                    choices.iter().map(move |choice| {
                        let mut next = so_far.clone();
                        next.push(choice.clone());
                        next
                    })
                })
                .collect();
        }
        combinations
    }

    /// What a source cell contributes to the groups: its value, or each element of its list; an empty list counts as one empty value, and what is no list
    /// in a column of lists for nothing.
    fn group_values(&self, table: TableIx, col: ColIx, row: RowId) -> Vec<CellValue> {
        let Some(slot) = self.at(table).and_then(|table| table.slot(col)) else {
            return vec![CellValue::Null];
        };
        let value = slot.cells.get(row);
        let empty = match slot.spec.column_type {
            ColumnType::ChoiceList => CellValue::text(""),
            ColumnType::RefList(_) | ColumnType::Attachments => CellValue::Int(0),
            _ => return vec![value],
        };
        match value {
            CellValue::List(items) if !items.is_empty() => items.to_vec(),
            CellValue::List(_) | CellValue::Null => vec![empty],
            _ => Vec::new(),
        }
    }

    /// The values as the summary's columns would show them to a formula: what its index is keyed by.
    pub(crate) fn summary_key(&self, link: &SummaryLink, values: &[CellValue]) -> Option<Vec<Key>> {
        let table = self.at(link.summary)?;
        let mut keys = Vec::with_capacity(values.len());
        for ((_, to), value) in link.columns.iter().zip(values) {
            let slot = table.slot(*to)?;
            let mut probe = slot.clone();
            let mut cells = model::Column::new(&slot.spec.column_type);
            cells.set(RowId(1), value.clone());
            probe.cells = std::sync::Arc::new(cells);
            keys.push(key_part(value_of(self, &probe, RowId(1)).ok()?).ok()?);
        }
        Some(keys)
    }

    pub(crate) fn summary_index(&mut self, link: &SummaryLink) -> u32 {
        let keys = link.columns.iter().map(|(_, to)| KeyColumn { col: Some(*to), contains: None }).collect();
        self.index_for(&LookupPlan::new(link.summary, keys, Vec::new()))
    }
}

impl Turn<'_> {
    /// The link of a source row: finds the rows of its groups, adding those that are missing.
    pub(crate) fn compute_link(&mut self, node: Node, row: RowId, link: &SummaryLink) -> CellValue {
        let combinations = self.engine.group_combinations(node.0, row, link);
        let mut rows: Vec<RowId> = Vec::with_capacity(combinations.len());
        let mut missing: Vec<Vec<CellValue>> = Vec::new();
        for values in combinations {
            match self.summary_row(link, &values) {
                Some(row) if rows.contains(&row) => {}
                Some(row) => rows.push(row),
                None if missing.contains(&values) => {}
                None => missing.push(values),
            }
        }
        rows.extend(self.add_groups(link, &missing));
        if link.unnests {
            CellValue::List(rows.into_iter().map(CellValue::from).collect())
        } else {
            CellValue::from(rows.first().copied().unwrap_or_default())
        }
    }

    fn summary_row(&mut self, link: &SummaryLink, values: &[CellValue]) -> Option<RowId> {
        let index = self.engine.summary_index(link);
        let key = self.engine.summary_key(link, values)?;
        self.engine.lookup_rows(index, &key).first().copied()
    }

    /// Adds rows to a summary table, one for each of these groups, in one action.
    fn add_groups(&mut self, link: &SummaryLink, groups: &[Vec<CellValue>]) -> Vec<RowId> {
        let (Some(table), false) = (self.engine.at(link.summary), groups.is_empty()) else {
            return Vec::new();
        };
        let (id, first): (TableId, RowId) = (table.id.clone(), table.next_row_id());
        let rows: Vec<RowId> = (first.0..).map(RowId).take(groups.len()).collect();
        let column = |(at, (_, to)): (usize, &(ColIx, ColIx))| {
            let values: Cells = groups.iter().filter_map(|values| values.get(at).cloned()).collect();
            Some((table.slot(*to)?.id.clone(), values))
        };
        let columns: ColumnValues = link.columns.iter().enumerate().filter_map(column).collect();
        let action = DocAction::BulkAddRecord(id, rows.clone(), columns);
        if self.apply(action, false).is_ok() { rows } else { Vec::new() }
    }

    /// Rows of summary tables whose groups have become empty in this turn, by table id; each is told once.
    pub fn take_emptied_groups(&mut self) -> Vec<(TableId, Vec<RowId>)> {
        let emptied: FxHashMap<TableIx, crate::Rows> = std::mem::take(&mut self.emptied);
        let mut found = Vec::new();
        for (summary, rows) in emptied {
            let Some((_, index)) = self.engine.group_source(summary) else { continue };
            let mut gone = Vec::new();
            for row in rows.iter() {
                let Ok(key) = key_part(formula::Value::Int(i64::from(row.0))) else { continue };
                let exists = self.engine.at(summary).is_some_and(|table| table.rows().contains(row));
                if exists && self.engine.lookup_rows(index, &[key]).is_empty() {
                    gone.push(row);
                }
            }
            if let (false, Some(table)) = (gone.is_empty(), self.engine.at(summary)) {
                found.push((table.id.clone(), gone));
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }
}
