//! What a formula may ask for while it runs. The engine implements it.

use std::rc::Rc;

use model::{ColId, ColumnType, RowId, TableId};

use crate::exception::Exception;
use crate::lookup_plan::LookupPlan;
use crate::schema::{ColIx, TableIx};
use crate::value::Value;

/// The document at run time. One dynamic call per use.
pub trait Host {
    /// A cell as formulas see it ([`crate::convert::from_cell`]). A dirty cell is computed first; an error in it is raised as `CellError`.
    fn cell(&mut self, table: TableIx, col: ColIx, row: RowId) -> Result<Value, Exception>;
    /// A cell as it is now, even if dirty: for `PEEK`.
    fn stale_cell(&mut self, table: TableIx, col: ColIx, row: RowId) -> Result<Value, Exception> {
        self.cell(table, col, row)
    }
    /// All rows of a table, ascending.
    fn rows(&mut self, table: TableIx) -> Rc<[RowId]>;
    /// The rows a lookup selects, in the plan's order. The values are as the formula gave them: the host converts them to the columns' types
    /// ([`crate::convert::as_in_column`]). `key` has one value per key column (and one more for each `MatchEmpty::Value`,
    /// right after its column's value). Cached; cheap to clone.
    fn lookup(&mut self, plan: &LookupPlan, key: &[Value]) -> Result<Rc<[RowId]>, Exception>;
    /// The same, and the place of a row in it where the host knows it.
    fn lookup_with_place(
        &mut self,
        plan: &LookupPlan,
        key: &[Value],
        row: RowId,
    ) -> Result<(Rc<[RowId]>, Option<usize>), Exception> {
        let _ = row;
        Ok((self.lookup(plan, key)?, None))
    }
    /// The source table and records of a row of a summary table (`table.getSummarySourceGroup(rec)`).
    fn summary_group(&mut self, table: TableIx, row: RowId) -> Result<(TableIx, Rc<[RowId]>), Exception>;
    /// The record of `table` with these values, added if there is none (`lookupOrAddDerived`).
    fn lookup_or_add(&mut self, table: TableIx, values: &[(ColId, Value)]) -> Result<RowId, Exception>;

    /// The table with this id.
    fn table(&self, id: &str) -> Option<TableIx>;
    /// The id of a table.
    fn table_id(&self, table: TableIx) -> TableId;
    /// The columns of a table in the schema's order, without helper columns whose ids start with `#`.
    fn columns(&self, table: TableIx) -> Vec<ColIx>;
    /// The column with this id.
    fn column(&self, table: TableIx, id: &str) -> Option<ColIx>;
    /// The id of a column.
    fn column_id(&self, table: TableIx, col: ColIx) -> ColId;
    /// The type of a column.
    fn column_type(&self, table: TableIx, col: ColIx) -> ColumnType;

    /// The instant of the action, in UTC seconds: one per action.
    fn now(&self) -> f64;
    /// 64 random bits.
    fn random(&mut self) -> u64;
    /// The document's time zone, such as `America/New_York`.
    fn document_zone(&self) -> &str;
    /// The document's locale, such as `en-US`.
    fn document_locale(&self) -> &str {
        "en-US"
    }
    /// The address of the document, if known (`SELF_HYPERLINK`).
    fn document_url(&self) -> Option<&str>;
    /// What a formula has kept on a table by assigning to an attribute of it; in memory only.
    fn kept(&self, _table: TableIx, _name: &str) -> Option<Value> {
        None
    }
    /// Keeps a value on a table. False: it cannot be kept.
    fn keep(&mut self, _table: TableIx, _name: &str, _value: Value) -> bool {
        false
    }
    /// Who acts, in trigger formulas (`user`).
    fn user(&mut self) -> Result<Value, Exception>;
    /// `REQUEST(…)`: the response for the key if it has arrived, else registers the request and raises.
    fn request(&mut self, request: &Request) -> Result<Value, Exception>;
}

/// A request to the outside world that a formula wants made.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where.
    pub url: String,
    /// How: `GET`, `POST`, ….
    pub method: String,
    /// Query parameters.
    pub params: Vec<(String, Value)>,
    /// Headers.
    pub headers: Vec<(String, Value)>,
    /// The body, ready to send.
    pub body: Option<String>,
}
