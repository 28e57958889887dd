//! Texts put together and compared.

use std::fmt::Write;

use ecow::EcoString;

use super::block::{Block, Values, marks};
use super::{Group, Test};
use crate::modules::re;
use crate::ops::Comparison;

/// Longer results go the slow way, where memory is counted.
const LONGEST: usize = 1 << 16;

/// Texts and integers one after the other.
pub(super) fn concat(pieces: &[Block], len: usize) -> Block {
    let mut bad = Vec::new();
    for piece in pieces {
        if !piece.bad.is_empty() {
            bad = super::block::merge(bad, &piece.bad);
        }
    }
    let mut buffer = String::new();
    let mut texts = Vec::with_capacity(len);
    for at in 0..len {
        buffer.clear();
        for piece in pieces {
            match &piece.values {
                Values::Text(values) => buffer.push_str(&values[at]),
                Values::Int(values) => {
                    // Writing to a string cannot fail.
                    let _ = write!(buffer, "{}", values[at]);
                }
                Values::Float(_) | Values::Bool(_) => marks(&mut bad, len)[at] = true,
            }
        }
        if buffer.len() > LONGEST {
            marks(&mut bad, len)[at] = true;
            buffer.clear();
        }
        texts.push(EcoString::from(buffer.as_str()));
    }
    Block { values: Values::Text(texts), bad }
}

/// The number of characters.
pub(super) fn length(texts: &Block) -> Block {
    let bad = texts.bad.clone();
    let Values::Text(values) = &texts.values else { return Block::unusable(texts.values.len()) };
    let lengths = values.iter().map(|text| {
        let length = if text.is_ascii() { text.len() } else { text.chars().count() };
        i64::try_from(length).unwrap_or(i64::MAX)
    });
    Block { values: Values::Int(lengths.collect()), bad }
}

/// Texts compared with one text.
pub(super) fn compare_constant(test: Test, texts: Block, constant: &str) -> Block {
    let Values::Text(values) = &texts.values else { return texts.spoil() };
    let each = |holds: &dyn Fn(&str) -> bool| values.iter().map(|text| holds(text)).collect();
    let truths = match test {
        Test::Equal => values.iter().map(|text| text == constant).collect(),
        Test::NotEqual => values.iter().map(|text| text != constant).collect(),
        Test::Order(Comparison::Less) => each(&|text| text < constant),
        Test::Order(Comparison::LessOrEqual) => each(&|text| text <= constant),
        Test::Order(Comparison::Greater) => each(&|text| text > constant),
        Test::Order(Comparison::GreaterOrEqual) => each(&|text| text >= constant),
    };
    Block { values: Values::Bool(truths), bad: texts.bad }
}

/// What a group of a pattern matches. Where there is no match, the slow path knows the error.
pub(super) fn group(group: &Group, texts: Block) -> Block {
    let (Values::Text(values), Ok(pattern)) = (&texts.values, re::compiled(&group.pattern, 0)) else {
        return texts.spoil();
    };
    if group.group > pattern.groups() {
        return texts.spoil();
    }
    let mut bad = texts.bad;
    let mut found = Vec::with_capacity(values.len());
    for (at, text) in values.iter().enumerate() {
        let part =
            if text.len() > LONGEST { Ok(None) } else { pattern.group(group.place, text, group.group) };
        found.push(match part {
            Ok(Some((start, end))) => EcoString::from(&text[start..end]),
            _ => {
                marks(&mut bad, values.len())[at] = true;
                EcoString::new()
            }
        });
    }
    Block { values: Values::Text(found), bad }
}
