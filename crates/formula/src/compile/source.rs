//! From a formula as written to a syntax tree.
//!
//! `$A` is read as a name: the text that is parsed has `_` in place of `$`, so that all offsets stay; the places are remembered. In
//! strings and comments `$` is left alone.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ModModule, Stmt};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use crate::formula::Refusal;

/// A formula ready to be lowered.
pub(crate) struct Source {
    /// The text that was parsed.
    pub(crate) text: String,
    pub(crate) body: Vec<Stmt>,
    /// Offsets in `text` of names that were written with `$`.
    pub(crate) dollars: FxHashSet<u32>,
    /// For each line: where it starts in `text`, and how many bytes of indentation before it were dropped in all.
    shifts: Vec<(u32, u32)>,
}

impl Source {
    /// The offset in the formula as written.
    pub(crate) fn origin(&self, offset: u32) -> u32 {
        let line = self.shifts.partition_point(|(start, _)| *start <= offset);
        offset + line.checked_sub(1).map_or(0, |line| self.shifts[line].1)
    }

    /// Reads a formula.
    pub(crate) fn read(formula: &str) -> Result<Self, Refusal> {
        let (original, shifts) = dedent(formula);
        let candidates: Vec<usize> = original
            .match_indices('$')
            .map(|(at, _)| at)
            .filter(|at| {
                original.as_bytes().get(at + 1).is_some_and(|c| c.is_ascii_alphabetic() || *c == b'_')
            })
            .collect();
        let mut text = replace(&original, &candidates);
        let mut parsed = parse(&text);
        let mut dollars: FxHashSet<u32> = FxHashSet::default();
        if !candidates.is_empty() {
            for token in parsed.tokens() {
                let start = usize::from(token.start());
                if token.kind() == TokenKind::Name && candidates.binary_search(&start).is_ok() {
                    dollars.insert(u32::from(token.start()));
                }
            }
            if dollars.len() < candidates.len() {
                // Some were in strings or comments, or within a word: these stay as they were.
                let kept: Vec<usize> = candidates
                    .iter()
                    .copied()
                    .filter(|at| u32::try_from(*at).is_ok_and(|at| dollars.contains(&at)))
                    .collect();
                text = replace(&original, &kept);
                parsed = parse(&text);
            }
        }
        let mut source = Self { text, body: Vec::new(), dollars, shifts };
        if let Some(error) = parsed.errors().first() {
            return Err(source.syntax_error(&error.error.to_string(), u32::from(error.location.start())));
        }
        source.body = parsed.into_syntax().body.into_iter().collect();
        source.check_dollars()?;
        source.check_end()?;
        Ok(source)
    }

    /// A name with `$` can only stand where an expression can.
    fn check_dollars(&self) -> Result<(), Refusal> {
        struct Names<'a>(&'a FxHashSet<u32>, usize);
        impl<'a> Visitor<'a> for Names<'_> {
            fn visit_expr(&mut self, expr: &'a Expr) {
                if let Expr::Name(name) = expr
                    && self.0.contains(&u32::from(name.start()))
                {
                    self.1 += 1;
                }
                visitor::walk_expr(self, expr);
            }
        }
        let mut names = Names(&self.dollars, 0);
        for statement in &self.body {
            names.visit_stmt(statement);
        }
        if names.1 < self.dollars.len() {
            let first = self.dollars.iter().copied().min().unwrap_or(0);
            return Err(self.syntax_error("invalid syntax", first));
        }
        Ok(())
    }

    /// Grist wants a value: the last line an expression, or a `return` somewhere.
    fn check_end(&self) -> Result<(), Refusal> {
        struct Returns(bool);
        impl<'a> Visitor<'a> for Returns {
            fn visit_stmt(&mut self, statement: &'a Stmt) {
                self.0 |= matches!(statement, Stmt::Return(_));
                visitor::walk_stmt(self, statement);
            }
        }
        let Some(last) = self.body.last() else { return Ok(()) };
        if matches!(last, Stmt::Expr(_)) {
            return Ok(());
        }
        let mut returns = Returns(false);
        for statement in &self.body {
            returns.visit_stmt(statement);
        }
        if returns.0 {
            return Ok(());
        }
        let mut message = "No `return` statement, and the last line isn't an expression.".to_owned();
        if matches!(last, Stmt::Assign(_)) {
            message.push_str(" If you want to check for equality, use `==` instead of `=`.");
        }
        Err(Refusal::Syntax { class: "SyntaxError", message, line: 1, column: 1 })
    }

    /// A refusal at an offset of the text that was parsed.
    pub(crate) fn syntax_error(&self, message: &str, offset: u32) -> Refusal {
        let lowered = message.to_lowercase();
        let (class, message) = if lowered.contains("unexpected indentation") {
            ("IndentationError", "unexpected indent".to_owned())
        } else if lowered.contains("expected an indented block") {
            ("IndentationError", message.to_owned())
        } else if lowered.contains("unindent does not match") {
            ("IndentationError", "unindent does not match any outer indentation level".to_owned())
        } else if lowered.starts_with("grist") || lowered.starts_with("you can't") {
            ("SyntaxError", message.to_owned())
        } else {
            ("SyntaxError", "invalid syntax".to_owned())
        };
        let before = self.text.get(..offset as usize).unwrap_or(&self.text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = u32::try_from(before.matches('\n').count()).unwrap_or(0) + 1;
        let dropped = self.origin(offset)
            - offset
            - self.shifts.get((line as usize).wrapping_sub(2)).map_or(0, |(_, shift)| *shift);
        let column = u32::try_from(before[start..].chars().count()).unwrap_or(0) + 1 + dropped;
        Refusal::Syntax { class, message, line, column }
    }
}

fn parse(text: &str) -> Parsed<ModModule> {
    parse_unchecked(text, ParseOptions::from(Mode::Module)).try_into_module().unwrap_or_else(|| {
        ruff_python_parser::parse_unchecked_source("", ruff_python_ast::PySourceType::Python)
    })
}

fn replace(original: &str, places: &[usize]) -> String {
    let mut text = original.to_owned();
    for place in places {
        text.replace_range(*place..=*place, "_");
    }
    text
}

/// Drops the indentation that all lines share, and the blanks of blank lines.
fn dedent(formula: &str) -> (String, Vec<(u32, u32)>) {
    let mut margin: Option<&str> = None;
    for line in formula.split('\n') {
        let body = line.trim_start_matches([' ', '\t']);
        if body.trim_end_matches('\r').is_empty() {
            continue;
        }
        let indent = &line[..line.len() - body.len()];
        margin = Some(match margin {
            None => indent,
            Some(known) => {
                let common = known.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b).count();
                &known[..common]
            }
        });
    }
    let margin = margin.unwrap_or("").len();
    let mut text = String::with_capacity(formula.len());
    let mut shifts = Vec::new();
    let mut dropped = 0;
    for (at, line) in formula.split('\n').enumerate() {
        if at > 0 {
            text.push('\n');
        }
        let blank = line.trim().is_empty();
        let cut = if blank { line.trim_end_matches('\r').len() } else { margin };
        dropped += u32::try_from(cut).unwrap_or(0);
        shifts.push((u32::try_from(text.len()).unwrap_or(u32::MAX), dropped));
        text.push_str(&line[cut..]);
    }
    (text, shifts)
}
