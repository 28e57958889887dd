//! Expressions.

use std::sync::Arc;

use ecow::EcoString;
use num_bigint::BigInt;
use ruff_python_ast::{
    BoolOp, CmpOp, ConversionFlag, Expr, FStringPart, InterpolatedStringElement, Number, Operator, UnaryOp,
};

use crate::compile::info::Info;
use crate::compile::lower::Lowering;
use crate::dependency::Step;
use crate::formula::Refusal;
use crate::ir::{Constant, Conversion, Element, Node, Relation, TextPart};
use crate::ops::{Binary, Comparison, Unary};
use crate::schema::{ColIx, TableIx};
use crate::static_type::StaticType;

type Lowered = Result<(Node, Info), Refusal>;

impl Lowering<'_> {
    pub(crate) fn expression(&mut self, expr: &Expr) -> Lowered {
        self.deeper(|this| this.expression_inner(expr))
    }

    fn expression_inner(&mut self, expr: &Expr) -> Lowered {
        match expr {
            Expr::Name(name) if self.dollar(expr) => {
                let record = Info::with_paths(StaticType::Record(self.place.table), vec![Vec::new()]);
                self.attribute_of(Node::Record, &record, &name.id[1..], Some(Self::offset(expr) + 1))
            }
            Expr::Name(name) => match self.variable(&name.id)? {
                Some((variable, key)) => {
                    Ok((Node::Variable(variable, EcoString::from(name.id.as_str())), self.known(key)))
                }
                None => {
                    if let Some(table) = self.schema.table(&name.id) {
                        self.mention(Some(Self::offset(expr)), table, None);
                    }
                    self.global(&name.id)
                }
            },
            Expr::NumberLiteral(number) => Ok(match &number.value {
                Number::Int(int) => (Node::Constant(integer(int)), Info::of(StaticType::Int)),
                Number::Float(float) => {
                    (Node::Constant(Constant::Float(*float)), Info::of(StaticType::Number))
                }
                Number::Complex { .. } => return self.unsupported("complex numbers"),
            }),
            Expr::StringLiteral(text) => {
                Ok((Node::Constant(Constant::Str(text.value.to_str().into())), Info::of(StaticType::Text)))
            }
            Expr::BytesLiteral(bytes) => {
                let bytes: Vec<u8> = bytes.value.bytes().collect();
                Ok((Node::Constant(Constant::Bytes(bytes.into())), Info::plain()))
            }
            Expr::BooleanLiteral(truth) => {
                Ok((Node::Constant(Constant::Bool(truth.value)), Info::of(StaticType::Bool)))
            }
            Expr::NoneLiteral(_) => Ok((Node::Constant(Constant::None), Info::of(StaticType::None))),
            Expr::EllipsisLiteral(_) => Ok((Node::Constant(Constant::Ellipsis), Info::plain())),
            Expr::FString(text) => self.f_string(text),
            Expr::Attribute(attribute) => {
                let (object, info) = self.expression(&attribute.value)?;
                self.attribute_of(object, &info, &attribute.attr, Some(Self::offset(&attribute.attr)))
            }
            Expr::Subscript(subscript) => {
                let (object, info) = self.expression(&subscript.value)?;
                let sliced = matches!(&*subscript.slice, Expr::Slice(_));
                let (index, _) = self.expression(&subscript.slice)?;
                let result = match (&info.kind, sliced) {
                    (StaticType::Text, _) => Info::of(StaticType::Text),
                    (StaticType::RecordSet(_) | StaticType::Sequence(_), true) => info.clone(),
                    (StaticType::RecordSet(_) | StaticType::Sequence(_), false) => info.item(),
                    (kind, _) if kind.is_plain() => Info::plain(),
                    _ => Info::unknown(),
                };
                Ok((Node::Item(Box::new((object, index))), result))
            }
            Expr::Slice(slice) => {
                let mut part = |part: &Option<Box<Expr>>| match part {
                    Some(part) => self.expression(part).map(|(node, _)| node),
                    None => Ok(Node::Constant(Constant::None)),
                };
                let parts = (part(&slice.lower)?, part(&slice.upper)?, part(&slice.step)?);
                Ok((Node::Slice(Box::new(parts)), Info::plain()))
            }
            Expr::BinOp(operation) => {
                let (left, left_info) = self.expression(&operation.left)?;
                let (right, right_info) = self.expression(&operation.right)?;
                let operator = binary(operation.op);
                if let (Binary::Mod, Node::Constant(Constant::Str(template))) = (operator, &left)
                    && let Ok(parts) = crate::format::percent::parse(template)
                {
                    return Ok((Node::Percent(parts.into(), Box::new(right)), Info::of(StaticType::Text)));
                }
                Ok((
                    Node::Binary(operator, Box::new((left, right))),
                    combined(operator, &left_info, &right_info),
                ))
            }
            Expr::UnaryOp(operation) => {
                let (operand, info) = self.expression(&operation.operand)?;
                Ok(match operation.op {
                    UnaryOp::Not => (Node::Not(Box::new(operand)), Info::of(StaticType::Bool)),
                    UnaryOp::USub => match operand {
                        // A negative literal is a constant.
                        Node::Constant(Constant::Int(int)) => (Node::Constant(Constant::Int(-int)), info),
                        Node::Constant(Constant::Float(float)) => {
                            (Node::Constant(Constant::Float(-float)), info)
                        }
                        operand => (Node::Unary(Unary::Minus, Box::new(operand)), info),
                    },
                    UnaryOp::UAdd => (Node::Unary(Unary::Plus, Box::new(operand)), info),
                    UnaryOp::Invert => (Node::Unary(Unary::Invert, Box::new(operand)), info),
                })
            }
            Expr::BoolOp(operation) => {
                let mut info = Info::never();
                let mut operands = Vec::with_capacity(operation.values.len());
                for value in &operation.values {
                    let (node, operand) = self.expression(value)?;
                    operands.push(node);
                    info = info.or(operand);
                }
                let operands = operands.into();
                Ok((if operation.op == BoolOp::And { Node::And(operands) } else { Node::Or(operands) }, info))
            }
            Expr::Compare(comparison) => {
                let (first, _) = self.expression(&comparison.left)?;
                let mut rest = Vec::with_capacity(comparison.ops.len());
                for (op, operand) in comparison.ops.iter().zip(&comparison.comparators) {
                    rest.push((relation(*op), self.expression(operand)?.0));
                }
                Ok((Node::Compare(Box::new(first), rest.into()), Info::of(StaticType::Bool)))
            }
            Expr::If(choice) => {
                let (test, _) = self.expression(&choice.test)?;
                let (body, info) = self.expression(&choice.body)?;
                let (otherwise, other) = self.expression(&choice.orelse)?;
                Ok((Node::Choose(Box::new((test, body, otherwise))), info.or(other)))
            }
            Expr::Named(named) => {
                let (value, info) = self.expression(&named.value)?;
                let Expr::Name(name) = &*named.target else { return self.unsupported("this assignment") };
                match self.variable(&name.id)? {
                    Some((variable, key)) => {
                        self.learn(key, &info);
                        Ok((Node::Named(variable, Box::new(value)), info))
                    }
                    None => self.unsupported("this assignment expression"),
                }
            }
            Expr::List(list) => {
                let (elements, info) = self.elements(&list.elts)?;
                Ok((Node::List(elements), info.sequence()))
            }
            Expr::Tuple(tuple) => {
                let (elements, info) = self.elements(&tuple.elts)?;
                Ok((Node::Tuple(elements), info.sequence()))
            }
            Expr::Set(set) => {
                let (elements, info) = self.elements(&set.elts)?;
                Ok((Node::Set(elements), info.sequence()))
            }
            Expr::Dict(dict) => {
                let mut entries = Vec::with_capacity(dict.items.len());
                let mut plain = true;
                for item in &dict.items {
                    let key = match &item.key {
                        Some(key) => Some(self.expression(key)?.0),
                        None => None,
                    };
                    let (value, info) = self.expression(&item.value)?;
                    plain &= info.kind.is_plain() && !info.never;
                    entries.push((key, value));
                }
                Ok((Node::Dict(entries.into()), if plain { Info::plain() } else { Info::unknown() }))
            }
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(expr)
            }
            Expr::Lambda(lambda) => self.lambda(lambda, &[]),
            Expr::Call(call) => self.call(call),
            Expr::Starred(_) => Err(self.error("can't use starred expression here", Self::offset(expr))),
            Expr::Await(_) | Expr::Yield(_) | Expr::YieldFrom(_) => self.unsupported("yield"),
            Expr::TString(_) => self.unsupported("template strings"),
            Expr::IpyEscapeCommand(_) => Err(self.error("invalid syntax", Self::offset(expr))),
        }
    }

    /// The elements of a display, and what is known of any of them.
    pub(crate) fn elements(&mut self, elements: &[Expr]) -> Result<(Box<[Element]>, Info), Refusal> {
        let mut all = Info::never();
        let mut lowered = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Expr::Starred(starred) => {
                    let (node, info) = self.expression(&starred.value)?;
                    all = all.or(info.item());
                    lowered.push(Element::Star(node));
                }
                _ => {
                    let (node, info) = self.expression(element)?;
                    all = all.or(info);
                    lowered.push(Element::One(node));
                }
            }
        }
        if all.never {
            all = Info::plain();
        }
        Ok((lowered.into(), all))
    }

    /// `object.name`, where the name stands `at` an offset.
    pub(crate) fn attribute_of(&mut self, object: Node, info: &Info, name: &str, at: Option<u32>) -> Lowered {
        self.reads.name(name);
        let known = ["__name__", "__class__", "__doc__", "__cause__"];
        if name.starts_with("__") && name.ends_with("__") && !known.contains(&name) {
            return self.unsupported(&format!("`.{name}`"));
        }
        let dynamic = |object: Node| Node::Attribute(Box::new(object), EcoString::from(name));
        match &info.kind {
            StaticType::Record(table) | StaticType::RecordSet(table) => {
                let table = *table;
                let many = matches!(info.kind, StaticType::RecordSet(_));
                if name == "id" {
                    let node = if matches!(object, Node::Record) { Node::RowId } else { dynamic(object) };
                    let int = Info::of(StaticType::Int);
                    return Ok((node, if many { int.sequence() } else { int }));
                }
                let Some(col) = self.schema.column(table, name) else {
                    let result =
                        if name == "_table" { Info::of(StaticType::Table(table)) } else { Info::unknown() };
                    return Ok((dynamic(object), result));
                };
                self.mention(at, table, Some(col));
                self.reads.column(info, table, col);
                let result = self.column_info(info, table, col, many);
                let node = if matches!(object, Node::Record) {
                    Node::Cell(col)
                } else {
                    Node::Column(Box::new(object), table, col, EcoString::from(name))
                };
                Ok((node, result))
            }
            StaticType::Table(table) => match name {
                "all" => {
                    self.reads.table(*table);
                    Ok((
                        Node::All(*table),
                        Info::with_paths(StaticType::RecordSet(*table), vec![vec![Step::All]]),
                    ))
                }
                _ => {
                    self.reads.opaque = true;
                    Ok((dynamic(object), Info::unknown()))
                }
            },
            _ => {
                self.note_attribute(name);
                if let Node::Module(module) = &object {
                    return match static_attribute(module, name) {
                        Some(node) => Ok((node, Info::plain())),
                        None => Ok((dynamic(object), Info::plain())),
                    };
                }
                if info.never || info.kind.is_plain() {
                    return Ok((dynamic(object), if info.never { Info::never() } else { Info::plain() }));
                }
                if matches!(info.kind, StaticType::Sequence(_)) {
                    return Ok((dynamic(object), Info::unknown()));
                }
                self.read_named_anywhere(name);
                if matches!(name, "all" | "lookupRecords" | "lookupOne" | "_table") {
                    self.reads.opaque = true;
                }
                Ok((dynamic(object), Info::unknown()))
            }
        }
    }

    /// What is known of a column's values, read through a record.
    pub(crate) fn column_info(&self, object: &Info, table: TableIx, col: ColIx, many: bool) -> Info {
        let column_type = self.schema.column_type(table, col);
        let mut kind = StaticType::of_column(&column_type, self.schema);
        let mut step = Step::Ref(table, col);
        if kind == StaticType::Unknown
            && let Some(known) = self.schema.result_type(table, col)
        {
            kind = known;
            // A column of type Any cannot be followed.
            step = Step::All;
        }
        let paths = match &kind {
            StaticType::Record(_) | StaticType::RecordSet(_) if step == Step::All => vec![vec![Step::All]],
            StaticType::Record(_) | StaticType::RecordSet(_) => object.after(&step),
            _ => Vec::new(),
        };
        let one = Info::with_paths(kind, paths);
        match (many, &one.kind) {
            (false, _) => one,
            (true, StaticType::Record(target) | StaticType::RecordSet(target)) => {
                Info { kind: StaticType::RecordSet(*target), ..one }
            }
            (true, _) => one.sequence(),
        }
    }

    fn f_string(&mut self, text: &ruff_python_ast::ExprFString) -> Lowered {
        let mut parts = Vec::new();
        for part in text.value.iter() {
            match part {
                FStringPart::Literal(literal) => {
                    parts.push(TextPart::Literal(EcoString::from(&*literal.value)));
                }
                FStringPart::FString(inner) => self.text_parts(inner.elements.iter(), &mut parts)?,
            }
        }
        Ok((Node::Text(parts.into()), Info::of(StaticType::Text)))
    }

    fn text_parts<'e>(
        &mut self,
        elements: impl Iterator<Item = &'e InterpolatedStringElement>,
        parts: &mut Vec<TextPart>,
    ) -> Result<(), Refusal> {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    parts.push(TextPart::Literal(EcoString::from(&*literal.value)));
                }
                InterpolatedStringElement::Interpolation(element) => {
                    if element.debug_text.is_some() {
                        return self.unsupported("`=` in an f-string");
                    }
                    let (value, _) = self.expression(&element.expression)?;
                    let conversion = match element.conversion {
                        ConversionFlag::None => Conversion::None,
                        ConversionFlag::Str => Conversion::Str,
                        ConversionFlag::Ascii => Conversion::Ascii,
                        ConversionFlag::Repr => Conversion::Repr,
                    };
                    let mut spec = Vec::new();
                    if let Some(format) = &element.format_spec {
                        self.text_parts(format.elements.iter(), &mut spec)?;
                    }
                    parts.push(TextPart::Value { value, conversion, spec: spec.into() });
                }
            }
        }
        Ok(())
    }
}

/// An attribute of a module that is known now.
pub(crate) fn static_attribute(module: &'static crate::modules::ModuleDef, name: &str) -> Option<Node> {
    use crate::value::{Function, Value};
    match module.attribute(name)? {
        Value::Function(Function::Native(native)) => Some(Node::Native(native)),
        Value::Type(def) => Some(Node::Type(def)),
        Value::Module(module) => Some(Node::Module(module)),
        Value::Float(float) => Some(Node::Constant(Constant::Float(float))),
        Value::Int(int) => Some(Node::Constant(Constant::Int(int))),
        Value::Str(text) => Some(Node::Constant(Constant::Str(text))),
        _ => None,
    }
}

fn integer(int: &ruff_python_ast::Int) -> Constant {
    if let Some(small) = int.as_i64() {
        return Constant::Int(small);
    }
    let text = int.to_string().replace('_', "").to_ascii_lowercase();
    let (digits, radix) = match text.get(..2) {
        Some("0x") => (&text[2..], 16),
        Some("0o") => (&text[2..], 8),
        Some("0b") => (&text[2..], 2),
        _ => (text.as_str(), 10),
    };
    BigInt::parse_bytes(digits.as_bytes(), radix).map_or(Constant::None, |big| Constant::Big(Arc::new(big)))
}

pub(crate) fn binary(operator: Operator) -> Binary {
    match operator {
        Operator::Add => Binary::Add,
        Operator::Sub => Binary::Sub,
        Operator::Mult => Binary::Mul,
        Operator::MatMult => Binary::MatMul,
        Operator::Div => Binary::Div,
        Operator::Mod => Binary::Mod,
        Operator::Pow => Binary::Pow,
        Operator::LShift => Binary::ShiftLeft,
        Operator::RShift => Binary::ShiftRight,
        Operator::BitOr => Binary::Or,
        Operator::BitXor => Binary::Xor,
        Operator::BitAnd => Binary::And,
        Operator::FloorDiv => Binary::FloorDiv,
    }
}

fn relation(op: CmpOp) -> Relation {
    match op {
        CmpOp::Eq => Relation::Equal,
        CmpOp::NotEq => Relation::NotEqual,
        CmpOp::Lt => Relation::Order(Comparison::Less),
        CmpOp::LtE => Relation::Order(Comparison::LessOrEqual),
        CmpOp::Gt => Relation::Order(Comparison::Greater),
        CmpOp::GtE => Relation::Order(Comparison::GreaterOrEqual),
        CmpOp::Is => Relation::Is,
        CmpOp::IsNot => Relation::IsNot,
        CmpOp::In => Relation::In,
        CmpOp::NotIn => Relation::NotIn,
    }
}

/// What is known of `left operator right`.
fn combined(operator: Binary, left: &Info, right: &Info) -> Info {
    use StaticType as T;
    if left.never || right.never {
        return Info::never();
    }
    let number = |kind: &T| matches!(kind, T::Bool | T::Int | T::Number);
    match (&left.kind, &right.kind) {
        (T::Int, T::Int) if operator != Binary::Div && operator != Binary::Pow => Info::of(T::Int),
        (a, b) if number(a) && number(b) => Info::of(T::Number),
        (T::Text, _) if matches!(operator, Binary::Add | Binary::Mod) => Info::of(T::Text),
        (a, b) if a.is_plain() && b.is_plain() => Info::plain(),
        _ => Info::unknown(),
    }
}
