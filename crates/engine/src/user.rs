//! Who acts, as trigger formulas see it: `user.Email`, `user.Access`, `user.LinkKey`, records of attribute tables.

use std::any::Any;
use std::rc::Rc;

use formula::{Context, Exception, Object, TypeDef, Value, convert, exception};
use model::{CellValue, ColumnType};

use crate::engine::Engine;

static USER: TypeDef = TypeDef::new("User", "user", None, &[]);

#[derive(Debug)]
struct User(Vec<(String, Value)>);

impl Object for User {
    fn type_def(&self) -> &'static TypeDef {
        &USER
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn attribute(self: Rc<Self>, name: &str, _context: &mut Context<'_>) -> Option<Result<Value, Exception>> {
        let value = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        Some(value.ok_or_else(|| {
            Exception::new(&exception::ATTRIBUTE_ERROR, format!("'User' object has no attribute '{name}'"))
        }))
    }
}

/// The `user` of formulas, from its fields. A pair of a table id and a row id is a record.
pub(crate) fn user_value(engine: &Engine, fields: &[(String, CellValue)]) -> Value {
    let fields = fields.iter().map(|(name, cell)| (name.clone(), field(engine, cell))).collect();
    Value::Object(Rc::new(User(fields)))
}

/// One field of the user.
pub(crate) fn field(engine: &Engine, cell: &CellValue) -> Value {
    let table = |id: &str| engine.table_ix(id);
    match cell {
        CellValue::List(items) => {
            match (items.first().and_then(CellValue::as_text), items.get(1).and_then(CellValue::as_row_id)) {
                (Some(id), Some(row)) => table(id).map_or(Value::None, |table| Value::Record(table, row)),
                _ => Value::None,
            }
        }
        other => convert::from_cell(other, &ColumnType::Any, &table).unwrap_or(Value::None),
    }
}
