//! What lowering knows of an expression: its type, and how its records are reached from the formula's row.

use crate::dependency::Step;
use crate::static_type::StaticType;

/// More ways than this to reach a record are summed up as "any row".
const MOST_PATHS: usize = 8;

/// What is known of an expression.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Info {
    pub(crate) kind: StaticType,
    /// For records and sets of them: the ways by which they are reached. None: nothing is known yet.
    pub(crate) paths: Vec<Vec<Step>>,
    /// No value at all has been seen yet (a variable before its first assignment).
    pub(crate) never: bool,
}

impl Info {
    pub(crate) fn never() -> Self {
        Self { never: true, ..Self::default() }
    }
    pub(crate) fn unknown() -> Self {
        Self::default()
    }
    pub(crate) fn of(kind: StaticType) -> Self {
        Self { kind, paths: Vec::new(), never: false }
    }
    pub(crate) fn plain() -> Self {
        Self::of(StaticType::Plain)
    }
    pub(crate) fn with_paths(kind: StaticType, paths: Vec<Vec<Step>>) -> Self {
        Self { kind, paths, never: false }
    }

    /// What is known of a value that is one or the other.
    pub(crate) fn or(mut self, other: Self) -> Self {
        if self.never {
            return other;
        }
        if other.never {
            return self;
        }
        for path in other.paths {
            if !self.paths.contains(&path) {
                self.paths.push(path);
            }
        }
        if self.paths.len() > MOST_PATHS {
            self.paths = vec![vec![Step::All]];
        }
        self.kind = self.kind.or(other.kind);
        self
    }

    /// What a loop over it yields.
    pub(crate) fn item(&self) -> Self {
        Self { kind: self.kind.item(), paths: self.paths.clone(), never: self.never }
    }

    /// A list of such items.
    pub(crate) fn sequence(self) -> Self {
        Self { kind: StaticType::Sequence(Box::new(self.kind)), paths: self.paths, never: self.never }
    }

    /// The ways, where none is known: any row.
    pub(crate) fn ways(&self) -> Vec<Vec<Step>> {
        if self.paths.is_empty() { vec![vec![Step::All]] } else { self.paths.clone() }
    }

    /// The ways after one more step.
    pub(crate) fn after(&self, step: &Step) -> Vec<Vec<Step>> {
        let mut ways: Vec<Vec<Step>> = Vec::new();
        for mut way in self.ways() {
            if way.first() == Some(&Step::All) || way.len() >= 6 {
                way = vec![Step::All];
            } else {
                way.push(step.clone());
            }
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        ways
    }
}
