//! Trimming, padding, prefixes, bytes.

use super::{own, text};
use crate::call::Call;
use crate::exception::{self, Exception};
use crate::format::spec::is_space;
use crate::native::Native;
use crate::ops::number;
use crate::types::type_of;
use crate::value::Value;

pub(super) static METHODS: &[Native] = &[
    Native::method("center", "self, width, fillchar=' ', /", "In the middle of a width.", |call| {
        pad(call, Side::Both)
    }),
    Native::method("encode", "self, encoding='utf-8', errors='strict'", "As bytes.", encode),
    Native::method("expandtabs", "self, tabsize=8", "Tabs as blanks.", expandtabs),
    Native::method("ljust", "self, width, fillchar=' ', /", "At the left of a width.", |call| {
        pad(call, Side::Right)
    }),
    Native::method("lstrip", "self, chars=None, /", "Without what is at the start.", |call| {
        strip(call, true, false)
    }),
    Native::method("removeprefix", "self, prefix, /", "Without a prefix.", |call| {
        let (own, part) = (own(call)?, text(call, 1)?);
        Ok(Value::str(own.strip_prefix(part.as_str()).unwrap_or(&own)))
    }),
    Native::method("removesuffix", "self, suffix, /", "Without a suffix.", |call| {
        let (own, part) = (own(call)?, text(call, 1)?);
        Ok(Value::str(own.strip_suffix(part.as_str()).unwrap_or(&own)))
    }),
    Native::method("rjust", "self, width, fillchar=' ', /", "At the right of a width.", |call| {
        pad(call, Side::Left)
    }),
    Native::method("rstrip", "self, chars=None, /", "Without what is at the end.", |call| {
        strip(call, false, true)
    }),
    Native::method("strip", "self, chars=None, /", "Without what is around.", |call| strip(call, true, true)),
    Native::method("zfill", "self, width, /", "With zeros in front.", zfill),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Both,
}

fn pad(call: &mut Call<'_, '_>, side: Side) -> Result<Value, Exception> {
    let own = own(call)?;
    let width = usize::try_from(number::index(call.arg(1))?.max(0)).unwrap_or(usize::MAX);
    let fill = match call.get(2) {
        None => ' ',
        Some(Value::Str(fill)) if fill.chars().count() == 1 => fill.chars().next().unwrap_or(' '),
        Some(Value::Str(_)) => {
            return Err(exception::type_error("The fill character must be exactly one character long"));
        }
        Some(other) => {
            return Err(exception::type_error(format!(
                "The fill character must be a unicode character, not {}",
                type_of(other).name
            )));
        }
    };
    let missing = width.saturating_sub(own.chars().count());
    call.context.allocate(own.len().saturating_add(missing.saturating_mul(fill.len_utf8())))?;
    let left = match side {
        Side::Left => missing,
        Side::Right => 0,
        // The odd one goes where CPython puts it.
        Side::Both => missing / 2 + (missing & width & 1),
    };
    let mut out = String::with_capacity(own.len() + missing);
    out.extend(std::iter::repeat_n(fill, left));
    out.push_str(&own);
    out.extend(std::iter::repeat_n(fill, missing - left));
    Ok(Value::from(out))
}

fn strip(call: &mut Call<'_, '_>, start: bool, end: bool) -> Result<Value, Exception> {
    let own = own(call)?;
    let chars = match call.some(1) {
        None => None,
        Some(Value::Str(chars)) => Some(chars.clone()),
        Some(other) => {
            return Err(exception::type_error(format!(
                "{} arg must be None or str, not {}",
                call.native.name,
                type_of(other).name
            )));
        }
    };
    let goes = |c: char| chars.as_ref().map_or_else(|| is_space(c), |chars| chars.contains(c));
    let mut rest = own.as_str();
    if start {
        rest = rest.trim_start_matches(goes);
    }
    if end {
        rest = rest.trim_end_matches(goes);
    }
    Ok(if rest.len() == own.len() { Value::Str(own) } else { Value::str(rest) })
}

fn zfill(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let own = own(call)?;
    let width = usize::try_from(number::index(call.arg(1))?.max(0)).unwrap_or(usize::MAX);
    let missing = width.saturating_sub(own.chars().count());
    call.context.allocate(own.len().saturating_add(missing))?;
    let (sign, digits) = match own.as_bytes().first() {
        Some(b'+' | b'-') => own.split_at(1),
        _ => ("", own.as_str()),
    };
    Ok(Value::from(format!("{sign}{}{digits}", "0".repeat(missing))))
}

fn expandtabs(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let own = own(call)?;
    let size = usize::try_from(call.get(1).map_or(Ok(8), number::index)?.max(0)).unwrap_or(0);
    call.context.allocate(own.len().saturating_add(own.matches('\t').count().saturating_mul(size)))?;
    let mut out = String::with_capacity(own.len());
    let mut column = 0;
    for c in own.chars() {
        match c {
            '\t' if size > 0 => {
                let blanks = size - column % size;
                out.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            }
            '\t' => {}
            _ => {
                out.push(c);
                column = if matches!(c, '\n' | '\r') { 0 } else { column + 1 };
            }
        }
    }
    Ok(Value::from(out))
}

fn encode(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let own = own(call)?;
    let option = |at: usize, default: &str| match call.get(at) {
        Some(Value::Str(text)) => text.as_str().to_lowercase().replace(['-', '_'], ""),
        _ => default.to_owned(),
    };
    let (encoding, errors) = (option(1, "utf8"), option(2, "strict"));
    let limit = match encoding.as_str() {
        "utf8" | "u8" => return Ok(Value::Bytes(own.as_bytes().into())),
        "ascii" | "usascii" => 0x80,
        "latin1" | "iso88591" | "l1" => 0x100,
        _ => return Err(Exception::new(&exception::LOOKUP_ERROR, format!("unknown encoding: {encoding}"))),
    };
    let mut bytes = Vec::with_capacity(own.len());
    for (at, c) in own.chars().enumerate() {
        let code = u32::from(c);
        match (u8::try_from(code), errors.as_str()) {
            (Ok(byte), _) if code < limit => bytes.push(byte),
            (_, "ignore") => {}
            (_, "replace") => bytes.push(b'?'),
            (_, "xmlcharrefreplace") => bytes.extend_from_slice(format!("&#{code};").as_bytes()),
            (_, "backslashreplace") => bytes.extend_from_slice(crate::ops::ascii(&c.to_string()).as_bytes()),
            _ => {
                let (name, range) = if limit == 0x80 { ("ascii", 128) } else { ("latin-1", 256) };
                let shown = crate::ops::ascii(&c.to_string());
                return Err(Exception::new(
                    &exception::UNICODE_ENCODE_ERROR,
                    format!(
                        "'{name}' codec can't encode character '{shown}' in position {at}: ordinal not in range({range})"
                    ),
                ));
            }
        }
    }
    Ok(Value::Bytes(bytes.into()))
}
