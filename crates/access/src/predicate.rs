//! Conditions of rules: their tree, and what it gives.
//!
//! The tree is the JSON that clients evaluate as well (`aclFormulaParsed`): `["And", …]`, `["Eq", left, right]`, `["Attr", node, name]`, `["Const", value]`, …. Values
//! are compared as JavaScript does, which is what Grist evaluates rules with: text with text, numbers and truths by value, nothing else.

use model::CellValue;
use model::json::cell_from_json;
use serde_json::Value;

use crate::error::RulesError;
use crate::user::User;

/// Reads the cells of one record; nothing for a column that is not there.
pub trait Cells {
    /// The cell of a column.
    fn cell(&self, col: &str) -> Option<CellValue>;
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate(Node);

#[derive(Clone, Debug, PartialEq)]
enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Compare(Comparison, Box<(Node, Node)>),
    Arithmetic(char, Box<(Node, Node)>),
    List(Vec<Node>),
    Constant(CellValue),
    /// A name with attributes: `user.Manager.Email`.
    Path(String, Vec<String>),
    /// `.lower()`, `.upper()`.
    Case(bool, Box<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

/// What a condition may look at.
pub(crate) struct Surroundings<'s> {
    pub(crate) user: &'s User,
    pub(crate) rec: Option<&'s dyn Cells>,
    pub(crate) new_rec: Option<&'s dyn Cells>,
    /// The record as it was, for conditions of triggers.
    pub(crate) old_rec: Option<&'s dyn Cells>,
}

/// Why a condition gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undecided {
    /// It makes no sense for the values it meets.
    Senseless,
    /// It has to look at a record, and is asked without one. `user.Access != OWNER and rec.A` has not, for an owner.
    NeedsRecord,
}
use Undecided::{NeedsRecord, Senseless};

impl Predicate {
    /// Reads the JSON of a tree.
    ///
    /// # Errors
    /// What is not such a tree.
    pub fn read(json: &str) -> Result<Self, RulesError> {
        let tree: Value =
            serde_json::from_str(json).map_err(|error| RulesError::Condition(error.to_string()))?;
        node(&tree).map(Self)
    }

    /// Whether it looks at a record.
    #[must_use]
    pub fn uses_record(&self) -> bool {
        self.0.any(&|node| matches!(node, Node::Path(name, _) if name == "rec" || name == "newRec"))
    }

    /// Whether it looks at the record as it will be.
    #[must_use]
    pub fn uses_new_record(&self) -> bool {
        self.0.any(&|node| matches!(node, Node::Path(name, _) if name == "newRec"))
    }

    /// Whether a condition that looks at nothing but a record holds: `rec` is the record as it is now, `oldRec` as it was (blank if it was not there). What makes
    /// no sense does not hold.
    #[must_use]
    pub fn holds_for_record(&self, rec: &dyn Cells, old: Option<&dyn Cells>) -> bool {
        let nobody = User::default();
        let surroundings = Surroundings {
            user: &nobody,
            rec: Some(rec),
            new_rec: None,
            old_rec: Some(old.unwrap_or(&Blank)),
        };
        self.holds(&surroundings) == Ok(true)
    }

    pub(crate) fn holds(&self, surroundings: &Surroundings<'_>) -> Result<bool, Undecided> {
        self.0.value(surroundings).map(|value| truth(&value))
    }
}

/// A record that is not there: all of its cells are blank.
struct Blank;

impl Cells for Blank {
    fn cell(&self, _col: &str) -> Option<CellValue> {
        Some(CellValue::Null)
    }
}

impl Node {
    fn any(&self, test: &dyn Fn(&Self) -> bool) -> bool {
        test(self)
            || match self {
                Self::And(nodes) | Self::Or(nodes) | Self::List(nodes) => {
                    nodes.iter().any(|node| node.any(test))
                }
                Self::Not(node) | Self::Case(_, node) => node.any(test),
                Self::Compare(_, pair) | Self::Arithmetic(_, pair) => pair.0.any(test) || pair.1.any(test),
                Self::Constant(_) | Self::Path(..) => false,
            }
    }

    fn value(&self, at: &Surroundings<'_>) -> Result<CellValue, Undecided> {
        Ok(match self {
            Self::And(nodes) => {
                let mut last = CellValue::Bool(true);
                for node in nodes {
                    last = node.value(at)?;
                    if !truth(&last) {
                        break;
                    }
                }
                last
            }
            Self::Or(nodes) => {
                let mut last = CellValue::Bool(false);
                for node in nodes {
                    last = node.value(at)?;
                    if truth(&last) {
                        break;
                    }
                }
                last
            }
            Self::Not(node) => CellValue::Bool(!truth(&node.value(at)?)),
            Self::Compare(comparison, pair) => {
                CellValue::Bool(compare(*comparison, &pair.0.value(at)?, &pair.1.value(at)?))
            }
            Self::Arithmetic(operator, pair) => {
                arithmetic(*operator, &pair.0.value(at)?, &pair.1.value(at)?).ok_or(Senseless)?
            }
            Self::List(nodes) => {
                let items: Result<Vec<_>, _> = nodes.iter().map(|node| node.value(at)).collect();
                CellValue::list(items?)
            }
            Self::Constant(value) => value.clone(),
            Self::Case(upper, node) => match node.value(at)? {
                CellValue::Text(text) if *upper => CellValue::text(&text.to_uppercase()),
                CellValue::Text(text) => CellValue::text(&text.to_lowercase()),
                _ => return Err(Senseless),
            },
            Self::Path(name, attributes) => path(name, attributes, at)?,
        })
    }
}

fn path(name: &str, attributes: &[String], at: &Surroundings<'_>) -> Result<CellValue, Undecided> {
    let record = |cells: Option<&dyn Cells>| match (cells, attributes) {
        (Some(cells), [col]) => cells.cell(col).ok_or(Senseless),
        (None, _) => Err(NeedsRecord),
        _ => Err(Senseless),
    };
    match name {
        "OWNER" => Ok(CellValue::text("owners")),
        "EDITOR" => Ok(CellValue::text("editors")),
        "VIEWER" => Ok(CellValue::text("viewers")),
        "True" => Ok(CellValue::Bool(true)),
        "False" => Ok(CellValue::Bool(false)),
        "None" => Ok(CellValue::Null),
        "user" => at.user.attribute(attributes).ok_or(Senseless),
        "rec" => record(at.rec),
        "newRec" => record(at.new_rec.or(at.rec)),
        "oldRec" => record(at.old_rec),
        _ => Err(Senseless),
    }
}

fn node(tree: &Value) -> Result<Node, RulesError> {
    let bad = || RulesError::Condition(tree.to_string());
    let list = tree.as_array().ok_or_else(bad)?;
    let kind = list.first().and_then(Value::as_str).ok_or_else(bad)?;
    let parts = &list[1..];
    let nodes = || parts.iter().map(node).collect::<Result<Vec<_>, _>>();
    let pair = || match parts {
        [left, right] => Ok(Box::new((node(left)?, node(right)?))),
        _ => Err(bad()),
    };
    let compare = |comparison| Ok(Node::Compare(comparison, pair()?));
    match (kind, parts) {
        ("And", _) => Ok(Node::And(nodes()?)),
        ("Or", _) => Ok(Node::Or(nodes()?)),
        ("Not", [operand]) => Ok(Node::Not(Box::new(node(operand)?))),
        ("List", _) => Ok(Node::List(nodes()?)),
        ("Eq" | "Is", _) => compare(Comparison::Equal),
        ("NotEq" | "IsNot", _) => compare(Comparison::NotEqual),
        ("Lt", _) => compare(Comparison::Less),
        ("LtE", _) => compare(Comparison::LessOrEqual),
        ("Gt", _) => compare(Comparison::Greater),
        ("GtE", _) => compare(Comparison::GreaterOrEqual),
        ("In", _) => compare(Comparison::In),
        ("NotIn", _) => compare(Comparison::NotIn),
        ("Add", _) => Ok(Node::Arithmetic('+', pair()?)),
        ("Sub", _) => Ok(Node::Arithmetic('-', pair()?)),
        ("Mult", _) => Ok(Node::Arithmetic('*', pair()?)),
        ("Div", _) => Ok(Node::Arithmetic('/', pair()?)),
        ("Mod", _) => Ok(Node::Arithmetic('%', pair()?)),
        ("Const", [value]) => Ok(Node::Constant(cell_from_json(value))),
        ("Name", [Value::String(name)]) => Ok(Node::Path(name.clone(), Vec::new())),
        ("Attr", [of, Value::String(name)]) => match node(of)? {
            Node::Path(start, mut attributes) => {
                attributes.push(name.clone());
                Ok(Node::Path(start, attributes))
            }
            _ => Err(bad()),
        },
        ("Call", [function]) => called(function).ok_or_else(bad)?,
        ("Comment", [inner, _]) => node(inner),
        _ => Err(bad()),
    }
}

/// `text.lower()` and `text.upper()`.
fn called(function: &Value) -> Option<Result<Node, RulesError>> {
    let [kind, of, method] = function.as_array()?.as_slice() else { return None };
    let upper = match method.as_str()? {
        "upper" => true,
        "lower" => false,
        _ => return None,
    };
    (kind == "Attr").then(|| Ok(Node::Case(upper, Box::new(node(of)?))))
}

fn truth(value: &CellValue) -> bool {
    match value {
        CellValue::Null => false,
        CellValue::Bool(truth) => *truth,
        CellValue::Int(int) => *int != 0,
        CellValue::Float(float) => *float != 0.0 && !float.is_nan(),
        CellValue::Text(text) => !text.is_empty(),
        _ => true,
    }
}

/// A number, for comparing in order: blanks and truths count as in JavaScript.
fn number(value: &CellValue) -> Option<f64> {
    match value {
        CellValue::Null => Some(0.0),
        CellValue::Bool(truth) => Some(f64::from(u8::from(*truth))),
        CellValue::Int(_) | CellValue::Float(_) => value.as_number(),
        _ => None,
    }
}

fn same(a: &CellValue, b: &CellValue) -> bool {
    match (a, b) {
        (CellValue::Int(_) | CellValue::Float(_), CellValue::Int(_) | CellValue::Float(_)) => {
            a.as_number() == b.as_number()
        }
        _ => a == b,
    }
}

fn compare(comparison: Comparison, a: &CellValue, b: &CellValue) -> bool {
    let order = match (a, b) {
        (CellValue::Text(a), CellValue::Text(b)) => a.partial_cmp(b),
        _ => number(a).zip(number(b)).and_then(|(a, b)| a.partial_cmp(&b)),
    };
    match comparison {
        Comparison::Equal => same(a, b),
        Comparison::NotEqual => !same(a, b),
        Comparison::Less => order.is_some_and(std::cmp::Ordering::is_lt),
        Comparison::LessOrEqual => order.is_some_and(std::cmp::Ordering::is_le),
        Comparison::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
        Comparison::GreaterOrEqual => order.is_some_and(std::cmp::Ordering::is_ge),
        Comparison::In => contains(b, a),
        Comparison::NotIn => !contains(b, a),
    }
}

fn contains(whole: &CellValue, part: &CellValue) -> bool {
    match (whole, part) {
        (CellValue::List(items), part) => items.iter().any(|item| same(item, part)),
        (CellValue::RecordSet(_, rows), part) => rows.iter().any(|row| part.as_row_id() == Some(*row)),
        (CellValue::Text(whole), CellValue::Text(part)) => whole.contains(part.as_str()),
        _ => false,
    }
}

fn arithmetic(operator: char, a: &CellValue, b: &CellValue) -> Option<CellValue> {
    if let (CellValue::Text(a), CellValue::Text(b), '+') = (a, b, operator) {
        return Some(CellValue::text(&format!("{a}{b}")));
    }
    let (a, b) = (number(a)?, number(b)?);
    Some(CellValue::Float(match operator {
        '+' => a + b,
        '-' => a - b,
        '*' => a * b,
        '/' => a / b,
        _ => a % b,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row(&'static [(&'static str, CellValue)]);

    impl Cells for Row {
        fn cell(&self, col: &str) -> Option<CellValue> {
            self.0.iter().find(|(name, _)| *name == col).map(|(_, cell)| cell.clone())
        }
    }

    #[test]
    fn conditions_hold_or_not() {
        let user = User::new(vec![
            ("Access".into(), CellValue::text("editors")),
            ("Email".into(), CellValue::text("Ada@X.org")),
        ]);
        let row =
            Row(&[("B", CellValue::Int(11)), ("Public", CellValue::Bool(true)), ("N", CellValue::Null)]);
        let at = Surroundings { user: &user, rec: Some(&row), new_rec: None, old_rec: None };
        let cases = [
            (r#"["Eq", ["Attr", ["Name", "user"], "Access"], ["Name", "EDITOR"]]"#, Ok(true)),
            (r#"["In", ["Attr", ["Name", "user"], "Access"], ["List", ["Name", "OWNER"]]]"#, Ok(false)),
            (r#"["Gt", ["Attr", ["Name", "newRec"], "B"], ["Const", 10]]"#, Ok(true)),
            (
                r#"["And", ["Attr", ["Name", "rec"], "Public"], ["Not", ["Attr", ["Name", "rec"], "N"]]]"#,
                Ok(true),
            ),
            (
                r#"["Eq", ["Call", ["Attr", ["Attr", ["Name", "user"], "Email"], "lower"]], ["Const", "ada@x.org"]]"#,
                Ok(true),
            ),
            (r#"["Eq", ["Add", ["Attr", ["Name", "rec"], "B"], ["Const", 1]], ["Const", 12.0]]"#, Ok(true)),
            (r#"["Eq", ["Attr", ["Name", "rec"], "Nope"], ["Const", 1]]"#, Err(Senseless)),
            (r#"["Comment", ["Const", true], "why"]"#, Ok(true)),
        ];
        for (json, holds) in cases {
            assert_eq!(Predicate::read(json).unwrap().holds(&at), holds, "{json}");
        }
        let without = Surroundings { user: &user, rec: None, new_rec: None, old_rec: None };
        for (json, holds) in [
            (
                r#"["And", ["Eq", ["Attr", ["Name", "user"], "Access"], ["Name", "OWNER"]], ["Attr", ["Name", "rec"], "Public"]]"#,
                Ok(false),
            ),
            (r#"["Or", ["Const", true], ["Attr", ["Name", "rec"], "Public"]]"#, Ok(true)),
            (r#"["And", ["Attr", ["Name", "rec"], "Public"], ["Const", false]]"#, Err(NeedsRecord)),
        ] {
            assert_eq!(Predicate::read(json).unwrap().holds(&without), holds, "{json}");
        }
        let was = Row(&[("B", CellValue::Int(10))]);
        let condition = r#"["And", ["Eq", ["Attr", ["Name", "rec"], "B"], ["Const", 11]], ["NotEq", ["Attr", ["Name", "oldRec"], "B"], ["Const", 11]]]"#;
        let condition = Predicate::read(condition).unwrap();
        assert!(condition.holds_for_record(&row, Some(&was)) && condition.holds_for_record(&row, None));
        assert!(!condition.holds_for_record(&row, Some(&row)));
        assert!(Predicate::read(r#"["Call", ["Name", "exec"]]"#).is_err());
        assert!(Predicate::read(r#"["Attr", ["Name", "rec"], "A"]"#).unwrap().uses_record());
    }
}
