//! What may come next while a formula is typed.
//!
//! Names, columns, attributes and lookups that begin with the text before the cursor, some with an example from a row. Sorted as text.

use formula::{ColIx, Context, TableIx, Value, functions};
use model::{CellValue, ColumnType, RowId};

use crate::engine::Engine;
use crate::evaluation::Evaluation;
use crate::python_names;
use crate::recalculate::limits;
use crate::table::Slot;
use crate::turn::{Moment, Turn};

/// A way to go on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suggestion {
    /// The text up to its end.
    pub text: String,
    /// For functions of Grist: the arguments, such as `(value, *more_values)`.
    pub arguments: Option<String>,
    /// What it gives in the row that was looked at, as Python writes it.
    pub example: Option<String>,
}

/// What the text before a dot stands for.
enum Object {
    Record(TableIx, RowId),
    Records(TableIx),
    Table(TableIx),
    Module(String),
    User,
    Value(&'static str, Option<Value>),
}

/// Where a formula is typed.
struct Place {
    table: TableIx,
    col: Option<ColIx>,
    row: RowId,
}

impl Engine {
    /// Ways to go on after `text` in a formula of a column, with examples of a row (`None`: a new one).
    ///
    /// # Errors
    /// When there is no such table.
    pub fn complete(
        &mut self,
        moment: Moment,
        text: &str,
        table: &str,
        col: &str,
        row: Option<RowId>,
    ) -> Result<Vec<Suggestion>, crate::EngineError> {
        let held = self.loaded(table)?;
        let row = row.filter(|row| held.rows().contains(*row)).unwrap_or(RowId::NONE);
        let col = held.find(col);
        let Some(table) = self.table_ix(table) else { return Ok(Vec::new()) };
        let place = Place { table, col, row };
        let mut completion = Completion { turn: self.begin(moment), place, found: Vec::new() };
        completion.run(text);
        let mut found = std::mem::take(&mut completion.found);
        drop(completion);
        found.sort();
        found.dedup();
        Ok(found)
    }
}

struct Completion<'e> {
    turn: Turn<'e>,
    place: Place,
    found: Vec<Suggestion>,
}

impl Completion<'_> {
    fn run(&mut self, text: &str) {
        if let Some((call, begun)) = text.rsplit_once('(') {
            self.lookup_arguments(call, begun);
        } else if let Some(begun) = text.strip_prefix('$').filter(|begun| !begun.contains('.')) {
            self.columns(self.place.table, self.place.row, "$", begun, true);
        } else if let Some((object, begun)) = text.rsplit_once('.') {
            self.members(object, begun);
        } else {
            self.globals(text);
        }
    }

    fn add(&mut self, text: String, example: Option<String>) {
        self.found.push(Suggestion { text, arguments: None, example });
    }

    fn visible(&self, table: TableIx) -> Vec<(ColIx, Slot)> {
        let held = self.turn.engine.at(table);
        let columns = held.into_iter().flat_map(|held| held.columns());
        columns
            .filter(|(_, slot)| {
                slot.id != "manualSort" && !slot.id.starts_with('#') && !slot.id.starts_with("gristHelper_")
            })
            .map(|(col, slot)| (col, slot.clone()))
            .collect()
    }

    fn example(&mut self, table: TableIx, col: ColIx, row: RowId) -> Option<String> {
        let value = self.value(table, col, row)?;
        Some(Evaluation::new(&mut self.turn).written(&value))
    }

    fn value(&mut self, table: TableIx, col: ColIx, row: RowId) -> Option<Value> {
        let mut evaluation = Evaluation::new(&mut self.turn);
        Context::new(&mut evaluation, &mut limits(u64::MAX)).cell(table, col, row).ok()
    }

    /// Columns of a record; with `shown`, references are followed to the column they show.
    fn columns(&mut self, table: TableIx, row: RowId, before: &str, begun: &str, shown: bool) {
        if "id".starts_with(begun) {
            self.add(format!("{before}id"), Some(row.0.to_string()));
        }
        for (col, slot) in self.visible(table) {
            if !slot.id.starts_with(begun) {
                continue;
            }
            let example = self.example(table, col, row);
            self.add(format!("{before}{}", slot.id), example);
            if let (true, ColumnType::Ref(target)) = (shown, &slot.spec.column_type)
                && let (Some(target), Some(shown)) =
                    (self.turn.engine.table_ix(target), self.shown(table, col))
                && let Some(target_col) = self.turn.engine.at(target).and_then(|held| held.find(&shown))
            {
                let to = match self.value(table, col, row) {
                    Some(Value::Record(_, to)) => to,
                    _ => RowId::NONE,
                };
                let example = self.example(target, target_col, to);
                self.add(format!("{before}{}.{shown}", slot.id), example);
            }
        }
    }

    /// The id of the column that a reference shows.
    fn shown(&self, table: TableIx, col: ColIx) -> Option<String> {
        let records = self.turn.engine.column_records();
        let (row, _) = records.iter().find(|(_, record)| record.node == (table, col))?;
        let columns = self.turn.engine.table("_grist_Tables_column")?;
        let shown = columns.cell("visibleCol", *row).as_row_id().filter(|row| !row.is_none())?;
        columns.cell("colId", shown).as_text().map(str::to_owned)
    }

    fn members(&mut self, object: &str, begun: &str) {
        let before = format!("{object}.");
        match self.resolve(object) {
            None => {}
            Some(Object::Record(table, row)) => self.columns(table, row, &before, begun, false),
            Some(Object::Records(table)) => {
                for (_, slot) in self.visible(table) {
                    if slot.id.starts_with(begun) {
                        self.add(format!("{before}{}", slot.id), None);
                    }
                }
            }
            Some(Object::Table(table)) => {
                let id = self.turn.engine.at(table).map(|held| held.id.to_string()).unwrap_or_default();
                for name in ["Record", "RecordSet", "all"] {
                    if name.starts_with(begun) {
                        self.add(format!("{id}.{name}"), None);
                    }
                }
                self.lookups(&id, begun);
            }
            Some(Object::Module(module)) => {
                for name in python_names::module(&module).filter(|name| name.starts_with(begun)) {
                    self.add(format!("{before}{name}"), None);
                }
            }
            Some(Object::User) => {
                for (name, value) in self.user_fields() {
                    if name.starts_with(begun) {
                        let example = value.map(|value| Evaluation::new(&mut self.turn).written(&value));
                        self.add(format!("{before}{name}"), example);
                    }
                }
            }
            Some(Object::Value(kind, value)) => {
                for name in python_names::attributes(kind).filter(|name| name.starts_with(begun)) {
                    let example = value
                        .as_ref()
                        .filter(|_| !name.contains('('))
                        .and_then(|value| self.attribute(value, name));
                    self.add(format!("{before}{name}"), example);
                }
            }
        }
    }

    fn attribute(&mut self, value: &Value, name: &str) -> Option<String> {
        let known = match (value, name) {
            (Value::None, _) => return None,
            (Value::Int(_) | Value::Float(_), "real") | (Value::Int(_), "numerator") => value.clone(),
            (Value::Int(_), "denominator") => Value::Int(1),
            (Value::Int(_), "imag") => Value::Int(0),
            (Value::Float(_), "imag") => Value::Float(0.0),
            _ => {
                let mut evaluation = Evaluation::new(&mut self.turn);
                Context::new(&mut evaluation, &mut limits(u64::MAX)).attribute(value, name).ok()?
            }
        };
        Some(Evaluation::new(&mut self.turn).written(&known))
    }

    fn lookups(&mut self, table: &str, begun: &str) {
        for name in ["lookupOne", "lookupRecords"] {
            if name.starts_with(begun) {
                self.found.push(Suggestion {
                    text: format!("{table}.{name}"),
                    arguments: Some("(colName=<value>, ...)".to_owned()),
                    example: None,
                });
            }
        }
    }

    /// What a chain of names stands for.
    fn resolve(&mut self, chain: &str) -> Option<Object> {
        let (first, rest) = match chain.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (chain, None),
        };
        let own = Object::Record(self.place.table, self.place.row);
        let mut object = match first.strip_prefix('$') {
            Some(name) => self.step(&own, name)?,
            None if first == "rec" => own,
            None if first == "user" && self.is_trigger() => Object::User,
            None if first == "value" && self.is_trigger() => {
                let slot = self.turn.engine.at(self.place.table)?.slot(self.place.col?)?;
                Object::Value(type_name(&slot.spec.column_type, None)?, None)
            }
            None => match self.table_named(first) {
                Some(table) => Object::Table(table),
                None => Object::Module(python_names::modules().find(|name| *name == first)?.to_owned()),
            },
        };
        for name in rest.into_iter().flat_map(|rest| rest.split('.')) {
            object = self.step(&object, name)?;
        }
        Some(object)
    }

    /// A table by its id, which may be typed in lower case.
    fn table_named(&self, name: &str) -> Option<TableIx> {
        let ids = self.turn.engine.table_ids();
        let found =
            ids.iter().find(|id| ***id == *name).or_else(|| ids.iter().find(|id| id.to_lowercase() == name));
        found.filter(|id| !id.is_metadata()).and_then(|id| self.turn.engine.table_ix(id))
    }

    fn step(&mut self, object: &Object, name: &str) -> Option<Object> {
        let (table, row, many) = match object {
            Object::Record(table, row) => (*table, *row, false),
            Object::Records(table) => (*table, RowId::NONE, true),
            Object::User => {
                let (_, value) = self.user_fields().into_iter().find(|(known, _)| known == name)?;
                return match value? {
                    Value::Record(table, row) => Some(Object::Record(table, row)),
                    Value::Str(text) => Some(Object::Value("str", Some(Value::Str(text)))),
                    _ => None,
                };
            }
            _ => return None,
        };
        if name == "id" {
            return Some(Object::Value("int", (!many).then_some(Value::Int(i64::from(row.0)))));
        }
        let slot = self.turn.engine.at(table)?.column(name)?.clone();
        let col = self.turn.engine.at(table)?.find(name)?;
        let target = slot.spec.column_type.target().and_then(|target| self.turn.engine.table_ix(&target));
        let value = if many { None } else { self.value(table, col, row) };
        match (target, slot.spec.column_type.is_list() || many) {
            (Some(target), true) => Some(Object::Records(target)),
            (Some(target), false) => match value {
                Some(Value::Record(_, to)) => Some(Object::Record(target, to)),
                _ => Some(Object::Record(target, RowId::NONE)),
            },
            (None, _) if many => None,
            (None, _) => Some(Object::Value(type_name(&slot.spec.column_type, value.as_ref())?, value)),
        }
    }

    /// Whether the formula is one of a data column, which sees `value` and `user`.
    fn is_trigger(&self) -> bool {
        let slot = self.place.col.and_then(|col| self.turn.engine.at(self.place.table)?.slot(col));
        slot.is_some_and(|slot| !slot.spec.is_formula)
    }

    fn user_fields(&self) -> Vec<(String, Option<Value>)> {
        let engine = &*self.turn.engine;
        let fields = self.turn.moment.user.iter().flatten();
        fields
            .map(|(name, cell)| {
                let value = match cell {
                    CellValue::Dict(_) => None,
                    _ => Some(crate::user::field(engine, cell)),
                };
                (name.clone(), value)
            })
            .collect()
    }

    fn globals(&mut self, begun: &str) {
        if begun.is_empty() {
            return;
        }
        // Names of the document and of Grist may be typed in lower case.
        // Only VALUE may not: it would stand in the way of `value`.
        let matches = |name: &str| {
            name.starts_with(begun) || (name != "VALUE" && name.to_lowercase().starts_with(begun))
        };
        for name in python_names::globals().filter(|name| name.starts_with(begun)) {
            self.add(name.to_owned(), None);
        }
        for name in python_names::modules().filter(|name| matches(name)) {
            self.add(name.to_owned(), None);
        }
        let mut names = vec!["rec"];
        if self.is_trigger() {
            names.extend(["user", "value"]);
        }
        for name in names.into_iter().filter(|name| name.starts_with(begun)) {
            self.add(name.to_owned(), None);
        }
        for native in functions::FAMILIES.iter().flat_map(|(_, family)| family.iter()) {
            if matches(native.name) && !functions::is_missing(native) {
                self.found.push(Suggestion {
                    text: native.name.to_owned(),
                    arguments: Some(format!("({})", native.signature)),
                    example: None,
                });
            }
        }
        for id in self.turn.engine.table_ids() {
            if id.is_metadata() || !matches(&id) {
                continue;
            }
            self.add(id.to_string(), None);
            self.lookups(&id, "");
            let Some(table) = self.turn.engine.table_ix(&id) else { continue };
            for argument in self.references_to(table, &[(self.place.table, "$id".to_owned())]) {
                self.add(format!("{id}.lookupRecords({argument})"), None);
            }
        }
    }

    /// Arguments of a lookup in a table that select what refers to the same records as one of these expressions.
    fn references_to(&self, table: TableIx, expressions: &[(TableIx, String)]) -> Vec<String> {
        let mut found = Vec::new();
        for (_, slot) in self.visible(table) {
            let Some(target) =
                slot.spec.column_type.target().and_then(|target| self.turn.engine.table_ix(&target))
            else {
                continue;
            };
            for (_, expression) in expressions.iter().filter(|(table, _)| *table == target) {
                found.push(if slot.spec.column_type.is_list() {
                    format!("{}=CONTAINS({expression})", slot.id)
                } else {
                    format!("{}={expression}", slot.id)
                });
            }
        }
        found
    }

    /// `Table.lookupRecords(na…`.
    fn lookup_arguments(&mut self, call: &str, begun: &str) {
        let Some((name, "lookupRecords" | "lookupOne")) = call.rsplit_once('.') else { return };
        let Some(table) = self.table_named(name) else { return };
        let mut arguments: Vec<String> = vec!["id=".to_owned()];
        arguments.extend(self.visible(table).iter().map(|(_, slot)| format!("{}=", slot.id)));
        let mut expressions = vec![(self.place.table, "$id".to_owned())];
        for (_, slot) in self.visible(self.place.table) {
            if let ColumnType::Ref(target) = &slot.spec.column_type
                && let Some(target) = self.turn.engine.table_ix(target)
            {
                expressions.push((target, format!("${}", slot.id)));
            }
        }
        arguments.extend(self.references_to(table, &expressions).into_iter().map(|argument| argument + ")"));
        for argument in arguments.into_iter().filter(|argument| argument.starts_with(begun)) {
            self.add(format!("{call}({argument}"), None);
        }
    }
}

/// The Python type behind a column, or behind a value where the column has none.
fn type_name(column_type: &ColumnType, value: Option<&Value>) -> Option<&'static str> {
    Some(match column_type {
        ColumnType::Text | ColumnType::Choice => "str",
        ColumnType::Numeric => "float",
        ColumnType::Int => "int",
        ColumnType::Bool => "bool",
        ColumnType::Date => "date",
        ColumnType::DateTime(_) => "datetime",
        ColumnType::ChoiceList => "tuple",
        _ => match value? {
            Value::Str(_) => "str",
            Value::Float(_) => "float",
            Value::Int(_) => "int",
            Value::Bool(_) => "bool",
            Value::Date(_) => "date",
            Value::DateTime(_) => "datetime",
            Value::List(_) => "list",
            Value::Tuple(_) => "tuple",
            Value::Dict(_) => "dict",
            Value::Set(_) => "set",
            _ => return None,
        },
    })
}
