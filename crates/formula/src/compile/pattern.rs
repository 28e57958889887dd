//! `match` and its patterns.

use ecow::EcoString;
use ruff_python_ast::{self as ast, Singleton};

use crate::compile::info::Info;
use crate::compile::lower::Lowering;
use crate::formula::Refusal;
use crate::ir::{Constant, Node, Pattern, Statement, Target};

impl Lowering<'_> {
    pub(crate) fn match_statement(&mut self, choice: &ast::StmtMatch) -> Result<Statement, Refusal> {
        let (subject, _) = self.expression(&choice.subject)?;
        let mut cases = Vec::with_capacity(choice.cases.len());
        for case in &choice.cases {
            let pattern = self.pattern(&case.pattern)?;
            let guard = match &case.guard {
                Some(guard) => Some(self.expression(guard)?.0),
                None => None,
            };
            cases.push((pattern, guard, self.block(&case.body, false)?));
        }
        Ok(Statement::Match(subject, cases.into()))
    }

    fn captured(&mut self, name: Option<&ast::Identifier>) -> Result<Option<Target>, Refusal> {
        match name {
            Some(name) => self.name_target(name, &Info::unknown(), Self::offset(name)).map(Some),
            None => Ok(None),
        }
    }

    fn pattern(&mut self, pattern: &ast::Pattern) -> Result<Pattern, Refusal> {
        self.deeper(|this| this.pattern_inner(pattern))
    }

    fn pattern_inner(&mut self, pattern: &ast::Pattern) -> Result<Pattern, Refusal> {
        Ok(match pattern {
            ast::Pattern::MatchValue(value) => Pattern::Value(self.expression(&value.value)?.0),
            ast::Pattern::MatchSingleton(single) => Pattern::Singleton(Node::Constant(match single.value {
                Singleton::None => Constant::None,
                Singleton::True => Constant::Bool(true),
                Singleton::False => Constant::Bool(false),
            })),
            ast::Pattern::MatchAs(inner) => {
                let target = self.captured(inner.name.as_ref())?;
                match (&inner.pattern, target) {
                    (Some(pattern), Some(target)) => Pattern::As(Box::new(self.pattern(pattern)?), target),
                    (_, target) => Pattern::Capture(target),
                }
            }
            ast::Pattern::MatchOr(inner) => {
                let alternatives: Result<Vec<Pattern>, Refusal> =
                    inner.patterns.iter().map(|pattern| self.pattern(pattern)).collect();
                Pattern::Or(alternatives?.into())
            }
            ast::Pattern::MatchSequence(inner) => {
                let mut star = None;
                let mut patterns = Vec::with_capacity(inner.patterns.len());
                for pattern in &inner.patterns {
                    match pattern {
                        ast::Pattern::MatchStar(starred) => {
                            star = Some((patterns.len(), self.captured(starred.name.as_ref())?));
                        }
                        _ => patterns.push(self.pattern(pattern)?),
                    }
                }
                Pattern::Sequence(patterns.into(), star)
            }
            ast::Pattern::MatchMapping(inner) => {
                let mut entries = Vec::with_capacity(inner.keys.len());
                for (key, pattern) in inner.keys.iter().zip(&inner.patterns) {
                    entries.push((self.expression(key)?.0, self.pattern(pattern)?));
                }
                Pattern::Mapping(entries.into(), self.captured(inner.rest.as_ref())?)
            }
            ast::Pattern::MatchClass(inner) => {
                let (class, _) = self.expression(&inner.cls)?;
                if inner.arguments.patterns.len() > 1 {
                    return self.unsupported("several positional patterns of a class");
                }
                let positional: Result<Vec<Pattern>, Refusal> =
                    inner.arguments.patterns.iter().map(|pattern| self.pattern(pattern)).collect();
                let mut named = Vec::new();
                for keyword in &inner.arguments.keywords {
                    self.read_named_anywhere(&keyword.attr);
                    self.reads.name(&keyword.attr);
                    named.push((EcoString::from(keyword.attr.as_str()), self.pattern(&keyword.pattern)?));
                }
                Pattern::Class(class, positional?.into(), named.into())
            }
            ast::Pattern::MatchStar(_) => return self.unsupported("this pattern"),
        })
    }
}
