//! Statements.

use ecow::EcoString;
use ruff_python_ast::{self as ast, ExceptHandler, Expr, Stmt};

use crate::compile::expression::binary;
use crate::compile::info::Info;
use crate::compile::lower::Lowering;
use crate::formula::Refusal;
use crate::ir::{Block, Constant, Handler, Node, Statement, Target, Try};
use crate::static_type::StaticType;

impl Lowering<'_> {
    /// Statements; `returns`: the last expression is the result.
    pub(crate) fn block(&mut self, body: &[Stmt], returns: bool) -> Result<Block, Refusal> {
        let mut block = Vec::with_capacity(body.len());
        for (at, statement) in body.iter().enumerate() {
            let position = self.source.origin(Self::offset(statement));
            if let (true, Stmt::Expr(last)) = (returns && at + 1 == body.len(), statement) {
                let (node, info) = self.expression(&last.value)?;
                self.result = std::mem::take(&mut self.result).or(info);
                block.push((position, Statement::Return(node)));
                continue;
            }
            self.deeper(|this| this.statement(statement, position, &mut block))?;
        }
        Ok(block.into())
    }

    fn statement(
        &mut self,
        statement: &Stmt,
        position: u32,
        block: &mut Vec<(u32, Statement)>,
    ) -> Result<(), Refusal> {
        let lowered = match statement {
            Stmt::Expr(expression) => Statement::Expression(self.expression(&expression.value)?.0),
            Stmt::Return(inner) => {
                let (node, info) = match &inner.value {
                    Some(value) => self.expression(value)?,
                    None => (Node::Constant(Constant::None), Info::of(StaticType::None)),
                };
                if self.scopes.len() == 1 {
                    self.result = std::mem::take(&mut self.result).or(info);
                }
                Statement::Return(node)
            }
            Stmt::Assign(assign) => {
                let (node, info) = self.expression(&assign.value)?;
                let mut targets = Vec::with_capacity(assign.targets.len());
                for target in &assign.targets {
                    targets.push(self.target(target, &info)?);
                }
                Statement::Assign(targets.into(), node)
            }
            Stmt::AnnAssign(assign) => match &assign.value {
                Some(value) => {
                    let (node, info) = self.expression(value)?;
                    Statement::Assign(Box::new([self.target(&assign.target, &info)?]), node)
                }
                None => Statement::Pass,
            },
            Stmt::AugAssign(assign) => {
                let (node, info) = self.expression(&assign.value)?;
                let (_, before) = self.expression(&assign.target)?;
                let joined = if before.kind.is_plain() && info.kind.is_plain() {
                    before.or(info)
                } else {
                    Info::unknown()
                };
                Statement::Augment(self.target(&assign.target, &joined)?, binary(assign.op), node)
            }
            Stmt::If(choice) => {
                let mut branches = vec![(self.expression(&choice.test)?.0, self.block(&choice.body, false)?)];
                let mut otherwise = Block::default();
                for clause in &choice.elif_else_clauses {
                    match &clause.test {
                        Some(test) => {
                            branches.push((self.expression(test)?.0, self.block(&clause.body, false)?));
                        }
                        None => otherwise = self.block(&clause.body, false)?,
                    }
                }
                Statement::If(branches.into(), otherwise)
            }
            Stmt::For(repeat) => {
                if repeat.is_async {
                    return self.unsupported("async");
                }
                let (iterable, info) = self.expression(&repeat.iter)?;
                let target = self.target(&repeat.target, &info.item())?;
                Statement::For {
                    target,
                    iterable,
                    body: self.block(&repeat.body, false)?,
                    otherwise: self.block(&repeat.orelse, false)?,
                }
            }
            Stmt::While(repeat) => Statement::While {
                test: self.expression(&repeat.test)?.0,
                body: self.block(&repeat.body, false)?,
                otherwise: self.block(&repeat.orelse, false)?,
            },
            Stmt::Break(_) => Statement::Break,
            Stmt::Continue(_) => Statement::Continue,
            Stmt::Pass(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => Statement::Pass,
            Stmt::Try(attempt) => self.attempt(attempt)?,
            Stmt::Raise(raise) => {
                let exception = match &raise.exc {
                    Some(exception) => Some(self.expression(exception)?.0),
                    None => None,
                };
                let cause = match &raise.cause {
                    Some(cause) => Some(self.expression(cause)?.0),
                    None => None,
                };
                Statement::Raise(exception, cause)
            }
            Stmt::Assert(assert) => {
                let message = match &assert.msg {
                    Some(message) => Some(self.expression(message)?.0),
                    None => None,
                };
                Statement::Assert(self.expression(&assert.test)?.0, message)
            }
            Stmt::Delete(delete) => {
                let mut targets = Vec::with_capacity(delete.targets.len());
                for target in &delete.targets {
                    targets.push(self.target(target, &Info::unknown())?);
                }
                Statement::Delete(targets.into())
            }
            Stmt::FunctionDef(def) => {
                let (function, defaults) = self.function(def)?;
                Statement::Define(
                    self.name_target(&def.name, &Info::plain(), Self::offset(def))?,
                    function,
                    defaults,
                )
            }
            Stmt::Import(_) | Stmt::ImportFrom(_) => {
                for (name, import, offset) in self.imports(statement)? {
                    let target = self.name_target(&name, &Info::plain(), offset)?;
                    block.push((position, Statement::Assign(Box::new([target]), import.node())));
                }
                return Ok(());
            }
            Stmt::Match(choice) => self.match_statement(choice)?,
            Stmt::ClassDef(_) => return self.unsupported("class"),
            Stmt::With(_) => return self.unsupported("with"),
            Stmt::TypeAlias(_) => return self.unsupported("type"),
            Stmt::IpyEscapeCommand(_) => return Err(self.error("invalid syntax", Self::offset(statement))),
        };
        block.push((position, lowered));
        Ok(())
    }

    fn attempt(&mut self, attempt: &ast::StmtTry) -> Result<Statement, Refusal> {
        if attempt.is_star {
            return self.unsupported("except*");
        }
        let body = self.block(&attempt.body, false)?;
        let mut handlers = Vec::with_capacity(attempt.handlers.len());
        for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            let class = match &handler.type_ {
                Some(class) => Some(self.expression(class)?.0),
                None => None,
            };
            let name = match &handler.name {
                Some(name) => Some(self.name_target(name, &Info::plain(), Self::offset(handler))?),
                None => None,
            };
            handlers.push(Handler { class, name, body: self.block(&handler.body, false)? });
        }
        let otherwise = self.block(&attempt.orelse, false)?;
        let finally = self.block(&attempt.finalbody, false)?;
        Ok(Statement::Try(Box::new(Try { body, handlers: handlers.into(), otherwise, finally })))
    }

    pub(crate) fn name_target(&mut self, name: &str, info: &Info, offset: u32) -> Result<Target, Refusal> {
        if name == "rec" {
            return Err(self.error("Grist disallows assignment to the special variable \"rec\"", offset));
        }
        match self.variable(name)? {
            Some((variable, key)) => {
                self.learn(key, info);
                Ok(Target::Variable(variable, EcoString::from(name)))
            }
            None => self.unsupported(&format!("assigning to the global `{name}`")),
        }
    }

    /// Something assigned to; `info`: what is known of the value.
    pub(crate) fn target(&mut self, target: &Expr, info: &Info) -> Result<Target, Refusal> {
        let assigned_column = "You can't assign a value to a column with `=`. If you mean to check for equality, use `==` instead.";
        match target {
            Expr::Name(_) if self.dollar(target) => Err(self.error(assigned_column, Self::offset(target))),
            Expr::Name(name) => self.name_target(&name.id, info, Self::offset(target)),
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                let mut targets = Vec::with_capacity(elts.len());
                let mut star = None;
                for (at, element) in elts.iter().enumerate() {
                    targets.push(match element {
                        Expr::Starred(starred) => {
                            if star.replace(at).is_some() {
                                return Err(self.error(
                                    "multiple starred expressions in assignment",
                                    Self::offset(element),
                                ));
                            }
                            self.target(&starred.value, &Info::unknown())?
                        }
                        _ => self.target(element, &info.item())?,
                    });
                }
                Ok(Target::Unpack(targets.into(), star))
            }
            Expr::Subscript(subscript) => {
                let (object, _) = self.expression(&subscript.value)?;
                let (index, _) = self.expression(&subscript.slice)?;
                Ok(Target::Item(object, index))
            }
            Expr::Attribute(attribute) => {
                if matches!(&*attribute.value, Expr::Name(name) if name.id == "rec") {
                    return Err(self.error(assigned_column, Self::offset(target)));
                }
                let (object, _) = self.expression(&attribute.value)?;
                Ok(Target::Attribute(object, EcoString::from(attribute.attr.as_str())))
            }
            _ => Err(self.error("cannot assign to expression", Self::offset(target))),
        }
    }
}
