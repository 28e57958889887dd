//! Which formulas run as vectors: everything of one kind, known at compile time.

mod calls;

use std::sync::Arc;

use ecow::EcoString;
use model::ColumnType;

use super::{Code, Input, Kind, Operation, Part, Target, Test, VectorLookup};
use crate::format::percent;
use crate::formula::Place;
use crate::ir::{Body, Constant, Conversion, Element, Lookup, Node, Relation, Statement, TextPart};
use crate::lookup_plan::KeyColumn;
use crate::ops::{Binary, Unary};
use crate::schema::{ColIx, Schema, TableIx};

/// The code of a formula whose result goes to a column of some kind, the columns it reads and the lookups it makes; `None`: it needs the slow path.
pub(super) fn root(
    body: &Body,
    target: Target,
    place: Place,
    schema: &dyn Schema,
) -> Option<(Code, Vec<Input>, Vec<VectorLookup>)> {
    let as_floats = target == Target::Numeric;
    let mut builder = Builder { place, schema, inputs: Vec::new(), lookups: Vec::new(), as_floats };
    let code = match body {
        Body::Expression(node) => builder.code(node)?,
        Body::Block(block) => builder.statements(block)?,
        Body::Generator(..) => return None,
    };
    let code = match (target, code.kind) {
        (Target::Date, Kind::Date) => code.date_part(Part::Seconds),
        (Target::Text, Kind::Text)
        | (Target::Any, Kind::Bool | Kind::Int | Kind::Float | Kind::Text)
        | (Target::Numeric | Target::Int | Target::Bool, Kind::Bool | Kind::Int | Kind::Float) => code,
        _ => return None,
    };
    Some((code, builder.inputs, builder.lookups))
}

struct Builder<'s> {
    place: Place,
    schema: &'s dyn Schema,
    inputs: Vec<Input>,
    lookups: Vec<VectorLookup>,
    /// Whether what is built now ends in a column of floats: there an integer may stand for a float.
    as_floats: bool,
}

impl Builder<'_> {
    /// Statements that only choose what to return.
    fn statements(&mut self, statements: &[(u32, Statement)]) -> Option<Code> {
        let ((_, first), rest) = statements.split_first()?;
        match first {
            Statement::Return(node) => self.code(node),
            Statement::Pass => self.statements(rest),
            Statement::If(branches, otherwise) => {
                let mut result =
                    if otherwise.is_empty() { self.statements(rest)? } else { self.statements(otherwise)? };
                for (test, then) in branches.iter().rev() {
                    let then = self.statements(then)?;
                    let test = self.test(test)?;
                    result = self.choose(test, then, result)?;
                }
                Some(result)
            }
            _ => None,
        }
    }

    /// The code of an expression that is not the result itself.
    fn inner(&mut self, node: &Node) -> Option<Code> {
        let outer = std::mem::replace(&mut self.as_floats, false);
        let code = self.code(node);
        self.as_floats = outer;
        code
    }

    /// The code of something whose truth matters. Dates are always true.
    fn test(&mut self, node: &Node) -> Option<Code> {
        self.inner(node).filter(|code| code.kind != Kind::Date)
    }

    fn code(&mut self, node: &Node) -> Option<Code> {
        Some(match node {
            Node::Constant(Constant::Float(float)) => Operation::Float(*float).giving(Kind::Float),
            Node::Constant(Constant::Int(int)) => Operation::Int(*int).giving(Kind::Int),
            Node::Constant(Constant::Bool(truth)) => Operation::Bool(*truth).giving(Kind::Bool),
            Node::Constant(Constant::Str(text)) => Operation::Text(text.clone()).giving(Kind::Text),
            Node::Cell(col) => {
                let (at, kind) = self.input(self.place.table, *col)?;
                Operation::Input(at).giving(kind)
            }
            Node::Column(record, table, col, _) => {
                let reference = self.inner(record)?;
                if reference.kind != Kind::Record(*table) {
                    return None;
                }
                let (at, kind) = self.input(*table, *col)?;
                Operation::Follow(at, Box::new(reference)).giving(kind)
            }
            Node::Lookup(lookup) if lookup.one => self.lookup(lookup)?,
            Node::Binary(operator, operands) => {
                if let Some(shifted) = self.shifted_date(*operator, &operands.0, &operands.1) {
                    return Some(shifted);
                }
                let (left, right) = (self.inner(&operands.0)?, self.inner(&operands.1)?);
                if (*operator, left.kind, right.kind) == (Binary::Add, Kind::Text, Kind::Text) {
                    return Some(concat(vec![left, right]));
                }
                arithmetic(*operator, left, right)?
            }
            Node::Percent(parts, values) => self.percent(parts, values)?,
            Node::Text(parts) => self.text(parts)?,
            Node::Unary(Unary::Minus, operand) => {
                let operand = self.inner(operand)?.at_least_int()?;
                let kind = operand.kind;
                Operation::Negate(Box::new(operand)).giving(kind)
            }
            Node::Unary(Unary::Plus, operand) => self.inner(operand)?.at_least_int()?,
            Node::Not(operand) => Operation::Not(Box::new(self.test(operand)?)).giving(Kind::Bool),
            Node::And(operands) | Node::Or(operands) => {
                let conjunction = matches!(node, Node::And(_));
                let mut result: Option<Code> = None;
                // The last operand first: `a and (b and c)`.
                for operand in operands.iter().rev() {
                    let operand = self.test(operand)?;
                    result = Some(match result {
                        None => operand,
                        Some(rest) if rest.kind == operand.kind => {
                            let (kind, pair) = (operand.kind, Box::new((operand, rest)));
                            if conjunction { Operation::And(pair) } else { Operation::Or(pair) }.giving(kind)
                        }
                        Some(_) => return None,
                    });
                }
                result?
            }
            Node::Choose(parts) => {
                let test = self.test(&parts.0)?;
                let (then, otherwise) = (self.code(&parts.1)?, self.code(&parts.2)?);
                self.choose(test, then, otherwise)?
            }
            Node::Compare(first, rest) => self.comparison(first, rest)?,
            Node::CallNative(native, arguments) => self.native(native, arguments)?,
            Node::Call(function, arguments) => self.call(function, arguments)?,
            Node::CallMethod(object, name, arguments) => self.method(object, name, arguments)?,
            Node::Attribute(object, name) => self.attribute(object, name)?,
            _ => return None,
        })
    }

    /// A column to read, and the kind of its ordinary cells.
    fn input(&mut self, table: TableIx, col: ColIx) -> Option<(usize, Kind)> {
        let kind = match self.schema.column_type(table, col) {
            ColumnType::Numeric => Kind::Float,
            ColumnType::Int => Kind::Int,
            ColumnType::Bool => Kind::Bool,
            ColumnType::Date => Kind::Date,
            ColumnType::Text | ColumnType::Choice => Kind::Text,
            ColumnType::Ref(target) => Kind::Record(self.schema.table(&target)?),
            _ => return None,
        };
        let input = Input { table, col };
        let at = self.inputs.iter().position(|known| *known == input).unwrap_or_else(|| {
            self.inputs.push(input);
            self.inputs.len() - 1
        });
        Some((at, kind))
    }

    /// `T.lookupOne(…)` by values of the kind that the columns hold.
    fn lookup(&mut self, lookup: &Lookup) -> Option<Code> {
        let plan = &lookup.plan;
        let keys = lookup.keys.iter().map(|node| self.inner(node)).collect::<Option<Vec<Code>>>()?;
        let fits = |(column, code): (&KeyColumn, &Code)| {
            let column_type =
                column.col.map_or(ColumnType::Id, |col| self.schema.column_type(plan.table, col));
            column.contains.is_none()
                && match (&column_type, code.kind) {
                    (ColumnType::Text | ColumnType::Choice, Kind::Text)
                    | (ColumnType::Numeric, Kind::Float | Kind::Int)
                    | (ColumnType::Int | ColumnType::Id, Kind::Int)
                    | (ColumnType::Bool, Kind::Bool)
                    | (ColumnType::Date, Kind::Date) => true,
                    (ColumnType::Ref(id), Kind::Record(table)) => self.schema.table(id) == Some(table),
                    _ => false,
                }
        };
        if keys.len() != plan.keys.len() || !plan.keys.iter().zip(&keys).all(fits) {
            return None;
        }
        self.lookups.push(VectorLookup { plan: Arc::clone(plan), keys });
        Some(Operation::Found(self.lookups.len() - 1).giving(Kind::Record(plan.table)))
    }

    fn choose(&self, test: Code, then: Code, otherwise: Code) -> Option<Code> {
        let (then, otherwise) = if self.as_floats && then.kind != otherwise.kind {
            (then.at_least_int()?.into_float()?, otherwise.at_least_int()?.into_float()?)
        } else {
            (then, otherwise)
        };
        let kind = then.kind;
        (kind == otherwise.kind).then(|| Operation::Choose(Box::new((test, then, otherwise))).giving(kind))
    }

    fn comparison(&mut self, first: &Node, rest: &[(Relation, Node)]) -> Option<Code> {
        // Of `a < b < c`, b is evaluated once in Python: without effects, twice is the same.
        let mut result: Option<Code> = None;
        let mut left = first;
        for (relation, right) in rest {
            let pair = same_kind(self.inner(left)?, self.inner(right)?)?;
            let test = match relation {
                Relation::Equal => Test::Equal,
                Relation::NotEqual => Test::NotEqual,
                Relation::Order(comparison) => Test::Order(*comparison),
                _ => return None,
            };
            let one = Operation::Compare(test, Box::new(pair)).giving(Kind::Bool);
            result = Some(match result {
                None => one,
                Some(before) => Operation::And(Box::new((before, one))).giving(Kind::Bool),
            });
            left = right;
        }
        result
    }

    /// `"%s %d" % (…)` of texts and integers.
    fn percent(&mut self, parts: &[percent::Part], values: &Node) -> Option<Code> {
        let mut values: Vec<&Node> = match values {
            Node::Tuple(elements) => elements
                .iter()
                .map(|element| match element {
                    Element::One(node) => Some(node),
                    Element::Star(_) => None,
                })
                .collect::<Option<_>>()?,
            single => vec![single],
        };
        values.reverse();
        let mut pieces = Vec::with_capacity(parts.len());
        for part in parts {
            pieces.push(match part {
                percent::Part::Literal(text) => {
                    Operation::Text(EcoString::from(text.as_str())).giving(Kind::Text)
                }
                percent::Part::Conversion(conversion) if conversion.is_plain() => {
                    let value = self.inner(values.pop()?)?;
                    match (conversion.kind, value.kind) {
                        ('s', Kind::Text | Kind::Int) | ('d', Kind::Int) => value,
                        _ => return None,
                    }
                }
                percent::Part::Conversion(_) => return None,
            });
        }
        values.is_empty().then(|| concat(pieces))
    }

    /// `f"{a} {b}"` of texts and integers.
    fn text(&mut self, parts: &[TextPart]) -> Option<Code> {
        let mut pieces = Vec::with_capacity(parts.len());
        for part in parts {
            pieces.push(match part {
                TextPart::Literal(text) => Operation::Text(text.clone()).giving(Kind::Text),
                TextPart::Value { value, conversion: Conversion::None | Conversion::Str, spec }
                    if spec.is_empty() =>
                {
                    let value = self.inner(value)?;
                    match value.kind {
                        Kind::Text | Kind::Int => value,
                        _ => return None,
                    }
                }
                TextPart::Value { .. } => return None,
            });
        }
        Some(concat(pieces))
    }
}

fn concat(pieces: Vec<Code>) -> Code {
    Operation::Concat(pieces.into()).giving(Kind::Text)
}

fn arithmetic(operator: Binary, left: Code, right: Code) -> Option<Code> {
    if !matches!(
        operator,
        Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::FloorDiv | Binary::Mod
    ) {
        return None;
    }
    let (left, right) = (left.at_least_int()?, right.at_least_int()?);
    let (left, right) = if operator == Binary::Div {
        (left.into_float()?, right.into_float()?)
    } else {
        same_kind(left, right)?
    };
    let kind = left.kind;
    Some(Operation::Arithmetic(operator, Box::new((left, right))).giving(kind))
}

/// Both as the wider of their kinds.
fn same_kind(left: Code, right: Code) -> Option<(Code, Code)> {
    match (left.kind, right.kind) {
        (Kind::Bool, Kind::Bool) | (Kind::Date, Kind::Date) | (Kind::Text, Kind::Text) => Some((left, right)),
        (Kind::Float, _) | (_, Kind::Float) => {
            Some((left.at_least_int()?.into_float()?, right.at_least_int()?.into_float()?))
        }
        _ => Some((left.at_least_int()?, right.at_least_int()?)),
    }
}

impl Operation {
    fn giving(self, kind: Kind) -> Code {
        Code { kind, operation: self }
    }
}

impl Code {
    /// A number, truth values as integers.
    fn at_least_int(self) -> Option<Self> {
        match self.kind {
            Kind::Int | Kind::Float => Some(self),
            Kind::Bool => Some(Operation::Widen(Box::new(self)).giving(Kind::Int)),
            Kind::Date | Kind::Text | Kind::Record(_) => None,
        }
    }

    /// A number as a float.
    fn into_float(self) -> Option<Self> {
        Some(match (self.kind, &self.operation) {
            (Kind::Float, _) => self,
            #[expect(clippy::cast_precision_loss, reason = "checked to be exact")]
            (Kind::Int, Operation::Int(int)) if int.unsigned_abs() <= 1 << 53 => {
                Operation::Float(*int as f64).giving(Kind::Float)
            }
            (Kind::Int, _) => Operation::Widen(Box::new(self)).giving(Kind::Float),
            _ => return None,
        })
    }

    fn date_part(self, part: Part) -> Self {
        let kind = if part == Part::Seconds { Kind::Float } else { Kind::Int };
        Operation::DatePart(part, Box::new(self)).giving(kind)
    }
}
