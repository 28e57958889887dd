//! The module `datetime`.

use crate::modules::ModuleDef;
use crate::types::datetime::zone;
use crate::types::{DATE, DATE_TIME, DELTA, TIME};
use crate::value::Value;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "datetime",
    functions: &[],
    types: &[&DATE, &TIME, &DATE_TIME, &DELTA, &zone::TIMEZONE],
    modules: &[],
    constant: Some(|name| match name {
        "MINYEAR" => Some(Value::Int(1)),
        "MAXYEAR" => Some(Value::Int(9999)),
        _ => None,
    }),
};
