//! Lowering as a whole: scopes, variables, and the repetition until all that is known of variables is stable.

use ecow::EcoString;
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;
use rustc_hash::FxHashMap;

use crate::compile::import::Import;
use crate::compile::info::Info;
use crate::compile::reads::Reads;
use crate::compile::scope::Names;
use crate::compile::source::Source;
use crate::formula::{Place, Refusal};
use crate::ir::{Body, Function, Variable};
use crate::schema::{ColIx, Schema, TableIx};
use crate::static_type::StaticType;

/// What lowering gives.
pub(crate) struct Lowered {
    pub(crate) main: Function,
    pub(crate) reads: Reads,
    pub(crate) result: StaticType,
}

/// A place in the text that was parsed where a table or column is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mention {
    pub(crate) offset: u32,
    pub(crate) table: TableIx,
    /// `None`: the table itself.
    pub(crate) col: Option<ColIx>,
}

/// Nested deeper than this, a formula is refused: the stack is not endless.
const DEEPEST: u32 = 300;
/// Larger than this, too.
const MOST_STEPS: u32 = 200_000;

/// Identifies a variable over repeated lowering: the scope's number and the slot.
pub(crate) type VariableKey = (usize, Variable);

pub(crate) struct Lowering<'a> {
    pub(crate) source: &'a Source,
    pub(crate) place: Place,
    pub(crate) schema: &'a dyn Schema,
    pub(crate) reads: Reads,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) result: Info,
    /// What is known of variables, from earlier rounds as well.
    infos: FxHashMap<VariableKey, Info>,
    changed: bool,
    /// Gives up on types: every variable is unknown.
    blind: bool,
    next_scope: usize,
    pub(crate) depth: u32,
    /// Where tables and columns are named.
    pub(crate) mentions: Vec<Mention>,
    /// Names that stand for what was imported, throughout.
    pub(crate) imported: FxHashMap<String, Import>,
    /// How many expressions and statements were lowered: some are looked at twice, and nesting multiplies that.
    steps: u32,
}

/// A function being lowered.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) number: usize,
    pub(crate) variables: FxHashMap<String, Variable>,
    /// Variables of the comprehensions being lowered, innermost last.
    pub(crate) layers: Vec<FxHashMap<String, Variable>>,
    pub(crate) locals: u32,
    pub(crate) shared: u32,
    pub(crate) captures: Vec<Variable>,
    /// How deep lowering was when the function began, and how deep it went.
    start: u32,
    deepest: u32,
}

impl Scope {
    pub(crate) fn slot(&mut self, shared: bool) -> Variable {
        let counter = if shared { &mut self.shared } else { &mut self.locals };
        let at = *counter;
        *counter += 1;
        if shared { Variable::Shared(at) } else { Variable::Local(at) }
    }

    pub(crate) fn declare(&mut self, name: &str, shared: bool) -> Variable {
        let slot = self.slot(shared);
        self.variables.insert(name.to_owned(), slot);
        slot
    }

    fn find(&self, name: &str) -> Option<Variable> {
        self.layers
            .iter()
            .rev()
            .find_map(|layer| layer.get(name))
            .or_else(|| self.variables.get(name))
            .copied()
    }

    fn capture(&mut self, variable: Variable) -> Variable {
        let at = self.captures.iter().position(|known| *known == variable).unwrap_or_else(|| {
            self.captures.push(variable);
            self.captures.len() - 1
        });
        Variable::Captured(u32::try_from(at).unwrap_or(u32::MAX))
    }
}

/// Lowers a formula.
pub(crate) fn lower(source: &Source, place: Place, schema: &dyn Schema) -> Result<Lowered, Refusal> {
    lower_noting(source, place, schema, &mut Vec::new())
}

/// Lowers a formula, and notes where it names tables and columns, as far as it could be read.
pub(crate) fn lower_noting(
    source: &Source,
    place: Place,
    schema: &dyn Schema,
    mentions: &mut Vec<Mention>,
) -> Result<Lowered, Refusal> {
    let mut infos = FxHashMap::default();
    for round in 0.. {
        let mut lowering = Lowering {
            source,
            place,
            schema,
            reads: Reads::default(),
            scopes: Vec::new(),
            result: Info::never(),
            infos,
            changed: false,
            blind: round >= 6,
            next_scope: 0,
            depth: 0,
            mentions: Vec::new(),
            imported: FxHashMap::default(),
            steps: 0,
        };
        let main = lowering.main();
        mentions.append(&mut lowering.mentions);
        let main = main?;
        if !lowering.changed || round > 6 {
            let result = if lowering.result.never { StaticType::None } else { lowering.result.kind };
            return Ok(Lowered { main, reads: lowering.reads, result });
        }
        infos = lowering.infos;
    }
    Err(Refusal::Unsupported("a formula this large".to_owned()))
}

impl Lowering<'_> {
    fn main(&mut self) -> Result<Function, Refusal> {
        let body = &self.source.body;
        let body = &body[self.imports_ahead(body)?..];
        let names = Names::of_body(body);
        self.push_scope();
        // `global` at the top is the formula's own variable: nothing lives longer than the formula.
        for name in names.bound.iter().chain(&names.outer) {
            if name == "rec" {
                return Err(self.error("Grist disallows assignment to the special variable \"rec\"", 0));
            }
            let shared = names.nested.contains(name);
            self.scope().declare(name, shared);
        }
        let body = match body {
            [Stmt::Expr(only)] => {
                let (node, info) = self.expression(&only.value)?;
                self.result = info;
                Body::Expression(node)
            }
            _ => {
                if !matches!(body.last(), Some(Stmt::Return(_) | Stmt::Expr(_))) {
                    self.result = Info::of(StaticType::None);
                }
                Body::Block(self.block(body, true)?)
            }
        };
        Ok(self.pop_scope("formula", body))
    }

    pub(crate) fn scope(&mut self) -> &mut Scope {
        if self.scopes.is_empty() {
            self.push_scope();
        }
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    pub(crate) fn push_scope(&mut self) {
        self.scopes.push(Scope {
            number: self.next_scope,
            start: self.depth,
            deepest: self.depth,
            ..Scope::default()
        });
        self.next_scope += 1;
    }

    /// Ends a function; its parameters are filled in by the caller.
    pub(crate) fn pop_scope(&mut self, name: &str, body: Body) -> Function {
        let scope = self.scopes.pop().unwrap_or_default();
        Function {
            name: EcoString::from(name),
            parameters: Box::new([]),
            positional: 0,
            positional_only: 0,
            star: None,
            named: None,
            locals: scope.locals,
            shared: scope.shared,
            weight: 1 + (scope.deepest - scope.start) / 12,
            captures: scope.captures.into(),
            body,
        }
    }

    /// The variable a name stands for here, and its identity; `None`: not a variable of the formula.
    pub(crate) fn variable(&mut self, name: &str) -> Result<Option<(Variable, VariableKey)>, Refusal> {
        let Some((depth, found)) =
            self.scopes.iter().enumerate().rev().find_map(|(depth, scope)| Some((depth, scope.find(name)?)))
        else {
            return Ok(None);
        };
        let key = (self.scopes[depth].number, found);
        let mut variable = found;
        for scope in &mut self.scopes[depth + 1..] {
            if matches!(variable, Variable::Local(_)) {
                return Err(Refusal::Unsupported(format!("`{name}` in a nested function in this way")));
            }
            variable = scope.capture(variable);
        }
        Ok(Some((variable, key)))
    }

    /// What is known of a variable.
    pub(crate) fn known(&self, key: VariableKey) -> Info {
        if self.blind { Info::unknown() } else { self.infos.get(&key).cloned().unwrap_or_else(Info::never) }
    }

    /// Records an assignment. Of containers nothing is kept: they may be filled with anything later.
    pub(crate) fn learn(&mut self, key: VariableKey, info: &Info) {
        let kept = match info.kind {
            StaticType::Sequence(_) | StaticType::Plain | StaticType::Unknown => {
                if info.never {
                    Info::never()
                } else {
                    Info::unknown()
                }
            }
            _ => info.clone(),
        };
        let before = self.infos.get(&key).cloned().unwrap_or_else(Info::never);
        let after = before.clone().or(kept);
        if after != before {
            self.changed = true;
            self.infos.insert(key, after);
        }
    }

    /// Notes that a column is named at an offset.
    pub(crate) fn mention(&mut self, offset: Option<u32>, table: TableIx, col: Option<ColIx>) {
        if let Some(offset) = offset {
            self.mentions.push(Mention { offset, table, col });
        }
    }

    pub(crate) fn error(&self, message: &str, offset: u32) -> Refusal {
        self.source.syntax_error(message, offset)
    }

    pub(crate) fn unsupported<T>(&self, construct: &str) -> Result<T, Refusal> {
        Err(Refusal::Unsupported(construct.to_owned()))
    }

    pub(crate) fn offset(node: &impl Ranged) -> u32 {
        u32::from(node.range().start())
    }

    /// Whether a name was written with `$`.
    pub(crate) fn dollar(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Name(name) if self.source.dollars.contains(&u32::from(name.range.start())))
    }

    /// Guards against nesting that would overflow the stack.
    pub(crate) fn deeper<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        if self.depth >= DEEPEST {
            return self.unsupported("nesting this deep");
        }
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return self.unsupported("a formula this large");
        }
        self.depth += 1;
        let depth = self.depth;
        if let Some(scope) = self.scopes.last_mut() {
            scope.deepest = scope.deepest.max(depth);
        }
        let result = inner(self);
        self.depth -= 1;
        result
    }
}
