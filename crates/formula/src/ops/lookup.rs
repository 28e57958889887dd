//! Lookups, neighbours and `find`: records by value and by order.

use std::cmp::Ordering;
use std::rc::Rc;

use model::RowId;

use crate::context::Context;
use crate::exception::{self, Exception};
use crate::ir::NeighbourKind;
use crate::lookup_plan::{KeyColumn, LookupPlan, MatchEmpty, SortColumn, SortKey};
use crate::object::Object;
use crate::schema::TableIx;
use crate::types::{TypeDef, type_of};
use crate::value::{RecordSet, Value};

/// What `CONTAINS(value, match_empty=…)` gives: a mark for lookups.
#[derive(Debug)]
pub struct Contains {
    /// The value that the cell's list must contain.
    pub value: Value,
    /// What an empty list matches; `None`: nothing.
    pub match_empty: Option<Value>,
}

/// The class of [`Contains`].
pub static CONTAINS: TypeDef = TypeDef::new("_Contains", "lookup", None, &[]);

impl Object for Contains {
    fn type_def(&self) -> &'static TypeDef {
        &CONTAINS
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn plain(&self) -> Option<Value> {
        let none = || {
            Value::object(crate::convert::Opaque(model::CellValue::Unmarshallable("no_match_empty".into())))
        };
        Some(Value::tuple(vec![self.value.clone(), self.match_empty.clone().unwrap_or_else(none)]))
    }
}

impl Context<'_> {
    /// Runs a lookup; the first record or the empty one if `one`, else the set.
    pub(crate) fn run_lookup(
        &mut self,
        plan: &LookupPlan,
        key: &[Value],
        one: bool,
    ) -> Result<Value, Exception> {
        self.spend(4)?;
        if key.iter().any(|value| value.downcast::<Contains>().is_some()) {
            return self.run_marked_lookup(plan, key, one);
        }
        let rows = self.host.lookup(plan, key)?;
        Ok(if one {
            Value::Record(plan.table, rows.first().copied().unwrap_or(RowId::NONE))
        } else {
            Value::RecordSet(Rc::new(RecordSet {
                table: plan.table,
                rows,
                order: Some(plan.order.as_slice().into()),
            }))
        })
    }

    /// A lookup where a `CONTAINS` came in through a variable.
    fn run_marked_lookup(&mut self, plan: &LookupPlan, key: &[Value], one: bool) -> Result<Value, Exception> {
        let mut values = key.iter();
        let (mut keys, mut plain) = (Vec::new(), Vec::new());
        for column in &plan.keys {
            let value = values.next().cloned().unwrap_or(Value::None);
            let marked =
                value.downcast::<Contains>().map(|mark| (mark.value.clone(), mark.match_empty.clone()));
            match marked {
                Some((value, empty)) => {
                    let contains =
                        Some(if empty.is_some() { MatchEmpty::Value } else { MatchEmpty::Nothing });
                    keys.push(KeyColumn { col: column.col, contains });
                    plain.push(value);
                    plain.extend(empty);
                }
                None => {
                    keys.push(column.clone());
                    plain.push(value);
                    if column.contains == Some(MatchEmpty::Value) {
                        plain.extend(values.next().cloned());
                    }
                }
            }
        }
        self.run_lookup(&LookupPlan::new(plan.table, keys, plan.order.clone()), &plain, one)
    }

    /// `table.lookupRecords(**named)` with names known only now; also `lookupOne`.
    pub fn lookup_by_names(
        &mut self,
        table: TableIx,
        named: &crate::call::Named,
        one: bool,
    ) -> Result<Value, Exception> {
        let mut keys: Vec<(&str, KeyColumn, Value)> = Vec::new();
        let (mut order_by, mut sort_by) = (None, None);
        for (name, value) in named {
            match name.as_str() {
                "order_by" => order_by = Some(value),
                "sort_by" => sort_by = Some(value),
                "id" => keys.push((name, KeyColumn { col: None, contains: None }, value.clone())),
                _ => {
                    let col = self.host.column(table, name).ok_or_else(|| {
                        Exception::with_args(&exception::KEY_ERROR, vec![Value::Str(name.clone())])
                    })?;
                    keys.push((name, KeyColumn { col: Some(col), contains: None }, value.clone()));
                }
            }
        }
        keys.sort_by_key(|(name, ..)| *name);
        let order = self.order_of(table, order_by, sort_by)?;
        let values: Vec<Value> = keys.iter().map(|(.., value)| value.clone()).collect();
        let plan = LookupPlan::new(table, keys.into_iter().map(|(_, key, _)| key).collect(), order);
        self.run_lookup(&plan, &values, one)
    }

    /// The order that `order_by=` or `sort_by=` asks for.
    pub(crate) fn order_of(
        &mut self,
        table: TableIx,
        order_by: Option<&Value>,
        sort_by: Option<&Value>,
    ) -> Result<Vec<SortKey>, Exception> {
        if let Some(sort_by) = sort_by.filter(|value| crate::ops::truth(value)) {
            let Value::Str(spec) = sort_by else {
                return Err(exception::type_error("sort_by must be a column ID"));
            };
            return Ok(vec![self.sort_key(table, spec)?]);
        }
        let specs: Vec<Value> = match order_by {
            None => return Ok(Vec::new()),
            Some(Value::None) => Vec::new(),
            Some(Value::Tuple(items)) => items.to_vec(),
            Some(other) => vec![other.clone()],
        };
        let mut order = Vec::new();
        for spec in &specs {
            let Value::Str(spec) = spec else {
                return Err(exception::type_error(format!(
                    "order_by must be a string column ID, or a tuple of strings, not {}",
                    type_of(spec).name
                )));
            };
            order.push(self.sort_key(table, spec)?);
        }
        if !order.iter().any(|key| key.by == SortColumn::RowId)
            && let Some(col) = self.host.column(table, "manualSort")
        {
            order.push(SortKey { by: SortColumn::Column(col), descending: false });
        }
        Ok(order)
    }

    fn sort_key(&mut self, table: TableIx, spec: &str) -> Result<SortKey, Exception> {
        let (name, descending) = spec.strip_prefix('-').map_or((spec, false), |name| (name, true));
        let by = if name == "id" {
            SortColumn::RowId
        } else {
            let col = self.host.column(table, name);
            SortColumn::Column(
                col.ok_or_else(|| Exception::with_args(&exception::KEY_ERROR, vec![Value::str(name)]))?,
            )
        };
        Ok(SortKey { by, descending })
    }

    /// `PREVIOUS`, `NEXT` and `RANK`.
    pub(crate) fn neighbour(
        &mut self,
        kind: NeighbourKind,
        plan: &LookupPlan,
        record: &Value,
        order: Option<&Value>,
    ) -> Result<Value, Exception> {
        let Value::Record(table, row) = record else {
            return Err(exception::type_error(format!("rec must be a record, not {}", type_of(record).name)));
        };
        let mut key: smallvec::SmallVec<[Value; 2]> = smallvec::SmallVec::new();
        for column in &plan.keys {
            key.push(match column.col {
                Some(col) => self.cell(*table, col, *row)?,
                None => Value::Int(i64::from(row.0)),
            });
        }
        let (rows, place) = self.host.lookup_with_place(plan, &key, *row)?;
        if let Some(at) = place {
            return neighbour_of(
                kind,
                plan.table,
                &rows,
                at + usize::from(kind == NeighbourKind::Next),
                order,
            );
        }
        let set = RecordSet { table: plan.table, rows, order: Some(plan.order.as_slice().into()) };
        self.find_neighbour(kind, &set, *row, order)
    }

    /// `find.previous(row)`, `find.next(row)`, `find.rank(row, order=…)`.
    pub(crate) fn find_neighbour(
        &mut self,
        kind: NeighbourKind,
        set: &RecordSet,
        row: RowId,
        order: Option<&Value>,
    ) -> Result<Value, Exception> {
        let keys = self.values_of(set, row)?;
        let at = self.bisect(set, &keys, i64::from(row.0), kind == NeighbourKind::Next)?;
        neighbour_of(kind, set.table, &set.rows, at, order)
    }

    /// `find.lt(…)`, `le`, `gt`, `ge`, `eq`: the record nearest to given values in the set's order.
    pub fn find(&mut self, set: &RecordSet, relation: &str, values: &[Value]) -> Result<Value, Exception> {
        let Some(order) = &set.order else {
            return Err(exception::value_error("Sorting by 'order_by' is required to use 'find' methods"));
        };
        // Values are compared as the columns hold them.
        let mut keys = Vec::with_capacity(values.len());
        for (value, key) in values.iter().zip(order.iter()) {
            keys.push(match key.by {
                SortColumn::Column(col) => {
                    let column_type = self.host.column_type(set.table, col);
                    crate::convert::as_in_column(value, &column_type, self)
                }
                SortColumn::RowId => value.clone(),
            });
        }
        let right = matches!(relation, "le" | "gt");
        let edge = if right { i64::MAX } else { i64::MIN };
        let at = self.bisect(set, &keys, edge, right)?;
        Ok(match relation {
            "lt" | "le" => record_at(set.table, &set.rows, at.checked_sub(1)),
            "eq" => {
                let found = record_at(set.table, &set.rows, Some(at));
                if let Value::Record(_, row) = &found
                    && !row.is_none()
                {
                    let own = self.values_of(set, *row)?;
                    if self.order_values(set, &keys, i64::MIN, &own, i64::MIN)? == Ordering::Less {
                        return Ok(Value::Record(set.table, RowId::NONE));
                    }
                }
                found
            }
            _ => record_at(set.table, &set.rows, Some(at)),
        })
    }

    /// The values a row is ordered by.
    fn values_of(&mut self, set: &RecordSet, row: RowId) -> Result<Vec<Value>, Exception> {
        let Some(order) = set.order.clone() else {
            return Err(exception::value_error("Sorting by 'order_by' is required to use 'find' methods"));
        };
        let mut values = Vec::with_capacity(order.len());
        for key in order.iter() {
            values.push(match key.by {
                SortColumn::RowId => Value::Int(i64::from(row.0)),
                SortColumn::Column(col) => match self.cell(set.table, col, row) {
                    Err(exception) if exception.can_be_caught() => Value::Exception(exception),
                    value => value?,
                },
            });
        }
        Ok(values)
    }

    /// The first place in the set that is not before (`right`: that is after) the given values and row.
    fn bisect(&mut self, set: &RecordSet, keys: &[Value], row: i64, right: bool) -> Result<usize, Exception> {
        let (mut low, mut high) = (0, set.rows.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let other = set.rows[middle];
            let values = self.values_of(set, other)?;
            let ordering = self.order_values(set, &values, i64::from(other.0), keys, row)?;
            if ordering == Ordering::Less || (right && ordering == Ordering::Equal) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    fn order_values(
        &mut self,
        set: &RecordSet,
        a: &[Value],
        a_row: i64,
        b: &[Value],
        b_row: i64,
    ) -> Result<Ordering, Exception> {
        let order = set.order.clone().unwrap_or_else(|| [].into());
        for ((a, b), key) in a.iter().zip(b).zip(order.iter()) {
            let ordering = self.sort_order(a, b)?;
            if ordering != Ordering::Equal {
                return Ok(if key.descending { ordering.reverse() } else { ordering });
            }
        }
        Ok(a_row.cmp(&b_row))
    }

    /// How two values are ordered in lookups: as Python orders them, and otherwise blanks first, then numbers, then by class.
    pub fn sort_order(&mut self, a: &Value, b: &Value) -> Result<Ordering, Exception> {
        self.spend(2)?;
        match self.less(a, b) {
            Ok(true) => Ok(Ordering::Less),
            Ok(false) => {
                Ok(if self.less(b, a).unwrap_or(false) { Ordering::Greater } else { Ordering::Equal })
            }
            Err(exception) if exception.is(&exception::TYPE_ERROR) => Ok(class_order(a).cmp(&class_order(b))),
            Err(exception) => Err(exception),
        }
    }
}

fn class_order(value: &Value) -> (bool, bool, &'static str) {
    let number = matches!(value, Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_));
    (!value.is_none(), !number, type_of(value).name)
}

fn record_at(table: TableIx, rows: &[RowId], at: Option<usize>) -> Value {
    Value::Record(table, at.and_then(|at| rows.get(at)).copied().unwrap_or(RowId::NONE))
}

/// What `find.previous`, `find.next` and `find.rank` give, of a row that stands (or would stand) at this place among others.
fn neighbour_of(
    kind: NeighbourKind,
    table: TableIx,
    rows: &[RowId],
    at: usize,
    order: Option<&Value>,
) -> Result<Value, Exception> {
    Ok(match kind {
        NeighbourKind::Previous => record_at(table, rows, at.checked_sub(1)),
        NeighbourKind::Next => record_at(table, rows, Some(at)),
        NeighbourKind::Rank => {
            let rank = match order {
                None => at + 1,
                Some(Value::Str(order)) if order == "asc" => at + 1,
                Some(Value::Str(order)) if order == "desc" => rows.len().saturating_sub(at),
                Some(_) => {
                    return Err(exception::value_error(
                        "The 'order' parameter must be \"asc\" (default) or \"desc\"",
                    ));
                }
            };
            Value::Int(i64::try_from(rank).unwrap_or(i64::MAX))
        }
    })
}
