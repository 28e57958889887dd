//! Which rows of a table exist: a bitmap by row id.

use model::RowId;

/// The ids of the rows of a table, ascending. Takes an eighth of a byte for each id between the lowest and the highest.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// How many words of 64 ids, all without rows, come before the first of `words`.
    skipped: usize,
    words: Vec<u64>,
    count: usize,
}

impl Rows {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
    /// Whether this row is one of them.
    #[must_use]
    #[inline]
    pub fn contains(&self, row: RowId) -> bool {
        let at = row.index();
        self.words.get((at / 64).wrapping_sub(self.skipped)).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
    /// Adds a row; says whether it was not there.
    #[inline]
    pub fn insert(&mut self, row: RowId) -> bool {
        let at = row.index() / 64;
        if at.wrapping_sub(self.skipped) >= self.words.len() {
            self.cover(at, at);
        }
        let bit = 1 << (row.index() % 64);
        let word = &mut self.words[at - self.skipped];
        let new = *word & bit == 0;
        *word |= bit;
        self.count += usize::from(new);
        new
    }
    /// Adds the rows of 64 consecutive ids, the first of which is `64 * at`.
    pub(crate) fn insert_word(&mut self, at: usize, rows: u64) {
        if rows == 0 {
            return;
        }
        self.cover(at, at);
        let word = &mut self.words[at - self.skipped];
        self.count += (rows & !*word).count_ones() as usize;
        *word |= rows;
    }
    /// Takes a row out; says whether it was there.
    pub fn remove(&mut self, row: RowId) -> bool {
        let bit = 1 << (row.index() % 64);
        let at = (row.index() / 64).wrapping_sub(self.skipped);
        let Some(word) = self.words.get_mut(at).filter(|word| **word & bit != 0) else {
            return false;
        };
        *word &= !bit;
        self.count -= 1;
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
        true
    }
    /// Takes all rows out.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
    /// The highest row id, or [`RowId::NONE`].
    #[must_use]
    pub fn last(&self) -> RowId {
        let Some(word) = self.words.last() else { return RowId::NONE };
        let at = (self.skipped + self.words.len()) * 64 - 1 - word.leading_zeros() as usize;
        RowId(u32::try_from(at).unwrap_or(u32::MAX))
    }
    /// The ids, ascending.
    pub fn iter(&self) -> impl Iterator<Item = RowId> + '_ {
        self.words.iter().zip(self.skipped..).flat_map(|(word, at)| Bits { word: *word, base: at * 64 })
    }
    /// The ids, ascending.
    #[must_use]
    pub fn to_vec(&self) -> Vec<RowId> {
        let mut ids = Vec::with_capacity(self.count);
        for (word, at) in self.words.iter().zip(self.skipped..) {
            push_ids(&mut ids, *word, at);
        }
        ids
    }
    /// The ids, ascending, at least so many at a time but for the last ones.
    pub fn blocks(&self, size: usize, mut work: impl FnMut(&[RowId])) {
        let mut block = Vec::with_capacity(size + 64);
        for (word, at) in self.words.iter().zip(self.skipped..) {
            push_ids(&mut block, *word, at);
            if block.len() >= size {
                work(&block);
                block.clear();
            }
        }
        if !block.is_empty() {
            work(&block);
        }
    }
    /// Adds all rows of the other set.
    pub fn union_with(&mut self, other: &Self) {
        if other.words.is_empty() {
            return;
        }
        self.cover(other.skipped, other.skipped + other.words.len() - 1);
        let before = other.skipped - self.skipped;
        let mut added = 0;
        for (mine, theirs) in self.words[before..].iter_mut().zip(&other.words) {
            added += (theirs & !*mine).count_ones() as usize;
            *mine |= theirs;
        }
        self.count += added;
    }
    /// Takes out all rows of the other set.
    pub fn subtract(&mut self, other: &Self) {
        for (mine, at) in self.words.iter_mut().zip(self.skipped..) {
            *mine &= !other.word(at);
        }
        self.recount();
    }
    /// Keeps only rows of the other set.
    pub fn intersect_with(&mut self, other: &Self) {
        for (mine, at) in self.words.iter_mut().zip(self.skipped..) {
            *mine &= other.word(at);
        }
        self.recount();
    }

    fn word(&self, at: usize) -> u64 {
        self.words.get(at.wrapping_sub(self.skipped)).copied().unwrap_or(0)
    }

    /// Makes sure there are words from one place to another.
    fn cover(&mut self, first: usize, last: usize) {
        if self.words.is_empty() {
            self.skipped = first;
        } else if first < self.skipped {
            // Room for as many again: rows may come in descending order.
            let start = first.min(self.skipped.saturating_sub(self.words.len()));
            self.words.splice(0..0, std::iter::repeat_n(0, self.skipped - start));
            self.skipped = start;
        }
        if last - self.skipped >= self.words.len() {
            self.words.resize(last - self.skipped + 1, 0);
        }
    }

    fn recount(&mut self) {
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
        self.count = self.words.iter().map(|word| word.count_ones() as usize).sum();
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count
            && self.words.iter().zip(self.skipped..).all(|(word, at)| *word == other.word(at))
    }
}

impl Extend<RowId> for Rows {
    fn extend<I: IntoIterator<Item = RowId>>(&mut self, rows: I) {
        for row in rows {
            self.insert(row);
        }
    }
}

impl FromIterator<RowId> for Rows {
    fn from_iter<I: IntoIterator<Item = RowId>>(rows: I) -> Self {
        let mut set = Self::default();
        set.extend(rows);
        set
    }
}

/// Adds the ids of a word; full words are frequent.
fn push_ids(ids: &mut Vec<RowId>, word: u64, at: usize) {
    if word == u64::MAX {
        let base = u32::try_from(at * 64).unwrap_or(u32::MAX);
        ids.extend((base..base.saturating_add(64)).map(RowId));
    } else {
        ids.extend(Bits { word, base: at * 64 });
    }
}

struct Bits {
    word: u64,
    base: usize,
}

impl Iterator for Bits {
    type Item = RowId;
    fn next(&mut self) -> Option<RowId> {
        if self.word == 0 {
            return None;
        }
        let bit = self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        u32::try_from(self.base + bit).ok().map(RowId)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn behaves_as_a_sorted_set() {
        let ids = [5, 1, 64, 63, 200, 5, 128];
        let mut rows: Rows = ids.into_iter().map(RowId).collect();
        assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [1, 5, 63, 64, 128, 200]);
        assert_eq!((rows.len(), rows.last()), (6, RowId(200)));
        assert!(rows.remove(RowId(200)) && !rows.remove(RowId(200)) && !rows.remove(RowId(9999)));
        assert_eq!((rows.len(), rows.last()), (5, RowId(128)));
        rows.subtract(&[RowId(1), RowId(128)].into_iter().collect());
        assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [5, 63, 64]);
        rows.union_with(&[RowId(700)].into_iter().collect());
        assert_eq!((rows.len(), rows.last()), (4, RowId(700)));
    }

    proptest! {
        #[test]
        fn is_what_a_tree_of_ids_is(
            a in prop::collection::vec(1_u32..2000, 0..60),
            b in prop::collection::vec(1_u32..2000, 0..60),
            gone in prop::collection::vec(1_u32..2000, 0..60),
        ) {
            let set = |ids: &[u32]| ids.iter().copied().map(RowId).collect::<Rows>();
            let tree = |ids: &[u32]| ids.iter().copied().map(RowId).collect::<BTreeSet<_>>();
            let (mut union, mut meet, mut less) = (set(&a), set(&a), set(&a));
            union.union_with(&set(&b));
            meet.intersect_with(&set(&b));
            less.subtract(&set(&b));
            let (left, right) = (tree(&a), tree(&b));
            for (mine, theirs) in [(&union, &left | &right), (&meet, &left & &right), (&less, &left - &right)] {
                prop_assert_eq!(mine.to_vec(), theirs.iter().copied().collect::<Vec<_>>());
                prop_assert_eq!(mine.iter().collect::<Vec<_>>(), mine.to_vec());
                let mut blocks = Vec::new();
                mine.blocks(7, |block| blocks.extend_from_slice(block));
                prop_assert_eq!(blocks, mine.to_vec());
                prop_assert_eq!((mine.len(), mine.last()), (theirs.len(), theirs.last().copied().unwrap_or_default()));
                prop_assert!(theirs.iter().copied().collect::<Rows>() == *mine);
            }
            for row in gone {
                prop_assert_eq!(union.remove(RowId(row)), a.contains(&row) || b.contains(&row));
                union.insert(RowId(row));
                prop_assert!(union.contains(RowId(row)) && union.remove(RowId(row)) && !union.contains(RowId(row)));
                union.union_with(&[row].into_iter().filter(|row| a.contains(row) || b.contains(row)).map(RowId).collect());
            }
        }
    }
}
