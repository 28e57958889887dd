//! The functions with regular expressions; their syntax is Python's.

use super::py;
use crate::exception::{self, Exception};
use crate::functions::operate::{Arguments, Outcome};
use crate::pattern::{Pattern, Spans};
use crate::value::Value;

/// The first group when there is one, else the whole match; `ValueError` without a match.
pub(super) fn extract(call: &mut Arguments<'_, '_>) -> Outcome {
    let pattern = py::pattern_of(call.arg(1))?;
    let text = py::pattern_subject(call.arg(0))?;
    let Some(spans) = pattern.search(&text, 0).map_err(py::too_complex)? else {
        return Err(exception::value_error("REGEXEXTRACT text does not match"));
    };
    let matched = spans.0.iter().skip(1).any(Option::is_some);
    let at = usize::from(matched);
    Ok(match spans.0.get(at).copied().flatten() {
        Some((start, end)) => Value::from(&text[start..end]),
        None => Value::None,
    })
}

/// Anywhere in the text.
pub(super) fn matches(call: &mut Arguments<'_, '_>) -> Outcome {
    let pattern = py::pattern_of(call.arg(1))?;
    let text = py::pattern_subject(call.arg(0))?;
    Ok(Value::Bool(pattern.search(&text, 0).map_err(py::too_complex)?.is_some()))
}

/// `re.sub(regular_expression, replacement, text)`: `\\1` and `\\g<name>` in the replacement stand for groups.
pub(super) fn replace(call: &mut Arguments<'_, '_>) -> Outcome {
    let pattern = py::pattern_of(call.arg(1))?;
    let text = py::pattern_subject(call.arg(0))?;
    let replacement = py::pattern_subject(call.arg(2))?;
    let found = pattern.search_all(&text, 0, usize::MAX).map_err(py::too_complex)?;
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for spans in &found {
        let (start, end) = spans.whole();
        out.push_str(&text[at..start]);
        expand(&replacement, &pattern, spans, &text, &mut out)?;
        at = end;
    }
    out.push_str(&text[at..]);
    Ok(Value::from(out))
}

pub(crate) fn expand(
    template: &str,
    pattern: &Pattern,
    spans: &Spans,
    text: &str,
    out: &mut String,
) -> Result<(), Exception> {
    let mut rest = template;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let (group, length) = if let Some(named) = rest.strip_prefix("g<") {
            let Some(end) = named.find('>') else {
                return Err(exception::value_error("missing >, unterminated name"));
            };
            let name = &named[..end];
            (name.parse().ok().or_else(|| pattern.group_number(name)), end + 3)
        } else if digits > 0 {
            (rest[..digits].parse().ok(), digits)
        } else {
            let escaped = rest.chars().next().unwrap_or('\\');
            out.push(match escaped {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other => other,
            });
            rest = &rest[escaped.len_utf8().min(rest.len())..];
            continue;
        };
        let Some(group) = group.filter(|group| *group <= pattern.groups()) else {
            return Err(exception::value_error("invalid group reference"));
        };
        if let Some((start, end)) = spans.0.get(group).copied().flatten() {
            out.push_str(&text[start..end]);
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    Ok(())
}
