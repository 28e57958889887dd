//! Methods of `str`.
//!
//! Positions count characters, as in Python. Texts of errors are CPython 3.11's.

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::format::fields::{self, Access, Key, Part};
use crate::native::Native;
use crate::ops::number;
use crate::types::type_of;
use crate::value::Value;

type Outcome = Result<Value, Exception>;

pub(super) static METHODS: &[Native] = &[
    Native::method("capitalize", "self, /", "", |call| map(call, capitalize)),
    Native::method("casefold", "self, /", "", |call| map(call, str::to_lowercase)),
    Native::method("center", "self, width, fillchar=' ', /", "", |call| justify(call, Side::Both)),
    Native::method("count", "self, sub, start=None, end=None, /", "", count),
    Native::method("endswith", "self, suffix, start=None, end=None, /", "", |call| {
        affix(call, "endswith", |text, part| text.ends_with(part))
    }),
    Native::method("find", "self, sub, start=None, end=None, /", "", |call| find(call, false, false)),
    Native::method("format", "self, /, *args, **kwargs", "", format),
    Native::method("index", "self, sub, start=None, end=None, /", "", |call| find(call, false, true)),
    Native::method("isalnum", "self, /", "", |call| every(call, char::is_alphanumeric)),
    Native::method("isalpha", "self, /", "", |call| every(call, char::is_alphabetic)),
    Native::method("isascii", "self, /", "", |call| Ok(Value::Bool(own(call).is_ascii()))),
    Native::method("isdecimal", "self, /", "", |call| every(call, is_decimal)),
    Native::method("isdigit", "self, /", "", |call| every(call, is_decimal)),
    Native::method("isidentifier", "self, /", "", |call| Ok(Value::Bool(is_identifier(own(call))))),
    Native::method("islower", "self, /", "", |call| cased(call, char::is_lowercase, char::is_uppercase)),
    Native::method("isnumeric", "self, /", "", |call| every(call, char::is_numeric)),
    Native::method("isspace", "self, /", "", |call| every(call, char::is_whitespace)),
    Native::method("istitle", "self, /", "", |call| {
        Ok(Value::Bool(own(call).chars().any(char::is_alphabetic) && title(own(call)) == own(call)))
    }),
    Native::method("isupper", "self, /", "", |call| cased(call, char::is_uppercase, char::is_lowercase)),
    Native::method("join", "self, iterable, /", "", join),
    Native::method("ljust", "self, width, fillchar=' ', /", "", |call| justify(call, Side::Right)),
    Native::method("lower", "self, /", "", |call| map(call, str::to_lowercase)),
    Native::method("lstrip", "self, chars=None, /", "", |call| strip(call, true, false)),
    Native::method("partition", "self, sep, /", "", |call| partition(call, false)),
    Native::method("removeprefix", "self, prefix, /", "", |call| {
        remove(call, |text, part| text.strip_prefix(part))
    }),
    Native::method("removesuffix", "self, suffix, /", "", |call| {
        remove(call, |text, part| text.strip_suffix(part))
    }),
    Native::method("replace", "self, old, new, count=-1, /", "", replace),
    Native::method("rfind", "self, sub, start=None, end=None, /", "", |call| find(call, true, false)),
    Native::method("rindex", "self, sub, start=None, end=None, /", "", |call| find(call, true, true)),
    Native::method("rjust", "self, width, fillchar=' ', /", "", |call| justify(call, Side::Left)),
    Native::method("rpartition", "self, sep, /", "", |call| partition(call, true)),
    Native::method("rsplit", "self, sep=None, maxsplit=-1", "", |call| split(call, true)),
    Native::method("rstrip", "self, chars=None, /", "", |call| strip(call, false, true)),
    Native::method("split", "self, sep=None, maxsplit=-1", "", |call| split(call, false)),
    Native::method("splitlines", "self, keepends=False", "", split_lines),
    Native::method("startswith", "self, prefix, start=None, end=None, /", "", |call| {
        affix(call, "startswith", |text, part| text.starts_with(part))
    }),
    Native::method("strip", "self, chars=None, /", "", |call| strip(call, true, true)),
    Native::method("swapcase", "self, /", "", |call| map(call, swap_case)),
    Native::method("title", "self, /", "", |call| map(call, title)),
    Native::method("upper", "self, /", "", |call| map(call, str::to_uppercase)),
    Native::method("zfill", "self, width, /", "", zero_fill),
];

fn own<'a>(call: &Call<'a, '_>) -> &'a str {
    call.arg(0).as_str().unwrap_or_default()
}

fn map(call: &mut Call<'_, '_>, change: fn(&str) -> String) -> Outcome {
    let text = own(call);
    call.context.allocate(text.len() * 2)?;
    Ok(Value::from(change(text)))
}

fn every(call: &mut Call<'_, '_>, wanted: fn(char) -> bool) -> Outcome {
    let text = own(call);
    Ok(Value::Bool(!text.is_empty() && text.chars().all(wanted)))
}

fn cased(call: &mut Call<'_, '_>, wanted: fn(char) -> bool, other: fn(char) -> bool) -> Outcome {
    let text = own(call);
    Ok(Value::Bool(text.chars().any(wanted) && !text.chars().any(other)))
}

fn is_decimal(c: char) -> bool {
    crate::format::spec::decimal_digit(c).is_some()
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars.as_str().to_lowercase().chars()).collect()
    })
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase())
        } else {
            out.extend(c.to_uppercase())
        }
        inside = c.is_alphabetic();
    }
    out
}

fn swap_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_uppercase() { out.extend(c.to_lowercase()) } else { out.extend(c.to_uppercase()) }
    }
    out
}

fn text_argument<'a>(call: &Call<'a, '_>, at: usize) -> Result<&'a str, Exception> {
    let value = call.arg(at);
    value.as_str().ok_or_else(|| exception::type_error(format!("must be str, not {}", type_of(value).name)))
}

/// The part of the text between two character positions, and where it begins in bytes and characters.
fn window<'a>(
    call: &Call<'a, '_>,
    text: &'a str,
    start_at: usize,
) -> Result<Option<(&'a str, usize)>, Exception> {
    if call.some(start_at).is_none() && call.some(start_at + 1).is_none() {
        return Ok(Some((text, 0)));
    }
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let bound = |at: usize, default: i64| -> Result<i64, Exception> {
        let Some(value) = call.some(at) else { return Ok(default) };
        let index = number::index(value).map_err(|_| {
            exception::type_error("slice indices must be integers or None or have an __index__ method")
        })?;
        Ok(if index < 0 { (index + length).max(0) } else { index })
    };
    let (start, end) = (bound(start_at, 0)?, bound(start_at + 1, length)?.min(length));
    if start > length || start > end {
        return Ok(None);
    }
    let byte = |position: i64| {
        let position = usize::try_from(position).unwrap_or(0);
        text.char_indices().nth(position).map_or(text.len(), |(at, _)| at)
    };
    Ok(Some((&text[byte(start)..byte(end)], usize::try_from(start).unwrap_or(0))))
}

fn count(call: &mut Call<'_, '_>) -> Outcome {
    let part = text_argument(call, 1)?;
    let Some((text, _)) = window(call, own(call), 2)? else { return Ok(Value::Int(0)) };
    call.context.spend(text.len() as u64 / 8)?;
    let count = if part.is_empty() { text.chars().count() + 1 } else { text.matches(part).count() };
    Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn find(call: &mut Call<'_, '_>, last: bool, raises: bool) -> Outcome {
    let part = text_argument(call, 1)?;
    let found = window(call, own(call), 2)?.and_then(|(text, offset)| {
        let at = if last { text.rfind(part) } else { text.find(part) }?;
        Some(text[..at].chars().count() + offset)
    });
    match found {
        Some(at) => Ok(Value::Int(i64::try_from(at).unwrap_or(i64::MAX))),
        None if raises => Err(exception::value_error("substring not found")),
        None => Ok(Value::Int(-1)),
    }
}

fn affix(call: &mut Call<'_, '_>, name: &str, holds: fn(&str, &str) -> bool) -> Outcome {
    let Some((text, _)) = window(call, own(call), 2)? else { return Ok(Value::Bool(false)) };
    let wrong = |value: &Value| {
        exception::type_error(format!(
            "{name} first arg must be str or a tuple of str, not {}",
            type_of(value).name
        ))
    };
    match call.arg(1) {
        Value::Str(part) => Ok(Value::Bool(holds(text, part))),
        Value::Tuple(parts) => {
            for part in parts.iter() {
                if holds(text, part.as_str().ok_or_else(|| wrong(part))?) {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }
        other => Err(wrong(other)),
    }
}

fn join(call: &mut Call<'_, '_>) -> Outcome {
    let separator = own(call);
    let items = call.context.collect(call.arg(1)).map_err(|error| {
        if error.is(&exception::TYPE_ERROR) {
            exception::type_error("can only join an iterable")
        } else {
            error
        }
    })?;
    let mut text = String::new();
    for (at, item) in items.iter().enumerate() {
        let Some(part) = item.as_str() else {
            let found = type_of(item).name;
            return Err(exception::type_error(format!(
                "sequence item {at}: expected str instance, {found} found"
            )));
        };
        call.context.allocate(part.len() + separator.len())?;
        if at > 0 {
            text.push_str(separator);
        }
        text.push_str(part);
    }
    Ok(Value::from(text))
}

fn strip(call: &mut Call<'_, '_>, left: bool, right: bool) -> Outcome {
    let text = own(call);
    let chars: Option<Vec<char>> = match call.some(1) {
        Some(Value::Str(chars)) => Some(chars.chars().collect()),
        Some(_) => return Err(exception::type_error("strip arg must be None or str")),
        None => None,
    };
    let drop =
        |c: char| chars.as_ref().map_or_else(|| crate::format::spec::is_space(c), |chars| chars.contains(&c));
    let text = if left { text.trim_start_matches(drop) } else { text };
    let text = if right { text.trim_end_matches(drop) } else { text };
    Ok(Value::from(text))
}

fn remove(call: &mut Call<'_, '_>, without: for<'t> fn(&'t str, &str) -> Option<&'t str>) -> Outcome {
    let (text, part) = (own(call), text_argument(call, 1)?);
    Ok(Value::from(without(text, part).unwrap_or(text)))
}

fn replace(call: &mut Call<'_, '_>) -> Outcome {
    let (text, old, new) = (own(call), text_argument(call, 1)?, text_argument(call, 2)?);
    let limit = match call.get(3) {
        Some(count) => usize::try_from(number::index(count)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let most = (text.len() / old.len().max(1) + 1).min(limit);
    call.context.allocate(text.len() + most.saturating_mul(new.len()))?;
    Ok(Value::from(if limit == usize::MAX { text.replace(old, new) } else { text.replacen(old, new, limit) }))
}

fn partition(call: &mut Call<'_, '_>, last: bool) -> Outcome {
    let (text, separator) = (own(call), text_argument(call, 1)?);
    if separator.is_empty() {
        return Err(exception::value_error("empty separator"));
    }
    let parts = match if last { text.rsplit_once(separator) } else { text.split_once(separator) } {
        Some((before, after)) => [before, separator, after],
        None if last => ["", "", text],
        None => [text, "", ""],
    };
    Ok(Value::tuple(parts.into_iter().map(Value::from).collect()))
}

fn split(call: &mut Call<'_, '_>, last: bool) -> Outcome {
    let text = own(call);
    let limit = match call.get(2) {
        Some(count) => usize::try_from(number::index(count)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    call.context.allocate(text.len() * 2)?;
    let mut parts: Vec<&str> = match call.some(1) {
        None => split_blank(text, limit, last),
        Some(Value::Str(separator)) if separator.is_empty() => {
            return Err(exception::value_error("empty separator"));
        }
        Some(Value::Str(separator)) if last => {
            text.rsplitn(limit.saturating_add(1), separator.as_str()).collect()
        }
        Some(Value::Str(separator)) => text.splitn(limit.saturating_add(1), separator.as_str()).collect(),
        Some(other) => {
            return Err(exception::type_error(format!("must be str or None, not {}", type_of(other).name)));
        }
    };
    if last {
        parts.reverse();
    }
    Ok(Value::list(parts.into_iter().map(Value::from).collect()))
}

/// Splits at runs of blanks; from the end, the parts come last first.
fn split_blank(text: &str, limit: usize, last: bool) -> Vec<&str> {
    let blank = crate::format::spec::is_space;
    let mut parts = Vec::new();
    let mut rest = if last { text.trim_end_matches(blank) } else { text.trim_start_matches(blank) };
    while !rest.is_empty() {
        let cut = if last { rest.rfind(blank) } else { rest.find(blank) };
        match cut.filter(|_| parts.len() < limit) {
            None => {
                parts.push(if last { rest.trim_start_matches(blank) } else { rest.trim_end_matches(blank) });
                break;
            }
            Some(at) if last => {
                let width = rest[at..].chars().next().map_or(1, char::len_utf8);
                parts.push(&rest[at + width..]);
                rest = rest[..at].trim_end_matches(blank);
            }
            Some(at) => {
                parts.push(&rest[..at]);
                rest = rest[at..].trim_start_matches(blank);
            }
        }
    }
    // What is left beyond the limit keeps its own end as it was.
    if !last
        && limit < usize::MAX
        && let Some(part) = parts.last_mut().filter(|part| text.trim_end_matches(blank).ends_with(**part))
        && part.contains(blank)
    {
        let begin = text.len() - text.trim_end_matches(blank).len() + part.len();
        *part = &text[text.len() - begin..];
    }
    parts
}

fn split_lines(call: &mut Call<'_, '_>) -> Outcome {
    let keep = call.get(1).is_some_and(crate::ops::truth);
    let text = own(call);
    let mut lines = Vec::new();
    let mut begin = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
        {
            continue;
        }
        let mut end = at + c.len_utf8();
        if c == '\r' && chars.peek().is_some_and(|(_, next)| *next == '\n') {
            chars.next();
            end += 1;
        }
        lines.push(Value::from(&text[begin..if keep { end } else { at }]));
        begin = end;
    }
    if begin < text.len() {
        lines.push(Value::from(&text[begin..]));
    }
    Ok(Value::list(lines))
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
    Both,
}

fn justify(call: &mut Call<'_, '_>, side: Side) -> Outcome {
    let text = own(call);
    let width = usize::try_from(number::index(call.arg(1))?).unwrap_or(0);
    let fill = match call.get(2) {
        None => ' ',
        Some(Value::Str(fill)) if fill.chars().count() == 1 => fill.chars().next().unwrap_or(' '),
        Some(_) => {
            return Err(exception::type_error("The fill character must be exactly one character long"));
        }
    };
    let length = text.chars().count();
    let Some(pad) = width.checked_sub(length) else { return Ok(call.arg(0).clone()) };
    call.context.allocate(width.saturating_mul(fill.len_utf8()))?;
    let left = match side {
        Side::Left => pad,
        Side::Right => 0,
        Side::Both => pad / 2 + (pad & width & 1),
    };
    let run = |count: usize| std::iter::repeat_n(fill, count);
    Ok(Value::from(run(left).chain(text.chars()).chain(run(pad - left)).collect::<String>()))
}

fn zero_fill(call: &mut Call<'_, '_>) -> Outcome {
    let text = own(call);
    let width = usize::try_from(number::index(call.arg(1))?).unwrap_or(0);
    let pad = width.saturating_sub(text.chars().count());
    call.context.allocate(width)?;
    let signed = usize::from(text.starts_with(['+', '-']));
    Ok(Value::from(format!("{}{}{}", &text[..signed], "0".repeat(pad), &text[signed..])))
}

/// `template.format(…)`.
fn format(call: &mut Call<'_, '_>) -> Outcome {
    let template = own(call);
    let mut next = 0;
    Ok(Value::from(fill(call, template, &mut next, 2)?))
}

fn fill(call: &mut Call<'_, '_>, template: &str, next: &mut usize, depth: u8) -> Result<String, Exception> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(exception::value_error("Max string recursion exceeded"));
    };
    let mut out = String::new();
    for part in fields::parse(template)? {
        let field = match part {
            Part::Literal(text) => {
                out.push_str(&text);
                continue;
            }
            Part::Field(field) => field,
        };
        let mut value = match &field.first {
            Key::Automatic => {
                *next += 1;
                positional(call, *next - 1)?
            }
            Key::Position(at) => positional(call, *at)?,
            Key::Name(name) => {
                let found =
                    call.named().iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
                found.ok_or_else(|| {
                    Exception::with_args(&exception::KEY_ERROR, vec![Value::from(name.as_str())])
                })?
            }
        };
        for access in &field.rest {
            value = match access {
                Access::Attribute(name) => call.context.attribute(&value, name)?,
                Access::Index(at) => {
                    call.context.item(&value, &Value::Int(i64::try_from(*at).unwrap_or(i64::MAX)))?
                }
                Access::Item(name) => call.context.item(&value, &Value::from(name.as_str()))?,
            };
        }
        if let Some(conversion) = field.conversion {
            value = Value::Str(if conversion == 's' {
                call.context.text(&value)?
            } else {
                call.context.repr(&value)?
            });
        }
        let spec = fill(call, &field.spec, next, depth)?;
        out.push_str(&call.context.format(&value, &spec)?);
        call.context.allocate(out.len())?;
    }
    Ok(out)
}

fn positional(call: &Call<'_, '_>, at: usize) -> Outcome {
    call.rest().get(at).cloned().ok_or_else(|| {
        Exception::new(
            &exception::INDEX_ERROR,
            format!("Replacement index {at} out of range for positional args tuple"),
        )
    })
}
