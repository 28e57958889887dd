//! Functions written in Rust, as formulas see them: the calling convention and the tables' entries.
//!
//! A family is a `pub static NAMES: &[Native]`, each entry giving a name, a signature in Python's notation (without the parentheses), a
//! line of help and the function:
//!
//! ```text
//! pub static FUNCTIONS: &[Native] = &[
//!     Native::function("CEILING", "value, factor=1", "Rounds up to a multiple of factor.", ceiling),
//!     Native::function("IFERROR", "value, value_if_error=''", "…", iferror).lazy(&[0]),
//! ];
//! fn ceiling(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
//!     let value = call.arg(0);                  // required: always there
//!     let factor = call.get(1);                 // optional: None means the default
//!     …
//! }
//! ```
//!
//! Arguments are counted and bound to names before the function runs, with Python's `TypeError` texts. In the signature, `*name` collects
//! further positional arguments ([`Call::rest`]), `**name` further named ones ([`Call::named`]), a bare `*` starts the keyword-only ones, and
//! a bare `/` ends the positional-only ones. Methods and properties take the object as argument 0, written `self`.

use crate::call::Call;
use crate::exception::Exception;
use crate::value::Value;

/// The Rust side of a native function.
pub type NativeFn = fn(&mut Call<'_, '_>) -> Result<Value, Exception>;

/// How a native is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NativeKind {
    /// `name(…)`, also static methods.
    Function,
    /// `object.name(…)`; argument 0 is the object.
    Method,
    /// `object.name`, called at once; argument 0 is the object.
    Property,
    /// `type.name(…)` or `object.name(…)`; argument 0 is the type.
    ClassMethod,
}

/// A function written in Rust.
#[derive(Debug)]
pub struct Native {
    /// Its name.
    pub name: &'static str,
    /// Its parameters in Python's notation, without parentheses.
    pub signature: &'static str,
    /// What it does, in a line.
    pub help: &'static str,
    /// How it is reached.
    pub kind: NativeKind,
    /// Positions of arguments that are evaluated lazily: an exception in them arrives as [`Value::Error`].
    pub lazy: &'static [usize],
    /// The Rust function.
    pub function: NativeFn,
    /// How many parameters can be given by position, not counting `*name`.
    pub positional: u8,
    /// How many positional parameters have no default.
    pub required: u8,
    /// Whether there is a `*name`.
    pub star: bool,
    /// Whether there are keyword-only parameters without a default: they must be given by name.
    pub keywords: bool,
}

impl Native {
    /// A function.
    #[must_use]
    pub const fn function(
        name: &'static str,
        signature: &'static str,
        help: &'static str,
        function: NativeFn,
    ) -> Self {
        Self::new(NativeKind::Function, name, signature, help, function)
    }
    /// A method; the signature starts with `self`.
    #[must_use]
    pub const fn method(
        name: &'static str,
        signature: &'static str,
        help: &'static str,
        function: NativeFn,
    ) -> Self {
        Self::new(NativeKind::Method, name, signature, help, function)
    }
    /// A property.
    #[must_use]
    pub const fn property(name: &'static str, help: &'static str, function: NativeFn) -> Self {
        Self::new(NativeKind::Property, name, "self", help, function)
    }
    /// A class method; the signature starts with `cls`.
    #[must_use]
    pub const fn class_method(
        name: &'static str,
        signature: &'static str,
        help: &'static str,
        function: NativeFn,
    ) -> Self {
        Self::new(NativeKind::ClassMethod, name, signature, help, function)
    }
    /// The same, with arguments that are evaluated lazily.
    #[must_use]
    pub const fn lazy(mut self, positions: &'static [usize]) -> Self {
        self.lazy = positions;
        self
    }

    const fn new(
        kind: NativeKind,
        name: &'static str,
        signature: &'static str,
        help: &'static str,
        function: NativeFn,
    ) -> Self {
        let shape = shape(signature.as_bytes());
        Self {
            name,
            signature,
            help,
            kind,
            lazy: &[],
            function,
            positional: shape.positional,
            required: shape.required,
            star: shape.star,
            keywords: shape.keywords,
        }
    }

    /// The parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter<'static>> + use<> {
        let mut keyword_only = false;
        let mut positional_only = self.signature.contains("/");
        split(self.signature).filter_map(move |text| {
            let (name, default) = match text.split_once('=') {
                Some((name, default)) => (name.trim(), Some(default.trim())),
                None => (text.trim(), None),
            };
            let kind = match name {
                "" => return None,
                "*" => {
                    keyword_only = true;
                    return None;
                }
                "/" => {
                    positional_only = false;
                    return None;
                }
                _ if name.starts_with("**") => ParameterKind::Named,
                _ if name.starts_with('*') => {
                    keyword_only = true;
                    ParameterKind::Rest
                }
                _ if keyword_only => ParameterKind::KeywordOnly,
                _ if positional_only => ParameterKind::PositionalOnly,
                _ => ParameterKind::Ordinary,
            };
            Some(Parameter { name: name.trim_start_matches('*'), default, kind })
        })
    }
}

/// One parameter of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its default, as written.
    pub default: Option<&'a str>,
    /// How it is given.
    pub kind: ParameterKind,
}

/// How a parameter is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// By position only.
    PositionalOnly,
    /// By position or by name.
    Ordinary,
    /// `*name`.
    Rest,
    /// By name only.
    KeywordOnly,
    /// `**name`.
    Named,
}

/// Splits a signature at the commas outside brackets and quotes.
fn split(signature: &'static str) -> impl Iterator<Item = &'static str> {
    let mut depth = 0_i32;
    let mut quote: Option<char> = None;
    signature.split(move |c: char| {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0 && quote.is_none()
    })
}

struct Shape {
    positional: u8,
    required: u8,
    star: bool,
    keywords: bool,
}

/// The counts that every call needs, computed when the table is built.
const fn shape(signature: &[u8]) -> Shape {
    let mut shape = Shape { positional: 0, required: 0, star: false, keywords: false };
    let (mut at, mut depth, mut quote) = (0, 0, 0_u8);
    let (mut first, mut second, mut default) = (0_u8, 0_u8, false);
    let mut keyword_only = false;
    while at <= signature.len() {
        let c = if at == signature.len() { b',' } else { signature[at] };
        if quote != 0 {
            if c == quote {
                quote = 0;
            }
        } else if c == b'\'' || c == b'"' {
            quote = c;
        } else if c == b'(' || c == b'[' || c == b'{' {
            depth += 1;
        } else if c == b')' || c == b']' || c == b'}' {
            depth -= 1;
        } else if c == b',' && depth == 0 {
            if first == b'*' && second != b'*' {
                keyword_only = true;
                shape.star = second != 0;
            } else if first != b'*' && first != b'/' && first != 0 {
                if keyword_only {
                    shape.keywords = shape.keywords || !default;
                } else {
                    shape.positional += 1;
                    if !default {
                        shape.required += 1;
                    }
                }
            }
            first = 0;
            second = 0;
            default = false;
        } else if c == b'=' {
            default = true;
        } else if c != b' ' {
            if first == 0 {
                first = c;
            } else if second == 0 {
                second = c;
            }
        }
        at += 1;
    }
    shape
}
