//! Grist's `prevnext` family: the records before and after another, and its rank.
//!
//! Where columns and order are written out, the compiler makes a lookup of them; these functions serve the other cases.

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::ir::NeighbourKind;
use crate::native::Native;
use crate::types::type_of;
use crate::value::Value;

/// The family's functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function(
        "PREVIOUS",
        "rec, *, group_by=(), order_by",
        "The record before, in an order.",
        |call| neighbour(call, NeighbourKind::Previous),
    ),
    Native::function("NEXT", "rec, *, group_by=(), order_by", "The record after, in an order.", |call| {
        neighbour(call, NeighbourKind::Next)
    }),
    Native::function(
        "RANK",
        "rec, *, group_by=(), order_by, order='asc'",
        "The place of a record in an order, from 1.",
        |call| neighbour(call, NeighbourKind::Rank),
    ),
];

fn neighbour(call: &mut Call<'_, '_>, kind: NeighbourKind) -> Result<Value, Exception> {
    let Value::Record(table, row) = call.arg(0).clone() else {
        return Err(Exception::new(
            &exception::ATTRIBUTE_ERROR,
            format!("'{}' object has no attribute '_table'", type_of(call.arg(0)).name),
        ));
    };
    let groups = match call.get(1).cloned() {
        None => Vec::new(),
        Some(Value::Str(name)) => vec![name],
        Some(names) => {
            let mut groups = Vec::new();
            for name in call.context.collect(&names)? {
                groups.push(call.context.expect_text(&name, "group_by")?.clone());
            }
            groups
        }
    };
    let mut named = Vec::with_capacity(groups.len() + 1);
    for group in groups {
        let value = call.context.attribute(&Value::Record(table, row), &group)?;
        named.push((group, value));
    }
    named.push(("order_by".into(), call.arg(2).clone()));
    let order = call.get(3).cloned();
    match call.context.lookup_by_names(table, &named, false)? {
        Value::RecordSet(set) => call.context.find_neighbour(kind, &set, row, order.as_ref()),
        other => Ok(other),
    }
}
