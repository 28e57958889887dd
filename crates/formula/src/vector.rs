//! Whole columns of plain numbers at once.
//!
//! A formula that only computes with numbers and truth values of its own row runs as loops over column vectors, a block of rows at a time.
//! The promise: the same results as [`crate::Formula::evaluate`]. Rows where that is not certain (blank or odd cells, errors, overflow) are
//! left out of the result and named, for the caller to evaluate one by one.

mod block;
mod build;

use model::{Column, ColumnType, RowId};

use crate::formula::Place;
use crate::ir::{Body, Function};
use crate::ops::{Binary, Comparison};
use crate::schema::{ColIx, Schema};

/// Rows computed together: small enough for the buffers to stay in the cache.
pub const BLOCK: usize = 1024;

/// A formula as loops over columns.
#[derive(Debug)]
pub struct VectorProgram {
    inputs: Vec<ColIx>,
    root: Code,
    target: Target,
}

/// What a vector program gives: values of the column's own kind, parallel to the rows asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorResult {
    /// The values; meaningless for the rows that are left.
    pub values: VectorValues,
    /// Places (in the rows asked for) of rows that must be evaluated one by one, ascending.
    pub left: Vec<usize>,
}

/// A vector of values, ready to be stored.
#[derive(Clone, Debug, PartialEq)]
pub enum VectorValues {
    /// Floats.
    Float(Vec<f64>),
    /// Integers, within 32 bits.
    Int(Vec<i64>),
    /// Truth values.
    Bool(Vec<bool>),
}

/// What the column stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// The result as it is.
    Any,
    Numeric,
    Int,
    Bool,
}

/// The kind of an expression: each has one for all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Bool,
    Int,
    Float,
}

/// An expression with its kind.
#[derive(Debug)]
struct Code {
    kind: Kind,
    operation: Operation,
}

#[derive(Debug)]
enum Operation {
    /// The n-th input.
    Input(usize),
    Float(f64),
    Int(i64),
    Bool(bool),
    Arithmetic(Binary, Box<(Code, Code)>),
    Compare(Test, Box<(Code, Code)>),
    Choose(Box<(Code, Code, Code)>),
    And(Box<(Code, Code)>),
    Or(Box<(Code, Code)>),
    Not(Box<Code>),
    Negate(Box<Code>),
    Abs(Box<Code>),
    /// The larger (or smaller) of two; the first where they are equal.
    Extreme(bool, Box<(Code, Code)>),
    /// `round(x, places)`.
    Round(Box<Code>, i64),
    /// An integer or truth value as a float, or a truth value as an integer.
    Widen(Box<Code>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Equal,
    NotEqual,
    Order(Comparison),
}

impl VectorValues {
    /// Takes all values out; the room stays.
    pub fn clear(&mut self) {
        match self {
            Self::Float(values) => values.clear(),
            Self::Int(values) => values.clear(),
            Self::Bool(values) => values.clear(),
        }
    }
}

impl VectorProgram {
    pub(crate) fn build(main: &Function, place: Place, schema: &dyn Schema) -> Option<Self> {
        let Body::Expression(node) = &main.body else { return None };
        let target = match schema.column_type(place.table, place.col) {
            ColumnType::Any => Target::Any,
            ColumnType::Numeric => Target::Numeric,
            ColumnType::Int => Target::Int,
            ColumnType::Bool => Target::Bool,
            _ => return None,
        };
        let mut inputs = Vec::new();
        let root = build::code(node, place, schema, &mut inputs)?;
        // A formula that reads nothing gains nothing.
        (!inputs.is_empty()).then_some(Self { inputs, root, target })
    }

    /// The columns read, of the formula's own table.
    #[must_use]
    pub fn inputs(&self) -> &[ColIx] {
        &self.inputs
    }

    /// Room for results, empty.
    #[must_use]
    pub fn room(&self) -> VectorValues {
        let kind = match self.target {
            Target::Any => self.root.kind,
            Target::Numeric => Kind::Float,
            Target::Int => Kind::Int,
            Target::Bool => Kind::Bool,
        };
        match kind {
            Kind::Float => VectorValues::Float(Vec::new()),
            Kind::Int => VectorValues::Int(Vec::new()),
            Kind::Bool => VectorValues::Bool(Vec::new()),
        }
    }

    /// Computes some rows, best about [`BLOCK`] at a time, and adds their values to `values`. Columns are parallel to [`VectorProgram::inputs`] and up to date.
    /// Gives which rows must be evaluated one by one; nothing if none.
    pub fn run_block(&self, columns: &[&Column], rows: &[RowId], values: &mut VectorValues) -> Vec<bool> {
        let mut block = block::evaluate(&self.root, columns, rows);
        block.store(values);
        block.bad
    }

    /// Computes rows from their columns, which are parallel to [`VectorProgram::inputs`] and up to date.
    #[must_use]
    pub fn run(&self, columns: &[&Column], rows: &[RowId]) -> VectorResult {
        let mut values = self.room();
        let mut left = Vec::new();
        for (number, rows) in rows.chunks(BLOCK).enumerate() {
            let bad = self.run_block(columns, rows, &mut values);
            let start = number * BLOCK;
            left.extend(bad.iter().enumerate().filter(|(_, bad)| **bad).map(|(at, _)| start + at));
        }
        VectorResult { values, left }
    }
}
