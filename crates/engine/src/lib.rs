//! A document in memory: typed columns, doc actions with exact undo, lookup indexes, the dependency graph, recalculation.
//!
//! An [`Engine`] holds the tables. A [`Turn`] changes them: it applies doc actions, brings formulas up to date, and gives what happened as
//! stored actions with their undo; dropped without [`Turn::commit`] it leaves everything as it was.
//!
//! **Invariant:** no file, network, clock or chance of its own: cells that are not in memory come from a [`Source`], time and randomness from the
//! [`Moment`] of the turn. Knows nothing of users, SQL or JSON.

mod callers;
mod changes;
mod code_view;
mod complete;
mod derived;
mod doc_actions;
mod engine;
mod evaluation;
mod find_column;
mod graph;
mod index;
mod indexes;
mod inspect;
mod journal;
mod metadata;
mod order;
mod propagate;
mod python_names;
mod recalculate;
mod rows;
mod schema;
mod sort;
mod source;
mod stored;
mod summary;
mod table;
mod timing;
mod triggers;
mod turn;
mod user;
mod values;

pub use complete::Suggestion;
pub use engine::Engine;
pub use inspect::Evaluated;
pub use rows::Rows;
pub use source::{Loaded, Source};
pub use table::{ColumnSpec, Slot, Table};
pub use timing::FormulaTiming;
pub use turn::{EngineError, Moment, Outcome, Turn};
