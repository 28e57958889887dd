//! One table in memory: its rows, and its columns in stable slots.

use std::cell::Cell;
use std::sync::Arc;

use ecow::EcoString;
use formula::{ColIx, TableIx};
use model::{CellValue, ColId, Column, ColumnInfo, ColumnType, ColumnValues, RowId, TableData, TableId};
use rustc_hash::FxHashMap;

use crate::engine::Engine;
use crate::rows::Rows;

/// What the schema says of a column.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ColumnSpec {
    /// The type of its cells.
    pub column_type: ColumnType,
    /// Whether its cells are computed. A column that is not, but has a formula, has a *trigger formula*.
    pub is_formula: bool,
    /// The formula, as written; may be empty.
    pub formula: EcoString,
    /// The other side of a two-way reference, in the table referred to.
    pub reverse: Option<ColId>,
}

impl ColumnSpec {
    /// Reads a specification from properties of a doc action, the rest taken from `base`.
    #[must_use]
    pub fn from_info(info: &ColumnInfo, base: &Self) -> Self {
        let text = |key: &str| info.get(key).map(|value| value.as_text().unwrap_or_default());
        Self {
            column_type: text("type").map_or_else(|| base.column_type.clone(), ColumnType::parse),
            is_formula: info.get("isFormula").map_or(base.is_formula, CellValue::is_true),
            formula: text("formula").map_or_else(|| base.formula.clone(), EcoString::from),
            reverse: match info.get("reverseColId") {
                None => base.reverse.clone(),
                Some(value) => value.as_text().filter(|id| !id.is_empty()).map(ColId::new),
            },
        }
    }

    /// The properties, as doc actions have them.
    #[must_use]
    pub fn to_info(&self) -> ColumnInfo {
        let mut info = ColumnInfo::default();
        info.insert("type".into(), CellValue::text(&self.column_type.to_string()));
        info.insert("isFormula".into(), CellValue::Bool(self.is_formula));
        info.insert("formula".into(), CellValue::Text(self.formula.clone()));
        if let Some(reverse) = &self.reverse {
            info.insert("reverseColId".into(), CellValue::Text(reverse.text()));
        }
        info
    }

    /// Whether cells may be computed: by a formula or a trigger formula. A formula column without a formula is an empty column.
    #[must_use]
    pub fn has_formula(&self) -> bool {
        !self.formula.is_empty()
    }
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its id now.
    pub id: ColId,
    /// What the schema says of it.
    pub spec: ColumnSpec,
    /// Its cells. Readers may hold on to them: writing copies what is shared.
    pub cells: Arc<Column>,
    /// Where the table was that its references lead to, when it was last looked for.
    target: Cell<Option<TableIx>>,
}

impl Slot {
    /// The table that references in this column lead to.
    pub(crate) fn target(&self, engine: &Engine) -> Option<TableIx> {
        let id = match &self.spec.column_type {
            ColumnType::Ref(id) | ColumnType::RefList(id) => id,
            other => return other.target().and_then(|id| engine.table_ix(&id)),
        };
        if let Some(found) = self.target.get()
            && engine.at(found).is_some_and(|table| table.id == *id)
        {
            return Some(found);
        }
        let found = engine.table_ix(id);
        self.target.set(found);
        found
    }
}

/// A table of the document.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its id now.
    pub id: TableId,
    rows: Arc<Rows>,
    slots: Vec<Option<Slot>>,
    by_id: FxHashMap<ColId, ColIx>,
    order: Vec<ColIx>,
    /// Whether the cells are still in the file only.
    pub(crate) unloaded: bool,
}

impl Table {
    pub(crate) fn new(id: TableId) -> Self {
        Self {
            id,
            rows: Arc::default(),
            slots: Vec::new(),
            by_id: FxHashMap::default(),
            order: Vec::new(),
            unloaded: false,
        }
    }

    /// Whether its cells are in memory; else it seems to have no rows.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        !self.unloaded
    }
    /// The rows it has.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        &self.rows
    }
    /// The rows it has, to hold on to.
    #[must_use]
    pub fn shared_rows(&self) -> Arc<Rows> {
        Arc::clone(&self.rows)
    }
    pub(crate) fn rows_mut(&mut self) -> &mut Rows {
        Arc::make_mut(&mut self.rows)
    }
    /// The id that the next new row gets.
    #[must_use]
    pub fn next_row_id(&self) -> RowId {
        RowId(self.rows.last().0 + 1)
    }
    /// The slot of a column.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<ColIx> {
        self.by_id.get(id).copied()
    }
    /// A column by slot.
    #[must_use]
    pub fn slot(&self, col: ColIx) -> Option<&Slot> {
        self.slots.get(col.0 as usize).and_then(Option::as_ref)
    }
    pub(crate) fn slot_mut(&mut self, col: ColIx) -> Option<&mut Slot> {
        self.slots.get_mut(col.0 as usize).and_then(Option::as_mut)
    }
    /// A column by id.
    #[must_use]
    pub fn column(&self, id: &str) -> Option<&Slot> {
        self.find(id).and_then(|col| self.slot(col))
    }
    /// The columns in the order of the schema, helper columns (`#…`) included.
    pub fn columns(&self) -> impl Iterator<Item = (ColIx, &Slot)> {
        self.order.iter().filter_map(|col| self.slot(*col).map(|slot| (*col, slot)))
    }
    /// The cell of a row; blank if there is no such column.
    #[must_use]
    pub fn cell(&self, col: &str, row: RowId) -> CellValue {
        self.column(col).map_or(CellValue::Null, |slot| slot.cells.get(row))
    }

    pub(crate) fn add_column(&mut self, id: ColId, spec: ColumnSpec) -> ColIx {
        let col = ColIx(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        let cells = Arc::new(Column::new(&spec.column_type));
        self.slots.push(Some(Slot { id: id.clone(), spec, cells, target: Cell::default() }));
        self.by_id.insert(id, col);
        self.order.push(col);
        col
    }
    pub(crate) fn remove_column(&mut self, col: ColIx) -> Option<Slot> {
        let slot = self.slots.get_mut(col.0 as usize)?.take()?;
        self.by_id.remove(&slot.id);
        self.order.retain(|other| *other != col);
        Some(slot)
    }
    /// A renamed column goes to the end of the schema's order, as in Grist.
    pub(crate) fn rename_column(&mut self, col: ColIx, id: ColId) {
        let Some(slot) = self.slots.get_mut(col.0 as usize).and_then(Option::as_mut) else { return };
        self.by_id.remove(&slot.id);
        slot.id = id.clone();
        self.by_id.insert(id, col);
        self.move_to_end(col);
    }
    pub(crate) fn move_to_end(&mut self, col: ColIx) {
        self.order.retain(|other| *other != col);
        self.order.push(col);
    }

    /// Rows with columns, as they are reported: helper columns (`#…`) left out, row ids ascending.
    #[must_use]
    pub fn data(&self, formulas: bool) -> TableData {
        let rows: Vec<RowId> = self.rows.iter().collect();
        let columns = self.columns_of(&rows, formulas);
        TableData { table: self.id.clone(), rows, columns }
    }

    /// The columns of some rows, helper columns left out.
    #[must_use]
    pub fn columns_of(&self, rows: &[RowId], formulas: bool) -> ColumnValues {
        self.columns()
            .filter(|(_, slot)| !slot.id.starts_with('#') && (formulas || !slot.spec.is_formula))
            .map(|(_, slot)| (slot.id.clone(), slot.cells.select(rows)))
            .collect()
    }
}
