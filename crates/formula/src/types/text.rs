//! Methods of `str`.

mod affixes;
mod cases;
mod format;
mod search;
mod split;

use crate::native::Native;

/// All methods, by group.
pub static METHODS: &[&[Native]] =
    &[affixes::METHODS, cases::METHODS, format::METHODS, search::METHODS, split::METHODS];

use ecow::EcoString;

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::types::type_of;
use crate::value::Value;

/// The text a method is called on.
fn own(call: &Call<'_, '_>) -> Result<EcoString, Exception> {
    match call.arg(0) {
        Value::Str(text) => Ok(text.clone()),
        other => Err(exception::type_error(format!(
            "descriptor '{}' for 'str' objects doesn't apply to a '{}' object",
            call.native.name,
            type_of(other).name
        ))),
    }
}

/// A text argument.
fn text(call: &Call<'_, '_>, at: usize) -> Result<EcoString, Exception> {
    match call.arg(at) {
        Value::Str(text) => Ok(text.clone()),
        other => Err(exception::type_error(format!("must be str, not {}", type_of(other).name))),
    }
}
