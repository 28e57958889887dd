//! `str()` and `repr()`.

use std::fmt::Write;

use ecow::EcoString;

use crate::context::Context;
use crate::dates::calendar;
use crate::exception::{self, Exception};
use crate::format::{float, strftime};
use crate::types::type_of;
use crate::value::{Function, Key, Value, time};

/// How deep `repr` follows containers; those that hold themselves end here.
const DEPTH: u32 = 100;

impl Context<'_> {
    /// `str(value)`.
    pub fn text(&mut self, value: &Value) -> Result<EcoString, Exception> {
        match value {
            Value::Str(text) => Ok(text.clone()),
            Value::Object(object) => object.clone().text(self).map(EcoString::from),
            Value::Exception(exception) => Ok(exception.message()),
            _ => match simple(value) {
                Some(text) => Ok(text),
                None => self.repr(value),
            },
        }
    }

    /// `repr(value)`.
    pub fn repr(&mut self, value: &Value) -> Result<EcoString, Exception> {
        let mut out = String::new();
        self.write_repr(value, &mut out, DEPTH)?;
        Ok(out.into())
    }

    fn write_repr(&mut self, value: &Value, out: &mut String, depth: u32) -> Result<(), Exception> {
        let Some(depth) = depth.checked_sub(1) else {
            out.push_str("...");
            return Ok(());
        };
        self.spend(1)?;
        match value {
            Value::List(items) => {
                let items = items.borrow().clone();
                out.push('[');
                self.write_items(&items, out, depth)?;
                out.push(']');
            }
            Value::Tuple(items) => {
                out.push('(');
                self.write_items(items, out, depth)?;
                out.push_str(if items.len() == 1 { ",)" } else { ")" });
            }
            Value::Set(set) => {
                let items: Vec<Value> = set.borrow().iter().map(|key| key.value().clone()).collect();
                self.write_set("", &items, out, depth)?;
            }
            Value::FrozenSet(set) => {
                let items: Vec<Value> = set.iter().map(|key| key.value().clone()).collect();
                self.write_set("frozenset", &items, out, depth)?;
            }
            Value::Dict(dict) => {
                let entries: Vec<(Key, Value)> =
                    dict.borrow().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    self.write_repr(key.value(), out, depth)?;
                    out.push_str(": ");
                    self.write_repr(value, out, depth)?;
                }
                out.push('}');
            }
            Value::Slice(slice) => {
                out.push_str("slice");
                self.write_repr(
                    &Value::tuple(vec![slice.0.clone(), slice.1.clone(), slice.2.clone()]),
                    out,
                    depth,
                )?;
            }
            Value::Record(table, row) => {
                let table = self.host.table_id(*table);
                let _ = write!(out, "{table}[{row}]");
            }
            Value::RecordSet(set) => {
                let table = self.host.table_id(set.table);
                let _ = write!(out, "{table}[[");
                for (at, row) in set.rows.iter().enumerate() {
                    let _ = if at > 0 { write!(out, ", {row}") } else { write!(out, "{row}") };
                }
                out.push_str("]]");
            }
            Value::Table(table) => {
                let table = self.host.table_id(*table);
                let _ = write!(out, "<UserTable {table}>");
            }
            Value::Exception(exception) => {
                out.push_str(exception.name());
                out.push('(');
                let args = exception.raised().args.clone();
                self.write_items(&args, out, depth)?;
                out.push(')');
            }
            Value::Object(object) => out.push_str(&object.repr(self)?),
            _ => out.push_str(&plain_repr(value)),
        }
        self.allocate(32)?;
        Ok(())
    }

    fn write_items(&mut self, items: &[Value], out: &mut String, depth: u32) -> Result<(), Exception> {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            self.write_repr(item, out, depth)?;
        }
        Ok(())
    }

    fn write_set(
        &mut self,
        class: &str,
        items: &[Value],
        out: &mut String,
        depth: u32,
    ) -> Result<(), Exception> {
        if items.is_empty() {
            out.push_str(if class.is_empty() { "set()" } else { "frozenset()" });
            return Ok(());
        }
        if !class.is_empty() {
            out.push_str("frozenset(");
        }
        out.push('{');
        self.write_items(items, out, depth)?;
        out.push_str(if class.is_empty() { "}" } else { "})" });
        Ok(())
    }
}

/// `str(value)` where it differs from `repr`, or is the same for a simple value.
fn simple(value: &Value) -> Option<EcoString> {
    match value {
        Value::Str(text) => Some(text.clone()),
        Value::AltText(text) => Some(text.text.clone()),
        Value::Date(day) => Some(date_text(*day)),
        Value::DateTime(date_time) => Some(ecow::eco_format!(
            "{} {}{}",
            date_text(date_time.day()),
            clock_text(date_time.time_of_day()),
            date_time
                .offset()
                .map(|offset| strftime::offset_text(i64::from(offset), ":"))
                .unwrap_or_default()
        )),
        Value::Time(time) => Some(ecow::eco_format!("{}{}", clock_text(time.micros), offset_of(time))),
        Value::Delta(micros) => Some(delta_text(*micros)),
        _ => None,
    }
}

fn offset_of(time: &time::Time) -> String {
    match &time.zone {
        Some(time::Zone::Fixed(offset, _)) => strftime::offset_text(i64::from(*offset), ":"),
        _ => String::new(),
    }
}

fn date_text(day: i32) -> EcoString {
    let (year, month, day) = calendar::civil(i64::from(day));
    ecow::eco_format!("{year:04}-{month:02}-{day:02}")
}

fn clock_text(micros: i64) -> EcoString {
    let seconds = micros / 1_000_000;
    let (hour, minute, second, micro) = (seconds / 3600, seconds / 60 % 60, seconds % 60, micros % 1_000_000);
    if micro == 0 {
        ecow::eco_format!("{hour:02}:{minute:02}:{second:02}")
    } else {
        ecow::eco_format!("{hour:02}:{minute:02}:{second:02}.{micro:06}")
    }
}

fn delta_text(micros: i64) -> EcoString {
    let (days, rest) = (micros.div_euclid(time::DAY), micros.rem_euclid(time::DAY));
    let seconds = rest / 1_000_000;
    let mut out = EcoString::new();
    if days != 0 {
        let _ = write!(out, "{days} day{}, ", if days.abs() == 1 { "" } else { "s" });
    }
    let _ = write!(out, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest % 1_000_000 != 0 {
        let _ = write!(out, ".{:06}", rest % 1_000_000);
    }
    out
}

/// `str(value)` without the document: records show as `Record[row]`.
#[must_use]
pub fn plain_str(value: &Value) -> EcoString {
    simple(value).unwrap_or_else(|| plain_repr(value))
}

/// `repr(value)` without the document: records show as `Record[row]`.
#[must_use]
pub fn plain_repr(value: &Value) -> EcoString {
    let class = || type_of(value).name;
    match value {
        Value::None => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(int) => ecow::eco_format!("{int}"),
        Value::Big(big) => ecow::eco_format!("{big}"),
        Value::Float(value) => float::repr(*value).into(),
        Value::Str(text) => quote(text),
        Value::Bytes(bytes) => quote_bytes(bytes),
        Value::Date(day) => {
            let (year, month, day) = calendar::civil(i64::from(*day));
            ecow::eco_format!("datetime.date({year}, {month}, {day})")
        }
        Value::DateTime(date_time) => {
            let (year, month, day) = calendar::civil(i64::from(date_time.day()));
            let zone = date_time
                .zone
                .as_ref()
                .map(|zone| format!(", tzinfo={}", zone_repr(zone)))
                .unwrap_or_default();
            ecow::eco_format!(
                "datetime.datetime({year}, {month}, {day}, {}{zone})",
                clock_repr(date_time.time_of_day())
            )
        }
        Value::Time(time) => {
            let zone =
                time.zone.as_ref().map(|zone| format!(", tzinfo={}", zone_repr(zone))).unwrap_or_default();
            ecow::eco_format!("datetime.time({}{zone})", clock_repr(time.micros))
        }
        Value::Delta(micros) => delta_repr(*micros),
        Value::Tuple(items) => {
            let shown: Vec<EcoString> = items.iter().map(plain_repr).collect();
            ecow::eco_format!("({}{})", shown.join(", "), if items.len() == 1 { "," } else { "" })
        }
        Value::List(items) => match items.try_borrow() {
            Ok(items) if items.len() < 1000 && !items.iter().any(|item| matches!(item, Value::List(_))) => {
                let shown: Vec<EcoString> = items.iter().map(plain_repr).collect();
                ecow::eco_format!("[{}]", shown.join(", "))
            }
            _ => "[...]".into(),
        },
        Value::Range(range) if range.2 == 1 => ecow::eco_format!("range({}, {})", range.0, range.1),
        Value::Range(range) => ecow::eco_format!("range({}, {}, {})", range.0, range.1, range.2),
        Value::Record(_, row) => ecow::eco_format!("Record[{row}]"),
        Value::Type(def) if def.module.is_empty() => ecow::eco_format!("<class '{}'>", def.name),
        Value::Type(def) => ecow::eco_format!("<class '{}.{}'>", def.module, def.name),
        Value::Module(module) => ecow::eco_format!("<module '{}'>", module.name),
        Value::Function(Function::Native(native)) => ecow::eco_format!("<built-in function {}>", native.name),
        Value::Function(Function::Bound(bound)) => {
            ecow::eco_format!(
                "<built-in method {} of {} object>",
                bound.method.name,
                type_of(&bound.object).name
            )
        }
        Value::Function(Function::Closure(closure)) => ecow::eco_format!("<function {}>", closure.name()),
        Value::AltText(text) => ecow::eco_format!("AltText({})", quote(&text.text)),
        Value::Exception(exception) | Value::Error(exception) => {
            let shown: Vec<EcoString> = exception.raised().args.iter().map(plain_repr).collect();
            ecow::eco_format!("{}({})", exception.name(), shown.join(", "))
        }
        Value::Ellipsis => "Ellipsis".into(),
        Value::NotImplemented => "NotImplemented".into(),
        _ => ecow::eco_format!("<{} object>", class()),
    }
}

pub(crate) fn zone_repr(zone: &time::Zone) -> EcoString {
    match zone {
        time::Zone::Named(zone, _) => ecow::eco_format!("moment.tzinfo({})", quote(zone.name())),
        time::Zone::Fixed(0, None) => "datetime.timezone.utc".into(),
        time::Zone::Fixed(offset, name) => {
            let delta = delta_repr(i64::from(*offset) * 1_000_000);
            match name {
                Some(name) => ecow::eco_format!("datetime.timezone({delta}, {})", quote(name)),
                None => ecow::eco_format!("datetime.timezone({delta})"),
            }
        }
    }
}

fn clock_repr(micros: i64) -> String {
    let seconds = micros / 1_000_000;
    let (hour, minute, second, micro) = (seconds / 3600, seconds / 60 % 60, seconds % 60, micros % 1_000_000);
    match (second, micro) {
        (0, 0) => format!("{hour}, {minute}"),
        (_, 0) => format!("{hour}, {minute}, {second}"),
        _ => format!("{hour}, {minute}, {second}, {micro}"),
    }
}

fn delta_repr(micros: i64) -> EcoString {
    let (days, rest) = (micros.div_euclid(time::DAY), micros.rem_euclid(time::DAY));
    let parts: Vec<String> =
        [("days", days), ("seconds", rest / 1_000_000), ("microseconds", rest % 1_000_000)]
            .iter()
            .filter(|(_, amount)| *amount != 0)
            .map(|(name, amount)| format!("{name}={amount}"))
            .collect();
    ecow::eco_format!(
        "datetime.timedelta({})",
        if parts.is_empty() { "0".to_owned() } else { parts.join(", ") }
    )
}

/// `repr` of a text: quoted, with escapes.
#[must_use]
pub fn quote(text: &str) -> EcoString {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = EcoString::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            c if is_printable(c) => out.push(c),
            c => {
                let code = u32::from(c);
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02x}"),
                    0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push(quote);
    out
}

/// Whether Python shows a character as it is.
pub(crate) fn is_printable(c: char) -> bool {
    use unicode_properties::{GeneralCategory as G, UnicodeGeneralCategory};
    c == ' '
        || !matches!(
            c.general_category(),
            G::Control
                | G::Format
                | G::Surrogate
                | G::PrivateUse
                | G::Unassigned
                | G::LineSeparator
                | G::ParagraphSeparator
                | G::SpaceSeparator
        )
}

fn quote_bytes(bytes: &[u8]) -> EcoString {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = EcoString::from("b");
    out.push(quote);
    for byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            byte if char::from(*byte) == quote => {
                out.push('\\');
                out.push(quote);
            }
            0x20..=0x7e => out.push(char::from(*byte)),
            byte => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push(quote);
    out
}

impl Context<'_> {
    /// The text of a `str` argument, or Python's error: `f() argument must be str, not int`.
    pub fn expect_text<'v>(&self, value: &'v Value, what: &str) -> Result<&'v EcoString, Exception> {
        match value {
            Value::Str(text) => Ok(text),
            other => Err(exception::type_error(format!("{what} must be str, not {}", type_of(other).name))),
        }
    }
}
