//! The module `unicodedata`: `normalize`, `combining`-free texts and the general category.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::value::Value;

/// The module.
pub static MODULE: ModuleDef =
    ModuleDef { name: "unicodedata", functions: &[FUNCTIONS], types: &[], modules: &[], constant: None };

static FUNCTIONS: &[Native] = &[
    Native::function("category", "chr, /", "The general category, such as `Lu`.", category),
    Native::function("combining", "chr, /", "The combining class; 0 for none.", |call| {
        let c = character(call, "combining")?;
        Ok(Value::Int(i64::from(unicode_normalization::char::canonical_combining_class(c))))
    }),
    Native::function("normalize", "form, unistr, /", "The text in a normal form.", normalize),
];

fn text(call: &Call<'_, '_>, at: usize, name: &str) -> Result<ecow::EcoString, Exception> {
    match call.arg(at) {
        Value::Str(text) => Ok(text.clone()),
        other => Err(exception::type_error(format!(
            "{name}() argument {} must be str, not {}",
            at + 1,
            crate::types::type_of(other).name
        ))),
    }
}

fn character(call: &Call<'_, '_>, name: &str) -> Result<char, Exception> {
    let text = text(call, 0, name)?;
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Ok(c),
        _ => Err(exception::type_error(format!("{name}() argument must be a unicode character, not str"))),
    }
}

fn normalize(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (form, text) = (text(call, 0, "normalize")?, text(call, 1, "normalize")?);
    call.context.spend(text.len() as u64)?;
    call.context.limits.allocate(text.len() * 4)?;
    Ok(Value::from(match form.as_str() {
        "NFC" => text.nfc().collect::<String>(),
        "NFD" => text.nfd().collect(),
        "NFKC" => text.nfkc().collect(),
        "NFKD" => text.nfkd().collect(),
        _ => return Err(exception::value_error("invalid normalization form")),
    }))
}

fn category(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    use GeneralCategory as G;
    Ok(Value::str(match character(call, "category")?.general_category() {
        G::UppercaseLetter => "Lu",
        G::LowercaseLetter => "Ll",
        G::TitlecaseLetter => "Lt",
        G::ModifierLetter => "Lm",
        G::OtherLetter => "Lo",
        G::NonspacingMark => "Mn",
        G::SpacingMark => "Mc",
        G::EnclosingMark => "Me",
        G::DecimalNumber => "Nd",
        G::LetterNumber => "Nl",
        G::OtherNumber => "No",
        G::ConnectorPunctuation => "Pc",
        G::DashPunctuation => "Pd",
        G::OpenPunctuation => "Ps",
        G::ClosePunctuation => "Pe",
        G::InitialPunctuation => "Pi",
        G::FinalPunctuation => "Pf",
        G::OtherPunctuation => "Po",
        G::MathSymbol => "Sm",
        G::CurrencySymbol => "Sc",
        G::ModifierSymbol => "Sk",
        G::OtherSymbol => "So",
        G::SpaceSeparator => "Zs",
        G::LineSeparator => "Zl",
        G::ParagraphSeparator => "Zp",
        G::Control => "Cc",
        G::Format => "Cf",
        G::Surrogate => "Cs",
        G::PrivateUse => "Co",
        G::Unassigned => "Cn",
    }))
}
