//! Cells of columns as blocks: of the rows themselves, and of the rows that references name.

use ecow::EcoString;
use model::column::{BLANK_FLOAT, BLANK_INT};
use model::{Column, ColumnData, RowId};

use super::block::{Block, Values, marks};
use super::{Kind, dates};

/// The cells of rows.
pub(super) fn input(column: Option<&Column>, kind: Kind, rows: &[RowId]) -> Block {
    let Some(column) = column else { return Block::unusable(rows.len()) };
    let mut bad = Vec::new();
    if !column.odd.is_empty() {
        bad = rows.iter().map(|row| column.odd.contains_key(row)).collect();
    }
    let places = || rows.iter().map(|row| row.index());
    let between = match (rows.first(), rows.last()) {
        (Some(first), Some(last)) if last.index() - first.index() + 1 == rows.len() => {
            Some(first.index()..last.index() + 1)
        }
        _ => None,
    };
    gather(column, kind, between, places, rows.len(), bad)
}

/// The cells of the rows that references name; where there is none, the slow path knows what to do.
pub(super) fn follow(column: &Column, kind: Kind, references: Block) -> Block {
    let Values::Int(targets) = references.values else { return references.spoil() };
    let mut bad = references.bad;
    let is_odd =
        |target: &i64| u32::try_from(*target).is_ok_and(|target| column.odd.contains_key(&RowId(target)));
    if targets.contains(&0) || (!column.odd.is_empty() && targets.iter().any(is_odd)) {
        for (bad, target) in marks(&mut bad, targets.len()).iter_mut().zip(&targets) {
            *bad |= *target == 0 || is_odd(target);
        }
    }
    let places = || targets.iter().map(|target| usize::try_from(*target).unwrap_or(usize::MAX));
    gather(column, kind, None, places, targets.len(), bad)
}

/// The values at places of a column; those of a range are copied as a whole.
fn gather<P: Iterator<Item = usize>>(
    column: &Column,
    kind: Kind,
    range: Option<std::ops::Range<usize>>,
    places: impl Fn() -> P,
    len: usize,
    mut bad: Vec<bool>,
) -> Block {
    fn take<T: Clone + Default, P: Iterator<Item = usize>>(
        vector: &[T],
        range: Option<std::ops::Range<usize>>,
        places: impl Fn() -> P,
        len: usize,
        bad: &mut Vec<bool>,
        is_blank: impl Fn(&T) -> bool,
    ) -> Vec<T> {
        let values: Vec<T> = match range.and_then(|range| vector.get(range)) {
            Some(slice) => slice.to_vec(),
            None => {
                let mut missing = false;
                let values = places()
                    .map(|at| {
                        vector.get(at).cloned().unwrap_or_else(|| {
                            missing = true;
                            T::default()
                        })
                    })
                    .collect();
                if missing {
                    for (bad, at) in marks(bad, len).iter_mut().zip(places()) {
                        *bad |= at >= vector.len();
                    }
                }
                values
            }
        };
        if values.iter().any(&is_blank) {
            for (value, bad) in values.iter().zip(marks(bad, len)) {
                *bad |= is_blank(value);
            }
        }
        values
    }
    let values = match (&column.data, kind) {
        (ColumnData::Float(vector), Kind::Float) => {
            Values::Float(take(vector, range, places, len, &mut bad, |value| value.to_bits() == BLANK_FLOAT))
        }
        (ColumnData::Float(vector), Kind::Date) => {
            let seconds = take(vector, range, places, len, &mut bad, |value| value.to_bits() == BLANK_FLOAT);
            return dates::of_seconds(&seconds, bad);
        }
        (ColumnData::Int(vector), Kind::Int) => {
            Values::Int(take(vector, range, places, len, &mut bad, |value| *value == BLANK_INT))
        }
        (ColumnData::Bool(vector), Kind::Bool) => {
            Values::Bool(take(vector, range, places, len, &mut bad, |_| false))
        }
        (ColumnData::Text(vector), Kind::Text) => {
            Values::Text(take::<EcoString, P>(vector, range, places, len, &mut bad, |_| false))
        }
        (ColumnData::Ref(vector), Kind::Record(_)) => {
            let rows = take(vector, range, places, len, &mut bad, |_| false);
            Values::Int(rows.into_iter().map(i64::from).collect())
        }
        _ => return Block::unusable(len),
    };
    Block { values, bad }
}

/// The floats of consecutive rows where they lie, if none of them is blank or odd.
pub(super) fn plain_floats<'c>(column: &'c Column, rows: &[RowId]) -> Option<&'c [f64]> {
    let (ColumnData::Float(vector), true) = (&column.data, column.odd.is_empty()) else { return None };
    let (first, last) = (rows.first()?.index(), rows.last()?.index());
    let slice = vector.get(first..=last).filter(|slice| slice.len() == rows.len())?;
    (!slice.iter().any(|value| value.to_bits() == BLANK_FLOAT)).then_some(slice)
}
