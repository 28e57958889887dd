//! `$A` for `rec.A`: made Python, and positions found back.

/// A condition with `$A` written as `rec.A`, outside of strings and comments.
pub(super) struct Undollared {
    python: String,
    /// Where (in the Python text) each `rec.` that stands for a `$` begins.
    dollars: Vec<usize>,
}

const RECORD: &str = "rec.";

impl Undollared {
    pub(super) fn new(text: &str) -> Self {
        let mut python = String::with_capacity(text.len() + 16);
        let mut dollars = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '#' => rest.find('\n').unwrap_or(rest.len()),
                '"' | '\'' => string_length(rest),
                '$' if rest[1..].starts_with(|next: char| next.is_alphabetic() || next == '_') => {
                    dollars.push(python.len());
                    python.push_str(RECORD);
                    rest = &rest[1..];
                    continue;
                }
                other => other.len_utf8(),
            };
            python.push_str(&rest[..length]);
            rest = &rest[length..];
        }
        Self { python, dollars }
    }

    /// The text as Python.
    pub(super) fn python(&self) -> &str {
        &self.python
    }

    /// The offset in the condition of an offset in the Python text.
    pub(super) fn original(&self, offset: usize) -> usize {
        let before = self.dollars.iter().take_while(|dollar| **dollar < offset).count();
        offset - before * (RECORD.len() - 1)
    }
}

/// The length of the string literal that a text begins with; to the end of the text if it does not end.
fn string_length(text: &str) -> usize {
    let quote = &text[..1];
    let triple = quote.repeat(3);
    let end = if text.starts_with(&triple) { triple.as_str() } else { quote };
    let mut at = end.len();
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(end) {
            return at + end.len();
        }
        let skip_escaped = usize::from(rest.starts_with('\\'));
        at += rest.chars().take(1 + skip_escaped).map(char::len_utf8).sum::<usize>();
    }
    text.len()
}
