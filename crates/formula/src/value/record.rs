//! Sets of records, and text where it does not belong.

use std::rc::Rc;

use ecow::EcoString;
use model::RowId;

use crate::lookup_plan::SortKey;
use crate::schema::TableIx;

/// Records of one table, in an order.
#[derive(Clone, Debug)]
pub struct RecordSet {
    /// The table.
    pub table: TableIx,
    /// The rows.
    pub rows: Rc<[RowId]>,
    /// The order the rows are known to be in: what `find` searches by. `None`: no order was asked for.
    pub order: Option<Rc<[SortKey]>>,
}

/// Text in a column of another type, such as `n/a` in a Numeric column. Most uses of it raise.
#[derive(Clone, Debug, PartialEq)]
pub struct AltText {
    /// The text.
    pub text: EcoString,
    /// The kind of the column, such as `Numeric` or `Ref`.
    pub type_name: EcoString,
}
