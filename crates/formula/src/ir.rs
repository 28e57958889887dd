//! The code of a formula: a tree with resolved names. Variables are numbered slots, columns and tables are the engine's slots.
//!
//! `Send + Sync`, hence constants of its own instead of [`crate::Value`]s.

use std::sync::Arc;

use ecow::EcoString;
use num_bigint::BigInt;

use crate::lookup_plan::LookupPlan;
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::ops::{Binary, Comparison, Unary};
use crate::schema::{ColIx, TableIx};
use crate::types::TypeDef;

/// A literal.
#[derive(Clone, Debug)]
pub(crate) enum Constant {
    None,
    Bool(bool),
    Int(i64),
    Big(Arc<BigInt>),
    Float(f64),
    Str(EcoString),
    Bytes(Arc<[u8]>),
    Ellipsis,
    NotImplemented,
}

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Variable {
    /// In the frame.
    Local(u32),
    /// In a cell of the frame, since nested functions use it.
    Shared(u32),
    /// In a cell of an enclosing function's frame.
    Captured(u32),
}

/// An expression.
#[derive(Debug)]
pub(crate) enum Node {
    Constant(Constant),
    Variable(Variable, EcoString),
    Native(&'static Native),
    Type(&'static TypeDef),
    Module(&'static ModuleDef),
    Table(TableIx),
    /// `rec`.
    Record,
    /// `rec.col`.
    Cell(ColIx),
    /// `rec.id`.
    RowId,
    /// `value` of a trigger formula.
    TriggerValue,
    /// `user` of a trigger formula.
    User,
    /// A name that does not exist.
    Unknown(EcoString),
    Attribute(Box<Node>, EcoString),
    /// `object.col` where the object is statically a record (or record set) of the table.
    Column(Box<Node>, TableIx, ColIx, EcoString),
    Item(Box<(Node, Node)>),
    Slice(Box<(Node, Node, Node)>),
    Binary(Binary, Box<(Node, Node)>),
    /// `"…" % values` with a literal template.
    Percent(Box<[crate::format::percent::Part]>, Box<Node>),
    Unary(Unary, Box<Node>),
    Not(Box<Node>),
    And(Box<[Node]>),
    Or(Box<[Node]>),
    Compare(Box<Node>, Box<[(Relation, Node)]>),
    /// `a if test else b`, also `IF(test, a, b)`: test, then, else.
    Choose(Box<(Node, Node, Node)>),
    Call(Box<Node>, Arguments),
    /// A native with arguments by position only.
    CallNative(&'static Native, Box<[Node]>),
    CallMethod(Box<Node>, EcoString, Arguments),
    /// `PEEK(…)`.
    Peek(Box<Node>),
    List(Box<[Element]>),
    Tuple(Box<[Element]>),
    Set(Box<[Element]>),
    /// Keys and values; no key: `**value`.
    Dict(Box<[(Option<Node>, Node)]>),
    Comprehension(Box<Comprehension>),
    /// A generator: the code, and the outermost iterable.
    Generator(Arc<Function>, Box<Node>),
    Lambda(Arc<Function>, Box<[Node]>),
    Text(Box<[TextPart]>),
    /// `(name := value)`.
    Named(Variable, Box<Node>),
    Lookup(Box<Lookup>),
    Neighbour(Box<Neighbour>),
    /// All records of a table.
    All(TableIx),
    /// Raises a `KeyError`: a lookup by a column that is not there. The arguments are evaluated first.
    NoColumn(EcoString),
}

/// Comparisons of all kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    NotEqual,
    Order(Comparison),
    Is,
    IsNot,
    In,
    NotIn,
}

/// An element of a display.
#[derive(Debug)]
pub(crate) enum Element {
    One(Node),
    /// `*iterable`.
    Star(Node),
}

/// The arguments of a call.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) positional: Box<[Element]>,
    /// No name: `**mapping`.
    pub(crate) named: Box<[(Option<EcoString>, Node)]>,
}

#[derive(Debug)]
pub(crate) enum TextPart {
    Literal(EcoString),
    Value { value: Node, conversion: Conversion, spec: Box<[TextPart]> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conversion {
    None,
    Str,
    Repr,
    Ascii,
}

/// `[element for … if …]` and its kin, run in the enclosing frame.
#[derive(Debug)]
pub(crate) struct Comprehension {
    pub(crate) kind: ComprehensionKind,
    pub(crate) clauses: Box<[Clause]>,
    pub(crate) element: Node,
    /// The value, for a dict.
    pub(crate) value: Option<Node>,
    /// Variables in cells, made anew for each run.
    pub(crate) fresh: Box<[u32]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ComprehensionKind {
    List,
    Set,
    Dict,
}

/// `for target in iterable if … if …`.
#[derive(Debug)]
pub(crate) struct Clause {
    pub(crate) target: Target,
    pub(crate) iterable: Node,
    pub(crate) conditions: Box<[Node]>,
}

/// What can be assigned to.
#[derive(Debug)]
pub(crate) enum Target {
    Variable(Variable, EcoString),
    /// Several, with the place of the starred one.
    Unpack(Box<[Target]>, Option<usize>),
    Item(Node, Node),
    Attribute(Node, EcoString),
}

/// `T.lookupRecords(…)`, `T.lookupOne(…)`.
#[derive(Debug)]
pub(crate) struct Lookup {
    pub(crate) plan: Arc<LookupPlan>,
    pub(crate) keys: Box<[Node]>,
    pub(crate) one: bool,
}

/// `PREVIOUS`, `NEXT`, `RANK`.
#[derive(Debug)]
pub(crate) struct Neighbour {
    pub(crate) kind: NeighbourKind,
    pub(crate) plan: Arc<LookupPlan>,
    pub(crate) record: Node,
    /// `order=` of RANK.
    pub(crate) order: Option<Node>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NeighbourKind {
    Previous,
    Next,
    Rank,
}

/// A function of the formula, or the formula itself.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: EcoString,
    pub(crate) parameters: Box<[ParameterCode]>,
    /// How many parameters can be given by position.
    pub(crate) positional: usize,
    /// How many of them by position only.
    pub(crate) positional_only: usize,
    pub(crate) star: Option<Variable>,
    pub(crate) named: Option<Variable>,
    pub(crate) locals: u32,
    pub(crate) shared: u32,
    /// How much of the depth limit a call takes: more for deeply nested code.
    pub(crate) weight: u32,
    pub(crate) captures: Box<[Variable]>,
    pub(crate) body: Body,
}

#[derive(Debug)]
pub(crate) struct ParameterCode {
    pub(crate) name: EcoString,
    pub(crate) variable: Variable,
    /// The place of its default among the defaults computed with the function.
    pub(crate) default: Option<usize>,
}

#[derive(Debug)]
pub(crate) enum Body {
    Expression(Node),
    Block(Block),
    /// Clauses (the first one's iterable is given) and the element.
    Generator(Box<[Clause]>, Node),
}

/// Statements with their offsets in the source.
pub(crate) type Block = Box<[(u32, Statement)]>;

#[derive(Debug)]
pub(crate) enum Statement {
    Expression(Node),
    Assign(Box<[Target]>, Node),
    /// `target operator= value`.
    Augment(Target, Binary, Node),
    Return(Node),
    If(Box<[(Node, Block)]>, Block),
    For {
        target: Target,
        iterable: Node,
        body: Block,
        otherwise: Block,
    },
    While {
        test: Node,
        body: Block,
        otherwise: Block,
    },
    Break,
    Continue,
    Pass,
    Try(Box<Try>),
    /// Exception, cause.
    Raise(Option<Node>, Option<Node>),
    Assert(Node, Option<Node>),
    Delete(Box<[Target]>),
    /// A `def`: where to put it, the code, the defaults.
    Define(Target, Arc<Function>, Box<[Node]>),
    Match(Node, Box<[(Pattern, Option<Node>, Block)]>),
}

#[derive(Debug)]
pub(crate) struct Try {
    pub(crate) body: Block,
    pub(crate) handlers: Box<[Handler]>,
    pub(crate) otherwise: Block,
    pub(crate) finally: Block,
}

#[derive(Debug)]
pub(crate) struct Handler {
    pub(crate) class: Option<Node>,
    pub(crate) name: Option<Target>,
    pub(crate) body: Block,
}

#[derive(Debug)]
pub(crate) enum Pattern {
    /// `_` or a name.
    Capture(Option<Target>),
    /// A value compared with `==`.
    Value(Node),
    /// `None`, `True`, `False`: compared with `is`.
    Singleton(Node),
    Or(Box<[Pattern]>),
    /// `pattern as name`.
    As(Box<Pattern>, Target),
    /// Elements; the starred one's place and target.
    Sequence(Box<[Pattern]>, Option<(usize, Option<Target>)>),
    /// Keys and patterns; where the rest goes.
    Mapping(Box<[(Node, Pattern)]>, Option<Target>),
    /// `Class(…)`: the one positional pattern, and attributes.
    Class(Node, Box<[Pattern]>, Box<[(EcoString, Pattern)]>),
}
