//! Patterns over texts of ASCII alone: there classes are small, and a match with its groups is found by one automaton in linear time. Patterns that
//! need more (look-around, back-references, characters beyond ASCII in classes) are not for here.

use std::cell::{OnceCell, RefCell};

use regex::bytes::{CaptureLocations, Regex, RegexBuilder};

use super::Spans;

/// Byte offsets.
type Span = (usize, usize);

/// Where a match may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    Anywhere,
    Start,
    Whole,
}

/// A pattern, compiled for each way of matching when first needed.
#[derive(Debug)]
pub(super) struct Ascii {
    source: String,
    forms: [OnceCell<Option<Form>>; 3],
}

#[derive(Debug)]
struct Form {
    regex: Regex,
    locations: RefCell<CaptureLocations>,
}

impl Ascii {
    pub(super) fn new(source: &str) -> Self {
        Self { source: source.to_owned(), forms: Default::default() }
    }

    /// The match at or after `start` in a text of ASCII alone; the outer `None`: it must be found in another way.
    pub(super) fn find(&self, place: Where, text: &str, start: usize) -> Option<Option<Spans>> {
        let all = |locations: &CaptureLocations| {
            Spans((0..locations.len()).map(|group| locations.get(group)).collect())
        };
        self.found(place, text, start, all)
    }

    /// The same, for one group.
    pub(super) fn find_group(&self, place: Where, text: &str, group: usize) -> Option<Option<Span>> {
        self.found(place, text, 0, |locations| locations.get(group)).map(Option::flatten)
    }

    fn found<T>(
        &self,
        place: Where,
        text: &str,
        start: usize,
        read: impl FnOnce(&CaptureLocations) -> T,
    ) -> Option<Option<T>> {
        if place != Where::Anywhere && start != 0 {
            return None;
        }
        let form = self.forms[place as usize].get_or_init(|| form(&self.source, place)).as_ref()?;
        let mut locations = form.locations.borrow_mut();
        let found = form.regex.captures_read_at(&mut locations, text.as_bytes(), start);
        Some(found.map(|_| read(&locations)))
    }
}

fn form(source: &str, place: Where) -> Option<Form> {
    let source = match place {
        Where::Anywhere => source.to_owned(),
        Where::Start => format!("\\A(?:{source})"),
        Where::Whole => format!("\\A(?:{source})\\z"),
    };
    let regex = RegexBuilder::new(&source).unicode(false).build().ok()?;
    let locations = RefCell::new(regex.capture_locations());
    Some(Form { regex, locations })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::pattern::{Flags, Pattern, Spans};

    /// Patterns in which only what takes characters is repeated: of empty repetitions, engines tell different groups.
    fn pattern() -> impl Strategy<Value = String> {
        let taking = || {
            prop::sample::select(vec![
                "a", "b", ".", r"\d", r"\w", r"\W", r"\s", r"\S", "[^a]", "[a-c_]", "é", "[é]", "(?i:B)",
                "[^é]",
            ])
            .prop_map(str::to_owned)
        };
        let repeated = (taking(), taking(), prop::sample::select(vec!["*", "+", "?", "{1,2}", "*?"]))
            .prop_map(|(a, b, times)| format!("({a}|{a}{b}){times}"));
        let empty = prop::sample::select(vec![r"\b", "^", "$", r"\Z", r"\B"]).prop_map(str::to_owned);
        prop_oneof![4 => taking(), 2 => repeated, 1 => empty].prop_recursive(3, 12, 2, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}{b}")),
                (inner.clone(), inner).prop_map(|(a, b)| format!("({a}|{b})")),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

        /// A text of ASCII alone is matched as one that is not: a letter beyond ASCII after a line end, out of reach, makes the difference.
        #[test]
        fn ascii_or_not_is_the_same(source in pattern(), text in "[ab1 _B\\x1c-]{0,8}") {
            let Ok(pattern) = Pattern::new(&source, Flags::default()) else { return Ok(()) };
            let slow = |found: Option<fancy_regex::Captures<'_, str>>| {
                found.map(|found| Spans((0..found.len()).map(|n| found.get(n).map(|m| (m.start(), m.end()))).collect()))
            };
            let general = |before: &str, after: &str| {
                let form = fancy_regex::Regex::new(&format!("{before}{}{after}", pattern.plain.as_str())).unwrap();
                slow(form.captures(text.as_str()).unwrap())
            };
            let ways = [
                ("search", pattern.search(&text, 0), general("", "")),
                ("match", pattern.match_at(&text, 0), general(r"\A(?:", ")")),
                ("fullmatch", pattern.full_match(&text, 0), general(r"\A(?:", r")\z")),
            ];
            for (way, found, wanted) in ways {
                // Some repetitions cannot be built at all.
                if let Ok(found) = found {
                    prop_assert_eq!(found, wanted, "{} {}", way, source);
                }
            }
        }
    }
}
