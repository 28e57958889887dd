//! The module `json`.

use std::fmt::Write;

use crate::call::Call;
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::ops::truth;
use crate::types::type_of;
use crate::value::{Dict, Key, Value};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "json",
    functions: &[FUNCTIONS],
    types: &[&exception::JSON_DECODE_ERROR],
    modules: &[],
    constant: None,
};

/// Deeper nesting than this is refused, both ways.
const DEEPEST: u32 = 100;

static FUNCTIONS: &[Native] = &[
    Native::function(
        "dumps",
        "obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False",
        "A value as JSON.",
        dumps,
    ),
    Native::function("loads", "s", "The value of a JSON text.", loads),
];

/// How to write.
struct Style {
    ascii: bool,
    indent: Option<String>,
    item: String,
    key: String,
    sorted: bool,
    default: Option<Value>,
}

fn dumps(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let indent = match call.some(6) {
        Some(Value::Int(width)) => Some(" ".repeat(usize::try_from((*width).clamp(0, 100)).unwrap_or(0))),
        Some(Value::Str(text)) => Some(text.to_string()),
        _ => None,
    };
    let (item, key) = match call.some(7).cloned() {
        Some(separators) => match call.context.collect(&separators)?.as_slice() {
            [Value::Str(item), Value::Str(key)] => (item.to_string(), key.to_string()),
            _ => return Err(exception::value_error("separators must be two texts")),
        },
        None => (if indent.is_some() { "," } else { ", " }.to_owned(), ": ".to_owned()),
    };
    let style = Style {
        ascii: call.get(2).is_none_or(truth),
        indent,
        item,
        key,
        sorted: call.get(9).is_some_and(truth),
        default: call.some(8).cloned(),
    };
    let value = call.arg(0).clone();
    let mut out = String::new();
    write(&value, &style, 0, &mut out, call.context)?;
    Ok(Value::from(out))
}

fn write(
    value: &Value,
    style: &Style,
    depth: u32,
    out: &mut String,
    context: &mut Context<'_>,
) -> Result<(), Exception> {
    if depth > DEEPEST {
        return Err(exception::value_error("Circular reference detected"));
    }
    context.spend(1)?;
    context.allocate(16)?;
    match value {
        Value::None => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Str(text) => write_text(text, style.ascii, out),
        Value::Float(float) if float.is_nan() => out.push_str("NaN"),
        Value::Float(float) if float.is_infinite() => {
            out.push_str(if *float > 0.0 { "Infinity" } else { "-Infinity" });
        }
        Value::Int(_) | Value::Big(_) | Value::Float(_) => out.push_str(&crate::ops::plain_repr(value)),
        Value::List(_) | Value::Tuple(_) => {
            let items = context.collect(value)?;
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                separate(at, style, depth + 1, out);
                write(item, style, depth + 1, out, context)?;
            }
            close(items.is_empty(), style, depth, out);
            out.push(']');
        }
        Value::Dict(dict) => {
            let mut entries = Vec::new();
            for (key, value) in dict.borrow().iter() {
                let name = match key.value() {
                    Value::Str(text) => text.to_string(),
                    Value::None => "null".to_owned(),
                    Value::Bool(truth) => truth.to_string(),
                    number @ (Value::Int(_) | Value::Big(_) | Value::Float(_)) => {
                        crate::ops::plain_repr(number).to_string()
                    }
                    other => {
                        return Err(exception::type_error(format!(
                            "keys must be str, int, float, bool or None, not {}",
                            type_of(other).name
                        )));
                    }
                };
                entries.push((name, value.clone()));
            }
            if style.sorted {
                entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            }
            out.push('{');
            for (at, (name, value)) in entries.iter().enumerate() {
                separate(at, style, depth + 1, out);
                write_text(name, style.ascii, out);
                out.push_str(&style.key);
                write(value, style, depth + 1, out, context)?;
            }
            close(entries.is_empty(), style, depth, out);
            out.push('}');
        }
        other => {
            let plain = match (other, &style.default) {
                (_, Some(default)) => context.call(default, std::slice::from_ref(other), &[])?,
                (Value::Object(object), None) if let Some(plain) = object.plain() => plain,
                _ => {
                    let class = type_of(other).name;
                    return Err(exception::type_error(format!(
                        "Object of type {class} is not JSON serializable"
                    )));
                }
            };
            write(&plain, style, depth + 1, out, context)?;
        }
    }
    Ok(())
}

fn separate(at: usize, style: &Style, depth: u32, out: &mut String) {
    if at > 0 {
        out.push_str(&style.item);
    }
    new_line(style, depth, out);
}

fn close(empty: bool, style: &Style, depth: u32, out: &mut String) {
    if !empty {
        new_line(style, depth, out);
    }
}

fn new_line(style: &Style, depth: u32, out: &mut String) {
    if let Some(indent) = &style.indent {
        out.push('\n');
        for _ in 0..depth {
            out.push_str(indent);
        }
    }
}

fn write_text(text: &str, ascii: bool, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' || (ascii && !c.is_ascii()) || c == '\u{7f}' && ascii => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn loads(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let text = match call.arg(0) {
        Value::Str(text) => text.to_string(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => {
            return Err(exception::type_error(format!(
                "the JSON object must be str, bytes or bytearray, not {}",
                type_of(other).name
            )));
        }
    };
    call.context.spend(text.len() as u64 / 4)?;
    call.context.allocate(text.len() * 4)?;
    let mut reader = Reader { text: &text, at: 0 };
    reader.blanks();
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < text.len() {
        return Err(reader.error("Extra data", reader.at));
    }
    Ok(value)
}

/// Reads JSON as Python does, with its error texts.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn error(&self, message: &str, at: usize) -> Exception {
        let before = &self.text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let place = before.chars().count();
        Exception::new(
            &exception::JSON_DECODE_ERROR,
            format!("{message}: line {line} column {column} (char {place})"),
        )
    }

    fn value(&mut self, depth: u32) -> Result<Value, Exception> {
        if depth > DEEPEST {
            return Err(Exception::new(&exception::RECURSION_ERROR, "maximum recursion depth exceeded"));
        }
        for (token, value) in [
            ("null", Value::None),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ] {
            if self.take(token) {
                return Ok(value);
            }
        }
        match self.rest().chars().next() {
            Some('"') => self.string().map(Value::from),
            Some('[') => self.array(depth),
            Some('{') => self.object(depth),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: u32) -> Result<Value, Exception> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.take("]") {
            return Ok(Value::list(items));
        }
        loop {
            self.blanks();
            items.push(self.value(depth + 1)?);
            self.blanks();
            if self.take("]") {
                return Ok(Value::list(items));
            }
            if !self.take(",") {
                return Err(self.error("Expecting ',' delimiter", self.at));
            }
        }
    }

    fn object(&mut self, depth: u32) -> Result<Value, Exception> {
        self.at += 1;
        let mut dict = Dict::default();
        self.blanks();
        if self.take("}") {
            return Ok(Value::dict(dict));
        }
        loop {
            self.blanks();
            if !self.rest().starts_with('"') {
                return Err(self.error("Expecting property name enclosed in double quotes", self.at));
            }
            let key = self.string()?;
            self.blanks();
            if !self.take(":") {
                return Err(self.error("Expecting ':' delimiter", self.at));
            }
            self.blanks();
            let value = self.value(depth + 1)?;
            dict.insert(Key::text(&key), value);
            self.blanks();
            if self.take("}") {
                return Ok(Value::dict(dict));
            }
            if !self.take(",") {
                return Err(self.error("Expecting ',' delimiter", self.at));
            }
        }
    }

    fn string(&mut self) -> Result<String, Exception> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let Some(c) = self.rest().chars().next() else {
                return Err(self.error("Unterminated string starting at", start));
            };
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(out);
                }
                '\\' => out.push(self.escape(start)?),
                c if c < ' ' => return Err(self.error("Invalid control character at", self.at)),
                c => {
                    out.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self, start: usize) -> Result<char, Exception> {
        let at = self.at;
        self.at += 1;
        let Some(c) = self.rest().chars().next() else {
            return Err(self.error("Unterminated string starting at", start));
        };
        self.at += c.len_utf8();
        Ok(match c {
            '"' | '\\' | '/' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let high = self.unit().ok_or_else(|| self.error("Invalid \\uXXXX escape", at + 1))?;
                if (0xd800..0xdc00).contains(&high) && self.rest().starts_with("\\u") {
                    let back = self.at;
                    self.at += 2;
                    match self.unit() {
                        Some(low) if (0xdc00..0xe000).contains(&low) => {
                            return Ok(char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
                                .unwrap_or('\u{fffd}'));
                        }
                        _ => self.at = back,
                    }
                }
                char::from_u32(high).unwrap_or('\u{fffd}')
            }
            _ => return Err(self.error("Invalid \\escape", at)),
        })
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(unit)
    }

    fn number(&mut self) -> Result<Value, Exception> {
        let expected = self.error("Expecting value", self.at);
        let rest = self.rest();
        let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
        let mut end = usize::from(rest.starts_with('-'));
        let whole = if rest[end..].starts_with('0') { 1 } else { digits(end) };
        if whole == 0 {
            return Err(expected);
        }
        end += whole;
        let mut float = false;
        if rest[end..].starts_with('.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
            float = true;
        }
        if rest[end..].starts_with(['e', 'E']) {
            let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
            let count = digits(end + 1 + sign);
            if count > 0 {
                end += 1 + sign + count;
                float = true;
            }
        }
        let text = &rest[..end];
        let value = if float {
            Value::Float(text.parse().unwrap_or(f64::NAN))
        } else if text.len() > 4300 {
            return Err(exception::value_error(
                "Exceeds the limit (4300 digits) for integer string conversion",
            ));
        } else {
            text.parse::<num_bigint::BigInt>().map_or(Value::Int(0), Value::int)
        };
        self.at += end;
        Ok(value)
    }
}
