//! Reading the arguments of a request, with a clear refusal where they are others than they should be.

use document::WindowId;
use model::RowId;
use serde_json::Value;

use crate::answer::Refusal;

static NOTHING: Value = Value::Null;

/// The arguments of a method, the descriptor left out.
#[derive(Debug)]
pub(crate) struct Arguments<'a> {
    method: &'a str,
    values: &'a [Value],
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(method: &'a str, values: &'a [Value]) -> Self {
        Self { method, values }
    }

    /// Null where it is missing.
    pub(crate) fn get(&self, at: usize) -> &'a Value {
        self.values.get(at).unwrap_or(&NOTHING)
    }
    /// Says what an argument should be. Counted as in the request, where the descriptor comes first.
    pub(crate) fn wrong(&self, at: usize, kind: &str) -> Refusal {
        let place = at + if self.method == "openDoc" { 1 } else { 2 };
        Refusal::bad(format!("{}: argument {place} should be a {kind}", self.method))
    }

    pub(crate) fn text(&self, at: usize) -> Result<String, Refusal> {
        self.get(at).as_str().map(str::to_owned).ok_or_else(|| self.wrong(at, "text"))
    }
    pub(crate) fn list(&self, at: usize) -> Result<&'a [Value], Refusal> {
        self.get(at).as_array().map(Vec::as_slice).ok_or_else(|| self.wrong(at, "list"))
    }
    pub(crate) fn size(&self, at: usize) -> Result<usize, Refusal> {
        let number = self.get(at).as_u64().and_then(|number| usize::try_from(number).ok());
        number.ok_or_else(|| self.wrong(at, "number"))
    }
    pub(crate) fn row(&self, at: usize) -> Result<RowId, Refusal> {
        let row = self.get(at).as_u64().and_then(|row| u32::try_from(row).ok());
        row.map(RowId).ok_or_else(|| self.wrong(at, "row id"))
    }
    pub(crate) fn window(&self) -> Result<WindowId, Refusal> {
        self.get(0).as_u64().map(WindowId).ok_or_else(|| self.wrong(0, "window id"))
    }
}
