//! Helpers of the formula editor.

use std::sync::Arc;

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::descriptor::Descriptor;

fn not_yet(method: &str) -> Answer {
    Err(Refusal::bad(format!("{method} is not supported yet")))
}

pub(super) async fn autocomplete(
    _on: Arc<Descriptor>,
    _text: String,
    _table: String,
    _col: String,
    _row: Value,
) -> Answer {
    not_yet("autocomplete")
}

pub(super) async fn python_code(_on: Arc<Descriptor>) -> Answer {
    not_yet("fetchPythonCode")
}

pub(super) async fn columns_of_values(
    _on: Arc<Descriptor>,
    _values: Vec<Value>,
    _count: usize,
    _table: Option<String>,
) -> Answer {
    not_yet("findColFromValues")
}

pub(super) async fn start_timing(_on: Arc<Descriptor>) -> Answer {
    not_yet("startTiming")
}

pub(super) async fn stop_timing(_on: Arc<Descriptor>) -> Answer {
    not_yet("stopTiming")
}
