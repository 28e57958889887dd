//! Calls that run as vectors.

use super::{Builder, arithmetic, concat};
use crate::builtins;
use crate::functions;
use crate::ir::{Arguments, Constant, Element, Node};
use crate::modules::re;
use crate::native::Native;
use crate::ops::{Binary, Unary};
use crate::pattern::Where;
use crate::vector::{Code, Group, Kind, Operation, Part};

const DAY: i64 = 86_400_000_000;

impl Builder<'_> {
    /// A call with arguments by position only.
    pub(super) fn native(&mut self, native: &'static Native, arguments: &[Node]) -> Option<Code> {
        let builtin = builtins::named(native.name).is_some_and(|known| std::ptr::eq(known, native));
        let function = functions::named(native.name).is_some_and(|known| std::ptr::eq(known, native));
        match (native.name, arguments) {
            ("abs", [x]) if builtin => {
                let operand = self.inner(x)?.at_least_int()?;
                let kind = operand.kind;
                Some(Operation::Abs(Box::new(operand)).giving(kind))
            }
            ("max" | "min", [a, b]) if builtin => {
                let (a, b) = (self.inner(a)?, self.inner(b)?);
                let kind = a.kind;
                (kind == b.kind && matches!(kind, Kind::Bool | Kind::Int | Kind::Float))
                    .then(|| Operation::Extreme(native.name == "max", Box::new((a, b))).giving(kind))
            }
            ("round", [x, Node::Constant(Constant::Int(places))]) if builtin => {
                let operand = self.inner(x)?;
                (operand.kind == Kind::Float)
                    .then(|| Operation::Round(Box::new(operand), *places).giving(Kind::Float))
            }
            ("len", [text]) if builtin => self.length(text),
            ("LEN", [text]) if function => self.length(text),
            ("SUM", arguments) if function => self.sum(arguments),
            ("YEAR", [date]) if function => self.part(Part::Year, date),
            ("MONTH", [date]) if function => self.part(Part::Month, date),
            ("DAY", [date]) if function => self.part(Part::Day, date),
            ("DATEADD", [date, given @ ..]) if function && given.len() <= 4 => {
                let mut amounts = [0; 4];
                for (amount, node) in amounts.iter_mut().zip(given) {
                    *amount = integer(node)?;
                }
                self.later(date, amounts)
            }
            _ => None,
        }
    }

    /// A call with named arguments, or of a type.
    pub(super) fn call(&mut self, function: &Node, arguments: &Arguments) -> Option<Code> {
        match (function, &*arguments.positional) {
            (Node::Native(native), [Element::One(date)])
                if native.name == "DATEADD"
                    && functions::named("DATEADD").is_some_and(|known| std::ptr::eq(known, *native)) =>
            {
                let mut amounts = [0; 4];
                for (name, node) in &arguments.named {
                    let at = ["days", "months", "years", "weeks"]
                        .iter()
                        .position(|known| Some(*known) == name.as_deref())?;
                    amounts[at] = integer(node)?;
                }
                self.later(date, amounts)
            }
            (Node::Type(made), [Element::One(text)]) if made.name == "str" && arguments.named.is_empty() => {
                let text = self.inner(text)?;
                matches!(text.kind, Kind::Text | Kind::Int).then(|| concat(vec![text]))
            }
            (Node::Type(made), [Element::One(value)]) if made.name == "int" && arguments.named.is_empty() => {
                let value = self.inner(value)?;
                match value.kind {
                    Kind::Text | Kind::Float => Some(Operation::Whole(Box::new(value)).giving(Kind::Int)),
                    Kind::Int | Kind::Bool => value.at_least_int(),
                    Kind::Date | Kind::Record(_) => None,
                }
            }
            _ => None,
        }
    }

    /// `re.match("…", text).group(n)` and its kin.
    pub(super) fn method(&mut self, object: &Node, name: &str, arguments: &Arguments) -> Option<Code> {
        let group = match (name, &*arguments.positional) {
            ("group", []) => 0,
            ("group", [Element::One(Node::Constant(Constant::Int(group)))]) => {
                usize::try_from(*group).ok()?
            }
            _ => return None,
        };
        let Node::CallNative(native, given) = object else { return None };
        let [Node::Constant(Constant::Str(pattern)), text] = &**given else { return None };
        if !arguments.named.is_empty() || !re::is_function(native) {
            return None;
        }
        let place = match native.name {
            "match" => Where::Start,
            "search" => Where::Anywhere,
            "fullmatch" => Where::Whole,
            _ => return None,
        };
        let text = self.inner(text)?;
        let group = Group { pattern: pattern.clone(), place, group };
        (text.kind == Kind::Text).then(|| Operation::Group(group, Box::new(text)).giving(Kind::Text))
    }

    /// `date.year` and its kin.
    pub(super) fn attribute(&mut self, object: &Node, name: &str) -> Option<Code> {
        let part = match name {
            "year" => Part::Year,
            "month" => Part::Month,
            "day" => Part::Day,
            _ => return None,
        };
        self.part(part, object)
    }

    /// `date + timedelta(…)`, `date - timedelta(…)`.
    pub(super) fn shifted_date(&mut self, operator: Binary, left: &Node, right: &Node) -> Option<Code> {
        let (date, days) = match operator {
            Binary::Add => match time_span(right) {
                Some(span) => (left, span.div_euclid(DAY)),
                None => (right, time_span(left)?.div_euclid(DAY)),
            },
            Binary::Sub => (left, -time_span(right)?.div_euclid(DAY)),
            _ => return None,
        };
        let date = self.inner(date)?;
        (date.kind == Kind::Date).then(|| Operation::Shift(Box::new(date), days).giving(Kind::Date))
    }

    /// Amounts: days, months, years, weeks.
    fn later(&mut self, date: &Node, [days, months, years, weeks]: [i64; 4]) -> Option<Code> {
        let date = self.inner(date)?;
        let days = weeks.checked_mul(7)?.checked_add(days)?;
        (date.kind == Kind::Date)
            .then(|| Operation::Later(Box::new(date), [years, months, days]).giving(Kind::Date))
    }

    fn part(&mut self, part: Part, date: &Node) -> Option<Code> {
        let date = self.inner(date)?;
        (date.kind == Kind::Date).then(|| date.date_part(part))
    }

    fn length(&mut self, text: &Node) -> Option<Code> {
        let text = self.inner(text)?;
        (text.kind == Kind::Text).then(|| Operation::Length(Box::new(text)).giving(Kind::Int))
    }

    /// `SUM(a, b, [c, d])` of numbers, added to 0 one after the other.
    fn sum(&mut self, arguments: &[Node]) -> Option<Code> {
        let mut members: Vec<&Node> = Vec::new();
        for argument in arguments {
            match argument {
                Node::List(elements) | Node::Tuple(elements) => {
                    for element in elements {
                        let Element::One(node) = element else { return None };
                        members.push(node);
                    }
                }
                node => members.push(node),
            }
        }
        let mut total: Option<Code> = None;
        for member in members {
            let member = self.inner(member)?.at_least_int()?;
            total = Some(match total {
                // The sum begins with 0, which makes of -0.0 a 0.0.
                None if member.kind == Kind::Float => {
                    arithmetic(Binary::Add, member, Operation::Float(0.0).giving(Kind::Float))?
                }
                None => member,
                Some(total) => arithmetic(Binary::Add, total, member)?,
            });
        }
        total
    }
}

/// An integer that is written in the formula.
fn integer(node: &Node) -> Option<i64> {
    match node {
        Node::Constant(Constant::Int(int)) => Some(*int),
        Node::Unary(Unary::Minus, operand) => integer(operand)?.checked_neg(),
        _ => None,
    }
}

/// The microseconds of `timedelta(…)` with integers that are written in the formula.
fn time_span(node: &Node) -> Option<i64> {
    let Node::Call(function, arguments) = node else { return None };
    let (Node::Type(made), named) = (&**function, &arguments.named) else { return None };
    if made.name != "timedelta" {
        return None;
    }
    let mut total: i64 = 0;
    let mut add = |amount: i64, unit: i64| {
        total = total.checked_add(amount.checked_mul(unit)?)?;
        // A thousand years and more: left to the slow path.
        (total.abs() < 1_000_000 * DAY).then_some(())
    };
    match &*arguments.positional {
        [] => {}
        [Element::One(days)] => add(integer(days)?, DAY)?,
        _ => return None,
    }
    for (name, node) in named {
        let unit = match name.as_deref()? {
            "weeks" => 7 * DAY,
            "days" if arguments.positional.is_empty() => DAY,
            "hours" => DAY / 24,
            "minutes" => DAY / 1440,
            "seconds" => DAY / 86_400,
            _ => return None,
        };
        add(integer(node)?, unit)?;
    }
    Some(total)
}
