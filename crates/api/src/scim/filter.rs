//! Filters of SCIM: `userName eq "a@b.c" and not (displayName co "x")`.

use serde_json::Value;

use super::ScimError;

/// A condition on a resource.
#[derive(Debug, PartialEq)]
pub(super) enum Filter {
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    /// Path, operator, what is compared with (`pr` has nothing).
    Compare(Vec<String>, Operator, Value),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Present,
}

/// Deeper brackets are nobody's filter.
const DEEPEST: usize = 50;

impl Filter {
    pub(super) fn parse(text: &str) -> Result<Self, ScimError> {
        let wrong = || {
            ScimError::new(
                axum::http::StatusCode::BAD_REQUEST,
                Some("invalidFilter"),
                format!("not a filter: {text}"),
            )
        };
        let mut reader = Reader { words: words(text).ok_or_else(wrong)?, at: 0 };
        let filter = reader.either(0).ok_or_else(wrong)?;
        if reader.at == reader.words.len() { Ok(filter) } else { Err(wrong()) }
    }

    pub(super) fn matches(&self, resource: &Value) -> bool {
        match self {
            Self::And(one, other) => one.matches(resource) && other.matches(resource),
            Self::Or(one, other) => one.matches(resource) || other.matches(resource),
            Self::Not(inner) => !inner.matches(resource),
            Self::Compare(path, Operator::NotEqual, value) => {
                !found(resource, path).iter().any(|held| compare(held, Operator::Equal, value))
            }
            Self::Compare(path, operator, value) => {
                found(resource, path).iter().any(|held| compare(held, *operator, value))
            }
        }
    }
}

/// All values at a path; lists are looked into.
fn found<'a>(value: &'a Value, path: &[String]) -> Vec<&'a Value> {
    match (value, path) {
        (Value::Array(items), _) => items.iter().flat_map(|item| found(item, path)).collect(),
        (_, []) => vec![value],
        (Value::Object(fields), [name, rest @ ..]) => {
            let field = fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            field.map_or_else(Vec::new, |(_, inner)| found(inner, rest))
        }
        _ => Vec::new(),
    }
}

/// Texts are compared without regard to capitals, as names of users are. A list of addresses is compared by their values.
fn compare(held: &Value, operator: Operator, value: &Value) -> bool {
    if operator == Operator::Present {
        return !held.is_null();
    }
    let held = if held.is_object() { &held["value"] } else { held };
    match (held, value) {
        (Value::String(held), Value::String(value)) => {
            let (held, value) = (held.to_lowercase(), value.to_lowercase());
            match operator {
                Operator::Contains => held.contains(&value),
                Operator::StartsWith => held.starts_with(&value),
                Operator::EndsWith => held.ends_with(&value),
                _ => held == value,
            }
        }
        _ => operator == Operator::Equal && held == value,
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Name(String),
    Value(Value),
    Open,
    Close,
}

fn words(text: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '(' => {
                words.push(Word::Open);
                1
            }
            ')' => {
                words.push(Word::Close);
                1
            }
            '"' => {
                let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
                words.push(Word::Value(stream.next()?.ok()?));
                stream.byte_offset()
            }
            _ => {
                let end = rest.find([' ', '(', ')']).unwrap_or(rest.len());
                let word = &rest[..end];
                words.push(match serde_json::from_str(word) {
                    Ok(value) => Word::Value(value),
                    Err(_) => Word::Name(word.to_owned()),
                });
                end
            }
        };
        rest = rest.get(end..)?.trim_start();
    }
    Some(words)
}

struct Reader {
    words: Vec<Word>,
    at: usize,
}

impl Reader {
    fn next(&mut self) -> Option<Word> {
        let word = self.words.get(self.at).cloned();
        self.at += 1;
        word
    }
    fn takes(&mut self, name: &str) -> bool {
        let is = matches!(self.words.get(self.at), Some(Word::Name(word)) if word.eq_ignore_ascii_case(name));
        self.at += usize::from(is);
        is
    }
    fn either(&mut self, depth: usize) -> Option<Filter> {
        let mut filter = self.both(depth)?;
        while self.takes("or") {
            filter = Filter::Or(Box::new(filter), Box::new(self.both(depth)?));
        }
        Some(filter)
    }
    fn both(&mut self, depth: usize) -> Option<Filter> {
        let mut filter = self.single(depth)?;
        while self.takes("and") {
            filter = Filter::And(Box::new(filter), Box::new(self.single(depth)?));
        }
        Some(filter)
    }
    fn single(&mut self, depth: usize) -> Option<Filter> {
        if depth > DEEPEST {
            return None;
        }
        if self.takes("not") {
            return Some(Filter::Not(Box::new(self.single(depth + 1)?)));
        }
        match self.next()? {
            Word::Open => {
                let inner = self.either(depth + 1)?;
                (self.next()? == Word::Close).then_some(inner)
            }
            Word::Name(path) => {
                let path = path.rsplit(':').next()?.split('.').map(str::to_owned).collect();
                let Word::Name(operator) = self.next()? else { return None };
                let operator = match operator.to_lowercase().as_str() {
                    "eq" => Operator::Equal,
                    "ne" => Operator::NotEqual,
                    "co" => Operator::Contains,
                    "sw" => Operator::StartsWith,
                    "ew" => Operator::EndsWith,
                    "pr" => return Some(Filter::Compare(path, Operator::Present, Value::Null)),
                    _ => return None,
                };
                let Word::Value(value) = self.next()? else { return None };
                Some(Filter::Compare(path, operator, value))
            }
            Word::Close | Word::Value(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Filter;

    #[test]
    fn filters() {
        let user = json!({"userName": "ada@x.test", "displayName": "Ada \"A\"", "name": {"formatted": "Ada"},
            "emails": [{"value": "ada@x.test", "primary": true}]});
        let cases = [
            (r#"userName eq "ADA@x.test""#, true),
            (r#"username eq "bob@x.test""#, false),
            (r#"userName ne "bob@x.test""#, true),
            (r#"displayName co "\"a\"""#, true),
            (r#"name.formatted sw "A" and emails.value ew "test""#, true),
            (r#"emails eq "ada@x.test""#, true),
            (r#"emails.primary eq true"#, true),
            (r#"not (displayName pr) or userName sw "ada""#, true),
            (r#"photos pr"#, false),
            (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ada@x.test""#, true),
        ];
        for (text, expected) in cases {
            let filter = Filter::parse(text).unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(filter.matches(&user), expected, "{text}");
        }
        for wrong in ["userName", "userName eq", "(userName pr", "userName eq bob", "and", &"(".repeat(99)] {
            assert!(Filter::parse(wrong).is_err(), "{wrong}");
        }
    }
}
