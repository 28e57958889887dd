//! Python exceptions as Rust errors, with CPython 3.11's class names and texts.

use std::fmt;
use std::rc::Rc;

use ecow::EcoString;

use crate::types::TypeDef;
use crate::value::Value;

/// A raised exception. One pointer wide, cheap to clone.
#[derive(Clone)]
pub struct Exception(Rc<Raised>);

/// What an exception holds.
#[derive(Clone, Debug)]
pub struct Raised {
    /// Its class.
    pub class: &'static TypeDef,
    /// The class's name, where the class is known by name only (an error read from a cell).
    pub foreign_name: Option<EcoString>,
    /// Its arguments; the first one is usually the text.
    pub args: Vec<Value>,
    /// For `CellError`: the error of the cell that was read.
    pub cause: Option<Exception>,
    /// Where in the formula it was raised, as an offset in bytes; filled in on the way up.
    pub position: std::cell::Cell<Option<u32>>,
}

impl Exception {
    /// An exception with a text.
    #[must_use]
    pub fn new(class: &'static TypeDef, message: impl Into<EcoString>) -> Self {
        Self::with_args(class, vec![Value::Str(message.into())])
    }
    /// An exception without arguments.
    #[must_use]
    pub fn empty(class: &'static TypeDef) -> Self {
        Self::with_args(class, Vec::new())
    }
    /// An exception with arguments.
    #[must_use]
    pub fn with_args(class: &'static TypeDef, args: Vec<Value>) -> Self {
        Self(Rc::new(Raised {
            class,
            foreign_name: None,
            args,
            cause: None,
            position: std::cell::Cell::new(None),
        }))
    }
    /// The error of a cell that was read: a `CellError` around it.
    #[must_use]
    pub fn of_cell(cause: Exception, table: &str, col: &str, row: u32) -> Self {
        let args = vec![Value::str(table), Value::str(col), Value::Int(i64::from(row))];
        Self(Rc::new(Raised {
            class: &CELL_ERROR,
            foreign_name: None,
            args,
            cause: Some(cause),
            position: std::cell::Cell::new(None),
        }))
    }
    /// An error known by the name of its class and its text, as cells store it.
    #[must_use]
    pub fn foreign(name: &str, message: Option<&str>) -> Self {
        let args = message.map(Value::str).into_iter().collect();
        let class = class_named(name);
        let foreign_name = if class.is_some() { None } else { Some(name.into()) };
        let class = class.unwrap_or(&EXCEPTION);
        Self(Rc::new(Raised { class, foreign_name, args, cause: None, position: std::cell::Cell::new(None) }))
    }
    /// The same with a cause (`raise … from cause`).
    #[must_use]
    pub fn caused_by(self, cause: Exception) -> Self {
        let mut raised = (*self.0).clone();
        raised.cause = Some(cause);
        Self(Rc::new(raised))
    }

    /// What it holds.
    #[must_use]
    pub fn raised(&self) -> &Raised {
        &self.0
    }
    /// Its class.
    #[must_use]
    pub fn class(&self) -> &'static TypeDef {
        self.0.class
    }
    /// The name of its class, such as `ZeroDivisionError`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.foreign_name.as_deref().unwrap_or(self.0.class.name)
    }
    /// The error that the cells show: a `CellError` shows the error it wraps.
    #[must_use]
    pub fn innermost(&self) -> &Exception {
        let mut exception = self;
        while std::ptr::eq(exception.class(), &CELL_ERROR)
            && let Some(cause) = &exception.0.cause
        {
            exception = cause;
        }
        exception
    }
    /// Whether it is of this class or of one derived from it.
    #[must_use]
    pub fn is(&self, class: &'static TypeDef) -> bool {
        self.0.class.derives_from(class)
    }
    /// `str(exception)`. Arguments that are no plain values are shown by their class.
    #[must_use]
    pub fn message(&self) -> EcoString {
        if std::ptr::eq(self.class(), &INVALID_TYPED_VALUE)
            && let [kind, text] = self.0.args.as_slice()
        {
            return ecow::eco_format!(
                "Invalid {}: {}",
                crate::ops::plain_str(kind),
                crate::ops::plain_str(text)
            );
        }
        if std::ptr::eq(self.class(), &CELL_ERROR)
            && let ([table, col, row], Some(cause)) = (self.0.args.as_slice(), &self.0.cause)
        {
            return ecow::eco_format!(
                "{} in referenced cell {}[{}].{}",
                cause.name(),
                crate::ops::plain_str(table),
                crate::ops::plain_str(row),
                crate::ops::plain_str(col)
            );
        }
        match self.0.args.as_slice() {
            [] => EcoString::new(),
            [key] if self.is(&KEY_ERROR) => crate::ops::plain_repr(key),
            [only] => crate::ops::plain_str(only),
            several => crate::ops::plain_repr(&Value::tuple(several.to_vec())),
        }
    }
    /// Whether a formula may catch it: not when a limit was exceeded or the host interrupts.
    #[must_use]
    pub fn can_be_caught(&self) -> bool {
        !(std::ptr::eq(self.class(), &TIMEOUT_ERROR)
            || std::ptr::eq(self.class(), &MEMORY_ERROR)
            || self.is(&INTERRUPT))
    }
    /// Whether both are the same object.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name(), self.message())
    }
}

impl From<crate::format::FormatError> for Exception {
    fn from(error: crate::format::FormatError) -> Self {
        Self::new(class_named(error.class).unwrap_or(&VALUE_ERROR), error.message)
    }
}

/// A `TypeError`.
#[must_use]
pub fn type_error(message: impl Into<EcoString>) -> Exception {
    Exception::new(&TYPE_ERROR, message)
}
/// A `ValueError`.
#[must_use]
pub fn value_error(message: impl Into<EcoString>) -> Exception {
    Exception::new(&VALUE_ERROR, message)
}
/// A `ZeroDivisionError`.
#[must_use]
pub fn zero_division(message: impl Into<EcoString>) -> Exception {
    Exception::new(&ZERO_DIVISION_ERROR, message)
}
/// An `OverflowError`.
#[must_use]
pub fn overflow_error(message: impl Into<EcoString>) -> Exception {
    Exception::new(&OVERFLOW_ERROR, message)
}
/// `f() missing 2 required positional arguments: 'a' and 'b'`.
#[must_use]
pub fn missing_arguments(function: &str, kind: &str, names: &[&str]) -> Exception {
    let plural = if names.len() == 1 { "" } else { "s" };
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let list = match quoted.as_slice() {
        [rest @ .., a, b] if !rest.is_empty() => format!("{}, {a}, and {b}", rest.join(", ")),
        _ => quoted.join(" and "),
    };
    type_error(format!("{function}() missing {} required {kind} argument{plural}: {list}", names.len()))
}
/// `f() takes from 1 to 2 positional arguments but 3 were given`.
#[must_use]
pub fn too_many_arguments(function: &str, least: usize, most: usize, given: usize) -> Exception {
    let (takes, plural) = if least < most {
        (format!("from {least} to {most}"), "s")
    } else {
        (most.to_string(), if most == 1 { "" } else { "s" })
    };
    let were = if given == 1 { "was" } else { "were" };
    type_error(format!("{function}() takes {takes} positional argument{plural} but {given} {were} given"))
}

/// The class of exceptions with this name.
#[must_use]
pub fn class_named(name: &str) -> Option<&'static TypeDef> {
    CLASSES.iter().copied().find(|class| class.name == name)
}

macro_rules! classes {
    ($($(#[$doc:meta])* $constant:ident = $name:literal : $base:expr;)*) => {
        $(
            $(#[$doc])*
            pub static $constant: TypeDef = TypeDef::exception($name, $base);
        )*
        /// All classes of exceptions.
        pub static CLASSES: &[&TypeDef] = &[$(&$constant),*];
    };
}

classes! {
    /// The root.
    BASE_EXCEPTION = "BaseException": None;
    /// What formulas may catch.
    EXCEPTION = "Exception": Some(&BASE_EXCEPTION);
    /// Arithmetic.
    ARITHMETIC_ERROR = "ArithmeticError": Some(&EXCEPTION);
    /// Division by zero.
    ZERO_DIVISION_ERROR = "ZeroDivisionError": Some(&ARITHMETIC_ERROR);
    /// A number too large.
    OVERFLOW_ERROR = "OverflowError": Some(&ARITHMETIC_ERROR);
    /// Floating point.
    FLOATING_POINT_ERROR = "FloatingPointError": Some(&ARITHMETIC_ERROR);
    /// A failed `assert`.
    ASSERTION_ERROR = "AssertionError": Some(&EXCEPTION);
    /// No such attribute.
    ATTRIBUTE_ERROR = "AttributeError": Some(&EXCEPTION);
    /// End of input.
    EOF_ERROR = "EOFError": Some(&EXCEPTION);
    /// A module that cannot be imported.
    IMPORT_ERROR = "ImportError": Some(&EXCEPTION);
    /// A module that does not exist.
    MODULE_NOT_FOUND_ERROR = "ModuleNotFoundError": Some(&IMPORT_ERROR);
    /// An index or a key.
    LOOKUP_ERROR = "LookupError": Some(&EXCEPTION);
    /// An index out of range.
    INDEX_ERROR = "IndexError": Some(&LOOKUP_ERROR);
    /// A key that is not there.
    KEY_ERROR = "KeyError": Some(&LOOKUP_ERROR);
    /// Too much memory.
    MEMORY_ERROR = "MemoryError": Some(&EXCEPTION);
    /// An unknown name.
    NAME_ERROR = "NameError": Some(&EXCEPTION);
    /// A local variable read before it is assigned.
    UNBOUND_LOCAL_ERROR = "UnboundLocalError": Some(&NAME_ERROR);
    /// The operating system.
    OS_ERROR = "OSError": Some(&EXCEPTION);
    /// Too much time.
    TIMEOUT_ERROR = "TimeoutError": Some(&OS_ERROR);
    /// Anything else at run time.
    RUNTIME_ERROR = "RuntimeError": Some(&EXCEPTION);
    /// Not there yet.
    NOT_IMPLEMENTED_ERROR = "NotImplementedError": Some(&RUNTIME_ERROR);
    /// Too deep.
    RECURSION_ERROR = "RecursionError": Some(&RUNTIME_ERROR);
    /// An exhausted iterator.
    STOP_ITERATION = "StopIteration": Some(&EXCEPTION);
    /// Source that cannot be read.
    SYNTAX_ERROR = "SyntaxError": Some(&EXCEPTION);
    /// Wrong indentation.
    INDENTATION_ERROR = "IndentationError": Some(&SYNTAX_ERROR);
    /// Mixed tabs and blanks.
    TAB_ERROR = "TabError": Some(&INDENTATION_ERROR);
    /// A value of the wrong type.
    TYPE_ERROR = "TypeError": Some(&EXCEPTION);
    /// A value of the right type that does not do.
    VALUE_ERROR = "ValueError": Some(&EXCEPTION);
    /// Text and bytes.
    UNICODE_ERROR = "UnicodeError": Some(&VALUE_ERROR);
    /// Bytes that are no text.
    UNICODE_DECODE_ERROR = "UnicodeDecodeError": Some(&UNICODE_ERROR);
    /// Text that has no bytes in an encoding.
    UNICODE_ENCODE_ERROR = "UnicodeEncodeError": Some(&UNICODE_ERROR);
    /// A warning.
    WARNING = "Warning": Some(&EXCEPTION);
    /// A warning to users.
    USER_WARNING = "UserWarning": Some(&WARNING);
    /// Grist: an error in a cell that was read.
    CELL_ERROR = "CellError": Some(&EXCEPTION);
    /// Grist: a cell that depends on itself.
    CIRCULAR_REF_ERROR = "CircularRefError": Some(&RUNTIME_ERROR);
    /// `calendar.IllegalMonthError`.
    ILLEGAL_MONTH_ERROR = "IllegalMonthError": Some(&VALUE_ERROR);
    /// What is no telephone number (`phonenumbers`).
    NUMBER_PARSE_EXCEPTION = "NumberParseException": Some(&EXCEPTION);
    /// Grist: text where another type was due.
    INVALID_TYPED_VALUE = "InvalidTypedValue": Some(&VALUE_ERROR);
    /// Grist: a value that cannot be converted.
    CONVERSION_ERROR = "ConversionError": Some(&VALUE_ERROR);
    /// Grist: a value without an encoding.
    UNMARSHALLABLE_ERROR = "UnmarshallableError": Some(&VALUE_ERROR);
    /// Grist: a request to the outside world is on its way.
    REQUESTING_ERROR = "RequestingError": Some(&EXCEPTION);
    /// The host interrupts the evaluation to resume it later; formulas cannot catch it.
    INTERRUPT = "OrderError": Some(&BASE_EXCEPTION);
    /// `re.error`.
    RE_ERROR = "error": Some(&EXCEPTION);
    /// `json.JSONDecodeError`.
    JSON_DECODE_ERROR = "JSONDecodeError": Some(&VALUE_ERROR);
    /// `dateutil.parser.ParserError`.
    PARSER_ERROR = "ParserError": Some(&VALUE_ERROR);
    /// `decimal.InvalidOperation`.
    INVALID_OPERATION = "InvalidOperation": Some(&ARITHMETIC_ERROR);
    /// `decimal.DivisionByZero`.
    DIVISION_BY_ZERO = "DivisionByZero": Some(&ZERO_DIVISION_ERROR);
    /// `statistics.StatisticsError`.
    STATISTICS_ERROR = "StatisticsError": Some(&VALUE_ERROR);
    /// `zoneinfo.ZoneInfoNotFoundError`.
    ZONE_INFO_NOT_FOUND_ERROR = "ZoneInfoNotFoundError": Some(&KEY_ERROR);
    /// `binascii.Error`.
    BINASCII_ERROR = "Error": Some(&VALUE_ERROR);
}
