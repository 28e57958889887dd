//! Which rows of a formula column asked an index for which key.
//!
//! Asking is frequent, being asked who asked is not: what is noted goes to the end of a list, and is put in order when somebody wants to know.

use model::RowId;

use crate::rows::Rows;

/// So many comparisons are cheaper than putting the list in order.
const FEW: usize = 4096;
/// A list that is longer, and longer than what is in order, is put in order to lose its repetitions.
const LONG: usize = 1 << 20;

/// The callers of one formula column. Keys are numbered by the index.
#[derive(Debug, Default)]
pub(crate) struct Callers {
    known: Rows,
    /// Where the rows of each key begin in `rows`; one entry more than keys.
    starts: Vec<usize>,
    rows: Vec<RowId>,
    /// Noted since then.
    tail: Vec<(u32, RowId)>,
}

impl Callers {
    /// All rows that have asked for anything.
    pub(crate) fn known(&self) -> &Rows {
        &self.known
    }

    pub(crate) fn note(&mut self, key: u32, row: RowId) {
        self.known.insert(row);
        self.tail.push((key, row));
        if self.tail.len() > LONG.max(self.rows.len()) {
            self.settle();
        }
    }

    /// Adds the rows that asked for one of these keys.
    pub(crate) fn collect(&mut self, keys: &[u32], into: &mut Rows) {
        if self.tail.len().saturating_mul(keys.len()) > FEW {
            self.settle();
        }
        for key in keys {
            into.extend(self.of(*key).iter().copied());
            into.extend(self.tail.iter().filter(|(noted, _)| noted == key).map(|(_, row)| *row));
        }
    }

    fn of(&self, key: u32) -> &[RowId] {
        let at = key as usize;
        let range = self.starts.get(at).copied().zip(self.starts.get(at + 1).copied());
        range.and_then(|(from, to)| self.rows.get(from..to)).unwrap_or_default()
    }

    /// Puts everything in order of the keys, each row once a key.
    fn settle(&mut self) {
        let highest = self.tail.iter().map(|(key, _)| *key as usize + 1).max().unwrap_or(0);
        let keys = highest.max(self.starts.len().saturating_sub(1));
        let mut starts = vec![0; keys + 1];
        for (key, _) in &self.tail {
            starts[*key as usize + 1] += 1;
        }
        for key in 0..self.starts.len().saturating_sub(1) {
            starts[key + 1] += self.starts[key + 1] - self.starts[key];
        }
        for key in 0..keys {
            starts[key + 1] += starts[key];
        }
        let mut rows = vec![RowId::NONE; starts[keys]];
        let mut free = starts.clone();
        let mut put = |key: usize, row: RowId| {
            rows[free[key]] = row;
            free[key] += 1;
        };
        for key in 0..self.starts.len().saturating_sub(1) {
            self.rows[self.starts[key]..self.starts[key + 1]].iter().for_each(|row| put(key, *row));
        }
        for (key, row) in self.tail.drain(..) {
            put(key as usize, row);
        }
        self.rows.clear();
        self.starts.clear();
        self.starts.push(0);
        for key in 0..keys {
            let group = &mut rows[starts[key]..starts[key + 1]];
            group.sort_unstable();
            let begin = self.rows.len();
            for row in group {
                if self.rows.len() == begin || self.rows.last() != Some(row) {
                    self.rows.push(*row);
                }
            }
            self.starts.push(self.rows.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whoever_asked_is_found(
            notes in prop::collection::vec((0_u32..6, 1_u32..40), 0..120),
            settled in prop::collection::vec(any::<bool>(), 120),
        ) {
            let mut callers = Callers::default();
            for ((key, row), settle) in notes.iter().zip(settled) {
                callers.note(*key, RowId(*row));
                if settle {
                    callers.settle();
                }
            }
            for key in 0..7 {
                let wanted: Rows = notes.iter().filter(|(noted, _)| *noted == key).map(|(_, row)| RowId(*row)).collect();
                let mut found = Rows::default();
                callers.collect(&[key], &mut found);
                prop_assert!(found == wanted, "{key}: {found:?} {wanted:?}");
            }
            let all: Rows = notes.iter().map(|(_, row)| RowId(*row)).collect();
            prop_assert!(*callers.known() == all);
        }
    }
}
