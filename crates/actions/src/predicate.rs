//! Conditions: the small language of access rules, dropdown conditions and triggers.
//!
//! A condition is one Python expression, of a few constructs. [`parse`] gives the tree that clients evaluate, [`rename`] follows renamed columns
//! in the text. Nothing is evaluated here.
//!
//! The tree is raw JSON ([`model::json::raw`]): `["And", …]`, `["Eq", left, right]`, `["Attr", node, name]`, `["Const", value]`, ….

mod dollar;
mod tree;

use model::CellValue;
use model::json::raw;
use ruff_python_ast as ast;
use ruff_text_size::Ranged;

use crate::error::ActionError;
use dollar::Undollared;

/// Parses a condition.
///
/// # Errors
/// `SyntaxError`, its message ending in `on line L col C`.
pub fn parse(condition: &str) -> Result<CellValue, ActionError> {
    let text = Undollared::new(condition);
    let parsed = ruff_python_parser::parse_expression(text.python()).map_err(|error| {
        let (line, column) = line_and_column(text.python(), error.location.start().to_usize());
        ActionError::Syntax(format!("{} on line {line} col {column}", error.error))
    })?;
    let tree = tree::convert(&parsed.syntax().body, text.python())?;
    let comment =
        parsed.tokens().iter().find(|token| token.kind() == ruff_python_ast::token::TokenKind::Comment);
    Ok(match comment {
        Some(token) => {
            let comment = text.python()[token.range()].trim_start_matches('#').trim();
            CellValue::list([CellValue::text("Comment"), tree, CellValue::text(comment)])
        }
        None => tree,
    })
}

/// Parses a condition into JSON text, as `aclFormulaParsed` keeps it; no condition gives empty text.
///
/// # Errors
/// As [`parse`].
pub fn parse_to_json(condition: &str) -> Result<String, ActionError> {
    if condition.is_empty() {
        Ok(String::new())
    } else {
        parse(condition).map(|tree| raw::dump(&tree, false))
    }
}

/// An attribute within a condition: what it is of, as far as renames need to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'a> {
    /// `rec`, `newRec`, `oldRec`, `choice`, `user`, …: a bare name.
    Name(&'a str),
    /// `user.Manager`: an attribute of a bare name.
    Attribute(&'a str, &'a str),
}

/// Rewrites attributes of names in a condition, leaving every other byte. `new_name` is asked for each attribute. A condition that does not parse
/// stays as it is.
#[must_use]
pub fn rename(condition: &str, new_name: &dyn Fn(Owner<'_>, &str) -> Option<String>) -> String {
    let text = Undollared::new(condition);
    let Ok(parsed) = ruff_python_parser::parse_expression(text.python()) else { return condition.to_owned() };
    let mut patches = Vec::new();
    collect(&parsed.syntax().body, &mut |node| {
        let owner = match &*node.value {
            ast::Expr::Name(name) => Owner::Name(name.id.as_str()),
            ast::Expr::Attribute(inner) => match &*inner.value {
                ast::Expr::Name(name) => Owner::Attribute(name.id.as_str(), inner.attr.as_str()),
                _ => return,
            },
            _ => return,
        };
        if let Some(new) = new_name(owner, node.attr.as_str()) {
            patches.push((text.original(node.attr.start().to_usize()), node.attr.as_str().len(), new));
        }
    });
    patches.sort_by_key(|(start, ..)| *start);
    let mut renamed = condition.to_owned();
    for (start, length, new) in patches.into_iter().rev() {
        renamed.replace_range(start..start + length, &new);
    }
    renamed
}

fn collect<'a>(node: &'a ast::Expr, found: &mut dyn FnMut(&'a ast::ExprAttribute)) {
    if let ast::Expr::Attribute(attribute) = node {
        found(attribute);
    }
    for child in tree::children(node) {
        collect(child, found);
    }
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_become_trees() {
        let cases = [
            (
                "user.Access in ['x'] # c",
                r#"["Comment", ["In", ["Attr", ["Name", "user"], "Access"], ["List", ["Const", "x"]]], "c"]"#,
            ),
            ("$A == 1", r#"["Eq", ["Attr", ["Name", "rec"], "A"], ["Const", 1]]"#),
            (
                "'$A' != rec.B or not True",
                r#"["Or", ["NotEq", ["Const", "$A"], ["Attr", ["Name", "rec"], "B"]], ["Not", ["Const", true]]]"#,
            ),
            ("a and b and c", r#"["And", ["Name", "a"], ["Name", "b"], ["Name", "c"]]"#),
            ("x is None", r#"["Is", ["Name", "x"], ["Const", null]]"#),
            (
                "1 + 2.5 % (3, 'é')",
                r#"["Add", ["Const", 1], ["Mod", ["Const", 2.5], ["List", ["Const", 3], ["Const", "\u00e9"]]]]"#,
            ),
            (
                "f(a, b=2).upper()",
                r#"["Call", ["Attr", ["Call", ["Name", "f"], ["Name", "a"], ["keywords", ["b", ["Const", 2]]]], "upper"]]"#,
            ),
            ("-1 < 2", ""),
            ("1 < 2 < 3", ""),
            ("a[0]", ""),
            ("a ==", ""),
        ];
        for (condition, expected) in cases {
            let tree = parse(condition);
            match (&tree, expected) {
                (Err(ActionError::Syntax(message)), "") => {
                    assert!(message.contains(" on line 1 col "), "{condition}: {message}");
                }
                (Ok(tree), _) => assert_eq!(raw::dump(tree, false), expected, "{condition}"),
                (Err(error), _) => panic!("{condition}: {error}"),
            }
        }
    }

    #[test]
    fn renames_leave_all_else() {
        let renamed =
            rename("$A  == rec.B and '$A' != user.Office.A # $A", &|owner, name| match (owner, name) {
                (Owner::Name("rec"), "A") => Some("Alpha".to_owned()),
                (Owner::Attribute("user", "Office"), "A") => Some("Place".to_owned()),
                _ => None,
            });
        assert_eq!(renamed, "$Alpha  == rec.B and '$A' != user.Office.Place # $A");
        assert_eq!(rename("$A ==", &|_, _| Some("B".to_owned())), "$A ==");
    }
}
