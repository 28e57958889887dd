//! How much one evaluation may cost.

use crate::exception::{self, Exception};

/// What an evaluation may still spend. Exceeding it is an exception in the cell, never a crash or an endless wait.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Steps left: about one per operation or element, some 10 ns each.
    pub fuel: u64,
    /// Bytes that may still be allocated for values. Freed memory is not given back: this bounds the work as well.
    pub allocation: u64,
    /// How many calls of formula functions, and nested cells, may still be entered.
    pub depth: u32,
}

impl Default for Limits {
    /// About two seconds of work, 256 MB, and a depth that fits a stack of 64 MB.
    fn default() -> Self {
        Self { fuel: 150_000_000, allocation: 256 << 20, depth: 900 }
    }
}

impl Limits {
    /// Takes steps.
    pub fn spend(&mut self, steps: u64) -> Result<(), Exception> {
        match self.fuel.checked_sub(steps) {
            Some(left) => {
                self.fuel = left;
                Ok(())
            }
            None => {
                self.fuel = 0;
                Err(Exception::new(&exception::TIMEOUT_ERROR, "formula took too long"))
            }
        }
    }

    /// Takes memory; call it before building something large.
    pub fn allocate(&mut self, bytes: usize) -> Result<(), Exception> {
        match self.allocation.checked_sub(bytes as u64) {
            Some(left) => {
                self.allocation = left;
                Ok(())
            }
            None => Err(Exception::empty(&exception::MEMORY_ERROR)),
        }
    }
}
