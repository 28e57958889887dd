//! From source to a [`Formula`]: reading, resolving names, lowering to the tree, listing what it may read.

mod call;
mod comprehension;
mod expression;
mod import;
mod info;
mod lookup;
pub(crate) mod lower;
mod names;
mod pattern;
mod reads;
mod scope;
pub(crate) mod source;
mod statement;

use std::sync::Arc;

use crate::evaluate::Program;
use crate::formula::{Formula, Place, Refusal, Volatility};
use crate::ir::{Body, Constant, Function, Node};
use crate::schema::Schema;
use crate::static_type::StaticType;

/// Compiles a formula. Never fails: what cannot run says why in [`Formula::refusal`].
#[must_use]
pub fn compile(source: &str, place: Place, schema: &dyn Schema) -> Formula {
    let read = source::Source::read(source);
    let lowered =
        read.and_then(|source| lower::lower(&source, place, schema).map(|lowered| (source, lowered)));
    match lowered {
        Ok((source, lowered)) => {
            let reads = lowered.reads;
            let result_lookup = match &lowered.main.body {
                Body::Expression(Node::Lookup(lookup)) if !lookup.one => Some(lookup.plan.clone()),
                _ => None,
            };
            let vector = if reads.opaque {
                None
            } else {
                crate::vector::VectorProgram::build(&lowered.main, place, schema)
            };
            Formula {
                dependencies: reads.dependencies,
                lookups: reads.lookups,
                opaque: reads.opaque,
                tables_read: reads.tables,
                volatility: reads.volatility,
                result_type: lowered.result,
                result_lookup,
                refusal: None,
                names: reads.names,
                program: Program { table: place.table, col: place.col, main: Arc::new(lowered.main) },
                vector,
                lines: crate::formula::Lines::new(&source),
            }
        }
        Err(refusal) => refused(refusal, place),
    }
}

fn refused(refusal: Refusal, place: Place) -> Formula {
    let main = Function {
        name: "formula".into(),
        parameters: Box::new([]),
        positional: 0,
        positional_only: 0,
        star: None,
        named: None,
        locals: 0,
        shared: 0,
        weight: 1,
        captures: Box::new([]),
        body: Body::Expression(Node::Constant(Constant::None)),
    };
    Formula {
        dependencies: Vec::new(),
        lookups: Vec::new(),
        opaque: false,
        tables_read: Vec::new(),
        volatility: Volatility::default(),
        result_type: StaticType::Unknown,
        result_lookup: None,
        refusal: Some(refusal),
        names: Vec::new(),
        program: Program { table: place.table, col: place.col, main: Arc::new(main) },
        vector: None,
        lines: crate::formula::Lines::default(),
    }
}
