//! Column types, as `_grist_Tables_column.type` writes them.

use std::fmt;

use crate::cell::{CellValue, Text};
use crate::ids::TableId;

/// The type of a column: what its cells are converted to when they are set.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum ColumnType {
    /// Anything.
    #[default]
    Any,
    /// Text.
    Text,
    /// A float.
    Numeric,
    /// An integer.
    Int,
    /// True or false.
    Bool,
    /// Seconds since 1970 of midnight UTC.
    Date,
    /// Seconds since 1970, shown in a time zone (empty: the document's).
    DateTime(Text),
    /// One of a list of texts.
    Choice,
    /// Several of a list of texts.
    ChoiceList,
    /// A row of a table.
    Ref(TableId),
    /// Rows of a table, in order.
    RefList(TableId),
    /// Rows of `_grist_Attachments`.
    Attachments,
    /// The place of a row in the order that people gave by hand.
    ManualSortPos,
    /// A place within an order, for metadata.
    PositionNumber,
    /// A row id.
    Id,
    /// Anything; older than Any.
    Blob,
}

impl ColumnType {
    /// Reads a type; an unknown one is `Any`, as Grist treats it.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (kind, argument) = text.split_once(':').unwrap_or((text, ""));
        match kind {
            "Text" => Self::Text,
            "Numeric" => Self::Numeric,
            "Int" => Self::Int,
            "Bool" => Self::Bool,
            "Date" => Self::Date,
            "DateTime" => Self::DateTime(argument.into()),
            "Choice" => Self::Choice,
            "ChoiceList" => Self::ChoiceList,
            "Ref" => Self::Ref(argument.into()),
            "RefList" => Self::RefList(argument.into()),
            "Attachments" => Self::Attachments,
            "ManualSortPos" => Self::ManualSortPos,
            "PositionNumber" => Self::PositionNumber,
            "Id" => Self::Id,
            "Blob" => Self::Blob,
            _ => Self::Any,
        }
    }

    /// The value of a cell that nobody has set, as Grist reports it.
    #[must_use]
    pub fn default_value(&self) -> CellValue {
        match self {
            Self::Text | Self::Choice => CellValue::Text(Text::new()),
            Self::Numeric => CellValue::Float(0.0),
            Self::Int | Self::Ref(_) | Self::Id => CellValue::Int(0),
            Self::Bool => CellValue::Bool(false),
            Self::ManualSortPos | Self::PositionNumber => CellValue::Float(f64::INFINITY),
            Self::Any
            | Self::Blob
            | Self::Date
            | Self::DateTime(_)
            | Self::ChoiceList
            | Self::RefList(_)
            | Self::Attachments => CellValue::Null,
        }
    }

    /// The table that cells of this type refer to.
    #[must_use]
    pub fn target(&self) -> Option<TableId> {
        match self {
            Self::Ref(table) | Self::RefList(table) => Some(table.clone()),
            Self::Attachments => Some(TableId::new("_grist_Attachments")),
            _ => None,
        }
    }

    /// Whether cells hold a list (`["L", …]`).
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self, Self::ChoiceList | Self::RefList(_) | Self::Attachments)
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, argument) = match self {
            Self::Any => ("Any", ""),
            Self::Text => ("Text", ""),
            Self::Numeric => ("Numeric", ""),
            Self::Int => ("Int", ""),
            Self::Bool => ("Bool", ""),
            Self::Date => ("Date", ""),
            Self::DateTime(zone) => ("DateTime", zone.as_str()),
            Self::Choice => ("Choice", ""),
            Self::ChoiceList => ("ChoiceList", ""),
            Self::Ref(table) => ("Ref", table.as_str()),
            Self::RefList(table) => ("RefList", table.as_str()),
            Self::Attachments => ("Attachments", ""),
            Self::ManualSortPos => ("ManualSortPos", ""),
            Self::PositionNumber => ("PositionNumber", ""),
            Self::Id => ("Id", ""),
            Self::Blob => ("Blob", ""),
        };
        if argument.is_empty() { f.write_str(kind) } else { write!(f, "{kind}:{argument}") }
    }
}
