//! Methods of tables, records and record sets.

use std::rc::Rc;

use model::RowId;

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::ir::NeighbourKind;
use crate::native::Native;
use crate::object::Object;
use crate::types::{RECORD_SET, TypeDef, type_of};
use crate::value::{RecordSet, Value};

/// Methods of user tables.
pub static TABLE: &[Native] = &[
    Native::method(
        "lookupRecords",
        "self, **field_value_pairs",
        "The records with the given values.",
        |call| lookup(call, false),
    ),
    Native::method("lookupOne", "self, **field_value_pairs", "A record with the given values.", |call| {
        lookup(call, true)
    }),
    Native::method(
        "lookupOrAddDerived",
        "self, **field_value_pairs",
        "The record with the given values, added if needed.",
        lookup_or_add,
    ),
    Native::method(
        "getSummarySourceGroup",
        "self, rec",
        "The source records of a row of a summary table.",
        summary_group,
    ),
    Native::property("all", "All records of the table.", all),
];

/// Methods of record sets.
pub static SET: &[Native] = &[
    Native::property("find", "Finds records by their order.", find),
    Native::property("_find", "Finds records by their order.", find),
    Native::method("get_one", "self", "The record with the lowest id.", get_one),
];

/// Methods of what `find` gives.
static FIND_METHODS: &[Native] = &[
    Native::method("lt", "self, *values", "The last record before the values.", |call| search(call, "lt")),
    Native::method("le", "self, *values", "The last record not after the values.", |call| search(call, "le")),
    Native::method("gt", "self, *values", "The first record after the values.", |call| search(call, "gt")),
    Native::method("ge", "self, *values", "The first record not before the values.", |call| {
        search(call, "ge")
    }),
    Native::method("eq", "self, *values", "A record with the values.", |call| search(call, "eq")),
    Native::method("previous", "self, row", "The record before another.", |call| {
        neighbour(call, NeighbourKind::Previous)
    }),
    Native::method("next", "self, row", "The record after another.", |call| {
        neighbour(call, NeighbourKind::Next)
    }),
    Native::method("rank", "self, row, order=\"asc\"", "The place of a record, from 1.", |call| {
        neighbour(call, NeighbourKind::Rank)
    }),
];

static FIND_OPS: TypeDef = TypeDef::new("FindOps", "records", None, &[FIND_METHODS]);

/// What `records.find` gives.
#[derive(Debug)]
struct FindOps(Rc<RecordSet>);

impl Object for FindOps {
    fn type_def(&self) -> &'static TypeDef {
        &FIND_OPS
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn table_of(call: &Call<'_, '_>) -> Result<crate::TableIx, Exception> {
    match call.arg(0) {
        Value::Table(table) => Ok(*table),
        other => Err(exception::type_error(format!("expected a table, not {}", type_of(other).name))),
    }
}

fn lookup(call: &mut Call<'_, '_>, one: bool) -> Result<Value, Exception> {
    let table = table_of(call)?;
    let named = call.named().to_vec();
    call.context.lookup_by_names(table, &named, one)
}

fn lookup_or_add(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let table = table_of(call)?;
    let values: Vec<_> =
        call.named().iter().map(|(name, value)| (name.clone().into(), value.clone())).collect();
    let row = call.context.host.lookup_or_add(table, &values)?;
    Ok(Value::Record(table, row))
}

fn summary_group(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let table = table_of(call)?;
    let row = match call.arg(1) {
        Value::Record(_, row) => *row,
        other => {
            return Err(exception::type_error(format!("expected a record, not {}", type_of(other).name)));
        }
    };
    let (source, rows) = call.context.host.summary_group(table, row)?;
    Ok(RecordSet::unordered(source, rows))
}

fn all(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let table = table_of(call)?;
    let rows = call.context.host.rows(table);
    Ok(Value::RecordSet(Rc::new(RecordSet { table, rows, order: Some([].into()) })))
}

fn set_of(value: &Value) -> Result<&Rc<RecordSet>, Exception> {
    match value {
        Value::RecordSet(set) => Ok(set),
        other => {
            Err(exception::type_error(format!("expected a {}, not {}", RECORD_SET.name, type_of(other).name)))
        }
    }
}

fn find(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    Ok(Value::object(FindOps(set_of(call.arg(0))?.clone())))
}

fn get_one(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let set = set_of(call.arg(0))?;
    Ok(Value::Record(set.table, set.rows.iter().copied().min().unwrap_or(RowId::NONE)))
}

fn found_set(call: &Call<'_, '_>) -> Result<Rc<RecordSet>, Exception> {
    match call.arg(0).downcast::<FindOps>() {
        Some(find) => Ok(find.0.clone()),
        None => Err(exception::type_error("expected a FindOps object")),
    }
}

fn search(call: &mut Call<'_, '_>, relation: &str) -> Result<Value, Exception> {
    let set = found_set(call)?;
    let values = call.rest().to_vec();
    call.context.find(&set, relation, &values)
}

fn neighbour(call: &mut Call<'_, '_>, kind: NeighbourKind) -> Result<Value, Exception> {
    let set = found_set(call)?;
    let row = row_of(call.arg(1))?;
    let order = call.get(2).cloned();
    call.context.find_neighbour(kind, &set, row, order.as_ref())
}

fn row_of(value: &Value) -> Result<RowId, Exception> {
    match value {
        Value::Record(_, row) => Ok(*row),
        Value::Int(row) => u32::try_from(*row).map(RowId).map_err(|_| exception::value_error("not a row id")),
        other => Err(exception::type_error(format!("expected a record, not {}", type_of(other).name))),
    }
}
