//! Python's operations on values, by group. Most are methods of [`crate::Context`], since they may need the document (a record's
//! attributes) or spend limits; the pure ones are plain functions.

mod arithmetic;
mod attribute;
mod call;
mod compare;
mod format;
mod item;
mod iterate;
pub mod lookup;
pub mod number;
mod record;
mod text;
mod truth;

pub(crate) use format::ascii;
pub use iterate::Iter;
pub(crate) use text::{is_printable, zone_repr};
pub use text::{plain_repr, plain_str, quote};
pub(crate) use truth::is_element;
pub use truth::{equal, identical, truth};

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `//`
    FloorDiv,
    /// `%`
    Mod,
    /// `**`
    Pow,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `&`
    And,
    /// `@`
    MatMul,
}

impl Binary {
    /// The operator's sign, as error texts show it.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::FloorDiv => "//",
            Self::Mod => "%",
            Self::Pow => "** or pow()",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::Or => "|",
            Self::Xor => "^",
            Self::And => "&",
            Self::MatMul => "@",
        }
    }
}

/// Unary operators, `not` aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    /// `-`
    Minus,
    /// `+`
    Plus,
    /// `~`
    Invert,
}

/// Order comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// The operator's sign.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
    /// Whether it holds for two values in this order.
    #[must_use]
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}
