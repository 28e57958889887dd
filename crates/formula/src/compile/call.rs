//! Calls: ordinary ones, and those that are understood at compile time.

use ecow::EcoString;
use ruff_python_ast::{self as ast, Expr};

use crate::compile::info::Info;
use crate::compile::lower::Lowering;
use crate::formula::Refusal;
use crate::ir::{Arguments, Element, Node};
use crate::native::Native;
use crate::static_type::StaticType;

/// Functions that use a generator up: it can be a list.
const EAGER: &[&str] = &[
    "sum",
    "list",
    "sorted",
    "set",
    "tuple",
    "dict",
    "frozenset",
    "min",
    "max",
    "SUM",
    "AVERAGE",
    "MIN",
    "MAX",
    "COUNT",
    "MEDIAN",
    "PRODUCT",
    "CONCAT",
    "CONCATENATE",
    "join",
    "bytes",
];
/// Functions whose result holds the elements of their first argument.
const KEEPS_ITEMS: &[&str] = &["sorted", "list", "tuple", "set", "frozenset", "reversed", "iter"];
/// Functions whose result is an element of their first argument.
const PICKS_ITEM: &[&str] = &["min", "max", "next"];

impl Lowering<'_> {
    pub(crate) fn call(&mut self, call: &ast::ExprCall) -> Result<(Node, Info), Refusal> {
        match &*call.func {
            Expr::Name(name) if !self.dollar(&call.func) && self.variable(&name.id)?.is_none() => {
                self.call_named(&name.id, call)
            }
            Expr::Attribute(attribute) => self.call_method(attribute, call),
            _ => {
                let (function, _) = self.expression(&call.func)?;
                self.ordinary(function, call)
            }
        }
    }

    /// A call of a global name.
    fn call_named(&mut self, name: &str, call: &ast::ExprCall) -> Result<(Node, Info), Refusal> {
        let arguments = &call.arguments;
        let plain_call = arguments.keywords.is_empty() && !arguments.args.iter().any(Expr::is_starred_expr);
        let is_other = self.imported.contains_key(name) || self.schema.table(name).is_some();
        match name {
            _ if is_other => {}
            "IF" if plain_call && arguments.args.len() == 3 => {
                let (test, _) = self.expression(&arguments.args[0])?;
                let (then, info) = self.expression(&arguments.args[1])?;
                let (otherwise, other) = self.expression(&arguments.args[2])?;
                return Ok((Node::Choose(Box::new((test, then, otherwise))), info.or(other)));
            }
            "PEEK" if plain_call && arguments.args.len() == 1 => {
                let before = self.reads.dependencies.clone();
                let (node, info) = self.expression(&arguments.args[0])?;
                self.reads.dependencies = before;
                return Ok((Node::Peek(Box::new(node)), info));
            }
            "PREVIOUS" | "NEXT" | "RANK" => {
                if let Some(found) = self.neighbour(name, call)? {
                    return Ok(found);
                }
                self.reads.opaque = true;
            }
            "VLOOKUP" if arguments.args.len() == 1 => {
                let (_, info) = self.expression(&arguments.args[0])?;
                if let StaticType::Table(table) = info.kind
                    && let Some(found) = self.lookup(table, &arguments.keywords, true)?
                {
                    return Ok(found);
                }
                self.reads.opaque = true;
            }
            "RECORD" => {
                let (_, info) = match arguments.args.first() {
                    Some(first) => self.expression(first)?,
                    None => (Node::Record, Info::unknown()),
                };
                self.read_all_columns(&info);
                if arguments.args.len() > 1
                    || arguments.keywords.iter().any(|keyword| keyword.arg.as_deref() != Some("dates_as_iso"))
                {
                    self.reads.opaque = true;
                }
            }
            "getattr" | "hasattr" if !arguments.args.is_empty() => match arguments.args.get(1) {
                Some(Expr::StringLiteral(text)) => {
                    let (object, info) = self.expression(&arguments.args[0])?;
                    let (_, result) = self.attribute_of(object, &info, text.value.to_str(), None)?;
                    let (node, _) = self.known_function(name, call)?;
                    let result =
                        if arguments.args.len() == 2 && name == "getattr" { result } else { Info::unknown() };
                    return Ok((node, result));
                }
                _ => self.reads.opaque = true,
            },
            "attrgetter" | "methodcaller" => self.reads.opaque = true,
            _ => {}
        }
        self.known_function(name, call)
    }

    fn known_function(&mut self, name: &str, call: &ast::ExprCall) -> Result<(Node, Info), Refusal> {
        let (function, _) = self.global(name)?;
        let (node, first, plain) = match &function {
            Node::Native(native) => self.native_call(native, name, call)?,
            _ => {
                let (arguments, first, plain) = self.arguments(name, call)?;
                (Node::Call(Box::new(function), arguments), first, plain)
            }
        };
        let info = match first {
            Some(first) if KEEPS_ITEMS.contains(&name) => first.item().sequence(),
            Some(first) if PICKS_ITEM.contains(&name) => {
                let item = first.item();
                let one = call.arguments.args.len() == 1
                    && call
                        .arguments
                        .keywords
                        .iter()
                        .all(|keyword| keyword.arg.as_deref() != Some("default"));
                if one || item.kind.is_plain() { item } else { Info::unknown() }
            }
            Some(first) if name == "filter" => call.arguments.args.get(1).map_or(first, |_| Info::unknown()),
            _ if name == "len" => Info::of(StaticType::Int),
            _ if matches!(name, "str" | "repr" | "format" | "chr") => Info::of(StaticType::Text),
            _ if matches!(
                name,
                "bool"
                    | "isinstance"
                    | "any"
                    | "all"
                    | "callable"
                    | "hasattr"
                    | "ISERROR"
                    | "ISERR"
                    | "AND"
                    | "OR"
                    | "NOT"
            ) =>
            {
                Info::of(StaticType::Bool)
            }
            _ if plain => result_of(name),
            _ => Info::unknown(),
        };
        Ok((node, info))
    }

    fn native_call(
        &mut self,
        native: &'static Native,
        name: &str,
        call: &ast::ExprCall,
    ) -> Result<(Node, Option<Info>, bool), Refusal> {
        let (arguments, first, plain) = self.arguments(name, call)?;
        let simple = arguments.named.is_empty()
            && arguments.positional.iter().all(|element| matches!(element, Element::One(_)));
        if simple {
            let nodes: Vec<Node> = arguments
                .positional
                .into_iter()
                .map(|element| match element {
                    Element::One(node) | Element::Star(node) => node,
                })
                .collect();
            return Ok((Node::CallNative(native, nodes.into()), first, plain));
        }
        if !native.lazy.is_empty() {
            return Err(Refusal::Unsupported(format!("named or starred arguments of {name}")));
        }
        Ok((Node::Call(Box::new(Node::Native(native)), arguments), first, plain))
    }

    fn ordinary(&mut self, function: Node, call: &ast::ExprCall) -> Result<(Node, Info), Refusal> {
        if let Node::Native(native) = function {
            let (node, _, plain) = self.native_call(native, native.name, call)?;
            return Ok((node, if plain { Info::plain() } else { Info::unknown() }));
        }
        let plain_function = matches!(function, Node::Type(_));
        let (arguments, _, plain) = self.arguments("", call)?;
        let info = if plain && plain_function { Info::plain() } else { Info::unknown() };
        Ok((Node::Call(Box::new(function), arguments), info))
    }

    /// `object.name(…)`.
    fn call_method(
        &mut self,
        attribute: &ast::ExprAttribute,
        call: &ast::ExprCall,
    ) -> Result<(Node, Info), Refusal> {
        let name = attribute.attr.as_str();
        let (object, info) = self.expression(&attribute.value)?;
        if let StaticType::Table(table) = info.kind {
            match name {
                "lookupRecords" | "lookupOne" if call.arguments.args.is_empty() => {
                    if let Some(found) = self.lookup(table, &call.arguments.keywords, name == "lookupOne")? {
                        return Ok(found);
                    }
                    self.reads.opaque = true;
                    let kind = if name == "lookupOne" {
                        StaticType::Record(table)
                    } else {
                        StaticType::RecordSet(table)
                    };
                    let (arguments, ..) = self.arguments(name, call)?;
                    let node = Node::CallMethod(Box::new(object), EcoString::from(name), arguments);
                    return Ok((node, Info::with_paths(kind, vec![vec![crate::Step::All]])));
                }
                "getSummarySourceGroup" => {
                    let (arguments, ..) = self.arguments(name, call)?;
                    let node = Node::CallMethod(Box::new(object), EcoString::from(name), arguments);
                    self.reads.name(name);
                    let result = match self.schema.summary_source(table) {
                        Some(source) => {
                            Info::with_paths(StaticType::RecordSet(source), vec![vec![crate::Step::All]])
                        }
                        None => Info::unknown(),
                    };
                    return Ok((node, result));
                }
                _ => self.reads.opaque = true,
            }
        }
        // `records.find.le(…)` and its kin give a record of the same table.
        if let (Expr::Attribute(find), "lt" | "le" | "gt" | "ge" | "eq" | "previous" | "next") =
            (&*attribute.value, name)
            && matches!(find.attr.as_str(), "find" | "_find")
        {
            let (_, set) = self.expression(&find.value)?;
            if let StaticType::RecordSet(table) = set.kind {
                let (arguments, ..) = self.arguments(name, call)?;
                let node = Node::CallMethod(Box::new(object), EcoString::from(name), arguments);
                return Ok((node, Info::with_paths(StaticType::Record(table), set.ways())));
            }
        }
        if let Node::Module(module) = &object {
            if matches!(name, "attrgetter" | "methodcaller") {
                self.reads.opaque = true;
            }
            self.note_attribute(name);
            if let Some(function) = crate::compile::expression::static_attribute(module, name) {
                return self.ordinary(function, call);
            }
        }
        let before = call.arguments.args.iter().any(|argument| matches!(argument, Expr::Generator(_)));
        let (arguments, _, plain) = self.arguments(name, call)?;
        if matches!(name, "format" | "format_map") && !plain {
            // `"{0.Name}".format(record)` reads attributes that only the template names.
            let dotted = match &*attribute.value {
                Expr::StringLiteral(text) => {
                    text.value.to_str().contains(['.', '[']) && text.value.to_str().contains('{')
                }
                _ => true,
            };
            self.reads.opaque |= dotted;
        }
        let text = info.kind == StaticType::Text;
        let result = match name {
            "join" | "upper" | "lower" | "strip" | "lstrip" | "rstrip" | "title" | "replace" | "format"
            | "capitalize" | "zfill"
                if text =>
            {
                Info::of(StaticType::Text)
            }
            _ if info.kind.is_plain() && !info.never && (plain || (text && before)) => Info::plain(),
            _ if info.never => Info::never(),
            _ => Info::unknown(),
        };
        if !info.kind.is_plain() && !info.never && !matches!(info.kind, StaticType::Sequence(_)) {
            // The method may be a cell that holds a function as far as is known: note the read.
            let (node, _) = self.attribute_of(object, &info, name, Some(Self::offset(&attribute.attr)))?;
            let object = match node {
                Node::Attribute(object, _) => *object,
                other => return Ok((Node::Call(Box::new(other), arguments), result)),
            };
            return Ok((Node::CallMethod(Box::new(object), EcoString::from(name), arguments), result));
        }
        self.reads.name(name);
        self.note_attribute(name);
        if name.starts_with("__") {
            return self.unsupported(&format!("`.{name}`"));
        }
        Ok((Node::CallMethod(Box::new(object), EcoString::from(name), arguments), result))
    }

    /// The arguments, what is known of the first, and whether all are plain.
    fn arguments(
        &mut self,
        function: &str,
        call: &ast::ExprCall,
    ) -> Result<(Arguments, Option<Info>, bool), Refusal> {
        let mut positional = Vec::with_capacity(call.arguments.args.len());
        let mut first: Option<Info> = None;
        let mut plain = true;
        let note = |info: &Info, plain: &mut bool| *plain &= info.kind.is_plain() && !info.never;
        // The items that a function given along (`key=`, or the first argument of map and filter) will see.
        let items = match function {
            "map" | "filter" => call.arguments.args.get(1),
            "sorted" | "min" | "max" => call.arguments.args.first(),
            _ => None,
        };
        let hint = match items {
            Some(Expr::Starred(_) | Expr::Generator(_)) | None => Info::unknown(),
            Some(items)
                if call.arguments.args.len() <= 2
                    && (matches!(function, "map" | "filter") || call.arguments.args.len() == 1) =>
            {
                self.expression(items)?.1.item()
            }
            Some(_) => Info::unknown(),
        };
        for (at, argument) in call.arguments.args.iter().enumerate() {
            match argument {
                Expr::Starred(starred) => {
                    let (node, info) = self.expression(&starred.value)?;
                    note(&info, &mut plain);
                    positional.push(Element::Star(node));
                }
                _ => {
                    let (node, info) = match argument {
                        Expr::Generator(generator) if EAGER.contains(&function) => {
                            self.eager_generator(generator)?
                        }
                        Expr::Lambda(lambda) => self.lambda(lambda, std::slice::from_ref(&hint))?,
                        _ => self.expression(argument)?,
                    };
                    note(&info, &mut plain);
                    if at == 0 {
                        first = Some(info);
                    }
                    positional.push(Element::One(node));
                }
            }
        }
        let mut named = Vec::with_capacity(call.arguments.keywords.len());
        for keyword in &call.arguments.keywords {
            let (node, info) = match &keyword.value {
                Expr::Lambda(lambda) => self.lambda(lambda, std::slice::from_ref(&hint))?,
                value => self.expression(value)?,
            };
            note(&info, &mut plain);
            named.push((keyword.arg.as_ref().map(|name| EcoString::from(name.as_str())), node));
        }
        Ok((Arguments { positional: positional.into(), named: named.into() }, first, plain))
    }
}

/// The result of a function of Grist on plain arguments.
fn result_of(name: &str) -> Info {
    match name {
        "SUM" | "AVERAGE" | "ROUND" | "ABS" | "INT" | "MIN" | "MAX" | "COUNT" | "LEN" | "YEAR" | "MONTH"
        | "DAY" | "abs" | "round" | "int" | "float" | "sum" | "VALUE" => Info::plain(),
        "CONCAT" | "CONCATENATE" | "UPPER" | "LOWER" | "LEFT" | "RIGHT" | "MID" | "TRIM" | "PROPER" => {
            Info::of(StaticType::Text)
        }
        "DATE" | "EOMONTH" => Info::of(StaticType::Date),
        _ => Info::plain(),
    }
}
