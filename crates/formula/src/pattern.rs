//! Regular expressions with Python's syntax and meaning (module `re`).
//!
//! A pattern is read as Python reads it (with its error texts) and handed to `fancy-regex`, which matches
//! most patterns in linear time and the others (look-around, back-references) by backtracking with a step
//! limit. One difference: look-behind may have a variable width. Offsets are byte offsets; the callers turn them into character positions.

mod ascii;
mod class;
mod translate;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::OnceLock;

pub(crate) use ascii::Where;

/// Most steps of a backtracking match; about a second of work.
const STEP_LIMIT: usize = 5_000_000;

/// Options of a pattern, as in Python: `re.I`, `re.M`, `re.S`, `re.X`, `re.A`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flags {
    /// `re.IGNORECASE`
    pub ignore_case: bool,
    /// `re.MULTILINE`
    pub multiline: bool,
    /// `re.DOTALL`
    pub dot_all: bool,
    /// `re.VERBOSE`
    pub verbose: bool,
    /// `re.ASCII`
    pub ascii: bool,
}

impl Flags {
    /// From Python's bits; `None` for bits that a text pattern cannot have.
    pub fn from_bits(bits: i64) -> Option<Flags> {
        let known = 2 | 8 | 16 | 32 | 64 | 128 | 256;
        (bits & !known == 0).then_some(Flags {
            ignore_case: bits & 2 != 0,
            multiline: bits & 8 != 0,
            dot_all: bits & 16 != 0,
            verbose: bits & 64 != 0,
            ascii: bits & 256 != 0,
        })
    }

    /// To Python's bits (`re.UNICODE` is set unless `re.ASCII` is).
    pub fn bits(self) -> i64 {
        i64::from(self.ignore_case) * 2
            + i64::from(self.multiline) * 8
            + i64::from(self.dot_all) * 16
            + if self.ascii { 256 } else { 32 }
            + i64::from(self.verbose) * 64
    }
}

/// A pattern that Python refuses (`re.error`), or one that this crate cannot run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Text without the position.
    pub message: String,
    /// Character position in the pattern.
    pub position: Option<usize>,
}

impl std::fmt::Display for PatternError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.position {
            Some(position) => write!(f, "{} at position {position}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// The match took too many steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooComplex;

/// A compiled pattern.
#[derive(Debug)]
pub struct Pattern {
    source: String,
    flags: Flags,
    names: Vec<(String, usize)>,
    groups: usize,
    /// For texts without line ends, where `$` is the very end.
    plain: fancy_regex::Regex,
    /// The same for texts of ASCII alone, which is what most texts are.
    ascii: ascii::Ascii,
    /// With Python's `$` (also before a last line end); built when first needed.
    general: Option<(String, OnceLock<Option<fancy_regex::Regex>>)>,
}

/// Anchored forms of patterns, by source and whether the match may be empty.
type Anchored = rustc_hash::FxHashMap<(String, bool), Option<Rc<fancy_regex::Regex>>>;

/// Byte offsets of the whole match (group 0) and of the groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spans(pub Vec<Option<(usize, usize)>>);

impl Spans {
    /// Start and end of the whole match.
    pub fn whole(&self) -> (usize, usize) {
        self.0.first().copied().flatten().unwrap_or((0, 0))
    }
}

impl Pattern {
    /// Compiles.
    pub fn new(source: &str, flags: Flags) -> Result<Pattern, PatternError> {
        let translated = translate::translate(source, flags)?;
        let build = |text: &str| {
            fancy_regex::RegexBuilder::new(text).backtrack_limit(STEP_LIMIT).build().map_err(|error| {
                PatternError { message: format!("unsupported pattern: {error}"), position: None }
            })
        };
        let plain = build(&translated.plain)?;
        Ok(Pattern {
            source: source.to_owned(),
            flags: translated.flags,
            names: translated.names,
            groups: translated.groups,
            ascii: ascii::Ascii::new(&translated.plain),
            plain,
            general: translated.general.map(|text| (text, OnceLock::new())),
        })
    }

    /// The pattern as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Flags given and found in the pattern.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// Number of groups, the whole match not counted.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Named groups with their numbers, in order.
    pub fn names(&self) -> &[(String, usize)] {
        &self.names
    }

    /// The number of a named group.
    pub fn group_number(&self, name: &str) -> Option<usize> {
        self.names.iter().find(|(known, _)| known == name).map(|(_, number)| *number)
    }

    /// First match that begins at or after `start`.
    pub fn search(&self, text: &str, start: usize) -> Result<Option<Spans>, TooComplex> {
        if let Some(found) = self.quickly(Where::Anywhere, text, start) {
            return Ok(found);
        }
        let regex = self.regex_for(text)?;
        let captures = regex.captures_from_pos(text, start).map_err(|_| TooComplex)?;
        Ok(captures.map(|captures| {
            Spans(
                (0..=self.groups)
                    .map(|n| captures.get(n).map(|found| (found.start(), found.end())))
                    .collect(),
            )
        }))
    }

    /// All matches from `start`, as `findall` and `sub` see them: not overlapping; an empty match may follow
    /// directly after another match.
    pub fn search_all(&self, text: &str, start: usize, limit: usize) -> Result<Vec<Spans>, TooComplex> {
        let mut found: Vec<Spans> = Vec::new();
        let mut at = start;
        let mut after_empty = false;
        while at <= text.len() && found.len() < limit {
            let spans = if after_empty {
                // Not the same empty match again: a longer one here, or any one further on.
                match self.longer_match_at(text, at)? {
                    Some(spans) => Some(spans),
                    None => match text[at..].chars().next() {
                        Some(next) => self.search(text, at + next.len_utf8())?,
                        None => None,
                    },
                }
            } else {
                self.search(text, at)?
            };
            let Some(spans) = spans else { break };
            let (begin, end) = spans.whole();
            after_empty = begin == end;
            at = end;
            found.push(spans);
        }
        Ok(found)
    }

    /// A match that begins exactly at `start`.
    pub fn match_at(&self, text: &str, start: usize) -> Result<Option<Spans>, TooComplex> {
        if let Some(found) = self.quickly(Where::Start, text, start) {
            return Ok(found);
        }
        self.anchored(text, start, self.anchor("\\G(?:", ")"), false)
    }

    /// A match of everything from `start` to the end.
    pub fn full_match(&self, text: &str, start: usize) -> Result<Option<Spans>, TooComplex> {
        if let Some(found) = self.quickly(Where::Whole, text, start) {
            return Ok(found);
        }
        self.anchored(text, start, self.anchor("\\G(?:", ")\\z"), false)
    }

    /// What is found in a text of ASCII alone; nothing: another way must be taken.
    fn quickly(&self, place: Where, text: &str, start: usize) -> Option<Option<Spans>> {
        if self.is_quick(text) { self.ascii.find(place, text, start) } else { None }
    }

    /// One group of the match in a text, if there is a match and the group took part.
    pub(crate) fn group(
        &self,
        place: Where,
        text: &str,
        group: usize,
    ) -> Result<Option<(usize, usize)>, TooComplex> {
        if self.is_quick(text)
            && let Some(found) = self.ascii.find_group(place, text, group)
        {
            return Ok(found);
        }
        let spans = match place {
            Where::Anywhere => self.search(text, 0),
            Where::Start => self.match_at(text, 0),
            Where::Whole => self.full_match(text, 0),
        }?;
        Ok(spans.and_then(|spans| spans.0.get(group).copied().flatten()))
    }

    fn is_quick(&self, text: &str) -> bool {
        text.is_ascii() && !(self.general.is_some() && text.ends_with('\n'))
    }

    fn longer_match_at(&self, text: &str, start: usize) -> Result<Option<Spans>, TooComplex> {
        self.anchored(text, start, self.anchor("\\G(?:", ")"), true)
    }

    fn anchor(&self, before: &str, after: &str) -> String {
        format!("{before}{}{after}", self.general.as_ref().map_or(self.plain.as_str(), |(text, _)| text))
    }

    fn anchored(
        &self,
        text: &str,
        start: usize,
        source: String,
        not_empty: bool,
    ) -> Result<Option<Spans>, TooComplex> {
        thread_local! {
            static CACHE: RefCell<Anchored> = RefCell::default();
        }
        let regex = CACHE.with_borrow_mut(|cache| {
            if cache.len() > 1000 {
                cache.clear();
            }
            cache
                .entry((source, not_empty))
                .or_insert_with_key(|(source, not_empty)| {
                    fancy_regex::RegexBuilder::new(source)
                        .backtrack_limit(STEP_LIMIT)
                        .find_not_empty(*not_empty)
                        .build()
                        .ok()
                        .map(Rc::new)
                })
                .clone()
        });
        let regex = regex.ok_or(TooComplex)?;
        let captures = regex.captures_from_pos(text, start).map_err(|_| TooComplex)?;
        Ok(captures.map(|captures| {
            Spans(
                (0..=self.groups)
                    .map(|n| captures.get(n).map(|found| (found.start(), found.end())))
                    .collect(),
            )
        }))
    }

    fn regex_for(&self, text: &str) -> Result<&fancy_regex::Regex, TooComplex> {
        match &self.general {
            Some((source, regex)) if text.ends_with('\n') => regex
                .get_or_init(|| {
                    fancy_regex::RegexBuilder::new(source).backtrack_limit(STEP_LIMIT).build().ok()
                })
                .as_ref()
                .ok_or(TooComplex),
            _ => Ok(&self.plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> Vec<String> {
        let pattern = Pattern::new(pattern, Flags::default()).unwrap();
        let all = pattern.search_all(text, 0, usize::MAX).unwrap();
        all.iter().map(|spans| text[spans.whole().0..spans.whole().1].to_owned()).collect()
    }

    #[test]
    fn finds_as_python() {
        let cases: [(&str, &str, &[&str]); 16] = [
            (r"\d+", "a1b22c333", &["1", "22", "333"]),
            ("a*", "baac", &["", "aa", "", ""]),
            (r"(?P<y>\d{4})-(?P=y)", "2020-2020 1-2", &["2020-2020"]),
            ("a$", "a\na\n", &["a"]),
            ("(?m)a$", "a\na\n", &["a", "a"]),
            (r"a\Z", "a\n", &[]),
            ("[[a]+", "x[a[", &["[a["]),
            ("[]x]+", "a]x", &["]x"]),
            ("[a&&b~~]+", "a&b~c", &["a&b~"]),
            ("x{,2}y", "xxxy", &["xxy"]),
            ("x{a}", "x{a}", &["x{a}"]),
            ("(?x) a  b # note\n c", "abc", &["abc"]),
            ("(?i)straße", "STRAßE", &["STRAßE"]),
            (r"(?<=\$)\d+", "$5 6", &["5"]),
            (r"\x41\u0042\103", "ABC", &["ABC"]),
            (r"[\w.+-]+@[\w-]+\.[\w.]+", "a.b@c-d.fr!", &["a.b@c-d.fr"]),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(found(pattern, text), expected, "{pattern}");
        }
    }

    #[test]
    fn anchors() {
        let pattern = Pattern::new("a|ab", Flags::default()).unwrap();
        assert_eq!(pattern.match_at("ab", 0).unwrap().unwrap().whole(), (0, 1));
        assert_eq!(pattern.full_match("ab", 0).unwrap().unwrap().whole(), (0, 2));
        assert_eq!(pattern.match_at("ba", 0).unwrap(), None);
        assert_eq!(pattern.match_at("ba", 1).unwrap().unwrap().whole(), (1, 2));
    }

    #[test]
    fn refuses_as_python() {
        let cases = [
            ("(", "missing ), unterminated subpattern at position 0"),
            ("a)", "unbalanced parenthesis at position 1"),
            ("[a", "unterminated character set at position 0"),
            ("*a", "nothing to repeat at position 0"),
            ("a**", "multiple repeat at position 2"),
            ("(?P<n>a)(?P<n>b)", "redefinition of group name 'n' as group 2; was group 1 at position 12"),
            ("(?P<1>a)", "bad character in group name '1' at position 4"),
            (r"\q", r"bad escape \q at position 0"),
            ("[z-a]", "bad character range z-a at position 1"),
            ("a(?i)b", "global flags not at the start of the expression at position 1"),
            ("(?P=x)", "unknown group name 'x' at position 4"),
            (r"\2", "invalid group reference 2 at position 1"),
            ("a{3,2}", "min repeat greater than max repeat at position 2"),
            (r"\", "bad escape (end of pattern) at position 0"),
            ("(?<n>a)", "unknown extension ?<n at position 1"),
        ];
        for (pattern, message) in cases {
            let error = Pattern::new(pattern, Flags::default()).err().map(|e| e.to_string());
            assert_eq!(error.as_deref(), Some(message), "{pattern}");
        }
    }
}
