//! Expressions.

use std::rc::Rc;

use ecow::EcoString;
use smallvec::SmallVec;

use crate::call::Call;
use crate::context::Context;
use crate::evaluate::{Closure, Frame, Shared, generator};
use crate::exception::{self, Exception};
use crate::ir::{
    Arguments, Clause, Comprehension, ComprehensionKind, Constant, Conversion, Element, Function, Node,
    Relation, TextPart,
};
use crate::native::Native;
use crate::ops;
use crate::schema::{ColIx, TableIx};
use crate::types::type_of;
use crate::value::{Dict, Function as Callable, Iterator, Key, RecordSet, Set, Value};

impl Frame {
    pub(crate) fn evaluate(&mut self, node: &Node, context: &mut Context<'_>) -> Result<Value, Exception> {
        match node {
            Node::Constant(constant) => Ok(constant_value(constant)),
            Node::Cell(col) => context.cell(self.origin.table, *col, self.origin.row),
            Node::Variable(variable, name) => self.get(*variable, name),
            Node::Binary(operator, operands) => {
                let left = self.evaluate(&operands.0, context)?;
                let right = self.evaluate(&operands.1, context)?;
                context.spend(1)?;
                context.binary(*operator, &left, &right)
            }
            Node::CallNative(native, arguments) => self.call_native(native, arguments, context),
            Node::CallMethod(object, name, arguments) => self.call_method(object, name, arguments, context),
            Node::Call(function, arguments) => {
                let function = self.evaluate(function, context)?;
                let (positional, named) = self.arguments(arguments, context)?;
                context.call(&function, &positional, &named)
            }
            Node::Column(object, table, col, name) => {
                let object = self.evaluate(object, context)?;
                self.column(&object, *table, *col, name, context)
            }
            Node::Attribute(object, name) => {
                let object = self.evaluate(object, context)?;
                context.attribute(&object, name)
            }
            Node::Item(operands) => {
                let object = self.evaluate(&operands.0, context)?;
                let index = self.evaluate(&operands.1, context)?;
                context.spend(1)?;
                context.item(&object, &index)
            }
            Node::Slice(parts) => {
                let start = self.evaluate(&parts.0, context)?;
                let stop = self.evaluate(&parts.1, context)?;
                let step = self.evaluate(&parts.2, context)?;
                Ok(Value::Slice(Rc::new((start, stop, step))))
            }
            Node::Choose(parts) => {
                context.spend(1)?;
                if ops::truth(&self.evaluate(&parts.0, context)?) {
                    self.evaluate(&parts.1, context)
                } else {
                    self.evaluate(&parts.2, context)
                }
            }
            Node::Compare(first, rest) => self.compare(first, rest, context),
            Node::And(operands) => self.first_where(operands, false, context),
            Node::Or(operands) => self.first_where(operands, true, context),
            Node::Percent(parts, values) => self.percent(parts, values, context),
            Node::Not(operand) => Ok(Value::Bool(!ops::truth(&self.evaluate(operand, context)?))),
            Node::Unary(operator, operand) => {
                let operand = self.evaluate(operand, context)?;
                context.unary(*operator, &operand)
            }
            Node::Record => Ok(Value::Record(self.origin.table, self.origin.row)),
            Node::RowId => Ok(Value::Int(i64::from(self.origin.row.0))),
            Node::Native(native) => Ok(Value::Function(Callable::Native(native))),
            Node::Type(def) => Ok(Value::Type(def)),
            Node::Module(module) => Ok(Value::Module(module)),
            Node::Table(table) => Ok(Value::Table(*table)),
            Node::TriggerValue => match &self.origin.trigger {
                Some(trigger) => Ok(trigger.value.clone()),
                None => Err(Exception::new(&exception::NAME_ERROR, "name 'value' is not defined")),
            },
            Node::User => {
                if self.origin.trigger.is_none() {
                    return Err(Exception::new(&exception::NAME_ERROR, "name 'user' is not defined"));
                }
                context.host.user()
            }
            Node::Unknown(name) => {
                Err(Exception::new(&exception::NAME_ERROR, format!("name '{name}' is not defined")))
            }
            Node::NoColumn(name) => {
                Err(Exception::with_args(&exception::KEY_ERROR, vec![Value::Str(name.clone())]))
            }
            Node::Text(parts) => self.text(parts, context).map(Value::Str),
            Node::List(elements) => self.elements(elements, context).map(Value::list),
            Node::Tuple(elements) => self.elements(elements, context).map(Value::tuple),
            Node::Set(elements) => {
                let items = self.elements(elements, context)?;
                let keys: Result<Set, Exception> = items.into_iter().map(Key::new).collect();
                keys.map(Value::set)
            }
            Node::Dict(entries) => self.dict(entries, context),
            Node::Comprehension(comprehension) => self.comprehension(comprehension, context),
            Node::Generator(function, iterable) => {
                let iterable = self.evaluate(iterable, context)?;
                let first = context.iterate(&iterable)?;
                let frame = Frame::new(function, self.origin.clone(), self.capture(function));
                Ok(Value::Iterator(Iterator::new(generator::Generator::new(function.clone(), frame, first))))
            }
            Node::Lambda(function, defaults) => self.closure(function, defaults, context),
            Node::Named(variable, value) => {
                let value = self.evaluate(value, context)?;
                self.set(*variable, Some(value.clone()));
                Ok(value)
            }
            Node::All(table) => {
                let rows = context.host.rows(*table);
                Ok(Value::RecordSet(Rc::new(RecordSet { table: *table, rows, order: Some([].into()) })))
            }
            Node::Lookup(lookup) => {
                let mut key: SmallVec<[Value; 2]> = SmallVec::new();
                for node in &lookup.keys {
                    key.push(self.evaluate(node, context)?);
                }
                context.run_lookup(&lookup.plan, &key, lookup.one)
            }
            Node::Neighbour(neighbour) => {
                let record = self.evaluate(&neighbour.record, context)?;
                let order = match &neighbour.order {
                    Some(node) => Some(self.evaluate(node, context)?),
                    None => None,
                };
                context.neighbour(neighbour.kind, &neighbour.plan, &record, order.as_ref())
            }
            Node::Peek(inner) => {
                let before = std::mem::replace(&mut context.peeking, true);
                let result = self.evaluate(inner, context);
                context.peeking = before;
                result
            }
        }
    }

    /// A column of what is statically a record or record set; at run time it may be alt text or another value.
    fn column(
        &mut self,
        object: &Value,
        table: TableIx,
        col: ColIx,
        name: &str,
        context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        match object {
            Value::Record(at, row) if *at == table => context.cell(table, col, *row),
            Value::RecordSet(set) if set.table == table => context.column_of(set, col),
            _ => context.attribute(object, name),
        }
    }

    fn first_where(
        &mut self,
        operands: &[Node],
        truth: bool,
        context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        let mut last = Value::None;
        for operand in operands {
            last = self.evaluate(operand, context)?;
            if ops::truth(&last) == truth {
                break;
            }
        }
        Ok(last)
    }

    fn compare(
        &mut self,
        first: &Node,
        rest: &[(Relation, Node)],
        context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        let mut left = self.evaluate(first, context)?;
        for (relation, node) in rest {
            let right = self.evaluate(node, context)?;
            context.spend(1)?;
            let holds = match relation {
                Relation::Equal => ops::equal(&left, &right),
                Relation::NotEqual => !ops::equal(&left, &right),
                Relation::Order(comparison) => context.compare(*comparison, &left, &right)?,
                Relation::Is => ops::identical(&left, &right),
                Relation::IsNot => !ops::identical(&left, &right),
                Relation::In => context.contains(&right, &left)?,
                Relation::NotIn => !context.contains(&right, &left)?,
            };
            if !holds {
                return Ok(Value::Bool(false));
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }

    fn call_native(
        &mut self,
        native: &'static Native,
        arguments: &[Node],
        context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        context.spend(2)?;
        if native.lazy.is_empty() {
            // Few arguments stay on the stack.
            return match arguments {
                [] => Call::run(context, native, &[], &[]),
                [a] => {
                    let a = [self.evaluate(a, context)?];
                    Call::run(context, native, &a, &[])
                }
                [a, b] => {
                    let values = [self.evaluate(a, context)?, self.evaluate(b, context)?];
                    Call::run(context, native, &values, &[])
                }
                _ => {
                    let mut values = Vec::with_capacity(arguments.len());
                    for argument in arguments {
                        values.push(self.evaluate(argument, context)?);
                    }
                    Call::run(context, native, &values, &[])
                }
            };
        }
        let mut values = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.iter().enumerate() {
            values.push(match self.evaluate(argument, context) {
                Err(exception) if native.lazy.contains(&at) && exception.can_be_caught() => {
                    Value::Error(exception)
                }
                result => result?,
            });
        }
        Call::run(context, native, &values, &[])
    }

    fn call_method(
        &mut self,
        object: &Node,
        name: &EcoString,
        arguments: &Arguments,
        context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        let object = self.evaluate(object, context)?;
        // Python looks the method up before it evaluates the arguments.
        match context.plain_method(&object, name) {
            Some(native) => {
                context.spend(2)?;
                let (mut positional, named) = (vec![object], Vec::new());
                let named = self.arguments_into(arguments, &mut positional, named, context)?;
                Call::run(context, native, &positional, &named)
            }
            None => {
                let function = context.attribute(&object, name)?;
                let (positional, named) = self.arguments(arguments, context)?;
                context.call(&function, &positional, &named)
            }
        }
    }

    #[expect(clippy::type_complexity, reason = "positional and named arguments")]
    fn arguments(
        &mut self,
        arguments: &Arguments,
        context: &mut Context<'_>,
    ) -> Result<(Vec<Value>, Vec<(EcoString, Value)>), Exception> {
        let mut positional = Vec::with_capacity(arguments.positional.len());
        let named = self.arguments_into(arguments, &mut positional, Vec::new(), context)?;
        Ok((positional, named))
    }

    fn arguments_into(
        &mut self,
        arguments: &Arguments,
        positional: &mut Vec<Value>,
        mut named: Vec<(EcoString, Value)>,
        context: &mut Context<'_>,
    ) -> Result<Vec<(EcoString, Value)>, Exception> {
        self.elements_into(&arguments.positional, positional, context)?;
        for (name, node) in &arguments.named {
            let value = self.evaluate(node, context)?;
            let mut add = |name: EcoString, value: Value| {
                if named.iter().any(|(other, _)| *other == name) {
                    return Err(exception::type_error(format!(
                        "got multiple values for keyword argument '{name}'"
                    )));
                }
                named.push((name, value));
                Ok(())
            };
            match (name, &value) {
                (Some(name), _) => add(name.clone(), value)?,
                (None, Value::Dict(dict)) => {
                    for (key, value) in dict.borrow().iter() {
                        match key.value() {
                            Value::Str(name) => add(name.clone(), value.clone())?,
                            _ => return Err(exception::type_error("keywords must be strings")),
                        }
                    }
                }
                (None, other) => {
                    return Err(exception::type_error(format!(
                        "argument after ** must be a mapping, not {}",
                        type_of(other).name
                    )));
                }
            }
        }
        Ok(named)
    }

    fn elements(&mut self, elements: &[Element], context: &mut Context<'_>) -> Result<Vec<Value>, Exception> {
        context.allocate(elements.len() * size_of::<Value>())?;
        let mut items = Vec::with_capacity(elements.len());
        self.elements_into(elements, &mut items, context)?;
        tax_nesting(&items, context)?;
        Ok(items)
    }

    fn elements_into(
        &mut self,
        elements: &[Element],
        items: &mut Vec<Value>,
        context: &mut Context<'_>,
    ) -> Result<(), Exception> {
        for element in elements {
            match element {
                Element::One(node) => {
                    let value = self.evaluate(node, context)?;
                    items.push(value);
                }
                Element::Star(node) => {
                    let value = self.evaluate(node, context)?;
                    items.extend(context.collect(&value)?);
                }
            }
        }
        Ok(())
    }

    fn dict(
        &mut self,
        entries: &[(Option<Node>, Node)],
        context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        let mut dict = Dict::default();
        context.allocate(entries.len() * 2 * size_of::<Value>())?;
        for (key, value) in entries {
            match key {
                Some(key) => {
                    let key = Key::new(self.evaluate(key, context)?)?;
                    let value = self.evaluate(value, context)?;
                    dict.insert(key, value);
                }
                None => match self.evaluate(value, context)? {
                    Value::Dict(other) => {
                        dict.extend(other.borrow().iter().map(|(key, value)| (key.clone(), value.clone())));
                    }
                    other => {
                        return Err(exception::type_error(format!(
                            "'{}' object is not a mapping",
                            type_of(&other).name
                        )));
                    }
                },
            }
        }
        tax_nesting(&dict.values().cloned().collect::<Vec<_>>(), context)?;
        Ok(Value::dict(dict))
    }

    fn text(&mut self, parts: &[TextPart], context: &mut Context<'_>) -> Result<EcoString, Exception> {
        let mut out = EcoString::new();
        for part in parts {
            match part {
                TextPart::Literal(text) => out.push_str(text),
                TextPart::Value { value, conversion, spec } => {
                    let value = self.evaluate(value, context)?;
                    let value = match conversion {
                        Conversion::None => value,
                        Conversion::Str => Value::Str(context.text(&value)?),
                        Conversion::Repr => Value::Str(context.repr(&value)?),
                        Conversion::Ascii => Value::from(ops::ascii(&context.repr(&value)?)),
                    };
                    let spec = if spec.is_empty() { EcoString::new() } else { self.text(spec, context)? };
                    let text = context.format(&value, &spec)?;
                    out.push_str(&text);
                }
            }
            context.allocate(out.len())?;
        }
        Ok(out)
    }

    fn comprehension(
        &mut self,
        comprehension: &Comprehension,
        context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        for at in &comprehension.fresh {
            self.shared[*at as usize] = Shared::default();
        }
        let mut sink = match comprehension.kind {
            ComprehensionKind::List => Sink::List(Vec::new()),
            ComprehensionKind::Set => Sink::Set(Set::default()),
            ComprehensionKind::Dict => Sink::Dict(Dict::default()),
        };
        self.clauses(&comprehension.clauses, comprehension, &mut sink, context)?;
        Ok(match sink {
            Sink::List(items) => Value::list(items),
            Sink::Set(set) => Value::set(set),
            Sink::Dict(dict) => Value::dict(dict),
        })
    }

    fn clauses(
        &mut self,
        clauses: &[Clause],
        comprehension: &Comprehension,
        sink: &mut Sink,
        context: &mut Context<'_>,
    ) -> Result<(), Exception> {
        let Some((clause, rest)) = clauses.split_first() else {
            let element = self.evaluate(&comprehension.element, context)?;
            context.allocate(size_of::<Value>())?;
            match sink {
                Sink::List(items) => items.push(element),
                Sink::Set(set) => {
                    set.insert(Key::new(element)?);
                }
                Sink::Dict(dict) => {
                    let value = match &comprehension.value {
                        Some(node) => self.evaluate(node, context)?,
                        None => Value::None,
                    };
                    dict.insert(Key::new(element)?, value);
                }
            }
            return Ok(());
        };
        let iterable = self.evaluate(&clause.iterable, context)?;
        let mut iter = context.iterate(&iterable)?;
        while let Some(item) = iter.next(context)? {
            self.assign(&clause.target, item, context)?;
            if self.all_hold(&clause.conditions, context)? {
                self.clauses(rest, comprehension, sink, context)?;
            }
        }
        Ok(())
    }

    pub(crate) fn all_hold(
        &mut self,
        conditions: &[Node],
        context: &mut Context<'_>,
    ) -> Result<bool, Exception> {
        for condition in conditions {
            if !ops::truth(&self.evaluate(condition, context)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(crate) fn closure(
        &mut self,
        function: &std::sync::Arc<Function>,
        defaults: &[Node],
        context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        let mut values = Vec::with_capacity(defaults.len());
        for default in defaults {
            values.push(self.evaluate(default, context)?);
        }
        context.allocate(1024)?;
        let closure = Closure {
            function: function.clone(),
            origin: self.origin.clone(),
            captured: self.capture(function),
            defaults: values.into(),
        };
        Ok(Value::Function(Callable::Closure(Rc::new(closure))))
    }

    fn capture(&self, function: &Function) -> Option<Rc<[Shared]>> {
        (!function.captures.is_empty())
            .then(|| function.captures.iter().map(|variable| self.share(*variable)).collect())
    }
}

/// Containers in containers cost extra, so that none is nested too deeply to be dropped: that is recursive.
fn tax_nesting(items: &[Value], context: &mut Context<'_>) -> Result<(), Exception> {
    let nests = |item: &Value| {
        matches!(
            item,
            Value::List(_)
                | Value::Tuple(_)
                | Value::Dict(_)
                | Value::Iterator(_)
                | Value::Function(_)
                | Value::Slice(_)
        )
    };
    if items.iter().any(nests) { context.allocate(1024) } else { Ok(()) }
}

enum Sink {
    List(Vec<Value>),
    Set(Set),
    Dict(Dict),
}

fn constant_value(constant: &Constant) -> Value {
    match constant {
        Constant::None => Value::None,
        Constant::Bool(truth) => Value::Bool(*truth),
        Constant::Int(int) => Value::Int(*int),
        Constant::Big(big) => Value::Big(Rc::new((**big).clone())),
        Constant::Float(float) => Value::Float(*float),
        Constant::Str(text) => Value::Str(text.clone()),
        Constant::Bytes(bytes) => Value::Bytes(Rc::from(&**bytes)),
        Constant::Ellipsis => Value::Ellipsis,
        Constant::NotImplemented => Value::NotImplemented,
    }
}
