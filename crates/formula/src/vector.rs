//! Whole columns of plain numbers at once.

use crate::formula::Place;
use crate::ir::Function;
use crate::schema::Schema;

/// A formula as loops over columns.
#[derive(Debug)]
pub struct VectorProgram {}

impl VectorProgram {
    pub(crate) fn build(_main: &Function, _place: Place, _schema: &dyn Schema) -> Option<Self> {
        None
    }
}
