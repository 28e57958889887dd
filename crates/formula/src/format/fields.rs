//! Templates of `str.format`: literal text and replacement fields.

use super::FormatError;

/// One part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text that stands as it is.
    Literal(String),
    /// A replacement field.
    Field(Field),
}

/// A replacement field `{first.attribute[index]!conversion:spec}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What the field begins with.
    pub first: Key,
    /// Attributes and indexes that follow.
    pub rest: Vec<Access>,
    /// `r`, `s` or `a`.
    pub conversion: Option<char>,
    /// The specification, itself a template.
    pub spec: String,
}

/// The argument that a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// `{}`: the next positional argument.
    Automatic,
    /// `{0}`.
    Position(usize),
    /// `{name}`.
    Name(String),
}

/// A step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// `.name`
    Attribute(String),
    /// `[3]`
    Index(usize),
    /// `[name]`
    Item(String),
}

/// Splits a template.
pub fn parse(template: &str) -> Result<Vec<Part>, FormatError> {
    let chars: Vec<char> = template.chars().collect();
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        at += 1;
        let doubled = chars.get(at) == Some(&c);
        match c {
            '{' | '}' if doubled => {
                literal.push(c);
                at += 1;
            }
            '}' => return Err(FormatError::value("Single '}' encountered in format string")),
            '{' if at == chars.len() => {
                return Err(FormatError::value("Single '{' encountered in format string"));
            }
            '{' => {
                if !literal.is_empty() {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                }
                let end = end_of_field(&chars, at)?;
                parts.push(Part::Field(field(&chars[at..end])?));
                at = end + 1;
            }
            _ => literal.push(c),
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Ok(parts)
}

fn end_of_field(chars: &[char], start: usize) -> Result<usize, FormatError> {
    let mut depth = 1;
    let mut bracket = false;
    for (i, &c) in chars.iter().enumerate().skip(start) {
        match c {
            '[' if depth == 1 => bracket = true,
            ']' => bracket = false,
            '{' if !bracket => depth += 1,
            '}' if !bracket => {
                depth -= 1;
                if depth == 0 {
                    return Ok(i);
                }
            }
            _ => {}
        }
    }
    Err(FormatError::value("expected '}' before end of string"))
}

fn field(chars: &[char]) -> Result<Field, FormatError> {
    let mut end = 0;
    let mut bracket = false;
    while let Some(&c) = chars.get(end) {
        match c {
            '[' => bracket = true,
            ']' => bracket = false,
            ':' | '!' if !bracket => break,
            '{' if !bracket => return Err(FormatError::value("unexpected '{' in field name")),
            _ => {}
        }
        end += 1;
    }
    let mut conversion = None;
    let mut spec_start = end + 1;
    if chars.get(end) == Some(&'!') {
        let Some(&c) = chars.get(end + 1) else {
            return Err(FormatError::value("unmatched '{' in format spec"));
        };
        conversion = Some(c);
        match chars.get(end + 2) {
            None => spec_start = end + 2,
            Some(':') => spec_start = end + 3,
            Some(_) => return Err(FormatError::value("expected ':' after conversion specifier")),
        }
    }
    let spec = chars.get(spec_start..).unwrap_or_default().iter().collect();
    let (first, rest) = name(&chars[..end])?;
    Ok(Field { first, rest, conversion, spec })
}

fn name(chars: &[char]) -> Result<(Key, Vec<Access>), FormatError> {
    let end = chars.iter().position(|c| matches!(c, '.' | '[')).unwrap_or(chars.len());
    let head: String = chars[..end].iter().collect();
    let first = if head.is_empty() {
        Key::Automatic
    } else {
        match number(&head)? {
            Some(position) => Key::Position(position),
            None => Key::Name(head),
        }
    };
    let mut rest = Vec::new();
    let mut at = end;
    while at < chars.len() {
        let access = if chars[at] == '.' {
            let stop = chars[at + 1..]
                .iter()
                .position(|c| matches!(c, '.' | '['))
                .map_or(chars.len(), |n| at + 1 + n);
            let attribute: String = chars[at + 1..stop].iter().collect();
            at = stop;
            (!attribute.is_empty()).then_some(Access::Attribute(attribute))
        } else if chars[at] == '[' {
            let Some(close) = chars[at..].iter().position(|&c| c == ']').map(|n| at + n) else {
                return Err(FormatError::value("Missing ']' in format string"));
            };
            let item: String = chars[at + 1..close].iter().collect();
            at = close + 1;
            match number(&item)? {
                _ if item.is_empty() => None,
                Some(index) => Some(Access::Index(index)),
                None => Some(Access::Item(item)),
            }
        } else {
            return Err(FormatError::value("Only '.' or '[' may follow ']' in format field specifier"));
        };
        rest.push(access.ok_or_else(|| FormatError::value("Empty attribute in format string"))?);
    }
    Ok((first, rest))
}

fn number(text: &str) -> Result<Option<usize>, FormatError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    text.parse::<usize>()
        .map(Some)
        .map_err(|_| FormatError::value("Too many decimal digits in format string"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field_of(template: &str) -> Field {
        match parse(template).unwrap().remove(0) {
            Part::Field(field) => field,
            Part::Literal(text) => panic!("literal {text}"),
        }
    }

    #[test]
    fn splits_fields() {
        assert_eq!(parse("a{{b}}c").unwrap(), [Part::Literal("a{b}c".into())]);
        let field = field_of("{0.real[x][3]!r:>5}");
        assert_eq!(field.first, Key::Position(0));
        assert_eq!(
            field.rest,
            [Access::Attribute("real".into()), Access::Item("x".into()), Access::Index(3)]
        );
        assert_eq!((field.conversion, field.spec.as_str()), (Some('r'), ">5"));
        assert_eq!(field_of("{:{}}").spec, "{}");
        assert_eq!(field_of("{name}").first, Key::Name("name".into()));
    }

    #[test]
    fn refuses() {
        let cases = [
            ("{", "Single '{' encountered in format string"),
            ("}", "Single '}' encountered in format string"),
            ("{[}", "expected '}' before end of string"),
            ("{a[]}", "Empty attribute in format string"),
            ("{.}", "Empty attribute in format string"),
            ("{0!rx}", "expected ':' after conversion specifier"),
            ("{!}", "unmatched '{' in format spec"),
        ];
        for (template, message) in cases {
            assert_eq!(parse(template).unwrap_err().message, message, "{template}");
        }
    }
}
