//! A compiled formula.

use std::sync::Arc;

use ecow::EcoString;
use model::RowId;

use crate::compile::source::Source;
use crate::context::Context;
use crate::dependency::Dependency;
use crate::evaluate::Program;
use crate::exception::{self, Exception};
use crate::host::Host;
use crate::limits::Limits;
use crate::lookup_plan::LookupPlan;
use crate::schema::{ColIx, TableIx};
use crate::static_type::StaticType;
use crate::value::Value;

/// Where a formula stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Its table.
    pub table: TableIx,
    /// Its column.
    pub col: ColIx,
}

/// A formula, ready to run. What it may read is known without running it.
#[derive(Debug)]
pub struct Formula {
    /// Every cell it may read.
    pub dependencies: Vec<Dependency>,
    /// The lookups it makes.
    pub lookups: Vec<Arc<LookupPlan>>,
    /// Whether what it reads cannot be known: it depends on everything.
    pub opaque: bool,
    /// Tables whose set of rows it reads.
    pub tables_read: Vec<TableIx>,
    /// What else its result depends on.
    pub volatility: Volatility,
    /// The type of its result, as far as it is known.
    pub result_type: StaticType,
    /// The lookup whose result is the whole result, if so: its order is that of the cells.
    pub result_lookup: Option<Arc<LookupPlan>>,
    /// Why it cannot run, if so.
    pub refusal: Option<Refusal>,
    /// The names it mentions: of tables, columns, attributes. Compile it again when one of these appears, disappears or changes its type.
    pub names: Vec<EcoString>,
    pub(crate) lines: Lines,
    pub(crate) program: Program,
    pub(crate) vector: Option<crate::vector::VectorProgram>,
}

/// Where the lines of a formula start, for tracebacks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines(Vec<u32>);

impl Lines {
    pub(crate) fn new(source: &Source) -> Self {
        let starts = source.text.match_indices('\n').filter_map(|(at, _)| u32::try_from(at + 1).ok());
        Self(std::iter::once(0).chain(starts).map(|start| source.origin(start)).collect())
    }
}

/// What a result depends on besides cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volatility {
    /// The time (`NOW`, `TODAY`, `datetime.now`).
    pub uses_now: bool,
    /// Random numbers (`UUID`, `RAND`).
    pub random: bool,
    /// Who acts (`user`).
    pub user: bool,
    /// The outside world (`REQUEST`).
    pub requests: bool,
}

/// Why a formula cannot run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is not Python. Positions count from 1, in the formula as written.
    Syntax {
        /// The class: `SyntaxError` or `IndentationError`.
        class: &'static str,
        /// What is wrong.
        message: String,
        /// The line.
        line: u32,
        /// The character within the line.
        column: u32,
    },
    /// It uses a construct outside the subset that runs here.
    Unsupported(String),
}

/// What a trigger formula gets besides the record.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// `value`: what the cell held, or what the person typed.
    pub value: Value,
}

impl Formula {
    /// The result for a row.
    #[inline]
    pub fn evaluate(
        &self,
        row: RowId,
        host: &mut dyn Host,
        limits: &mut Limits,
        trigger: Option<Trigger>,
    ) -> Result<Value, Exception> {
        if let Some(refusal) = &self.refusal {
            return Err(refusal.exception());
        }
        self.program.run(row, &mut Context::new(host, limits), trigger)
    }
    /// The line of the formula (from 1) in which an exception was raised.
    #[must_use]
    pub fn line_of(&self, exception: &Exception) -> usize {
        let position = exception.raised().position.get().unwrap_or(0);
        self.lines.0.partition_point(|start| *start <= position).max(1)
    }
    /// The program for whole columns of plain numbers, if the formula allows one.
    #[must_use]
    pub fn vector(&self) -> Option<&crate::vector::VectorProgram> {
        self.vector.as_ref()
    }
}

impl Refusal {
    /// The exception that the cells show.
    #[must_use]
    pub fn exception(&self) -> Exception {
        match self {
            Self::Syntax { class, message, line, .. } => {
                let class = exception::class_named(class).unwrap_or(&exception::SYNTAX_ERROR);
                // Python's own messages are followed by an explanation, and the place only comes after it.
                let own = matches!(message.as_str(), "invalid syntax" | "unexpected indent");
                Exception::new(
                    class,
                    if own { message.clone() } else { format!("{message} (usercode, line {line})") },
                )
            }
            Self::Unsupported(construct) => Exception::new(
                &exception::NOT_IMPLEMENTED_ERROR,
                format!("formulas cannot use {construct} here yet"),
            ),
        }
    }
}
