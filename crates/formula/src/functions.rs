//! Grist's Excel-like functions, one file per family.
//!
//! A family is a file below with a `pub static FUNCTIONS: &[Native]`; [`FAMILIES`] lists them.

pub mod date;
pub mod info;
pub mod logical;
pub mod lookup;
pub mod math;
mod operate;
pub mod prevnext;
pub mod schedule;
pub mod stats;
pub mod text;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::native::Native;

/// All families: name and functions.
pub static FAMILIES: &[(&str, &[Native])] = &[
    ("date", date::FUNCTIONS),
    ("info", info::FUNCTIONS),
    ("logical", logical::FUNCTIONS),
    ("lookup", lookup::FUNCTIONS),
    ("math", math::FUNCTIONS),
    ("prevnext", prevnext::FUNCTIONS),
    ("schedule", schedule::FUNCTIONS),
    ("stats", stats::FUNCTIONS),
    ("text", text::FUNCTIONS),
];

/// The function with this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Native> {
    static INDEX: OnceLock<FxHashMap<&'static str, &'static Native>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        FAMILIES.iter().flat_map(|(_, family)| family.iter()).map(|native| (native.name, native)).collect()
    });
    index.get(name).copied()
}

/// Whether a function is one that Grist names but does not have: it only raises.
#[must_use]
pub fn is_missing(native: &Native) -> bool {
    std::ptr::fn_addr_eq(native.function, operate::not_implemented as crate::native::NativeFn)
}
