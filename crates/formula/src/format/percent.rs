//! Templates of `%`-formatting: `"%(name)-05.2f" % values`.

use super::spec::{Integer, Spec};
use super::{FormatError, float};

/// One part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text that stands as it is.
    Literal(String),
    /// A conversion, `%d`.
    Conversion(Conversion),
}

/// A conversion `%(key)flags width .precision type`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conversion {
    /// Key of the mapping.
    pub key: Option<String>,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
    /// `-`
    pub left: bool,
    /// `+` or a space.
    pub sign: Option<char>,
    /// Least width.
    pub width: Option<Count>,
    /// Precision.
    pub precision: Option<Count>,
    /// The type, `%` for a literal percent sign.
    pub kind: char,
}

impl Conversion {
    /// Whether there is nothing but the type.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.key.is_none()
            && !(self.alternate || self.zero || self.left)
            && self.sign.is_none()
            && self.width.is_none()
            && self.precision.is_none()
    }
}

/// A width or precision, given or taken from the arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Written in the template.
    Given(usize),
    /// `*`: the next argument.
    Argument,
}

/// Splits a template.
pub fn parse(template: &str) -> Result<Vec<Part>, FormatError> {
    let chars: Vec<char> = template.chars().collect();
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while at < chars.len() {
        if chars[at] != '%' {
            literal.push(chars[at]);
            at += 1;
            continue;
        }
        at += 1;
        if chars.get(at) == Some(&'%') {
            literal.push('%');
            at += 1;
            continue;
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(std::mem::take(&mut literal)));
        }
        parts.push(Part::Conversion(conversion(&chars, &mut at)?));
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Ok(parts)
}

fn conversion(chars: &[char], at: &mut usize) -> Result<Conversion, FormatError> {
    let mut found = Conversion::default();
    if chars.get(*at) == Some(&'(') {
        let start = *at + 1;
        let mut depth = 1;
        let mut end = start;
        while depth > 0 {
            match chars.get(end) {
                None => return Err(FormatError::value("incomplete format key")),
                Some('(') => depth += 1,
                Some(')') => depth -= 1,
                _ => {}
            }
            end += 1;
        }
        found.key = Some(chars[start..end - 1].iter().collect());
        *at = end;
    }
    while let Some(&c) = chars.get(*at) {
        match c {
            '#' => found.alternate = true,
            '0' => found.zero = true,
            '-' => found.left = true,
            '+' => found.sign = Some('+'),
            ' ' => found.sign = found.sign.or(Some(' ')),
            _ => break,
        }
        *at += 1;
    }
    found.width = count(chars, at)?;
    if chars.get(*at) == Some(&'.') {
        *at += 1;
        found.precision = Some(count(chars, at)?.unwrap_or(Count::Given(0)));
    }
    while matches!(chars.get(*at), Some('h' | 'l' | 'L')) {
        *at += 1;
    }
    let Some(&kind) = chars.get(*at) else {
        return Err(FormatError::value("incomplete format"));
    };
    if !"diouxXeEfFgGcrsa%".contains(kind) {
        return Err(FormatError::value(format!(
            "unsupported format character '{kind}' (0x{:x}) at index {at}",
            u32::from(kind)
        )));
    }
    found.kind = kind;
    *at += 1;
    Ok(found)
}

fn count(chars: &[char], at: &mut usize) -> Result<Option<Count>, FormatError> {
    if chars.get(*at) == Some(&'*') {
        *at += 1;
        return Ok(Some(Count::Argument));
    }
    let start = *at;
    while chars.get(*at).is_some_and(char::is_ascii_digit) {
        *at += 1;
    }
    if *at == start {
        return Ok(None);
    }
    let text: String = chars[start..*at].iter().collect();
    match text.parse::<i32>() {
        Ok(number) => Ok(Some(Count::Given(number as usize))),
        Err(_) => Err(FormatError::value("width too big")),
    }
}

/// A conversion whose width and precision are known.
#[derive(Debug, Clone, Copy)]
pub struct Ready<'a> {
    /// The conversion.
    pub conversion: &'a Conversion,
    /// Least width; a negative `*` argument gives `left`.
    pub width: usize,
    /// `-` flag or negative width.
    pub left: bool,
    /// Precision.
    pub precision: Option<usize>,
}

impl Ready<'_> {
    /// `%s`, `%r`, `%a`, `%c`: a text cut and padded.
    pub fn text(&self, text: &str) -> String {
        let spec = self.spec(false);
        let cut: String = match self.precision.filter(|_| self.conversion.kind != 'c') {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        };
        spec.pad("", &cut, '>')
    }

    /// `%d`, `%i`, `%u`, `%o`, `%x`, `%X`.
    pub fn integer(&self, value: Integer<'_>) -> String {
        let (radix, prefix) = match self.conversion.kind {
            'o' => (8, "0o"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            _ => (10, ""),
        };
        let mut digits = value.magnitude(radix);
        if self.conversion.kind == 'X' {
            digits.make_ascii_uppercase();
        }
        if let Some(precision) = self.precision {
            digits = format!("{}{digits}", "0".repeat(precision.saturating_sub(digits.len())));
        }
        let mut lead = self.sign(value.is_negative()).to_owned();
        if self.conversion.alternate {
            lead.push_str(prefix);
        }
        self.spec(true).pad(&lead, &digits, '>')
    }

    /// `%e`, `%f`, `%g` and their capitals.
    pub fn float(&self, value: f64) -> String {
        let magnitude = value.abs();
        let precision = self.precision.unwrap_or(6);
        let alternate = self.conversion.alternate;
        let mut body = match (float::non_finite(magnitude), self.conversion.kind.to_ascii_lowercase()) {
            (Some(name), _) => name.to_owned(),
            (None, 'e') => float::exponential(magnitude, precision, alternate),
            (None, 'g') => float::general(magnitude, precision, alternate, false),
            (None, _) => float::fixed(magnitude, precision, alternate),
        };
        if self.conversion.kind.is_ascii_uppercase() {
            body.make_ascii_uppercase();
        }
        let negative = value.is_sign_negative() && !value.is_nan();
        self.spec(true).pad(self.sign(negative), &body, '>')
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.conversion.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(_)) => " ",
            (false, None) => "",
        }
    }

    fn spec(&self, numeric: bool) -> Spec {
        let zero = numeric && self.conversion.zero && !self.left;
        let align = if self.left {
            '<'
        } else if zero {
            '='
        } else {
            '>'
        };
        Spec { fill: zero.then_some('0'), align: Some(align), width: self.width, ..Spec::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(template: &str) -> Conversion {
        match parse(template).unwrap().remove(0) {
            Part::Conversion(conversion) => conversion,
            Part::Literal(text) => panic!("literal {text}"),
        }
    }

    fn ready(conversion: &Conversion) -> Ready<'_> {
        let given = |count: Option<Count>| match count {
            Some(Count::Given(number)) => Some(number),
            _ => None,
        };
        Ready {
            conversion,
            width: given(conversion.width).unwrap_or(0),
            left: conversion.left,
            precision: given(conversion.precision),
        }
    }

    #[test]
    fn numbers() {
        let int = |template: &str, value| ready(&one(template)).integer(Integer::Small(value));
        assert_eq!(int("%05d", 42), "00042");
        assert_eq!(int("%05d", -3), "-0003");
        assert_eq!(int("%+d", 7), "+7");
        assert_eq!(int("%#x", 255), "0xff");
        assert_eq!(int("%.2d", 3), "03");
        assert_eq!(int("%-5d|", 3), "3    ");
        let float = |template: &str, value| ready(&one(template)).float(value);
        assert_eq!(float("%5.1f", 1.0), "  1.0");
        assert_eq!(float("%+.2e", 3.0), "+3.00e+00");
        assert_eq!(float("%.0f", 2.5), "2");
        assert_eq!(float("%g", 1e10), "1e+10");
        assert_eq!(ready(&one("%.3s")).text("abcdef"), "abc");
    }

    #[test]
    fn refuses() {
        for (template, message) in [
            ("%z", "unsupported format character 'z' (0x7a) at index 1"),
            ("%", "incomplete format"),
            ("%(a", "incomplete format key"),
        ] {
            assert_eq!(parse(template).unwrap_err().message, message);
        }
    }
}
