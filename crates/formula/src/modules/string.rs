//! The module `string`: its constants, and `capwords`.

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::types::type_of;
use crate::value::Value;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "string",
    functions: &[FUNCTIONS],
    types: &[],
    modules: &[],
    constant: Some(|name| {
        Some(Value::str(match name {
            "ascii_lowercase" => "abcdefghijklmnopqrstuvwxyz",
            "ascii_uppercase" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "ascii_letters" => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "digits" => "0123456789",
            "hexdigits" => "0123456789abcdefABCDEF",
            "octdigits" => "01234567",
            "punctuation" => "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
            "printable" => concat!(
                "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\u{b}\u{c}"
            ),
            "whitespace" => " \t\n\r\u{b}\u{c}",
            _ => return None,
        }))
    }),
};

static FUNCTIONS: &[Native] =
    &[Native::function("capwords", "s, sep=None", "Each word with a capital, joined again.", capwords)];

/// Words are what `sep` separates; without it, what blanks do, which become one space.
fn capwords(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let Value::Str(text) = call.arg(0).clone() else {
        let found = type_of(call.arg(0)).name;
        return Err(exception::type_error(format!("expected text, got '{found}'")));
    };
    call.context.spend(text.len() as u64)?;
    let capital = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        first + &chars.as_str().to_lowercase()
    };
    let words: Vec<String> = match call.some(1) {
        Some(Value::Str(separator)) if !separator.is_empty() => {
            return Ok(Value::from(
                text.split(separator.as_str()).map(capital).collect::<Vec<_>>().join(separator),
            ));
        }
        _ => text.split_whitespace().map(capital).collect(),
    };
    Ok(Value::from(words.join(" ")))
}
