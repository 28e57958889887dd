//! Whole columns of plain numbers at once.

/// A formula as loops over columns.
#[derive(Debug)]
pub struct VectorProgram {}
