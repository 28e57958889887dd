//! Whole columns of plain values at once.
//!
//! A formula that only computes with numbers, truth values, dates and texts of its own row, and of the records that its references name, runs
//! as loops over column vectors, a block of rows at a time. `lookupOne` is one step for the whole block: the keys are computed, the caller finds the
//! records ([`VectorProgram::lookups`]), the rest is computed. The promise: the same results as [`crate::Formula::evaluate`]. Rows where that is not certain
//! (blank or odd cells, errors, overflow) are left out of the result and named, for the caller to evaluate one by one.

mod block;
mod build;
mod cells;
mod dates;
mod evaluate;
mod lookups;
mod numbers;
mod texts;

use ecow::EcoString;
pub use lookups::{Keys, VectorLookup};
use model::{Column, ColumnType, RowId};

use crate::formula::Place;
use crate::ir::Function;
use crate::ops::{Binary, Comparison};
use crate::pattern::Where;
use crate::schema::{ColIx, Schema, TableIx};

/// Rows computed together: small enough for the buffers to stay in the cache.
pub const BLOCK: usize = 1024;

/// A formula as loops over columns.
#[derive(Debug)]
pub struct VectorProgram {
    inputs: Vec<Input>,
    lookups: Vec<VectorLookup>,
    root: Code,
    target: Target,
}

/// A column that is read: of the formula's own table in its own row, or of another by way of references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its table.
    pub table: TableIx,
    /// The column.
    pub col: ColIx,
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
    /// Floats; dates as seconds since 1970.
    Float(Vec<f64>),
    /// Integers, within 32 bits.
    Int(Vec<i64>),
    /// Truth values.
    Bool(Vec<bool>),
    /// Texts.
    Text(Vec<EcoString>),
}

/// What the column stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// The result as it is.
    Any,
    Numeric,
    Int,
    Bool,
    Date,
    Text,
}

/// The kind of an expression: each has one for all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bool,
    Int,
    Float,
    /// Days since 1970.
    Date,
    Text,
    /// Row ids of a table; 0: no record.
    Record(TableIx),
}

/// An expression with its kind.
#[derive(Debug)]
struct Code {
    kind: Kind,
    operation: Operation,
}

#[derive(Debug)]
enum Operation {
    /// The n-th input, in the row itself.
    Input(usize),
    /// The records that the n-th lookup found.
    Found(usize),
    /// The n-th input, in the rows that a reference names.
    Follow(usize, Box<Code>),
    Float(f64),
    Int(i64),
    Bool(bool),
    Text(EcoString),
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
    /// A date some days on.
    Shift(Box<Code>, i64),
    /// A date some years, months and days on, as `DATEADD` does.
    Later(Box<Code>, [i64; 3]),
    /// A date as a number.
    DatePart(Part, Box<Code>),
    /// Texts and integers one after the other.
    Concat(Box<[Code]>),
    /// How many characters a text has.
    Length(Box<Code>),
    /// What a group of a regular expression matches in a text.
    Group(Group, Box<Code>),
    /// `int(x)` of a text of digits or a float.
    Whole(Box<Code>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Equal,
    NotEqual,
    Order(Comparison),
}

/// A group of a regular expression.
#[derive(Clone, Debug)]
struct Group {
    /// The pattern as written.
    pattern: EcoString,
    place: Where,
    group: usize,
}

/// What of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    /// Seconds since 1970, as Date columns store them.
    Seconds,
}

impl VectorValues {
    /// Takes all values out; the room stays.
    pub fn clear(&mut self) {
        match self {
            Self::Float(values) => values.clear(),
            Self::Int(values) => values.clear(),
            Self::Bool(values) => values.clear(),
            Self::Text(values) => values.clear(),
        }
    }
}

impl VectorProgram {
    pub(crate) fn build(main: &Function, place: Place, schema: &dyn Schema) -> Option<Self> {
        let target = match schema.column_type(place.table, place.col) {
            ColumnType::Any => Target::Any,
            ColumnType::Numeric => Target::Numeric,
            ColumnType::Int => Target::Int,
            ColumnType::Bool => Target::Bool,
            ColumnType::Date => Target::Date,
            ColumnType::Text | ColumnType::Choice => Target::Text,
            _ => return None,
        };
        let (root, inputs, lookups) = build::root(&main.body, target, place, schema)?;
        // A formula that reads nothing gains nothing.
        (!inputs.is_empty()).then_some(Self { inputs, lookups, root, target })
    }

    /// The lookups, in the order in which they must be made: the keys of one may need what those before have found.
    #[must_use]
    pub fn lookups(&self) -> &[VectorLookup] {
        &self.lookups
    }

    /// The columns read.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Room for results, empty.
    #[must_use]
    pub fn room(&self) -> VectorValues {
        let kind = match self.target {
            Target::Any => self.root.kind,
            Target::Numeric | Target::Date => Kind::Float,
            Target::Int => Kind::Int,
            Target::Bool => Kind::Bool,
            Target::Text => Kind::Text,
        };
        match kind {
            Kind::Float => VectorValues::Float(Vec::new()),
            Kind::Int | Kind::Date | Kind::Record(_) => VectorValues::Int(Vec::new()),
            Kind::Bool => VectorValues::Bool(Vec::new()),
            Kind::Text => VectorValues::Text(Vec::new()),
        }
    }

    /// Computes some rows, best about [`BLOCK`] at a time, and adds their values to `values`. Columns are parallel to [`VectorProgram::inputs`] and up to date,
    /// `found` to [`VectorProgram::lookups`]: the row id found for each row, 0 for none.
    /// Gives which rows must be evaluated one by one; nothing if none.
    pub fn run_block(
        &self,
        columns: &[&Column],
        rows: &[RowId],
        found: &[Vec<i64>],
        values: &mut VectorValues,
    ) -> Vec<bool> {
        let mut block = evaluate::evaluate(&self.root, &Given { columns, rows, found });
        block.store(values);
        block.bad
    }

    /// Computes rows from their columns, which are parallel to [`VectorProgram::inputs`] and up to date. What needs a lookup is left.
    #[must_use]
    pub fn run(&self, columns: &[&Column], rows: &[RowId]) -> VectorResult {
        let mut values = self.room();
        let mut left = Vec::new();
        for (number, rows) in rows.chunks(BLOCK).enumerate() {
            let found = vec![vec![0; rows.len()]; self.lookups.len()];
            let mut bad = self.run_block(columns, rows, &found, &mut values);
            if !self.lookups.is_empty() {
                bad = vec![true; rows.len()];
            }
            let start = number * BLOCK;
            left.extend(bad.iter().enumerate().filter(|(_, bad)| **bad).map(|(at, _)| start + at));
        }
        VectorResult { values, left }
    }
}

/// What a block is computed from.
struct Given<'g> {
    columns: &'g [&'g Column],
    rows: &'g [RowId],
    found: &'g [Vec<i64>],
}
