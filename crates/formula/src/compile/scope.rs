//! Which names a function binds, and which of them its nested functions use.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{ExceptHandler, Expr, ExprContext, Parameters, Pattern, Stmt};
use rustc_hash::FxHashSet;

/// Names of one function.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Names that the function assigns, parameters aside.
    pub(crate) bound: Vec<String>,
    /// Names that nested functions and generators mention: kept in cells.
    pub(crate) nested: FxHashSet<String>,
    /// `nonlocal` and `global` names: bound further out.
    pub(crate) outer: FxHashSet<String>,
    /// Inside a nested function or generator.
    depth: u32,
    /// Inside a comprehension, whose own variables are not the function's.
    comprehensions: u32,
}

impl Names {
    /// Names of a function with these statements.
    pub(crate) fn of_body(body: &[Stmt]) -> Self {
        let mut names = Self::default();
        for statement in body {
            names.visit_stmt(statement);
        }
        names
    }
    /// Names of a lambda or generator.
    pub(crate) fn of_expressions<'a>(expressions: impl IntoIterator<Item = &'a Expr>) -> Self {
        let mut names = Self::default();
        for expression in expressions {
            names.visit_expr(expression);
        }
        names
    }

    fn bind(&mut self, name: &str) {
        if self.depth == 0 && !self.outer.contains(name) && !self.bound.iter().any(|known| known == name) {
            self.bound.push(name.to_owned());
        }
    }

    fn defaults(&mut self, parameters: &Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = &parameter.default {
                self.visit_expr(default);
            }
        }
    }
}

impl<'a> Visitor<'a> for Names {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(def) => {
                self.bind(&def.name);
                if self.depth > 0 {
                    self.nested.insert(def.name.to_string());
                }
                self.defaults(&def.parameters);
                self.depth += 1;
                for statement in &def.body {
                    self.visit_stmt(statement);
                }
                self.depth -= 1;
            }
            Stmt::Global(global) if self.depth == 0 => {
                self.outer.extend(global.names.iter().map(ToString::to_string));
            }
            Stmt::Nonlocal(nonlocal) if self.depth == 0 => {
                self.outer.extend(nonlocal.names.iter().map(ToString::to_string));
            }
            Stmt::Global(ruff_python_ast::StmtGlobal { names, .. })
            | Stmt::Nonlocal(ruff_python_ast::StmtNonlocal { names, .. }) => {
                self.nested.extend(names.iter().map(ToString::to_string));
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.bind(name.split('.').next().unwrap_or(name));
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    self.bind(alias.asname.as_ref().unwrap_or(&alias.name));
                }
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.bind(name);
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        match pattern {
            Pattern::MatchAs(inner) => inner.name.iter().for_each(|name| self.bind(name)),
            Pattern::MatchStar(inner) => inner.name.iter().for_each(|name| self.bind(name)),
            Pattern::MatchMapping(inner) => inner.rest.iter().for_each(|name| self.bind(name)),
            _ => {}
        }
        visitor::walk_pattern(self, pattern);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => {
                if self.depth > 0 {
                    self.nested.insert(name.id.to_string());
                }
                if self.comprehensions == 0 && matches!(name.ctx, ExprContext::Store | ExprContext::Del) {
                    self.bind(&name.id);
                }
            }
            Expr::Named(named) => {
                if let Expr::Name(name) = &*named.target {
                    self.bind(&name.id);
                    if self.depth > 0 {
                        self.nested.insert(name.id.to_string());
                    }
                }
                self.visit_expr(&named.value);
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.defaults(parameters);
                }
                self.depth += 1;
                self.visit_expr(&lambda.body);
                self.depth -= 1;
            }
            Expr::Generator(_) => {
                // Whether it gets a frame of its own is known later: assume so. Walruses inside bind here.
                self.depth += 1;
                self.comprehensions += 1;
                let before = self.depth;
                visitor::walk_expr(self, expression);
                self.depth = before;
                self.comprehensions -= 1;
                self.depth -= 1;
                let mut walruses = Walruses(Vec::new());
                walruses.visit_expr(expression);
                for name in walruses.0 {
                    self.bind(&name);
                }
            }
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) => {
                self.comprehensions += 1;
                visitor::walk_expr(self, expression);
                self.comprehensions -= 1;
            }
            _ => visitor::walk_expr(self, expression),
        }
    }
}

struct Walruses(Vec<String>);

impl<'a> Visitor<'a> for Walruses {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Named(named) => {
                if let Expr::Name(name) = &*named.target {
                    self.0.push(name.id.to_string());
                }
                self.visit_expr(&named.value);
            }
            Expr::Lambda(_) => {}
            _ => visitor::walk_expr(self, expression),
        }
    }
}
