//! Measuring how long formulas take, while an owner asks for it.

use std::sync::OnceLock;
use std::time::Instant;

use engine::FormulaTiming;
use serde_json::{Value, json};

use crate::error::DocumentError;
use crate::handle::Handle;

/// Seconds since the program has first asked.
fn clock() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// What was measured, as clients of both protocols are told it: seconds, by column.
#[must_use]
pub fn timings_json(measured: &[FormulaTiming]) -> Value {
    let each = |timing: &FormulaTiming| {
        json!({
            "tableId": timing.table.as_str(),
            "colId": timing.col.as_str(),
            "sum": timing.sum,
            "count": timing.count,
            "average": timing.average(),
            "max": timing.max,
        })
    };
    measured.iter().map(each).collect()
}

impl Handle {
    /// Begins to measure formulas; everybody connected is told. Says whether it was not measuring yet.
    ///
    /// # Errors
    /// When the document was closed.
    pub async fn start_timing(&self) -> Result<bool, DocumentError> {
        let new = self.with_engine(|engine, _| engine.start_timing(clock)).await?;
        if new {
            self.chatter(json!({"timing": {"status": "active"}}));
        }
        Ok(new)
    }

    /// What was measured so far; nothing if nobody asked for it.
    ///
    /// # Errors
    /// When the document was closed.
    pub async fn timings(&self) -> Result<Option<Vec<FormulaTiming>>, DocumentError> {
        self.with_engine(|engine, _| engine.timings()).await
    }

    /// Ends measuring; everybody connected is told. Gives what was measured.
    ///
    /// # Errors
    /// When the document was closed.
    pub async fn stop_timing(&self) -> Result<Option<Vec<FormulaTiming>>, DocumentError> {
        let measured = self.with_engine(|engine, _| engine.stop_timing()).await?;
        if measured.is_some() {
            self.chatter(json!({"timing": {"status": "disabled"}}));
        }
        Ok(measured)
    }
}
