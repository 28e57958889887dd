//! The order of rows by sort keys.
//!
//! As in Grist: numbers before texts, blanks first unless asked otherwise, ties by `manualSort` and row id.

use std::cmp::Ordering;
use std::sync::Arc;

use ecow::EcoString;
use model::column::{BLANK_FLOAT, BLANK_INT};
use model::{CellValue, Column, ColumnData, RowId};
use rustc_hash::FxHashMap;

use super::collation::TextKey;
use super::filter::{Filter, Test};
use crate::snapshot::TableSnapshot;

/// A column to sort by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SortKey {
    /// The column whose cells are compared: for references, the display column.
    pub col: String,
    /// The greatest first.
    pub descending: bool,
    /// Blank cells last, whatever the direction.
    pub empty_last: bool,
    /// Runs of digits in texts count as numbers.
    pub natural: bool,
    /// The order of choices, where cells are to be compared by that.
    pub choices: Option<Vec<String>>,
}

/// The rows of a table that pass all filters, in order. Keys and filters on columns that are not there have no effect.
#[must_use]
pub fn select_rows(
    table: &TableSnapshot,
    sort: &[SortKey],
    filters: &[Filter],
    keep: &[RowId],
) -> Vec<RowId> {
    let tests = Test::all(table, filters);
    let mut rows: Vec<RowId> = table
        .rows
        .iter()
        .filter(|row| tests.iter().all(|test| test.passes(*row)) || keep.contains(row))
        .collect();
    let sorter = Sorter::new(table, sort);
    sorter.sort(&mut rows);
    rows
}

/// Some rows of a table sorted as the REST protocol has it: by the keys, then by row id; the first `limit` of them. The key `id` is the row id itself. Keys on
/// columns that are not there have no effect. Without keys, rows stay in the order in which they come.
#[must_use]
pub fn sort_rows(
    table: &TableSnapshot,
    sort: &[SortKey],
    mut rows: Vec<RowId>,
    limit: Option<usize>,
) -> Vec<RowId> {
    let mut sorter = Sorter::new(table, sort);
    sorter.manual = None;
    if !sorter.keys.is_empty() {
        // Rows that are not wanted are not put in order.
        if let Some(limit) = limit.filter(|limit| (1..rows.len()).contains(limit)) {
            rows.select_nth_unstable_by(limit - 1, |a, b| sorter.compare(*a, *b));
            rows.truncate(limit);
        }
        rows.sort_unstable_by(|a, b| sorter.compare(*a, *b));
    }
    rows.truncate(limit.unwrap_or(usize::MAX));
    rows
}

/// Compares rows by keys that are read once.
#[derive(Debug)]
pub(super) struct Sorter {
    keys: Vec<Key>,
    manual: Option<Arc<Column>>,
}

#[derive(Debug)]
struct Key {
    values: Values,
    descending: bool,
    empty_last: bool,
    natural: bool,
}

/// The cells of a column by row id, ready to be compared.
#[derive(Debug)]
enum Values {
    /// The row ids themselves.
    Ids,
    /// Blank: NaN.
    Numbers(Vec<f64>),
    Texts(Vec<TextKey>),
    Mixed(Vec<Mixed>),
    Unread(Arc<Column>, Option<Places>),
}

#[derive(Clone, Debug)]
enum Mixed {
    Blank,
    Truth(bool),
    Number(f64),
    Text(TextKey),
    List(Vec<Mixed>),
    Other(TextKey),
}

impl Sorter {
    /// For comparing all rows: each cell is made ready once.
    pub(super) fn new(table: &TableSnapshot, sort: &[SortKey]) -> Self {
        Self::with(table, sort, |cells, choices| match choices {
            Some(choices) => by_choice(cells, choices),
            None => Values::of(cells),
        })
    }

    /// For comparing a few rows: cells are read as they are needed.
    pub(super) fn for_few(table: &TableSnapshot, sort: &[SortKey]) -> Self {
        Self::with(table, sort, |cells, choices| Values::Unread(Arc::clone(cells), choices.map(Places::new)))
    }

    fn with(
        table: &TableSnapshot,
        sort: &[SortKey],
        values: impl Fn(&Arc<Column>, Option<&[String]>) -> Values,
    ) -> Self {
        let keys = sort
            .iter()
            .filter_map(|key| {
                let values = match table.column(&key.col) {
                    Some(column) => values(&column.cells, key.choices.as_deref()),
                    None if key.col == "id" => Values::Ids,
                    None => return None,
                };
                Some(Key {
                    values,
                    descending: key.descending,
                    empty_last: key.empty_last,
                    natural: key.natural,
                })
            })
            .collect();
        let manual = table.column("manualSort").map(|column| Arc::clone(&column.cells));
        Self { keys, manual }
    }

    pub(super) fn sort(&self, rows: &mut [RowId]) {
        if self.keys.is_empty() && self.is_manual_in_order(rows) {
            return;
        }
        rows.sort_by(|a, b| self.compare(*a, *b));
    }

    /// Rows come by their ids; often that is their order already.
    fn is_manual_in_order(&self, rows: &[RowId]) -> bool {
        rows.windows(2).all(|pair| self.compare_manual(pair[0], pair[1]) != Ordering::Greater)
    }

    pub(super) fn compare(&self, a: RowId, b: RowId) -> Ordering {
        for key in &self.keys {
            let order = key.compare(a.index(), b.index());
            if order != Ordering::Equal {
                return order;
            }
        }
        self.compare_manual(a, b)
    }

    fn compare_manual(&self, a: RowId, b: RowId) -> Ordering {
        let position = |row: RowId| {
            let position = self.manual.as_ref().and_then(|manual| match &manual.data {
                ColumnData::Float(vector) if manual.odd.is_empty() => vector.get(row.index()).copied(),
                _ => manual.get(row).as_number(),
            });
            position.filter(|position| !position.is_nan()).unwrap_or(f64::INFINITY)
        };
        position(a).total_cmp(&position(b)).then(a.cmp(&b))
    }
}

impl Key {
    fn compare(&self, a: usize, b: usize) -> Ordering {
        let (blank_a, blank_b) = (self.values.is_blank(a), self.values.is_blank(b));
        if self.empty_last && blank_a != blank_b {
            return blank_a.cmp(&blank_b);
        }
        let order = match (blank_a, blank_b) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.values.compare(a, b, self.natural),
        };
        if self.descending { order.reverse() } else { order }
    }
}

impl Values {
    fn of(column: &Column) -> Self {
        if column.odd.is_empty() {
            match &column.data {
                ColumnData::Float(vector) => {
                    let number = |float: &f64| if float.to_bits() == BLANK_FLOAT { f64::NAN } else { *float };
                    return Self::Numbers(vector.iter().map(number).collect());
                }
                ColumnData::Int(vector) => {
                    #[expect(clippy::cast_precision_loss, reason = "compared as numbers, as in Grist")]
                    let number = |int: &i64| if *int == BLANK_INT { f64::NAN } else { *int as f64 };
                    return Self::Numbers(vector.iter().map(number).collect());
                }
                ColumnData::Ref(vector) => {
                    return Self::Numbers(vector.iter().map(|row| f64::from(*row)).collect());
                }
                ColumnData::Text(vector) => return Self::Texts(vector.iter().map(TextKey::new).collect()),
                _ => {}
            }
        }
        let rows = (0..column.len()).map(|at| RowId(u32::try_from(at).unwrap_or(u32::MAX)));
        Self::Mixed(rows.map(|row| Mixed::of(&column.get(row))).collect())
    }

    fn is_blank(&self, at: usize) -> bool {
        match self {
            Self::Ids => false,
            Self::Numbers(numbers) => numbers.get(at).is_none_or(|number| number.is_nan()),
            Self::Texts(texts) => texts.get(at).is_none_or(TextKey::is_empty),
            Self::Mixed(values) => values.get(at).is_none_or(Mixed::is_blank),
            Self::Unread(..) => self.read(at).is_blank(),
        }
    }

    /// A cell that was not made ready before.
    fn read(&self, at: usize) -> Mixed {
        let Self::Unread(column, places) = self else { return Mixed::Blank };
        let value = column.get(RowId(u32::try_from(at).unwrap_or(u32::MAX)));
        match places {
            Some(places) => places.of(&value),
            None => Mixed::of(&value),
        }
    }

    fn compare(&self, a: usize, b: usize, natural: bool) -> Ordering {
        match self {
            Self::Ids => a.cmp(&b),
            Self::Numbers(numbers) => numbers[a].partial_cmp(&numbers[b]).unwrap_or(Ordering::Equal),
            Self::Texts(texts) => texts[a].compare(&texts[b], natural),
            Self::Mixed(values) => values[a].compare(&values[b], natural),
            Self::Unread(..) => self.read(a).compare(&self.read(b), natural),
        }
    }
}

/// Choices by their place in the list; what is not in it comes after, by text.
#[derive(Debug)]
struct Places(FxHashMap<String, usize>);

impl Places {
    fn new(choices: &[String]) -> Self {
        Self(choices.iter().enumerate().map(|(at, choice)| (choice.clone(), at)).collect())
    }
    #[expect(clippy::cast_precision_loss, reason = "few choices")]
    fn one(&self, value: &CellValue) -> Mixed {
        match value.as_text().and_then(|text| self.0.get(text)) {
            Some(place) => Mixed::Number(*place as f64),
            None => Mixed::of(value),
        }
    }
    fn of(&self, value: &CellValue) -> Mixed {
        match value {
            CellValue::List(items) if !items.is_empty() => {
                Mixed::List(items.iter().map(|item| self.one(item)).collect())
            }
            other => self.one(other),
        }
    }
}

fn by_choice(column: &Column, choices: &[String]) -> Values {
    let places = Places::new(choices);
    let rows = (0..column.len()).map(|at| RowId(u32::try_from(at).unwrap_or(u32::MAX)));
    Values::Mixed(rows.map(|row| places.of(&column.get(row))).collect())
}

impl Mixed {
    fn of(value: &CellValue) -> Self {
        match value {
            CellValue::Null => Self::Blank,
            CellValue::Bool(truth) => Self::Truth(*truth),
            CellValue::Text(text) if text.is_empty() => Self::Blank,
            CellValue::Text(text) => Self::Text(TextKey::new(text)),
            CellValue::Date(seconds) | CellValue::DateTime(seconds, _) => Self::Number(*seconds),
            CellValue::Record(_, row) => Self::Number(f64::from(row.0)),
            CellValue::List(items) if items.is_empty() => Self::Blank,
            CellValue::List(items) => Self::List(items.iter().map(Self::of).collect()),
            CellValue::Error(error) => Self::Other(TextKey::new(&error.name)),
            CellValue::Unmarshallable(text) => Self::Other(TextKey::new(text)),
            other => match other.as_number() {
                Some(number) if number.is_nan() => Self::Blank,
                Some(number) => Self::Number(number),
                None => Self::Other(TextKey::new(&EcoString::new())),
            },
        }
    }
    fn is_blank(&self) -> bool {
        matches!(self, Self::Blank)
    }
    fn rank(&self) -> u8 {
        match self {
            Self::Blank => 0,
            Self::Truth(_) => 1,
            Self::Number(_) => 2,
            Self::Text(_) => 3,
            Self::List(_) => 4,
            Self::Other(_) => 5,
        }
    }
    fn compare(&self, other: &Self, natural: bool) -> Ordering {
        match (self, other) {
            (Self::Truth(a), Self::Truth(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) | (Self::Other(a), Self::Other(b)) => a.compare(b, natural),
            (Self::List(a), Self::List(b)) => {
                let pairs = a.iter().zip(b).map(|(a, b)| a.compare(b, natural));
                pairs.fold(Ordering::Equal, Ordering::then).then(a.len().cmp(&b.len()))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }
}
