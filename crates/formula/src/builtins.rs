//! Python's own functions: `len`, `sorted`, `isinstance`, ….
//!
//! Classes (`int`, `str`, …) are in [`crate::types`].

mod aggregate;
mod iterators;
mod objects;

use crate::native::Native;

/// The functions, by group.
static GROUPS: &[&[Native]] = &[aggregate::FUNCTIONS, iterators::FUNCTIONS, objects::FUNCTIONS];

/// The function with this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Native> {
    GROUPS.iter().flat_map(|group| group.iter()).find(|native| native.name == name)
}
