//! The vocabulary of Moulin: ids, cell values, column types and vectors, doc actions.
//!
//! Every other room speaks these types. Nothing here knows of files, networks, users or formulas.
//!
//! **Invariant:** the encodings (JSON on the wire, Python marshal and SQLite storage in the file) live here and nowhere else.

pub mod cell;
pub mod cells;
pub mod column;
pub mod column_type;
pub mod doc_action;
pub mod ids;
pub mod json;
pub mod marshal;
pub mod role;
pub mod schema;
pub mod storage;

pub use cell::{CellError, CellValue, Text};
pub use cells::Cells;
pub use column::{Column, ColumnData};
pub use column_type::ColumnType;
pub use doc_action::{ColumnInfo, ColumnValues, DocAction, RowValues, TableData};
pub use ids::{ColId, RowId, TableId};
pub use role::Role;
