//! `PHONE_FORMAT`, over the metadata of libphonenumber.

use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, country};

use crate::exception::{self, Exception};
use crate::functions::operate::{Arguments, Outcome};
use crate::types::type_of;
use crate::value::Value;

/// A telephone number in the format asked for: `#` or `NATL` (as within its country, if that is the one given), `+` or `INTL`, `*` or `E164`, `tel` or
/// `RFC3966`. Numbers without an international prefix need the country. Nothing for nothing. Source: Grist's function reference.
pub(super) fn phone_format(call: &mut Arguments<'_, '_>) -> Outcome {
    let value = call.arg(0).clone();
    let text = match &value {
        Value::None => return Ok(value),
        Value::Str(text) if text.is_empty() => return Ok(value),
        Value::Str(text) => text.clone(),
        other => {
            let found = type_of(other).name;
            return Err(exception::type_error(format!(
                "expected string or bytes-like object, got '{found}'"
            )));
        }
    };
    call.context.spend(text.len() as u64 * 20 + 200)?;
    let given = match call.some(1) {
        Some(Value::Str(code)) => Some(code.parse::<country::Id>().map_err(|_| refused(REGION))?),
        Some(_) => return Err(refused(REGION)),
        None => None,
    };
    let number = phonenumber::parse(given, text.as_str()).map_err(|error| match error {
        phonenumber::ParseError::InvalidCountryCode => refused(REGION),
        _ => refused("(1) The string supplied did not seem to be a phone number."),
    })?;
    // Several countries may share a code, as those of North America do.
    let own_code = given.and_then(|id| DATABASE.by_id(id.as_ref())).map(phonenumber::Metadata::country_code);
    let is_own = own_code == Some(number.code().value());
    let mode = match call.some(2) {
        None if is_own => Mode::National,
        None => Mode::International,
        Some(Value::Str(format)) => match format.as_str() {
            "#" | "NATL" if is_own => Mode::National,
            "#" | "NATL" | "+" | "INTL" => Mode::International,
            "*" | "E164" => Mode::E164,
            "tel" | "RFC3966" => Mode::Rfc3966,
            other => return Err(exception::value_error(format!("Unknown phone number format '{other}'"))),
        },
        Some(_) => return Err(exception::value_error("Unknown phone number format")),
    };
    Ok(Value::from(number.format().mode(mode).to_string()))
}

const REGION: &str = "(0) Missing or invalid default region.";

fn refused(message: &str) -> Exception {
    Exception::new(&exception::NUMBER_PARSE_EXCEPTION, message)
}
