//! Comparing texts as people do: accents and case count only where nothing else differs.
//!
//! An approximation of the Unicode collation algorithm's root order that is right for French and English: letters by their base, then accents, then lower case
//! before upper.

use std::cmp::Ordering;

use ecow::EcoString;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text without case and accents.
pub(crate) fn fold(text: &str) -> EcoString {
    if text.is_ascii() {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return EcoString::from(text.to_ascii_lowercase());
        }
        return EcoString::from(text);
    }
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// A text to be compared many times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextKey {
    base: EcoString,
    text: EcoString,
}

impl TextKey {
    pub(super) fn new(text: &EcoString) -> Self {
        let base = fold(text);
        // Most texts are their own base: then only one is kept.
        Self { text: if base == *text { base.clone() } else { text.clone() }, base }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn compare(&self, other: &Self, natural: bool) -> Ordering {
        let base = if natural {
            compare_natural(&self.base, &other.base)
        } else {
            compare_plain(&self.base, &other.base)
        };
        base.then_with(|| compare_case(&self.text, &other.text))
    }
}

/// Spaces and punctuation before digits, digits before letters, whatever their code.
fn class(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => 2,
        b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => 3,
        b' ' | b'\t' | b'\n' | b'\r' => 0,
        _ => 1,
    }
}

fn compare_plain(a: &str, b: &str) -> Ordering {
    for (x, y) in a.bytes().zip(b.bytes()) {
        if x != y {
            return class(x).cmp(&class(y)).then(x.cmp(&y));
        }
    }
    a.len().cmp(&b.len())
}

/// Runs of digits count as numbers: `a9` before `a10`.
fn compare_natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let (Some(x), Some(y)) = (a.first(), b.first()) else { return a.len().cmp(&b.len()) };
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (run_a, rest_a) = digits(a);
            let (run_b, rest_b) = digits(b);
            let order = run_a.len().cmp(&run_b.len()).then_with(|| run_a.cmp(run_b));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (rest_a, rest_b);
        } else if x == y {
            (a, b) = (&a[1..], &b[1..]);
        } else {
            return class(*x).cmp(&class(*y)).then(x.cmp(y));
        }
    }
}

/// The digits at the front, leading zeros left out, and what follows.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (run, rest) = text.split_at(end);
    let zeros = run.iter().position(|byte| *byte != b'0').unwrap_or(run.len());
    (&run[zeros..], rest)
}

/// Same letters: unaccented before accented, lower case before upper.
fn compare_case(a: &str, b: &str) -> Ordering {
    let accents = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    if a == b {
        return Ordering::Equal;
    }
    accents(a).cmp(&accents(b)).then_with(|| b.cmp(a))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(texts: &[&str], natural: bool) -> Vec<String> {
        let mut keys: Vec<TextKey> = texts.iter().map(|text| TextKey::new(&EcoString::from(*text))).collect();
        keys.sort_by(|a, b| a.compare(b, natural));
        keys.into_iter().map(|key| key.text.to_string()).collect()
    }

    #[test]
    fn as_people_sort() {
        let texts = ["zèbre", "Eve", "éclair", "abc", "Abc", "ecole", "école", "10", "9", "a 1", "a1", ""];
        assert_eq!(
            sorted(&texts, false),
            ["", "10", "9", "a 1", "a1", "abc", "Abc", "éclair", "ecole", "école", "Eve", "zèbre"]
        );
        assert_eq!(sorted(&["a10", "a9", "a010", "b1", "a"], true)[..3], ["a", "a9", "a010"]);
    }
}
