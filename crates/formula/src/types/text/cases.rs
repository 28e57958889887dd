//! Upper and lower case, and what kinds of characters a text is made of.

use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory};

use super::own;
use crate::call::Call;
use crate::exception::Exception;
use crate::native::Native;
use crate::value::Value;

pub(super) static METHODS: &[Native] = &[
    Native::method("capitalize", "self, /", "First letter in capitals, the rest not.", |call| {
        each(call, capitalize)
    }),
    Native::method("casefold", "self, /", "For comparisons without case.", |call| {
        each(call, |text| text.to_lowercase().replace('ß', "ss"))
    }),
    Native::method("lower", "self, /", "In lower case.", |call| each(call, str::to_lowercase)),
    Native::method("swapcase", "self, /", "Cases exchanged.", |call| each(call, swapcase)),
    Native::method("title", "self, /", "Words with capitals.", |call| each(call, title)),
    Native::method("upper", "self, /", "In capitals.", |call| each(call, str::to_uppercase)),
    Native::method("isalnum", "self, /", "Only letters and digits.", |call| {
        all(call, |c| is_alphabetic(c) || is_numeric(c))
    }),
    Native::method("isalpha", "self, /", "Only letters.", |call| all(call, is_alphabetic)),
    Native::method("isascii", "self, /", "Only ASCII.", |call| {
        own(call).map(|text| Value::Bool(text.is_ascii()))
    }),
    Native::method("isdecimal", "self, /", "Only decimal digits.", |call| {
        all(call, |c| c.general_category() == Category::DecimalNumber)
    }),
    Native::method("isdigit", "self, /", "Only digits.", |call| all(call, is_digit)),
    Native::method("isidentifier", "self, /", "Whether it could be a name.", |call| {
        let text = own(call)?;
        let mut chars = text.chars();
        let starts = chars.next().is_some_and(|c| c == '_' || is_alphabetic(c));
        Ok(Value::Bool(starts && chars.all(|c| c == '_' || is_alphabetic(c) || is_numeric(c))))
    }),
    Native::method("islower", "self, /", "No capitals, some letters.", |call| {
        cased(call, char::is_lowercase, char::is_uppercase)
    }),
    Native::method("isnumeric", "self, /", "Only numeric characters.", |call| all(call, is_numeric)),
    Native::method("isprintable", "self, /", "Nothing invisible.", |call| {
        own(call).map(|text| Value::Bool(text.chars().all(crate::ops::is_printable)))
    }),
    Native::method("isspace", "self, /", "Only blanks.", |call| all(call, crate::format::spec::is_space)),
    Native::method("istitle", "self, /", "Words with capitals.", |call| {
        own(call).map(|text| Value::Bool(is_title(&text)))
    }),
    Native::method("isupper", "self, /", "Only capitals, some letters.", |call| {
        cased(call, char::is_uppercase, char::is_lowercase)
    }),
];

fn each(call: &mut Call<'_, '_>, change: impl Fn(&str) -> String) -> Result<Value, Exception> {
    let text = own(call)?;
    call.context.allocate(text.len())?;
    call.context.spend(text.len() as u64 / 8)?;
    Ok(Value::from(change(&text)))
}

fn all(call: &mut Call<'_, '_>, test: impl Fn(char) -> bool) -> Result<Value, Exception> {
    let text = own(call)?;
    Ok(Value::Bool(!text.is_empty() && text.chars().all(test)))
}

fn cased(
    call: &mut Call<'_, '_>,
    wanted: impl Fn(char) -> bool,
    unwanted: impl Fn(char) -> bool,
) -> Result<Value, Exception> {
    let text = own(call)?;
    Ok(Value::Bool(text.chars().any(wanted) && !text.chars().any(unwanted)))
}

fn is_alphabetic(c: char) -> bool {
    matches!(
        c.general_category(),
        Category::UppercaseLetter
            | Category::LowercaseLetter
            | Category::TitlecaseLetter
            | Category::ModifierLetter
            | Category::OtherLetter
    )
}

fn is_numeric(c: char) -> bool {
    matches!(c.general_category(), Category::DecimalNumber | Category::LetterNumber | Category::OtherNumber)
}

fn is_digit(c: char) -> bool {
    c.general_category() == Category::DecimalNumber
        || matches!(c, '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | '₀'..='₉' | '①'..='⑨')
}

fn is_cased(c: char) -> bool {
    c.is_lowercase() || c.is_uppercase() || c.general_category() == Category::TitlecaseLetter
}

/// Upper case at the beginning of a word; a few letters have a form of their own for it.
fn titlecase(c: char) -> String {
    match c {
        'Ǆ' | 'ǅ' | 'ǆ' => "ǅ".to_owned(),
        'Ǉ' | 'ǈ' | 'ǉ' => "ǈ".to_owned(),
        'Ǌ' | 'ǋ' | 'ǌ' => "ǋ".to_owned(),
        'Ǳ' | 'ǲ' | 'ǳ' => "ǲ".to_owned(),
        'ß' => "Ss".to_owned(),
        'ﬁ' => "Fi".to_owned(),
        'ﬂ' => "Fl".to_owned(),
        c => c.to_uppercase().collect(),
    }
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => titlecase(first) + &chars.as_str().to_lowercase(),
        None => String::new(),
    }
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.push_str(&titlecase(c));
        }
        inside = is_cased(c);
    }
    out
}

fn swapcase(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_uppercase() {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
    }
    out
}

fn is_title(text: &str) -> bool {
    let (mut inside, mut any) = (false, false);
    for c in text.chars() {
        if c.is_uppercase() || c.general_category() == Category::TitlecaseLetter {
            if inside {
                return false;
            }
            (inside, any) = (true, true);
        } else if c.is_lowercase() {
            if !inside {
                return false;
            }
        } else {
            inside = false;
        }
    }
    any
}
