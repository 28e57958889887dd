//! Imports. Those at the head of a formula stand for what they name throughout, as if it were known without them: that a module's function is
//! called is then known at compile time.

use ecow::EcoString;
use ruff_python_ast::Stmt;

use crate::compile::expression::static_attribute;
use crate::compile::lower::Lowering;
use crate::compile::scope::Names;
use crate::formula::Refusal;
use crate::ir::Node;
use crate::modules::{self, ModuleDef};

/// What a name stands for once it is imported.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    module: &'static ModuleDef,
    /// What of the module; nothing: the module itself.
    attribute: Option<EcoString>,
}

impl Import {
    pub(crate) fn node(&self) -> Node {
        match &self.attribute {
            None => Node::Module(self.module),
            Some(name) => static_attribute(self.module, name)
                .unwrap_or_else(|| Node::Attribute(Box::new(Node::Module(self.module)), name.clone())),
        }
    }
}

impl Lowering<'_> {
    /// Notes the imports at the head of a formula whose names it never binds again; gives how many statements they are.
    pub(crate) fn imports_ahead(&mut self, body: &[Stmt]) -> Result<usize, Refusal> {
        let head =
            body.iter().take_while(|stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_))).count();
        if head == 0 || ["global", "nonlocal"].iter().any(|word| self.source.text.contains(word)) {
            return Ok(0);
        }
        let rest = Names::of_body(&body[head..]);
        let mut noted = Vec::new();
        for statement in &body[..head] {
            noted.extend(self.imports(statement)?);
        }
        let names: Vec<&String> = noted.iter().map(|(name, ..)| name).collect();
        let bound_again = names
            .iter()
            .enumerate()
            .any(|(at, name)| rest.bound.contains(name) || names[..at].contains(name));
        if bound_again || names.iter().any(|name| *name == "rec") {
            return Ok(0);
        }
        self.imported = noted.into_iter().map(|(name, import, _)| (name, import)).collect();
        Ok(head)
    }

    /// The names that an import binds, what they stand for, and where they are written.
    pub(crate) fn imports(&mut self, statement: &Stmt) -> Result<Vec<(String, Import, u32)>, Refusal> {
        let mut found = Vec::new();
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let full = alias.name.as_str();
                    let top = full.split('.').next().unwrap_or(full);
                    let module = modules::named(full);
                    let (name, bound) = match &alias.asname {
                        Some(name) => (name.as_str(), module),
                        None => (top, module.and_then(|_| modules::named(top))),
                    };
                    let Some(module) = bound else { return self.unsupported(&format!("`import {full}`")) };
                    found.push((name.to_owned(), Import { module, attribute: None }, Self::offset(alias)));
                }
            }
            Stmt::ImportFrom(import) => {
                let name = import.module.as_ref().map_or("", |module| module.as_str());
                if import.level > 0 {
                    return self.unsupported("relative imports");
                }
                let Some(module) = modules::named(name) else {
                    return self.unsupported(&format!("`import {name}`"));
                };
                for alias in &import.names {
                    if module.attribute(&alias.name).is_none() {
                        return self.unsupported(&format!("`from {name} import {}`", alias.name));
                    }
                    self.note_attribute(&alias.name);
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name).to_string();
                    let attribute = Some(EcoString::from(alias.name.as_str()));
                    found.push((bound, Import { module, attribute }, Self::offset(alias)));
                }
            }
            _ => {}
        }
        Ok(found)
    }
}
