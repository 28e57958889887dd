//! Python's own functions: `len`, `sorted`, `isinstance`, ….

use crate::native::Native;

/// The functions.
pub static FUNCTIONS: &[Native] = &[];
