//! Ids of tables and columns: made valid, and unlike those that exist.
//!
//! An id is ASCII letters, digits and underscores, begins with a letter, and is no word of Python's. Comparison ignores case, as SQLite does.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Ids to stay clear of, whatever their case.
#[derive(Clone, Debug, Default)]
pub struct Taken(HashSet<String>);

impl Taken {
    /// Adds an id.
    pub fn insert(&mut self, id: &str) {
        self.0.insert(id.to_uppercase());
    }
    /// Adds all ids of another set.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }
    /// Frees an id.
    pub fn remove(&mut self, id: &str) {
        self.0.remove(&id.to_uppercase());
    }
    fn has(&self, id: &str) -> bool {
        self.0.contains(&id.to_uppercase())
    }
}

impl<T: AsRef<str>> FromIterator<T> for Taken {
    fn from_iter<I: IntoIterator<Item = T>>(ids: I) -> Self {
        Self(ids.into_iter().map(|id| id.as_ref().to_uppercase()).collect())
    }
}

/// A table id after a suggestion; `Table1` and so on where it gives nothing.
#[must_use]
pub fn pick_table_id(suggestion: Option<&str>, taken: &Taken) -> String {
    let id = sanitize(suggestion.unwrap_or_default(), 'T', true);
    if id.is_empty() { with_suffix("Table", taken, 1) } else { unlike(id, taken) }
}

/// A column id after a suggestion; `A`, `B`, … `AA` where it gives nothing.
#[must_use]
pub fn pick_col_id(suggestion: Option<&str>, taken: &Taken) -> String {
    let id = sanitize(suggestion.unwrap_or_default(), 'c', false);
    if id.is_empty() { first_letters(taken) } else { unlike(id, taken) }
}

/// Column ids after suggestions, unlike those taken and unlike each other.
#[must_use]
pub fn pick_col_ids<'a>(
    suggestions: impl IntoIterator<Item = Option<&'a str>>,
    mut taken: Taken,
) -> Vec<String> {
    suggestions
        .into_iter()
        .map(|suggestion| {
            let id = pick_col_id(suggestion, &taken);
            taken.insert(&id);
            id
        })
        .collect()
}

fn sanitize(suggestion: &str, prefix: char, capital: bool) -> String {
    let mut id = String::with_capacity(suggestion.len());
    let mut gap = false;
    for character in suggestion.nfkd().filter(|character| canonical_combining_class(*character) == 0) {
        if character.is_ascii_alphanumeric() || character == '_' {
            if gap {
                id.push('_');
                gap = false;
            }
            id.push(character);
        } else {
            gap = true;
        }
    }
    if gap {
        id.push('_');
    }
    let mut id = id.trim_start_matches('_').to_owned();
    if id.starts_with(|first: char| first.is_ascii_digit()) {
        id.insert(0, prefix);
    }
    if capital && let Some(first) = id.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    while KEYWORDS.contains(&id.as_str()) {
        id.insert(0, prefix);
    }
    id
}

fn unlike(id: String, taken: &Taken) -> String {
    if taken.has(&id) { with_suffix(&id, taken, 2) } else { id }
}

fn with_suffix(base: &str, taken: &Taken, first: u32) -> String {
    let joint = if base.ends_with(|last: char| last.is_ascii_digit()) { "_" } else { "" };
    (first..).map(|number| format!("{base}{joint}{number}")).find(|id| !taken.has(id)).unwrap_or_default()
}

fn first_letters(taken: &Taken) -> String {
    (0_usize..).map(letters).find(|id| !taken.has(id)).unwrap_or_default()
}

/// 0 is `A`, 25 is `Z`, 26 is `AA`.
fn letters(mut index: usize) -> String {
    let mut text = Vec::new();
    loop {
        text.push(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index % 26]);
        if index < 26 {
            break;
        }
        index = index / 26 - 1;
    }
    text.iter().rev().map(|byte| char::from(*byte)).collect()
}

/// Python 3.11's reserved words.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_ids() {
        let taken: Taken = ["Foo", "TABLE1", "T2020"].into_iter().collect();
        let cases = [
            (Some("people"), "People"),
            (Some("foo"), "Foo2"),
            (Some("Été à Paris"), "Ete_a_Paris"),
            (Some("2020"), "T2020_2"),
            (Some("__x"), "X"),
            (Some("none"), "TNone"),
            (Some("!!"), "Table2"),
            (None, "Table2"),
        ];
        for (suggestion, expected) in cases {
            assert_eq!(pick_table_id(suggestion, &taken), expected, "{suggestion:?}");
        }
    }

    #[test]
    fn column_ids() {
        let taken: Taken = ["id", "a", "C", "Total"].into_iter().collect();
        let cases = [
            (Some("total"), "total2"),
            (Some("a*b"), "a_b"),
            (Some("class"), "cclass"),
            (Some("1st"), "c1st"),
            (Some("A1"), "A1"),
            (Some("ID"), "ID2"),
            (Some(""), "B"),
            (None, "B"),
        ];
        for (suggestion, expected) in cases {
            assert_eq!(pick_col_id(suggestion, &taken), expected, "{suggestion:?}");
        }
        assert_eq!(pick_col_ids([None, None, Some("x"), Some("X")], taken), ["B", "D", "x", "X2"]);
        assert_eq!(
            [letters(0), letters(25), letters(26), letters(27), letters(702)],
            ["A", "Z", "AA", "AB", "AAA"]
        );
    }
}
