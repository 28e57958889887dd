//! `moulin engine --stdio`: the engine as a process of its own, one JSON object a line in each direction.
//!
//! The tests and the comparison with Grist's engine speak it. One process holds at most one document. The protocol is that of
//! `../shared/spec/engine-stdio.md`; nothing but answers goes to stdout.

mod help;
mod loading;
mod reading;
mod session;

use std::io::{BufRead, Write};

use serde_json::{Value, json};

use session::Session;

/// What a request is answered with when it fails: the exception that Grist's engine would raise.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: String,
    message: String,
}

impl Failure {
    pub(crate) fn new(kind: &str, message: impl Into<String>) -> Self {
        Self { kind: kind.to_owned(), message: message.into() }
    }
    /// A `KeyError`: the text is the representation of the key.
    pub(crate) fn key(key: &str) -> Self {
        Self::new("KeyError", format!("'{key}'"))
    }
    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new("TypeError", format!("missing parameter: {parameter}"))
    }
}

impl From<model::json::JsonError> for Failure {
    fn from(error: model::json::JsonError) -> Self {
        Self::new("ValueError", error.to_string())
    }
}

impl From<actions::ActionError> for Failure {
    fn from(error: actions::ActionError) -> Self {
        Self::new(error.python_type(), error.to_string())
    }
}

impl From<engine::EngineError> for Failure {
    fn from(error: engine::EngineError) -> Self {
        match &error {
            engine::EngineError::NoTable(table) => Self::key(table),
            engine::EngineError::NoColumn(_, col) => Self::key(col),
            other => Self::new("AssertionError", other.to_string()),
        }
    }
}

/// Answers requests until the input ends or `shutdown` is asked for.
///
/// # Errors
/// When stdin or stdout fail.
pub(crate) fn run() -> std::io::Result<()> {
    let mut session = Session::default();
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let (id, method, answer) = match serde_json::from_str::<Value>(&line?) {
            Err(error) => {
                (Value::Null, String::new(), Err(Failure::new("ValueError", format!("not JSON: {error}"))))
            }
            Ok(request) => {
                let method = request["method"].as_str().unwrap_or_default().to_owned();
                let answer = session.call(&method, &request["params"]);
                (request["id"].clone(), method, answer)
            }
        };
        let message = match answer {
            Ok(result) => json!({"id": id, "result": result}),
            Err(failure) => json!({"id": id, "error": {"type": failure.kind, "message": failure.message}}),
        };
        serde_json::to_writer(&mut out, &message)?;
        out.write_all(b"\n")?;
        out.flush()?;
        if method == "shutdown" {
            break;
        }
    }
    Ok(())
}
