//! Python formulas: parse, resolve, compile, evaluate.
//!
//! The promise: a formula that compiles here gives what Grist's Python gives, with the same errors; one that uses a construct outside
//! the subset is refused as a whole when it is compiled, never half-way.
//!
//! How a formula travels:
//! 1. [`compile()`] reads the source (`$A` is `rec.A`, the last expression is returned), resolves names against a [`Schema`], lowers it to a
//!    tree with numbered slots, and lists every cell it may read ([`Dependency`]).
//! 2. [`Formula::evaluate`] walks the tree for one row, asking a [`Host`] for cells and lookups. [`Formula::vector`] runs whole columns of
//!    plain numbers instead, where the formula allows it.
//! 3. [`convert`] turns the result into what the column stores.
//!
//! Where the library of functions lives (one static table of [`Native`] each; see [`native`] for the calling convention):
//! - [`functions`]: Grist's Excel-like functions, one file per family (`functions/math.rs`, …);
//! - [`types`]: methods of Python's types (`types/text.rs`, `types/list.rs`, …) as [`TypeDef`]s;
//! - [`modules`]: modules that formulas import (`modules/math.rs`, …);
//! - [`builtins`]: Python's own `len`, `sorted`, ….
//!
//! No clock, randomness, files or threads: time and randomness come from the [`Host`]. Values (`Rc` inside) live for one evaluation;
//! compiled formulas are `Send + Sync`.

pub mod builtins;
pub mod call;
pub mod compile;
pub mod context;
pub mod convert;
pub mod dates;
pub mod dependency;
pub mod evaluate;
pub mod exception;
pub mod format;
pub mod formula;
pub mod functions;
pub mod host;
mod ir;
pub mod limits;
pub mod lookup_plan;
pub mod modules;
pub mod native;
pub mod object;
pub mod ops;
pub mod parse;
pub mod pattern;
mod python_text;
pub mod rename;
pub mod schema;
pub mod static_type;
pub mod types;
pub mod value;
pub mod vector;

pub use call::Call;
pub use compile::compile;
pub use context::Context;
pub use dependency::{Dependency, Step};
pub use exception::Exception;
pub use formula::{Formula, Place, Refusal, Trigger, Volatility};
pub use host::Host;
pub use limits::Limits;
pub use lookup_plan::{KeyColumn, LookupPlan, MatchEmpty, SortColumn, SortKey};
pub use native::Native;
pub use object::Object;
pub use python_text::python_text;
pub use schema::{ColIx, Schema, TableIx};
pub use static_type::StaticType;
pub use types::TypeDef;
pub use value::Value;
