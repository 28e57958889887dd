//! Comprehensions, generators, lambdas and functions.

use std::sync::Arc;

use ecow::EcoString;
use ruff_python_ast::{self as ast, Expr, Parameters, Stmt};
use rustc_hash::FxHashMap;

use crate::compile::info::Info;
use crate::compile::lower::Lowering;
use crate::compile::scope::Names;
use crate::formula::Refusal;
use crate::ir::{Body, Clause, Comprehension, ComprehensionKind, Function, Node, ParameterCode, Variable};

impl Lowering<'_> {
    pub(crate) fn comprehension(&mut self, expr: &Expr) -> Result<(Node, Info), Refusal> {
        match expr {
            Expr::ListComp(list) => self.inline(ComprehensionKind::List, &list.elt, None, &list.generators),
            Expr::SetComp(set) => self.inline(ComprehensionKind::Set, &set.elt, None, &set.generators),
            Expr::DictComp(dict) => match &dict.key {
                Some(key) => self.inline(ComprehensionKind::Dict, key, Some(&dict.value), &dict.generators),
                None => self.unsupported("this dictionary"),
            },
            Expr::Generator(generator) => self.generator(generator),
            other => self.expression(other),
        }
    }

    /// A generator that is used up at once by the function it is given to: a list does as well.
    pub(crate) fn eager_generator(
        &mut self,
        generator: &ast::ExprGenerator,
    ) -> Result<(Node, Info), Refusal> {
        self.inline(ComprehensionKind::List, &generator.elt, None, &generator.generators)
    }

    fn inline(
        &mut self,
        kind: ComprehensionKind,
        element: &Expr,
        value: Option<&Expr>,
        generators: &[ast::Comprehension],
    ) -> Result<(Node, Info), Refusal> {
        let inner =
            generators.iter().flat_map(|clause| clause.ifs.iter().chain(std::iter::once(&clause.iter)));
        let nested = Names::of_expressions(inner.chain(std::iter::once(element)).chain(value)).nested;
        let mut fresh = Vec::new();
        let mut clauses = Vec::with_capacity(generators.len());
        let mut layers = 0;
        for (at, generator) in generators.iter().enumerate() {
            if generator.is_async {
                return self.unsupported("async");
            }
            let (iterable, info) = self.expression(&generator.iter)?;
            if at == 0 {
                let mut layer = FxHashMap::default();
                for name in generators.iter().flat_map(|clause| target_names(&clause.target)) {
                    let shared = nested.contains(&name);
                    let slot = self.scope().slot(shared);
                    if let Variable::Shared(cell) = slot {
                        fresh.push(cell);
                    }
                    layer.insert(name, slot);
                }
                self.scope().layers.push(layer);
                layers = 1;
            }
            let target = self.target(&generator.target, &info.item())?;
            let mut conditions = Vec::with_capacity(generator.ifs.len());
            for condition in &generator.ifs {
                conditions.push(self.expression(condition)?.0);
            }
            clauses.push(Clause { target, iterable, conditions: conditions.into() });
        }
        let (element, info) = self.expression(element)?;
        let (value, value_info) = match value {
            Some(value) => {
                let (node, info) = self.expression(value)?;
                (Some(node), Some(info))
            }
            None => (None, None),
        };
        if layers > 0 {
            self.scope().layers.pop();
        }
        let info = match value_info {
            Some(value) if value.kind.is_plain() && !value.never && info.kind.is_plain() => Info::plain(),
            Some(_) => Info::unknown(),
            None => info.sequence(),
        };
        let node = Comprehension { kind, clauses: clauses.into(), element, value, fresh: fresh.into() };
        Ok((Node::Comprehension(Box::new(node)), info))
    }

    fn generator(&mut self, generator: &ast::ExprGenerator) -> Result<(Node, Info), Refusal> {
        let Some(first) = generator.generators.first() else { return self.unsupported("this generator") };
        let (iterable, first_info) = self.expression(&first.iter)?;
        let inner = generator
            .generators
            .iter()
            .flat_map(|clause| clause.ifs.iter().chain(std::iter::once(&clause.iter)));
        let nested = Names::of_expressions(inner.chain(std::iter::once(&*generator.elt))).nested;
        self.push_scope();
        for name in generator.generators.iter().flat_map(|clause| target_names(&clause.target)) {
            let shared = nested.contains(&name);
            self.scope().declare(&name, shared);
        }
        let mut clauses = Vec::with_capacity(generator.generators.len());
        for (at, clause) in generator.generators.iter().enumerate() {
            if clause.is_async {
                return self.unsupported("async");
            }
            let (node, info) = if at == 0 {
                (Node::Constant(crate::ir::Constant::None), first_info.clone())
            } else {
                self.expression(&clause.iter)?
            };
            let target = self.target(&clause.target, &info.item())?;
            let mut conditions = Vec::with_capacity(clause.ifs.len());
            for condition in &clause.ifs {
                conditions.push(self.expression(condition)?.0);
            }
            clauses.push(Clause { target, iterable: node, conditions: conditions.into() });
        }
        let (element, info) = self.expression(&generator.elt)?;
        let function = self.pop_scope("<genexpr>", Body::Generator(clauses.into(), element));
        Ok((Node::Generator(Arc::new(function), Box::new(iterable)), info.sequence()))
    }

    /// A lambda; `hints` say what its parameters will be given, where that is known.
    pub(crate) fn lambda(
        &mut self,
        lambda: &ast::ExprLambda,
        hints: &[Info],
    ) -> Result<(Node, Info), Refusal> {
        let names = Names::of_expressions(std::iter::once(&*lambda.body));
        let defaults = self.defaults(lambda.parameters.as_deref())?;
        self.push_scope();
        let parameters = self.parameters(lambda.parameters.as_deref(), &names, hints)?;
        // Walruses in a lambda bind in the lambda.
        for name in &names.bound {
            if !self.scope().variables.contains_key(name) {
                let shared = names.nested.contains(name);
                self.scope().declare(name, shared);
            }
        }
        let (body, _) = self.expression(&lambda.body)?;
        let function = parameters.apply(self.pop_scope("<lambda>", Body::Expression(body)));
        Ok((Node::Lambda(Arc::new(function), defaults), Info::plain()))
    }

    /// A `def`: the code and the defaults.
    pub(crate) fn function(
        &mut self,
        def: &ast::StmtFunctionDef,
    ) -> Result<(Arc<Function>, Box<[Node]>), Refusal> {
        if def.is_async || !def.decorator_list.is_empty() || def.type_params.is_some() {
            return self.unsupported("decorators, async functions and type parameters");
        }
        let names = Names::of_body(&def.body);
        let defaults = self.defaults(Some(&def.parameters))?;
        self.push_scope();
        let parameters = self.parameters(Some(&def.parameters), &names, &[])?;
        for name in &names.bound {
            if !self.scope().variables.contains_key(name) {
                let shared = names.nested.contains(name);
                self.scope().declare(name, shared);
            }
        }
        let body: &[Stmt] = &def.body;
        let block = self.block(body, false)?;
        let function = parameters.apply(self.pop_scope(&def.name, Body::Block(block)));
        Ok((Arc::new(function), defaults))
    }

    fn defaults(&mut self, parameters: Option<&Parameters>) -> Result<Box<[Node]>, Refusal> {
        let mut defaults = Vec::new();
        for parameter in parameters.into_iter().flat_map(Parameters::iter_non_variadic_params) {
            if let Some(default) = &parameter.default {
                defaults.push(self.expression(default)?.0);
            }
        }
        Ok(defaults.into())
    }

    fn parameters(
        &mut self,
        parameters: Option<&Parameters>,
        names: &Names,
        hints: &[Info],
    ) -> Result<ParameterList, Refusal> {
        let mut list = ParameterList::default();
        let Some(parameters) = parameters else { return Ok(list) };
        list.positional_only = parameters.posonlyargs.len();
        list.positional = list.positional_only + parameters.args.len();
        let mut defaults = 0;
        for (at, parameter) in parameters.iter_non_variadic_params().enumerate() {
            let name = parameter.parameter.name.as_str();
            if name == "rec" {
                return Err(self.error(
                    "Grist disallows assignment to the special variable \"rec\"",
                    Self::offset(parameter),
                ));
            }
            let variable = self.scope().declare(name, names.nested.contains(name));
            let hint = hints.get(at).cloned().unwrap_or_else(Info::unknown);
            let key = (self.scope().number, variable);
            self.learn(key, &hint);
            let default = parameter.default.is_some().then(|| {
                defaults += 1;
                defaults - 1
            });
            list.parameters.push(ParameterCode { name: EcoString::from(name), variable, default });
        }
        for (slot, parameter) in [(&mut list.star, &parameters.vararg), (&mut list.named, &parameters.kwarg)]
        {
            if let Some(parameter) = parameter {
                let name = parameter.name.as_str();
                let variable = self.scope().declare(name, names.nested.contains(name));
                let key = (self.scope().number, variable);
                self.learn(key, &Info::unknown());
                *slot = Some(variable);
            }
        }
        Ok(list)
    }
}

#[derive(Default)]
struct ParameterList {
    parameters: Vec<ParameterCode>,
    positional: usize,
    positional_only: usize,
    star: Option<Variable>,
    named: Option<Variable>,
}

impl ParameterList {
    fn apply(self, function: Function) -> Function {
        Function {
            parameters: self.parameters.into(),
            positional: self.positional,
            positional_only: self.positional_only,
            star: self.star,
            named: self.named,
            ..function
        }
    }
}

/// The names that a target of a loop binds.
pub(crate) fn target_names(target: &Expr) -> Vec<String> {
    match target {
        Expr::Name(name) => vec![name.id.to_string()],
        Expr::Tuple(tuple) => tuple.elts.iter().flat_map(target_names).collect(),
        Expr::List(list) => list.elts.iter().flat_map(target_names).collect(),
        Expr::Starred(starred) => target_names(&starred.value),
        _ => Vec::new(),
    }
}
