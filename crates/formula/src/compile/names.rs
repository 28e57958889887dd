//! Names that are no variables: the record, tables, functions, modules, Python's own.

use ecow::EcoString;

use crate::builtins;
use crate::compile::info::Info;
use crate::compile::lower::Lowering;
use crate::dependency::Step;
use crate::exception;
use crate::formula::Refusal;
use crate::functions;
use crate::ir::{Constant, Node};
use crate::modules;
use crate::static_type::StaticType;
use crate::types;

/// Names whose use cannot be checked here.
const REFUSED: &[&str] = &[
    "eval",
    "exec",
    "compile",
    "globals",
    "locals",
    "vars",
    "dir",
    "open",
    "input",
    "__import__",
    "super",
    "classmethod",
    "staticmethod",
    "property",
];

/// Modules that every formula sees.
const GLOBAL_MODULES: &[&str] = &["datetime", "math", "re"];

impl Lowering<'_> {
    /// A name that is no variable of the formula.
    pub(crate) fn global(&mut self, name: &str) -> Result<(Node, Info), Refusal> {
        self.reads.name(name);
        match name {
            "rec" => {
                return Ok((
                    Node::Record,
                    Info::with_paths(StaticType::Record(self.place.table), vec![Vec::new()]),
                ));
            }
            "table" => {
                return Ok((Node::Table(self.place.table), Info::of(StaticType::Table(self.place.table))));
            }
            "value" => return Ok((Node::TriggerValue, Info::unknown())),
            "user" => {
                self.reads.volatility.user = true;
                return Ok((Node::User, Info::unknown()));
            }
            _ => {}
        }
        if let Some(import) = self.imported.get(name) {
            return Ok((import.node(), Info::plain()));
        }
        if let Some(table) = self.schema.table(name) {
            return Ok((Node::Table(table), Info::of(StaticType::Table(table))));
        }
        if GLOBAL_MODULES.contains(&name)
            && let Some(module) = modules::named(name)
        {
            return Ok((Node::Module(module), Info::plain()));
        }
        if let Some(native) = functions::named(name) {
            self.note_function(name);
            return Ok((Node::Native(native), Info::plain()));
        }
        if let Some(found) = builtin(name) {
            return Ok((found, Info::plain()));
        }
        if REFUSED.contains(&name) {
            return self.unsupported(&format!("`{name}`"));
        }
        Ok((Node::Unknown(EcoString::from(name)), Info::unknown()))
    }

    /// What a function of Grist depends on besides its arguments.
    pub(crate) fn note_function(&mut self, name: &str) {
        let volatility = &mut self.reads.volatility;
        match name {
            "NOW" | "TODAY" | "SCHEDULE" => volatility.uses_now = true,
            "UUID" | "RAND" | "RANDBETWEEN" => volatility.random = true,
            "REQUEST" => volatility.requests = true,
            _ => {}
        }
    }

    /// An attribute of something that may be the clock or chance.
    pub(crate) fn note_attribute(&mut self, name: &str) {
        match name {
            "now" | "utcnow" | "today" | "time" | "localtime" | "gmtime" => {
                self.reads.volatility.uses_now = true;
            }
            "random" | "randint" | "choice" | "choices" | "shuffle" | "sample" | "uniform" | "randrange"
            | "uuid4" | "uuid1" | "token_hex" => self.reads.volatility.random = true,
            _ => {}
        }
    }

    /// Everything that `RECORD(x)` reads: all columns of the record.
    pub(crate) fn read_all_columns(&mut self, record: &Info) {
        match record.kind {
            StaticType::Record(table) | StaticType::RecordSet(table) => {
                self.reads.name(&table.all_columns());
                let own = table == self.place.table && record.paths.iter().all(Vec::is_empty);
                for col in self.schema.columns(table) {
                    if own && col == self.place.col {
                        continue;
                    }
                    self.reads.column(record, table, col);
                }
            }
            _ if record.kind.is_plain() => {}
            _ => self.reads.opaque = true,
        }
    }

    /// Any column with this name, of any record.
    pub(crate) fn read_named_anywhere(&mut self, name: &str) {
        for (table, col) in self.schema.columns_named(name) {
            self.reads.add(crate::dependency::Dependency { table, col, steps: vec![Step::All] });
        }
    }
}

/// A name of Python's own.
fn builtin(name: &str) -> Option<Node> {
    match name {
        "NotImplemented" => return Some(Node::Constant(Constant::NotImplemented)),
        "Ellipsis" => return Some(Node::Constant(Constant::Ellipsis)),
        _ => {}
    }
    if let Some(native) = builtins::named(name) {
        return Some(Node::Native(native));
    }
    let named: &[(&str, &'static types::TypeDef)] = &[
        ("object", &types::OBJECT),
        ("type", &types::TYPE),
        ("bool", &types::BOOL),
        ("int", &types::INT),
        ("float", &types::FLOAT),
        ("str", &types::STR),
        ("bytes", &types::BYTES),
        ("list", &types::LIST),
        ("tuple", &types::TUPLE),
        ("dict", &types::DICT),
        ("set", &types::SET),
        ("frozenset", &types::FROZEN_SET),
        ("range", &types::RANGE),
        ("slice", &types::SLICE),
    ];
    if let Some((_, def)) = named.iter().find(|(known, _)| *known == name) {
        return Some(Node::Type(def));
    }
    match name {
        "IOError" | "EnvironmentError" => Some(Node::Type(&exception::OS_ERROR)),
        // Grist's own classes are not in the namespace of formulas.
        "CellError"
        | "OrderError"
        | "error"
        | "Error"
        | "InvalidTypedValue"
        | "ConversionError"
        | "UnmarshallableError"
        | "RequestingError"
        | "CircularRefError"
        | "JSONDecodeError"
        | "ParserError"
        | "InvalidOperation"
        | "DivisionByZero"
        | "StatisticsError"
        | "ZoneInfoNotFoundError" => None,
        _ => exception::class_named(name).map(Node::Type),
    }
}
