//! The module `re`.

mod matches;
mod patterns;

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::ops::number;
use crate::pattern::{Flags, Pattern};
use crate::types::type_of;
use crate::value::Value;

pub(crate) use patterns::PatternObject;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "re",
    functions: &[FUNCTIONS],
    types: &[&exception::RE_ERROR, &patterns::PATTERN, &matches::MATCH],
    modules: &[],
    constant: Some(|name| {
        Some(Value::Int(match name {
            "I" | "IGNORECASE" => 2,
            "M" | "MULTILINE" => 8,
            "S" | "DOTALL" => 16,
            "U" | "UNICODE" => 32,
            "X" | "VERBOSE" => 64,
            "A" | "ASCII" => 256,
            "NOFLAG" => 0,
            _ => return None,
        }))
    }),
};

static FUNCTIONS: &[Native] = &[
    Native::function("compile", "pattern, flags=0", "A pattern to be used again.", |call| {
        pattern(call, 0, 1).map(|pattern| Value::object(PatternObject(pattern)))
    }),
    Native::function("escape", "pattern", "The text as a pattern that matches it.", |call| {
        match call.arg(0) {
            Value::Str(text) => {
                let mut out = String::with_capacity(text.len());
                for c in text.chars() {
                    if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(c) {
                        out.push('\\');
                    }
                    out.push(c);
                }
                Ok(Value::from(out))
            }
            other => Err(exception::type_error(format!(
                "expected string or bytes-like object, got '{}'",
                type_of(other).name
            ))),
        }
    }),
    Native::function("findall", "pattern, string, flags=0", "All matches.", |call| {
        let pattern = pattern(call, 0, 2)?;
        patterns::find_all(call, &pattern, 1)
    }),
    Native::function("finditer", "pattern, string, flags=0", "All matches, as match objects.", |call| {
        let pattern = pattern(call, 0, 2)?;
        patterns::find_iter(call, &pattern, 1)
    }),
    Native::function("fullmatch", "pattern, string, flags=0", "A match of the whole text.", |call| {
        let pattern = pattern(call, 0, 2)?;
        patterns::one(call, &pattern, 1, patterns::How::Full)
    }),
    Native::function("match", "pattern, string, flags=0", "A match at the start.", |call| {
        let pattern = pattern(call, 0, 2)?;
        patterns::one(call, &pattern, 1, patterns::How::Start)
    }),
    Native::function("search", "pattern, string, flags=0", "The first match.", |call| {
        let pattern = pattern(call, 0, 2)?;
        patterns::one(call, &pattern, 1, patterns::How::Anywhere)
    }),
    Native::function("split", "pattern, string, maxsplit=0, flags=0", "The parts between matches.", |call| {
        let pattern = pattern(call, 0, 3)?;
        patterns::split(call, &pattern, 1, 2)
    }),
    Native::function(
        "sub",
        "pattern, repl, string, count=0, flags=0",
        "The text with matches replaced.",
        |call| {
            let pattern = pattern(call, 0, 4)?;
            patterns::substitute(call, &pattern, 1).map(|(text, _)| text)
        },
    ),
    Native::function("subn", "pattern, repl, string, count=0, flags=0", "The same, and how many.", |call| {
        let pattern = pattern(call, 0, 4)?;
        patterns::substitute(call, &pattern, 1).map(|(text, count)| Value::tuple(vec![text, count]))
    }),
];

/// Whether this is a function of the module.
pub(crate) fn is_function(native: &'static Native) -> bool {
    FUNCTIONS.iter().any(|known| std::ptr::eq(known, native))
}

/// The pattern of an argument, compiled; kept for the next time.
fn pattern(call: &Call<'_, '_>, at: usize, flags: usize) -> Result<Rc<Pattern>, Exception> {
    let bits = call.get(flags).map_or(Ok(0), number::index)?;
    match call.arg(at) {
        Value::Str(source) => compiled(source, bits),
        other => match other.downcast::<PatternObject>() {
            Some(_) if bits != 0 => {
                Err(exception::value_error("cannot process flags argument with a compiled pattern"))
            }
            Some(pattern) => Ok(pattern.0.clone()),
            None => Err(exception::type_error("first argument must be string or compiled pattern")),
        },
    }
}

/// Compiles a pattern, or finds it among those compiled before on this thread.
pub(crate) fn compiled(source: &str, bits: i64) -> Result<Rc<Pattern>, Exception> {
    /// By flags and source.
    type Known = FxHashMap<i64, FxHashMap<Box<str>, Rc<Pattern>>>;
    thread_local! {
        static KNOWN: RefCell<Known> = RefCell::default();
    }
    if let Some(pattern) = KNOWN.with_borrow(|known| known.get(&bits)?.get(source).cloned()) {
        return Ok(pattern);
    }
    let flags = Flags::from_bits(bits).ok_or_else(|| exception::value_error("unknown flags"))?;
    let pattern = Rc::new(
        Pattern::new(source, flags)
            .map_err(|error| Exception::new(&exception::RE_ERROR, error.to_string()))?,
    );
    KNOWN.with_borrow_mut(|known| {
        let known = known.entry(bits).or_default();
        if known.len() >= 500 {
            known.clear();
        }
        known.insert(source.into(), pattern.clone());
    });
    Ok(pattern)
}
