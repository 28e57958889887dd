//! Which formulas run as vectors: everything of one kind, known at compile time.

use model::ColumnType;

use super::{Code, Kind, Operation, Test};
use crate::builtins;
use crate::formula::Place;
use crate::ir::{Constant, Node, Relation};
use crate::native::Native;
use crate::ops::{Binary, Unary};
use crate::schema::{ColIx, Schema};

/// The code of an expression; `None`: it needs the slow path.
pub(super) fn code(node: &Node, place: Place, schema: &dyn Schema, inputs: &mut Vec<ColIx>) -> Option<Code> {
    let mut inner = |node: &Node| code(node, place, schema, inputs);
    Some(match node {
        Node::Constant(Constant::Float(float)) => {
            Code { kind: Kind::Float, operation: Operation::Float(*float) }
        }
        Node::Constant(Constant::Int(int)) => Code { kind: Kind::Int, operation: Operation::Int(*int) },
        Node::Constant(Constant::Bool(truth)) => {
            Code { kind: Kind::Bool, operation: Operation::Bool(*truth) }
        }
        Node::Cell(col) => {
            let kind = match schema.column_type(place.table, *col) {
                ColumnType::Numeric => Kind::Float,
                ColumnType::Int => Kind::Int,
                ColumnType::Bool => Kind::Bool,
                _ => return None,
            };
            let at = inputs.iter().position(|known| known == col).unwrap_or_else(|| {
                inputs.push(*col);
                inputs.len() - 1
            });
            Code { kind, operation: Operation::Input(at) }
        }
        Node::Binary(operator, operands) => arithmetic(*operator, inner(&operands.0)?, inner(&operands.1)?)?,
        Node::Unary(Unary::Minus, operand) => {
            let operand = at_least_int(inner(operand)?);
            Code { kind: operand.kind, operation: Operation::Negate(Box::new(operand)) }
        }
        Node::Unary(Unary::Plus, operand) => at_least_int(inner(operand)?),
        Node::Not(operand) => Code { kind: Kind::Bool, operation: Operation::Not(Box::new(inner(operand)?)) },
        Node::And(operands) | Node::Or(operands) => {
            let conjunction = matches!(node, Node::And(_));
            let mut result: Option<Code> = None;
            // The last operand first: `a and (b and c)`.
            for operand in operands.iter().rev() {
                let operand = inner(operand)?;
                result = Some(match result {
                    None => operand,
                    Some(rest) if rest.kind == operand.kind => {
                        let (kind, pair) = (operand.kind, Box::new((operand, rest)));
                        Code {
                            kind,
                            operation: if conjunction { Operation::And(pair) } else { Operation::Or(pair) },
                        }
                    }
                    Some(_) => return None,
                });
            }
            result?
        }
        Node::Choose(parts) => {
            let (test, then, otherwise) = (inner(&parts.0)?, inner(&parts.1)?, inner(&parts.2)?);
            if then.kind != otherwise.kind {
                return None;
            }
            Code { kind: then.kind, operation: Operation::Choose(Box::new((test, then, otherwise))) }
        }
        Node::Compare(first, rest) => {
            // Of `a < b < c`, b is evaluated once in Python: without effects, twice is the same.
            let mut result: Option<Code> = None;
            let mut left: &Node = first;
            for (relation, right) in rest {
                let pair = same_kind(inner(left)?, inner(right)?);
                let test = match relation {
                    Relation::Equal => Test::Equal,
                    Relation::NotEqual => Test::NotEqual,
                    Relation::Order(comparison) => Test::Order(*comparison),
                    _ => return None,
                };
                let one = Code { kind: Kind::Bool, operation: Operation::Compare(test, Box::new(pair)) };
                result = Some(match result {
                    None => one,
                    Some(before) => {
                        Code { kind: Kind::Bool, operation: Operation::And(Box::new((before, one))) }
                    }
                });
                left = right;
            }
            result?
        }
        Node::CallNative(native, arguments) => call(native, arguments, inner)?,
        _ => return None,
    })
}

fn call(
    native: &'static Native,
    arguments: &[Node],
    mut inner: impl FnMut(&Node) -> Option<Code>,
) -> Option<Code> {
    let is = |name: &str| builtins::named(name).is_some_and(|known| std::ptr::eq(known, native));
    match arguments {
        [x] if is("abs") => {
            let operand = at_least_int(inner(x)?);
            Some(Code { kind: operand.kind, operation: Operation::Abs(Box::new(operand)) })
        }
        [a, b] if is("max") || is("min") => {
            let (a, b) = (inner(a)?, inner(b)?);
            (a.kind == b.kind)
                .then(|| Code { kind: a.kind, operation: Operation::Extreme(is("max"), Box::new((a, b))) })
        }
        [x, Node::Constant(Constant::Int(places))] if is("round") => {
            let operand = inner(x)?;
            (operand.kind == Kind::Float)
                .then(|| Code { kind: Kind::Float, operation: Operation::Round(Box::new(operand), *places) })
        }
        _ => None,
    }
}

fn arithmetic(operator: Binary, left: Code, right: Code) -> Option<Code> {
    if !matches!(
        operator,
        Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::FloorDiv | Binary::Mod
    ) {
        return None;
    }
    let (left, right) = (at_least_int(left), at_least_int(right));
    let (left, right) =
        if operator == Binary::Div { (to_float(left), to_float(right)) } else { same_kind(left, right) };
    Some(Code { kind: left.kind, operation: Operation::Arithmetic(operator, Box::new((left, right))) })
}

fn at_least_int(code: Code) -> Code {
    if code.kind == Kind::Bool {
        Code { kind: Kind::Int, operation: Operation::Widen(Box::new(code)) }
    } else {
        code
    }
}

fn to_float(code: Code) -> Code {
    match (code.kind, &code.operation) {
        (Kind::Float, _) => code,
        #[expect(clippy::cast_precision_loss, reason = "checked to be exact")]
        (_, Operation::Int(int)) if int.unsigned_abs() <= 1 << 53 => {
            Code { kind: Kind::Float, operation: Operation::Float(*int as f64) }
        }
        _ => Code { kind: Kind::Float, operation: Operation::Widen(Box::new(at_least_int(code))) },
    }
}

/// Both as the wider of their kinds.
fn same_kind(left: Code, right: Code) -> (Code, Code) {
    match left.kind.max(right.kind) {
        Kind::Float => (to_float(left), to_float(right)),
        Kind::Int => (at_least_int(left), at_least_int(right)),
        Kind::Bool => (left, right),
    }
}
