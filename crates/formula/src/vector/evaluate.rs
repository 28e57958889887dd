//! Running the code of a vector program over a block of rows.

use super::block::{Block, Values, marks, merge};
use super::{Code, Given, Operation, cells, dates, numbers, texts};

pub(super) fn evaluate(code: &Code, given: &Given<'_>) -> Block {
    let inner = |code: &Code| evaluate(code, given);
    let Given { columns, rows, found } = *given;
    let column = |at: usize| columns.get(at).copied();
    match &code.operation {
        Operation::Input(at) => cells::input(column(*at), code.kind, rows),
        Operation::Found(at) => match found.get(*at) {
            Some(found) => Values::Int(found.clone()).into(),
            None => Block::unusable(rows.len()),
        },
        Operation::Follow(at, reference) => match column(*at) {
            Some(column) => cells::follow(column, code.kind, inner(reference)),
            None => Block::unusable(rows.len()),
        },
        Operation::Float(float) => Values::Float(vec![*float; rows.len()]).into(),
        Operation::Int(int) => Values::Int(vec![*int; rows.len()]).into(),
        Operation::Bool(truth) => Values::Bool(vec![*truth; rows.len()]).into(),
        Operation::Text(text) => Values::Text(vec![text.clone(); rows.len()]).into(),
        Operation::Arithmetic(operator, operands) => {
            let mut left = inner(&operands.0);
            if let Values::Float(values) = &mut left.values {
                let done = match &operands.1.operation {
                    Operation::Float(constant) => numbers::by_constant(*operator, values, *constant),
                    Operation::Input(at) => column(*at)
                        .and_then(|column| cells::plain_floats(column, rows))
                        .is_some_and(|right| numbers::by_slice(*operator, values, right)),
                    _ => false,
                };
                if done {
                    return left;
                }
            }
            numbers::arithmetic(*operator, left, inner(&operands.1))
        }
        Operation::Compare(test, operands) => match &operands.1.operation {
            Operation::Float(constant) => numbers::compare_constant(*test, inner(&operands.0), *constant),
            Operation::Text(constant) => texts::compare_constant(*test, inner(&operands.0), constant),
            _ => numbers::compare(*test, inner(&operands.0), &inner(&operands.1)),
        },
        Operation::Choose(parts) => {
            let test = inner(&parts.0);
            choose(&test.truths(), test.bad, inner(&parts.1), inner(&parts.2))
        }
        Operation::And(operands) => {
            let first = inner(&operands.0);
            let (truths, bad) = (first.truths(), first.bad.clone());
            choose(&truths, bad, inner(&operands.1), first)
        }
        Operation::Or(operands) => {
            let first = inner(&operands.0);
            let (truths, bad) = (first.truths(), first.bad.clone());
            let second = inner(&operands.1);
            choose(&truths, bad, first, second)
        }
        Operation::Not(operand) => {
            let operand = inner(operand);
            let values = operand.truths().into_iter().map(|truth| !truth).collect();
            Block { values: Values::Bool(values), bad: operand.bad }
        }
        Operation::Negate(operand) => numbers::each(inner(operand), |float| -float, i64::checked_neg),
        Operation::Abs(operand) => numbers::each(inner(operand), f64::abs, i64::checked_abs),
        Operation::Extreme(largest, operands) => {
            let (a, b) = (inner(&operands.0), inner(&operands.1));
            let better = numbers::better(*largest, &a, &b);
            let bad = merge(a.bad.clone(), &b.bad);
            choose(&better, bad, b, a)
        }
        Operation::Round(operand, places) => numbers::round(inner(operand), *places),
        Operation::Widen(operand) => numbers::widen(inner(operand)),
        Operation::Shift(date, days) => dates::shift(inner(date), *days),
        Operation::Later(date, [years, months, days]) => dates::later(inner(date), *years, *months, *days),
        Operation::DatePart(part, date) => dates::part(*part, inner(date)),
        Operation::Concat(pieces) => texts::concat(&pieces.iter().map(inner).collect::<Vec<_>>(), rows.len()),
        Operation::Length(text) => texts::length(&inner(text)),
        Operation::Group(group, text) => texts::group(group, inner(text)),
        Operation::Whole(value) => numbers::whole(inner(value)),
    }
}

/// Row by row the one or the other.
fn choose(test: &[bool], bad: Vec<bool>, then: Block, otherwise: Block) -> Block {
    fn pick<T: Clone>(test: &[bool], a: Vec<T>, b: &[T]) -> Vec<T> {
        let mut picked = a;
        for ((picked, test), b) in picked.iter_mut().zip(test).zip(b) {
            if !*test {
                picked.clone_from(b);
            }
        }
        picked
    }
    fn pick_plain<T: Copy>(test: &[bool], a: &[T], b: &[T]) -> Vec<T> {
        test.iter().zip(a.iter().zip(b)).map(|(test, (a, b))| if *test { *a } else { *b }).collect()
    }
    // Errors in the branch that is not taken do not matter.
    let mut bad = bad;
    if !then.bad.is_empty() || !otherwise.bad.is_empty() {
        let (mut a, mut b) = (then.bad, otherwise.bad);
        bad = merge(bad, &pick_plain(test, marks(&mut a, test.len()), marks(&mut b, test.len())));
    }
    let values = match (then.values, otherwise.values) {
        (Values::Float(a), Values::Float(b)) => Values::Float(pick_plain(test, &a, &b)),
        (Values::Int(a), Values::Int(b)) => Values::Int(pick_plain(test, &a, &b)),
        (Values::Bool(a), Values::Bool(b)) => Values::Bool(pick_plain(test, &a, &b)),
        (Values::Text(a), Values::Text(b)) => Values::Text(pick(test, a, &b)),
        _ => {
            marks(&mut bad, test.len()).fill(true);
            Values::Bool(vec![false; test.len()])
        }
    };
    Block { values, bad }
}
