//! The format mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.

use super::{FormatError, float};
use num_bigint::{BigInt, Sign};

/// A parsed format specification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spec {
    /// Padding character; a space when absent.
    pub fill: Option<char>,
    /// `<`, `>`, `^` or `=`.
    pub align: Option<char>,
    /// `+`, `-` or a space.
    pub sign: Option<char>,
    /// `z`: negative zero shows as zero.
    pub coerce_zero: bool,
    /// `#`.
    pub alternate: bool,
    /// Least number of characters.
    pub width: usize,
    /// `,` or `_`.
    pub grouping: Option<char>,
    /// Digits after the point, significant digits, or longest text.
    pub precision: Option<usize>,
    /// The presentation type.
    pub kind: Option<char>,
}

/// An integer to format, small or big.
#[derive(Debug, Clone, Copy)]
pub enum Integer<'a> {
    /// Fits a machine word.
    Small(i64),
    /// Any other.
    Big(&'a BigInt),
}

impl Integer<'_> {
    /// Whether below zero.
    pub fn is_negative(self) -> bool {
        match self {
            Integer::Small(value) => value < 0,
            Integer::Big(value) => value.sign() == Sign::Minus,
        }
    }

    /// Digits of the magnitude in a radix up to 36, lower case.
    pub fn magnitude(self, radix: u32) -> String {
        match self {
            Integer::Small(value) => {
                let magnitude = value.unsigned_abs();
                match radix {
                    2 => format!("{magnitude:b}"),
                    8 => format!("{magnitude:o}"),
                    16 => format!("{magnitude:x}"),
                    _ => magnitude.to_string(),
                }
            }
            Integer::Big(value) => value.magnitude().to_str_radix(radix),
        }
    }

    /// The nearest float; infinite when too large.
    pub fn to_float(self) -> f64 {
        match self {
            Integer::Small(value) => value as f64,
            Integer::Big(value) => float::from_big(value),
        }
    }
}

impl Spec {
    /// Parses a specification for a value of the named type.
    pub fn parse(text: &str, type_name: &str) -> Result<Spec, FormatError> {
        let chars: Vec<char> = text.chars().collect();
        let mut spec = Spec::default();
        let mut at = 0;
        let is_align = |c: Option<&char>| matches!(c, Some('<' | '>' | '^' | '='));
        if chars.len() >= 2 && is_align(chars.get(1)) {
            (spec.fill, spec.align) = (Some(chars[0]), Some(chars[1]));
            at = 2;
        } else if is_align(chars.first()) {
            spec.align = Some(chars[0]);
            at = 1;
        }
        let take = |at: &mut usize, wanted: &[char]| {
            let found = chars.get(*at).copied().filter(|c| wanted.contains(c));
            *at += usize::from(found.is_some());
            found
        };
        spec.sign = take(&mut at, &['+', '-', ' ']);
        spec.coerce_zero = take(&mut at, &['z']).is_some();
        spec.alternate = take(&mut at, &['#']).is_some();
        if spec.fill.is_none() && take(&mut at, &['0']).is_some() {
            spec.fill = Some('0');
            if spec.align.is_none() && type_name != "str" {
                spec.align = Some('=');
            }
        }
        spec.width = digits(&chars, &mut at, "Too many decimal digits in format string")?.unwrap_or(0);
        spec.grouping = take(&mut at, &[',', '_']);
        if let Some(first) = spec.grouping
            && let Some(second) = take(&mut at, &[',', '_'])
        {
            return Err(FormatError::value(if first == second {
                format!("Cannot specify '{first}' with '{second}'.")
            } else {
                "Cannot specify both ',' and '_'.".into()
            }));
        }
        if take(&mut at, &['.']).is_some() {
            spec.precision = digits(&chars, &mut at, "Too many decimal digits in format string")?;
            if spec.precision.is_none() {
                return Err(FormatError::value("Format specifier missing precision"));
            }
        }
        if chars.len() > at + 1 {
            return Err(FormatError::value(format!(
                "Invalid format specifier '{text}' for object of type '{type_name}'"
            )));
        }
        spec.kind = chars.get(at).copied();
        if let Some(separator) = spec.grouping {
            let allowed = match spec.kind {
                None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | 'F' | '%') => true,
                Some('b' | 'o' | 'x' | 'X') => separator == '_',
                _ => false,
            };
            if !allowed {
                let kind = spec.kind.unwrap_or('s');
                return Err(FormatError::value(format!("Cannot specify '{separator}' with '{kind}'.")));
            }
        }
        Ok(spec)
    }

    /// `format(text, spec)`.
    pub fn text(&self, text: &str) -> Result<String, FormatError> {
        if !matches!(self.kind, None | Some('s')) {
            return Err(self.unknown("str"));
        }
        let refused = if self.sign.is_some() {
            Some("Sign not allowed in string format specifier")
        } else if self.coerce_zero {
            Some("Negative zero coercion (z) not allowed in string format specifier")
        } else if self.alternate {
            Some("Alternate form (#) not allowed in string format specifier")
        } else if self.align == Some('=') {
            Some("'=' alignment not allowed in string format specifier")
        } else {
            None
        };
        if let Some(message) = refused {
            return Err(FormatError::value(message));
        }
        if let Some(separator) = self.grouping {
            return Err(FormatError::value(format!("Cannot specify '{separator}' with 's'.")));
        }
        let cut: String = match self.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        };
        Ok(self.pad("", &cut, '<'))
    }

    /// `format(value, spec)` of an integer (`type_name` is `int` or `bool`, for errors).
    pub fn integer(&self, value: Integer<'_>, type_name: &str) -> Result<String, FormatError> {
        match self.kind {
            None | Some('d' | 'b' | 'o' | 'x' | 'X' | 'n' | 'c') => {}
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
                let number = value.to_float();
                if number.is_infinite() {
                    return Err(FormatError {
                        class: "OverflowError",
                        message: "int too large to convert to float".into(),
                    });
                }
                return self.float(number);
            }
            _ => return Err(self.unknown(type_name)),
        }
        if self.precision.is_some() {
            return Err(FormatError::value("Precision not allowed in integer format specifier"));
        }
        if self.coerce_zero {
            return Err(FormatError::value(
                "Negative zero coercion (z) not allowed in integer format specifier",
            ));
        }
        if self.kind == Some('c') {
            return self.character(value);
        }
        let (radix, prefix) = match self.kind {
            Some('b') => (2, "0b"),
            Some('o') => (8, "0o"),
            Some('x') => (16, "0x"),
            Some('X') => (16, "0X"),
            _ => (10, ""),
        };
        let mut digits = value.magnitude(radix);
        if self.kind == Some('X') {
            digits.make_ascii_uppercase();
        }
        let mut lead = self.sign_text(value.is_negative()).to_owned();
        if self.alternate {
            lead.push_str(prefix);
        }
        let every = if radix == 10 { 3 } else { 4 };
        Ok(self.number(&lead, &digits, "", every))
    }

    /// `format(value, spec)` of a float.
    pub fn float(&self, value: f64) -> Result<String, FormatError> {
        let kind = self.kind;
        if !matches!(kind, None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%')) {
            return Err(self.unknown("float"));
        }
        let mut value = value;
        if kind == Some('%') {
            value *= 100.0;
        }
        let magnitude = value.abs();
        let mut body = match float::non_finite(magnitude) {
            Some(name) => name.to_owned(),
            None => match (kind, self.precision) {
                (None, None) => {
                    let text = float::repr(magnitude);
                    if self.alternate && !text.contains('.') { text.replacen('e', ".e", 1) } else { text }
                }
                (None, Some(precision)) => float::general(magnitude, precision, self.alternate, true),
                (Some('e' | 'E'), precision) => {
                    float::exponential(magnitude, precision.unwrap_or(6), self.alternate)
                }
                (Some('g' | 'G' | 'n'), precision) => {
                    float::general(magnitude, precision.unwrap_or(6), self.alternate, false)
                }
                (_, precision) => float::fixed(magnitude, precision.unwrap_or(6), self.alternate),
            },
        };
        if matches!(kind, Some('E' | 'F' | 'G')) {
            body.make_ascii_uppercase();
        }
        let mut negative = value.is_sign_negative() && !value.is_nan();
        if negative && self.coerce_zero && body.bytes().all(|b| !(b'1'..=b'9').contains(&b)) {
            negative = !magnitude.is_finite();
        }
        if kind == Some('%') {
            body.push('%');
        }
        let end = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
        let (whole, rest) = body.split_at(end);
        Ok(self.number(self.sign_text(negative), whole, rest, 3))
    }

    fn character(&self, value: Integer<'_>) -> Result<String, FormatError> {
        if self.sign.is_some() {
            return Err(FormatError::value("Sign not allowed with integer format specifier 'c'"));
        }
        if self.alternate {
            return Err(FormatError::value(
                "Alternate form (#) not allowed with integer format specifier 'c'",
            ));
        }
        let character = match value {
            Integer::Small(code) => u32::try_from(code).ok().and_then(char::from_u32),
            Integer::Big(_) => None,
        };
        let character = character.ok_or_else(|| FormatError {
            class: "OverflowError",
            message: "%c arg not in range(0x110000)".into(),
        })?;
        Ok(self.pad("", character.encode_utf8(&mut [0; 4]), '>'))
    }

    fn unknown(&self, type_name: &str) -> FormatError {
        let kind = self.kind.unwrap_or('s');
        FormatError::value(format!("Unknown format code '{kind}' for object of type '{type_name}'"))
    }

    fn sign_text(&self, negative: bool) -> &'static str {
        match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        }
    }

    /// Groups the whole part and pads; zeros padded between sign and digits take part in the grouping.
    fn number(&self, lead: &str, whole: &str, rest: &str, every: usize) -> String {
        let Some(separator) = self.grouping.filter(|_| !whole.is_empty()) else {
            return self.pad(lead, &format!("{whole}{rest}"), '>');
        };
        let mut digits = whole.to_owned();
        if self.fill == Some('0') && self.align == Some('=') {
            let room = self.width.saturating_sub(lead.chars().count() + rest.chars().count());
            while grouped_length(digits.len(), every) < room {
                digits.insert(0, '0');
            }
        }
        self.pad(lead, &format!("{}{rest}", group(&digits, separator, every)), '>')
    }

    /// Pads `lead + body` to the width; with `=` the padding stands between the two.
    pub fn pad(&self, lead: &str, body: &str, default: char) -> String {
        let fill = self.fill.unwrap_or(' ');
        let missing = self.width.saturating_sub(lead.chars().count() + body.chars().count());
        let padding = |count: usize| fill.to_string().repeat(count);
        match self.align.unwrap_or(default) {
            '<' => format!("{lead}{body}{}", padding(missing)),
            '^' => format!("{}{lead}{body}{}", padding(missing / 2), padding(missing - missing / 2)),
            '=' => format!("{lead}{}{body}", padding(missing)),
            _ => format!("{}{lead}{body}", padding(missing)),
        }
    }
}

/// Puts a separator between groups of digits, from the right.
pub fn group(digits: &str, separator: char, every: usize) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / every);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(every) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// Whitespace as Python's `str.isspace` and `str.strip` see it.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// The value of a decimal digit of any script.
pub fn decimal_digit(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.to_digit(10).map(|d| d as u8);
    }
    // Decimal digits stand in runs of ten that begin at a multiple of the run's first code point.
    const ZEROS: &[u32] = &[
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50,
        0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
        0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x11066, 0x110F0,
        0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x1D7CE, 0x1D7D8,
        0x1D7E2, 0x1D7EC, 0x1D7F6,
    ];
    let code = u32::from(c);
    let at = ZEROS.partition_point(|&zero| zero <= code);
    let zero = *ZEROS.get(at.checked_sub(1)?)?;
    (code - zero < 10).then_some((code - zero) as u8)
}

fn grouped_length(digits: usize, every: usize) -> usize {
    digits + (digits.saturating_sub(1)) / every
}

fn digits(chars: &[char], at: &mut usize, too_many: &str) -> Result<Option<usize>, FormatError> {
    let start = *at;
    let mut number = 0usize;
    while let Some(digit) = chars.get(*at).and_then(|&c| decimal_digit(c)) {
        number = number
            .checked_mul(10)
            .and_then(|n| n.checked_add(usize::from(digit)))
            .filter(|&n| n <= i32::MAX as usize)
            .ok_or_else(|| FormatError::value(too_many))?;
        *at += 1;
    }
    Ok((*at > start).then_some(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(value: i64, spec: &str) -> Result<String, String> {
        let spec = Spec::parse(spec, "int").map_err(|e| e.message)?;
        spec.integer(Integer::Small(value), "int").map_err(|e| e.message)
    }

    fn float(value: f64, spec: &str) -> Result<String, String> {
        let spec = Spec::parse(spec, "float").map_err(|e| e.message)?;
        spec.float(value).map_err(|e| e.message)
    }

    fn text(value: &str, spec: &str) -> Result<String, String> {
        let spec = Spec::parse(spec, "str").map_err(|e| e.message)?;
        spec.text(value).map_err(|e| e.message)
    }

    #[test]
    fn integers() {
        let cases = [
            (1234567, ",", "1,234,567"),
            (1234, "010,", "00,001,234"),
            (1234, "011,", "000,001,234"),
            (255, "#x", "0xff"),
            (255, "#010_b", "0b1111_1111"),
            (-5, "=6", "-    5"),
            (-5, "06", "-00005"),
            (-5, "x<06", "-5xxxx"),
            (1, "^^10", "^^^^1^^^^^"),
            (5, "e", "5.000000e+00"),
            (300, "c", "Ĭ"),
            (10, "b", "1010"),
            (7, "+d", "+7"),
        ];
        for (value, spec, expected) in cases {
            assert_eq!(int(value, spec).as_deref(), Ok(expected), "{value}:{spec}");
        }
    }

    #[test]
    fn floats() {
        let cases = [
            (1234567.891, ",", "1,234,567.891"),
            (1234567.891, ",.2f", "1,234,567.89"),
            (12345.678, ".3e", "1.235e+04"),
            (0.256, "%", "25.600000%"),
            (1234.5, "012,.2f", "0,001,234.50"),
            (1e16, ",.3", "1e+16"),
            (-0.001, "z.1f", "0.0"),
            (f64::NAN, "05", "00nan"),
            (f64::INFINITY, "+010,.2f", "+000000inf"),
            (1.0, ".0", "1e+00"),
            (1e10, ".3g", "1e+10"),
            (2.5, ".0f", "2"),
            (0.25, ".1f", "0.2"),
            (1.005, ".2f", "1.00"),
        ];
        for (value, spec, expected) in cases {
            assert_eq!(float(value, spec).as_deref(), Ok(expected), "{value}:{spec}");
        }
    }

    #[test]
    fn texts() {
        for (value, spec, expected) in
            [("x", ">5", "    x"), ("y", "*^7", "***y***"), ("a", "05", "a0000"), ("abcdef", ".3", "abc")]
        {
            assert_eq!(text(value, spec).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn errors() {
        let cases = [
            (int(1, "z"), "Negative zero coercion (z) not allowed in integer format specifier"),
            (int(1, "y"), "Unknown format code 'y' for object of type 'int'"),
            (int(1, ".3"), "Precision not allowed in integer format specifier"),
            (int(1, "5x5"), "Invalid format specifier '5x5' for object of type 'int'"),
            (int(1, ",x"), "Cannot specify ',' with 'x'."),
            (int(1, ",c"), "Cannot specify ',' with 'c'."),
            (int(-1, "c"), "%c arg not in range(0x110000)"),
            (float(1.5, ",_"), "Cannot specify both ',' and '_'."),
            (float(1.5, "d"), "Unknown format code 'd' for object of type 'float'"),
            (text("a", "+"), "Sign not allowed in string format specifier"),
            (text("a", "=5"), "'=' alignment not allowed in string format specifier"),
            (text("a", ","), "Cannot specify ',' with 's'."),
            (text("a", "d"), "Unknown format code 'd' for object of type 'str'"),
        ];
        for (result, message) in cases {
            assert_eq!(result.unwrap_err(), message);
        }
    }
}
