//! What is known of a value without evaluating.

use model::ColumnType;

use crate::schema::{Schema, TableIx};

/// The type of an expression, as far as it is known at compile time.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum StaticType {
    /// Nothing is known.
    #[default]
    Unknown,
    /// `None`.
    None,
    /// A boolean.
    Bool,
    /// An integer.
    Int,
    /// An integer or a float.
    Number,
    /// Text.
    Text,
    /// A date.
    Date,
    /// A date with a time.
    DateTime,
    /// A record of a table (possibly the empty one).
    Record(TableIx),
    /// Records of a table.
    RecordSet(TableIx),
    /// A table.
    Table(TableIx),
    /// A list, tuple, set or iterator with elements of one type.
    Sequence(Box<StaticType>),
    /// Some other value that is no record and holds none: a function, a module, a time span.
    Plain,
}

impl StaticType {
    /// What a formula sees in a column of this type.
    #[must_use]
    pub fn of_column(column_type: &ColumnType, schema: &dyn Schema) -> Self {
        use ColumnType as T;
        match column_type {
            T::Text | T::Choice => Self::Text,
            T::Numeric | T::ManualSortPos | T::PositionNumber => Self::Number,
            T::Int | T::Id => Self::Int,
            T::Bool => Self::Bool,
            T::Date => Self::Date,
            T::DateTime(_) => Self::DateTime,
            T::ChoiceList => Self::Sequence(Box::new(Self::Text)),
            T::Ref(table) => schema.table(table).map_or(Self::Plain, Self::Record),
            T::RefList(table) => schema.table(table).map_or(Self::Plain, Self::RecordSet),
            T::Attachments => schema.table("_grist_Attachments").map_or(Self::Plain, Self::RecordSet),
            T::Any | T::Blob => Self::Unknown,
        }
    }

    /// What is known of a value that is one or the other.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self == other {
            return self;
        }
        match (self, other) {
            (Self::None, kind @ (Self::Record(_) | Self::RecordSet(_)))
            | (kind @ (Self::Record(_) | Self::RecordSet(_)), Self::None) => kind,
            (Self::Bool | Self::Int | Self::Number, Self::Bool | Self::Int | Self::Number) => Self::Number,
            (a, b) if a.is_plain() && b.is_plain() => Self::Plain,
            _ => Self::Unknown,
        }
    }

    /// Whether attributes of such a value can never be cells.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        match self {
            Self::Unknown | Self::Record(_) | Self::RecordSet(_) | Self::Table(_) => false,
            Self::Sequence(item) => item.is_plain(),
            _ => true,
        }
    }

    /// The type of what a loop over such a value yields.
    #[must_use]
    pub fn item(&self) -> Self {
        match self {
            Self::RecordSet(table) => Self::Record(*table),
            Self::Sequence(item) => (**item).clone(),
            Self::Text => Self::Text,
            _ if self.is_plain() => Self::Plain,
            _ => Self::Unknown,
        }
    }
}
