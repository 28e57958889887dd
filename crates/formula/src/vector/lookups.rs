//! Lookups of whole blocks: the keys here, the records by the caller.

use std::sync::Arc;

use ecow::EcoString;
use model::{Column, RowId};

use super::block::{Block, Values};
use super::{Code, Given, Kind, evaluate};
use crate::lookup_plan::LookupPlan;
use crate::value::{Key, Value};

/// A `lookupOne` whose keys are computed as vectors.
#[derive(Debug)]
pub struct VectorLookup {
    pub(super) plan: Arc<LookupPlan>,
    pub(super) keys: Vec<Code>,
}

/// The keys of a block of rows.
pub struct Keys {
    parts: Vec<(Kind, Block)>,
}

impl VectorLookup {
    /// Where and by what to look.
    #[must_use]
    pub fn plan(&self) -> &LookupPlan {
        &self.plan
    }

    /// The keys of some rows, given what the lookups before have found.
    #[must_use]
    pub fn keys(&self, columns: &[&Column], rows: &[RowId], found: &[Vec<i64>]) -> Keys {
        let given = Given { columns, rows, found };
        Keys { parts: self.keys.iter().map(|code| (code.kind, evaluate::evaluate(code, &given))).collect() }
    }
}

impl Keys {
    /// The key of a row, as indexes have it: one part for each column of the plan. Nothing where it must be found the slow way.
    pub fn of(&mut self, at: usize) -> Option<impl Iterator<Item = Key> + '_> {
        if self.parts.iter().any(|(_, block)| block.bad.get(at).is_some_and(|bad| *bad)) {
            return None;
        }
        Some(self.parts.iter_mut().filter_map(move |(kind, block)| {
            Key::new(match &mut block.values {
                Values::Float(values) => Value::Float(*values.get(at)?),
                Values::Int(values) => match kind {
                    Kind::Date => Value::Date(i32::try_from(*values.get(at)?).ok()?),
                    _ => Value::Int(*values.get(at)?),
                },
                Values::Bool(values) => Value::Bool(*values.get(at)?),
                Values::Text(values) => Value::Str(std::mem::replace(values.get_mut(at)?, EcoString::new())),
            })
            .ok()
        }))
    }
}
