//! Positions of rows in an order given by hand (`manualSort`, `parentPos`, `pagePos`).
//!
//! A position is a float. A row goes between two others by taking a position between theirs; when floats get too close, neighbours are
//! moved just enough to make room (list labelling after Bender and others, with floats instead of integers, as Grist does it, so that both
//! choose the same numbers). Pure: given the present positions in order and the wanted ones, it says which to use and which rows to move.

/// The outcome of placing rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement {
    /// For each wanted position, the one to use.
    pub positions: Vec<f64>,
    /// Rows to move first: index into the present positions, and the new position. In order.
    pub moves: Vec<(usize, f64)>,
}

/// Places rows at wanted positions among `present` ones (ascending). A row goes before the first present one that is not below its wish.
#[must_use]
pub fn place(present: &[f64], wanted: &[f64]) -> Placement {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut work = Work { present, moved: Vec::new(), inserted: Vec::new() };
    let mut at = 0;
    while at < order.len() {
        let index = present.partition_point(|position| *position < wanted[order[at]]);
        let same = order[at..]
            .iter()
            .take_while(|i| present.partition_point(|position| *position < wanted[**i]) == index)
            .count();
        work.insert_before(index, same);
        at += same;
    }
    let mut positions = vec![0.0; wanted.len()];
    for (rank, place) in order.into_iter().enumerate() {
        positions[place] = work.inserted[rank];
    }
    Placement { positions, moves: work.moved }
}

/// The smallest float above, so that "just after this one" can be wished for.
#[must_use]
pub fn next_float(position: f64) -> f64 {
    step(position, 1)
}

/// Both vectors are sorted, by index and by position alike: moves never change the order.
struct Work<'a> {
    present: &'a [f64],
    moved: Vec<(usize, f64)>,
    inserted: Vec<f64>,
}

impl Work<'_> {
    fn insert_before(&mut self, index: usize, count: usize) {
        let begin = if index > 0 { self.position(index - 1) } else { 0.0 };
        #[expect(clippy::cast_precision_loss, reason = "numbers of rows are far below 2^52")]
        let end = if index < self.present.len() { self.position(index) } else { begin + count as f64 + 1.0 };
        if begin < 0.0 || end <= 0.0 || begin.max(end).is_infinite() {
            let wish = if index > 0 { begin } else { f64::NEG_INFINITY };
            self.add(&vec![wish; count]);
            self.renumber_all();
            return;
        }
        self.add(&spread(begin, end, count));
        if !self.distinct_between(begin, end) {
            let (low, high) = self.sparse_range(begin, end);
            self.spread_out(low, high);
        }
    }

    fn add(&mut self, positions: &[f64]) {
        for position in positions {
            let at = self.inserted.partition_point(|other| other <= position);
            self.inserted.insert(at, *position);
        }
    }

    fn position(&self, index: usize) -> f64 {
        self.moved
            .binary_search_by_key(&index, |(moved, _)| *moved)
            .map_or_else(|_| self.present[index], |at| self.moved[at].1)
    }

    /// The index into the present rows where a position would go, moves taken into account.
    fn rank(&self, position: f64) -> usize {
        let at = self.moved.partition_point(|(_, moved)| *moved < position);
        let after = self.moved.get(at).map_or(self.present.len(), |(index, _)| *index);
        let plain = self.present.partition_point(|other| *other < position);
        let in_gap = at.checked_sub(1).is_none_or(|before| self.moved[before].0 < plain) && plain < after;
        if in_gap { plain } else { after }
    }

    fn count(&self, low: f64, high: f64) -> usize {
        let inserted = |limit: f64| self.inserted.partition_point(|position| *position < limit);
        (self.rank(high) + inserted(high)).saturating_sub(self.rank(low) + inserted(low))
    }

    fn distinct_between(&self, begin: f64, end: f64) -> bool {
        let inside = self.inserted.iter().copied().filter(|position| (begin..=end).contains(position));
        let mut last = begin;
        inside.chain([end]).all(|position| std::mem::replace(&mut last, position) != position)
    }

    fn sparse_range(&self, begin: f64, end: f64) -> (f64, f64) {
        for fraction in [1.14, 1.3] {
            let mut threshold = 1.0;
            for bits in 0..64 {
                let (low, high) = range_around(begin, bits);
                #[expect(clippy::cast_precision_loss, reason = "numbers of rows are far below 2^52")]
                let count = self.count(low, high) as f64;
                if end <= high && count < threshold {
                    return (low, high);
                }
                threshold *= fraction;
            }
        }
        range_around(begin, 63)
    }

    fn spread_out(&mut self, low: f64, high: f64) {
        let inserted = |limit: f64| self.inserted.partition_point(|position| *position < limit);
        self.renumber(self.rank(low)..self.rank(high), inserted(low)..inserted(high), low, high);
    }

    fn renumber_all(&mut self) {
        #[expect(clippy::cast_precision_loss, reason = "numbers of rows are far below 2^52")]
        let end = (self.present.len() + self.inserted.len()) as f64 + 1.0;
        self.renumber(0..self.present.len(), 0..self.inserted.len(), 0.0, end);
    }

    fn renumber(
        &mut self,
        present: std::ops::Range<usize>,
        inserted: std::ops::Range<usize>,
        low: f64,
        high: f64,
    ) {
        let mut all: Vec<(f64, Option<usize>)> =
            present.map(|index| (self.position(index), Some(index))).collect();
        all.extend(inserted.clone().map(|at| (self.inserted[at], None)));
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.is_none().cmp(&b.1.is_none())).then(a.1.cmp(&b.1)));
        let mut slot = inserted.start;
        for ((_, index), position) in all.iter().zip(spread(low, high, all.len())) {
            match index {
                None => {
                    self.inserted[slot] = position;
                    slot += 1;
                }
                Some(index) => match self.moved.binary_search_by_key(index, |(moved, _)| *moved) {
                    Ok(at) => self.moved[at].1 = position,
                    Err(at) => self.moved.insert(at, (*index, position)),
                },
            }
        }
    }
}

/// `count` floats between two others, at equal distances.
#[expect(clippy::cast_precision_loss, reason = "numbers of rows are far below 2^52")]
fn spread(begin: f64, end: f64, count: usize) -> Vec<f64> {
    let distance = (end - begin) / (count as f64 + 1.0);
    let limit = step(end, -1);
    (1..=count).map(|number| (begin + distance * number as f64).min(limit)).collect()
}

/// The half-open interval of 2^`bits` floats that share all but their last `bits` bits with `position`.
fn range_around(position: f64, bits: i32) -> (f64, f64) {
    let (mantissa, exponent) = split(position);
    let floor = (mantissa * 2_f64.powi(53 - bits)).floor();
    let scale = |value: f64| {
        let power = exponent + bits - 53;
        value * 2_f64.powi(power / 2) * 2_f64.powi(power - power / 2)
    };
    (scale(floor), scale(floor + 1.0))
}

/// Mantissa in [0.5, 1) and exponent, as C's `frexp`.
fn split(value: f64) -> (f64, i32) {
    if value == 0.0 || !value.is_finite() {
        return (value, 0);
    }
    let bits = value.to_bits();
    let raw = i32::try_from((bits >> 52) & 0x7ff).unwrap_or_default();
    if raw == 0 {
        let (mantissa, exponent) = split(value * 2_f64.powi(64));
        return (mantissa, exponent - 64);
    }
    (f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52)), raw - 1022)
}

fn step(value: f64, by: i64) -> f64 {
    let bits = if value == 0.0 { 0 } else { value.to_bits().cast_signed() };
    f64::from_bits((bits + if bits >= 0 { by } else { -by }).cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_as_grist_chooses_them() {
        let infinity = f64::INFINITY;
        type Case<'c> = (&'c [f64], &'c [f64], &'c [f64], &'c [(usize, f64)]);
        let cases: [Case<'_>; 7] = [
            (&[], &[infinity], &[1.0], &[]),
            (&[], &[infinity, infinity, infinity], &[1.0, 2.0, 3.0], &[]),
            (&[1.0, 2.0], &[infinity], &[3.0], &[]),
            (&[1.0, 2.0], &[2.0], &[1.5], &[]),
            (&[1.0, 2.0], &[f64::NEG_INFINITY], &[0.5], &[]),
            (&[1.0, 2.0, 3.0], &[2.5, 1.0], &[2.5, 0.5], &[]),
            (&[4.0], &[4.0, 4.0, 4.0], &[1.0, 2.0, 3.0], &[]),
        ];
        for (present, wanted, expected, moves) in cases {
            let placement = place(present, wanted);
            assert_eq!(placement.positions, expected, "{present:?} {wanted:?}");
            assert_eq!(placement.moves, moves, "{present:?} {wanted:?}");
        }
    }

    #[test]
    fn the_order_survives_many_inserts_at_one_place() {
        let mut present = vec![1.0, 2.0, 3.0];
        let mut moves = 0;
        for _ in 0..3000 {
            let placement = place(&present, &[present[1]]);
            moves += placement.moves.len();
            for (index, position) in placement.moves {
                present[index] = position;
            }
            present.insert(1, placement.positions[0]);
            assert!(present.windows(2).all(|pair| pair[0] < pair[1]));
        }
        assert!(moves > 0);
    }
}
