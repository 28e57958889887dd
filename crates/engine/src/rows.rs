//! Which rows of a table exist: a bitmap by row id.

use model::RowId;

/// The ids of the rows of a table, ascending.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
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
        self.words.get(row.index() / 64).is_some_and(|word| word >> (row.index() % 64) & 1 == 1)
    }
    /// Adds a row; says whether it was not there.
    pub fn insert(&mut self, row: RowId) -> bool {
        let at = row.index() / 64;
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        let bit = 1 << (row.index() % 64);
        let new = self.words[at] & bit == 0;
        self.words[at] |= bit;
        self.count += usize::from(new);
        new
    }
    /// Takes a row out; says whether it was there.
    pub fn remove(&mut self, row: RowId) -> bool {
        let bit = 1 << (row.index() % 64);
        let Some(word) = self.words.get_mut(row.index() / 64).filter(|word| **word & bit != 0) else {
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
        self.words.clear();
        self.count = 0;
    }
    /// The highest row id, or [`RowId::NONE`].
    #[must_use]
    pub fn last(&self) -> RowId {
        let Some(word) = self.words.last() else { return RowId::NONE };
        let at = self.words.len() * 64 - 1 - word.leading_zeros() as usize;
        RowId(u32::try_from(at).unwrap_or(u32::MAX))
    }
    /// The ids, ascending.
    pub fn iter(&self) -> impl Iterator<Item = RowId> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| Bits { word: *word, base: at * 64 })
    }
    /// Adds all rows of the other set.
    pub fn union_with(&mut self, other: &Self) {
        if other.words.len() > self.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
        self.recount();
    }
    /// Takes out all rows of the other set.
    pub fn subtract(&mut self, other: &Self) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine &= !theirs;
        }
        self.recount();
    }
    /// Keeps only rows of the other set.
    pub fn intersect_with(&mut self, other: &Self) {
        self.words.truncate(other.words.len());
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine &= theirs;
        }
        self.recount();
    }

    fn recount(&mut self) {
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
        self.count = self.words.iter().map(|word| word.count_ones() as usize).sum();
    }
}

impl FromIterator<RowId> for Rows {
    fn from_iter<I: IntoIterator<Item = RowId>>(rows: I) -> Self {
        let mut set = Self::default();
        for row in rows {
            set.insert(row);
        }
        set
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
}
