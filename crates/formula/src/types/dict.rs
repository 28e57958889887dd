//! Methods of `dict`, and the views that `keys`, `values` and `items` give.

use std::cell::RefCell;
use std::rc::Rc;

use crate::call::Call;
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::object::Object;
use crate::ops::Binary;
use crate::types::{TypeDef, type_of};
use crate::value::{Dict, Key, Set, Value};

/// The methods.
pub static METHODS: &[Native] = &[
    Native::method("clear", "self, /", "Removes everything.", |call| {
        own(call)?.borrow_mut().clear();
        Ok(Value::None)
    }),
    Native::method("copy", "self, /", "A dict with the same entries.", |call| {
        let dict = own(call)?.borrow().clone();
        call.context.allocate(dict.len() * 2 * size_of::<Value>())?;
        Ok(Value::dict(dict))
    }),
    Native::class_method(
        "fromkeys",
        "cls, iterable, value=None, /",
        "A dict with the same value for all keys.",
        from_keys,
    ),
    Native::method("get", "self, key, default=None, /", "The value of a key, or another.", |call| {
        let key = Key::new(call.arg(1).clone())?;
        let found = own(call)?.borrow().get(&key).cloned();
        Ok(found.unwrap_or_else(|| call.get(2).cloned().unwrap_or(Value::None)))
    }),
    Native::method("items", "self, /", "Pairs of keys and values.", |call| view(call, Kind::Items)),
    Native::method("keys", "self, /", "The keys.", |call| view(call, Kind::Keys)),
    Native::method("pop", "self, key, default=None, /", "Removes a key, gives its value.", |call| {
        let key = Key::new(call.arg(1).clone())?;
        let found = own(call)?.borrow_mut().shift_remove(&key);
        match found.or_else(|| call.get(2).cloned()) {
            Some(value) => Ok(value),
            None => Err(Exception::with_args(&exception::KEY_ERROR, vec![key.into_value()])),
        }
    }),
    Native::method("popitem", "self, /", "Removes and gives the last entry.", |call| {
        match own(call)?.borrow_mut().pop() {
            Some((key, value)) => Ok(Value::tuple(vec![key.into_value(), value])),
            None => Err(Exception::with_args(
                &exception::KEY_ERROR,
                vec![Value::str("popitem(): dictionary is empty")],
            )),
        }
    }),
    Native::method(
        "setdefault",
        "self, key, default=None, /",
        "The value of a key, set if absent.",
        |call| {
            let key = Key::new(call.arg(1).clone())?;
            call.context.allocate(2 * size_of::<Value>())?;
            let default = call.get(2).cloned().unwrap_or(Value::None);
            Ok(own(call)?.borrow_mut().entry(key).or_insert(default).clone())
        },
    ),
    Native::method("update", "self, other=(), /, **kwargs", "Takes over entries.", update),
    Native::method("values", "self, /", "The values.", |call| view(call, Kind::Values)),
];

fn own(call: &Call<'_, '_>) -> Result<Rc<RefCell<Dict>>, Exception> {
    match call.arg(0) {
        Value::Dict(dict) => Ok(dict.clone()),
        other => Err(exception::type_error(format!(
            "descriptor '{}' for 'dict' objects doesn't apply to a '{}' object",
            call.native.name,
            type_of(other).name
        ))),
    }
}

fn from_keys(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let value = call.get(2).cloned().unwrap_or(Value::None);
    let keys = call.context.collect(&call.arg(1).clone())?;
    let entries: Result<Dict, Exception> =
        keys.into_iter().map(|key| Ok((Key::new(key)?, value.clone()))).collect();
    entries.map(Value::dict)
}

fn update(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let dict = own(call)?;
    let mut more = match call.get(1).cloned() {
        None => Dict::default(),
        Some(Value::Dict(other)) => other.borrow().clone(),
        Some(pairs) => match call.context.call(&Value::Type(&crate::types::DICT), &[pairs], &[])? {
            Value::Dict(made) => made.borrow().clone(),
            _ => Dict::default(),
        },
    };
    for (name, value) in call.named() {
        more.insert(Key::text(name), value.clone());
    }
    call.context.allocate(more.len() * 2 * size_of::<Value>())?;
    dict.borrow_mut().extend(more);
    Ok(Value::None)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Keys,
    Values,
    Items,
}

/// A view of a dict: what it shows follows the dict.
#[derive(Debug)]
struct View {
    dict: Rc<RefCell<Dict>>,
    kind: Kind,
}

static KEYS: TypeDef = TypeDef::new("dict_keys", "", None, &[]);
static VALUES: TypeDef = TypeDef::new("dict_values", "", None, &[]);
static ITEMS: TypeDef = TypeDef::new("dict_items", "", None, &[]);

fn view(call: &mut Call<'_, '_>, kind: Kind) -> Result<Value, Exception> {
    Ok(Value::object(View { dict: own(call)?, kind }))
}

impl View {
    fn list(&self) -> Vec<Value> {
        let dict = self.dict.borrow();
        match self.kind {
            Kind::Keys => dict.keys().map(|key| key.value().clone()).collect(),
            Kind::Values => dict.values().cloned().collect(),
            Kind::Items => dict
                .iter()
                .map(|(key, value)| Value::tuple(vec![key.value().clone(), value.clone()]))
                .collect(),
        }
    }
    fn set(&self) -> Option<Value> {
        let keys: Result<Set, Exception> = self.list().into_iter().map(Key::new).collect();
        if self.kind == Kind::Values { None } else { keys.ok().map(Value::set) }
    }
}

impl Object for View {
    fn type_def(&self) -> &'static TypeDef {
        match self.kind {
            Kind::Keys => &KEYS,
            Kind::Values => &VALUES,
            Kind::Items => &ITEMS,
        }
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn repr(&self, context: &mut Context<'_>) -> Result<String, Exception> {
        Ok(format!("{}({})", self.type_def().name, context.repr(&Value::list(self.list()))?))
    }
    fn truth(&self) -> bool {
        !self.dict.borrow().is_empty()
    }
    fn length(&self) -> Option<usize> {
        Some(self.dict.borrow().len())
    }
    fn iterate(self: Rc<Self>, context: &mut Context<'_>) -> Option<Result<Value, Exception>> {
        if self.kind == Kind::Keys {
            return Some(Ok(Value::Dict(self.dict.clone())));
        }
        let spent = context.allocate(self.dict.borrow().len() * 2 * size_of::<Value>());
        Some(spent.map(|()| Value::list(self.list())))
    }
    fn contains(&self, value: &Value, context: &mut Context<'_>) -> Option<Result<bool, Exception>> {
        Some(match self.kind {
            Kind::Keys => context.contains(&Value::Dict(self.dict.clone()), value),
            _ => context.contains(&Value::list(self.list()), value),
        })
    }
    fn equals(&self, other: &Value) -> Option<bool> {
        let other = other.downcast::<View>().map_or_else(|| Some(other.clone()), View::set)?;
        Some(crate::ops::equal(&self.set()?, &other))
    }
    fn hash(&self) -> Option<u64> {
        None
    }
    fn binary(
        &self,
        operator: Binary,
        other: &Value,
        reflected: bool,
        context: &mut Context<'_>,
    ) -> Option<Result<Value, Exception>> {
        let own = self.set()?;
        let other = match context.collect_set(other) {
            Ok(set) => Value::set(set),
            Err(error) => return Some(Err(error)),
        };
        matches!(operator, Binary::Or | Binary::And | Binary::Sub | Binary::Xor).then(|| {
            if reflected {
                context.binary(operator, &other, &own)
            } else {
                context.binary(operator, &own, &other)
            }
        })
    }
}
