//! Dictionaries and sets: hash tables in order of insertion.

use std::hash::BuildHasherDefault;

use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxHasher;

use crate::value::{Key, Value};

/// The entries of a `dict`, in order of insertion. Remove with `shift_remove`, which keeps the order.
pub type Dict = IndexMap<Key, Value, BuildHasherDefault<FxHasher>>;
/// The elements of a `set`, in order of insertion (Python's order is that of its hash table).
pub type Set = IndexSet<Key, BuildHasherDefault<FxHasher>>;
