//! What every operation of an evaluation may use: the host, the limits, and through them all of Python's operations on values.
//!
//! The operations themselves are in [`crate::ops`], as further methods of [`Context`]: `truth`, `text` (`str()`), `repr`, `compare`,
//! `attribute`, `item`, `call`, `iterate`, `collect`, ….

use model::RowId;

use crate::exception::{self, Exception};
use crate::host::Host;
use crate::limits::Limits;
use crate::schema::{ColIx, TableIx};

/// The surroundings of an evaluation.
pub struct Context<'h> {
    /// The document.
    pub host: &'h mut dyn Host,
    /// What may still be spent.
    pub limits: &'h mut Limits,
    /// Whether cells are read as they are, even if dirty (inside `PEEK`).
    pub peeking: bool,
    /// The cell that is computed.
    pub current: Option<(TableIx, ColIx, RowId)>,
}

impl<'h> Context<'h> {
    /// Surroundings for one evaluation.
    pub fn new(host: &'h mut dyn Host, limits: &'h mut Limits) -> Self {
        Self { host, limits, peeking: false, current: None }
    }
    /// Takes steps from the limits: call it once per element in loops of natives.
    #[inline]
    pub fn spend(&mut self, steps: u64) -> Result<(), Exception> {
        self.limits.spend(steps)
    }
    /// Takes memory from the limits: call it before building something large.
    #[inline]
    pub fn allocate(&mut self, bytes: usize) -> Result<(), Exception> {
        self.limits.allocate(bytes)
    }
    /// Enters a nested call that takes a part of the depth limit; [`Context::leave`] it afterwards with the same weight.
    pub fn enter(&mut self, weight: u32) -> Result<(), Exception> {
        match self.limits.depth.checked_sub(weight) {
            Some(left) => {
                self.limits.depth = left;
                Ok(())
            }
            None => Err(Exception::new(&exception::RECURSION_ERROR, "maximum recursion depth exceeded")),
        }
    }
    /// Leaves a nested call.
    pub fn leave(&mut self, weight: u32) {
        self.limits.depth += weight;
    }
}
