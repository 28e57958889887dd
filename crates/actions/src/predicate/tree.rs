//! From Python's syntax tree to the tree that clients evaluate.

use model::CellValue;
use ruff_python_ast as ast;
use ruff_text_size::Ranged;

use super::line_and_column;
use crate::error::ActionError;

/// The tree of an expression; constructs outside the language are errors.
pub(super) fn convert(node: &ast::Expr, text: &str) -> Result<CellValue, ActionError> {
    let unsupported = || {
        let (line, column) = line_and_column(text, node.range().start().to_usize());
        ActionError::Syntax(format!("Unsupported syntax at {line}:{column} on line {line} col {column}"))
    };
    let all =
        |nodes: &[ast::Expr]| nodes.iter().map(|node| convert(node, text)).collect::<Result<Vec<_>, _>>();
    let tagged =
        |name: &str, parts: Vec<CellValue>| CellValue::list([CellValue::text(name)].into_iter().chain(parts));
    Ok(match node {
        ast::Expr::BoolOp(operation) => {
            tagged(if operation.op.is_and() { "And" } else { "Or" }, all(&operation.values)?)
        }
        ast::Expr::BinOp(operation) => {
            let name = match operation.op {
                ast::Operator::Add => "Add",
                ast::Operator::Sub => "Sub",
                ast::Operator::Mult => "Mult",
                ast::Operator::Div => "Div",
                ast::Operator::Mod => "Mod",
                _ => return Err(unsupported()),
            };
            tagged(name, vec![convert(&operation.left, text)?, convert(&operation.right, text)?])
        }
        ast::Expr::UnaryOp(operation) if operation.op == ast::UnaryOp::Not => {
            tagged("Not", vec![convert(&operation.operand, text)?])
        }
        ast::Expr::Compare(comparison) => {
            let ([operator], [right]) = (&*comparison.ops, &*comparison.comparators) else {
                let (line, column) = line_and_column(text, node.range().start().to_usize());
                return Err(ActionError::Syntax(format!(
                    "Can't use chained comparisons on line {line} col {column}"
                )));
            };
            tagged(comparison_name(*operator), vec![convert(&comparison.left, text)?, convert(right, text)?])
        }
        ast::Expr::Name(name) => tagged("Name", vec![CellValue::text(name.id.as_str())]),
        ast::Expr::BooleanLiteral(literal) => tagged("Const", vec![CellValue::Bool(literal.value)]),
        ast::Expr::NoneLiteral(_) => tagged("Const", vec![CellValue::Null]),
        ast::Expr::StringLiteral(literal) => tagged("Const", vec![CellValue::text(literal.value.to_str())]),
        ast::Expr::NumberLiteral(literal) => match &literal.value {
            ast::Number::Int(int) => match int.as_i64() {
                Some(int) => tagged("Const", vec![CellValue::Int(int)]),
                None => return Err(unsupported()),
            },
            ast::Number::Float(float) => tagged("Const", vec![CellValue::Float(*float)]),
            ast::Number::Complex { .. } => return Err(unsupported()),
        },
        ast::Expr::Attribute(attribute) => {
            tagged("Attr", vec![convert(&attribute.value, text)?, CellValue::text(attribute.attr.as_str())])
        }
        ast::Expr::List(list) => tagged("List", all(&list.elts)?),
        ast::Expr::Tuple(tuple) => tagged("List", all(&tuple.elts)?),
        ast::Expr::Call(call) => {
            let mut parts = vec![convert(&call.func, text)?];
            parts.extend(all(&call.arguments.args)?);
            if !call.arguments.keywords.is_empty() {
                let mut keywords = Vec::new();
                for keyword in &*call.arguments.keywords {
                    let name =
                        keyword.arg.as_ref().map_or(CellValue::Null, |name| CellValue::text(name.as_str()));
                    keywords.push(CellValue::list([name, convert(&keyword.value, text)?]));
                }
                parts.push(tagged("keywords", keywords));
            }
            tagged("Call", parts)
        }
        _ => return Err(unsupported()),
    })
}

/// The direct sub-expressions of a node of the language.
pub(super) fn children(node: &ast::Expr) -> Vec<&ast::Expr> {
    match node {
        ast::Expr::BoolOp(operation) => operation.values.iter().collect(),
        ast::Expr::BinOp(operation) => vec![&operation.left, &operation.right],
        ast::Expr::UnaryOp(operation) => vec![&operation.operand],
        ast::Expr::Compare(comparison) => {
            [&*comparison.left].into_iter().chain(&comparison.comparators).collect()
        }
        ast::Expr::Attribute(attribute) => vec![&attribute.value],
        ast::Expr::List(list) => list.elts.iter().collect(),
        ast::Expr::Tuple(tuple) => tuple.elts.iter().collect(),
        ast::Expr::Call(call) => [&*call.func]
            .into_iter()
            .chain(&call.arguments.args)
            .chain(call.arguments.keywords.iter().map(|keyword| &keyword.value))
            .collect(),
        _ => Vec::new(),
    }
}

fn comparison_name(operator: ast::CmpOp) -> &'static str {
    match operator {
        ast::CmpOp::Eq => "Eq",
        ast::CmpOp::NotEq => "NotEq",
        ast::CmpOp::Lt => "Lt",
        ast::CmpOp::LtE => "LtE",
        ast::CmpOp::Gt => "Gt",
        ast::CmpOp::GtE => "GtE",
        ast::CmpOp::Is => "Is",
        ast::CmpOp::IsNot => "IsNot",
        ast::CmpOp::In => "In",
        ast::CmpOp::NotIn => "NotIn",
    }
}
