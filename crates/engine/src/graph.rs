//! Which columns are computed from which: nodes are columns, edges carry how rows are related.
//!
//! The graph is known from the text of the formulas alone. It is rebuilt, for the formulas concerned, when the schema changes.

use std::rc::Rc;

use ecow::EcoString;
use formula::{ColIx, Formula, LookupPlan, Place, SortKey, Step, TableIx, compile};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::engine::Engine;
use crate::order;
use crate::rows::Rows;
use crate::summary::SummaryLink;
use crate::triggers;

/// A column.
pub(crate) type Node = (TableIx, ColIx);

/// How the cells of a node are computed.
#[derive(Clone, Debug)]
pub(crate) enum Compute {
    /// By a formula. For a data column it is a trigger formula.
    Formula(Rc<Formula>),
    /// The hidden column that links the rows of a table to those of one of its summary tables.
    SummaryLink(Rc<SummaryLink>),
}

/// How a change of a column makes cells of another one dirty.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Relation {
    /// The cell of the same row.
    Same,
    /// The rows from which these steps lead to the changed rows. Lookups are given by their index.
    Steps(Vec<BackStep>),
    /// The callers of lookups whose keys were touched: by the index.
    Keys(u32),
    /// The summary rows whose groups were touched: the row ids are the keys of the index.
    Group(u32),
    /// Any row.
    All,
}

/// A step of a dependency, to be walked backwards.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BackStep {
    /// By the index of a reference column.
    Referrers(u32),
    /// By the callers of a lookup.
    Callers(u32),
}

#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) to: Node,
    pub(crate) relation: Relation,
    /// A trigger formula: only rows that were not set by hand in the same turn.
    pub(crate) trigger: bool,
}

#[derive(Debug)]
struct Compiled {
    source: EcoString,
    compute: Compute,
}

/// The graph, as far as it is known.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    compiled: FxHashMap<Node, Compiled>,
    edges: FxHashMap<Node, Vec<Edge>>,
    /// Formulas that read the set of rows of a table.
    readers_of_rows: FxHashMap<TableIx, Vec<Node>>,
    /// Edges found while formulas ran, for those of which the text does not tell what they read.
    found: FxHashMap<Node, Vec<Edge>>,
    /// Such formulas that have not run yet, their stored results being trusted: any change concerns them.
    unread: FxHashSet<Node>,
    /// Found edges are not in the order of computing yet.
    unordered: bool,
    /// The order of the records in the cells of RefList columns: what `find` searches by.
    orders: FxHashMap<Node, Rc<[SortKey]>>,
    now: Vec<Node>,
    rank: FxHashMap<Node, u32>,
    cyclic: FxHashSet<u32>,
    /// Something changed that edges or formulas depend on.
    stale: bool,
    /// Names that appeared, disappeared or changed their meaning.
    names: FxHashSet<EcoString>,
    /// Columns whose new text means what the old one did.
    rewritten: FxHashSet<Node>,
}

impl Graph {
    pub(crate) fn note_name(&mut self, name: &str) {
        self.names.insert(name.into());
        self.stale = true;
    }
    pub(crate) fn note_column(&mut self, table: TableIx, name: &str) {
        self.note_name(name);
        self.note_name(&table.all_columns());
    }
    pub(crate) fn note_change(&mut self) {
        self.stale = true;
    }
    pub(crate) fn note_rewrite(&mut self, node: Node) {
        self.rewritten.insert(node);
        self.stale = true;
    }
    pub(crate) fn is_stale(&self) -> bool {
        self.stale
    }
    pub(crate) fn compute(&self, node: Node) -> Option<&Compute> {
        self.compiled.get(&node).map(|compiled| &compiled.compute)
    }
    pub(crate) fn edges(&self, node: Node) -> &[Edge] {
        self.edges.get(&node).map_or(&[], Vec::as_slice)
    }
    /// Notes what a formula has read, if that is news.
    pub(crate) fn note_read(&mut self, from: Node, to: Node, relation: Relation) {
        let edge = Edge { to, relation, trigger: false };
        let found = self.found.entry(from).or_default();
        let covered = |known: &Edge| {
            known.to == to && (known.relation == edge.relation || known.relation == Relation::All)
        };
        if !found.iter().any(covered) {
            found.push(edge.clone());
            self.edges.entry(from).or_default().push(edge);
            self.unordered = true;
        }
    }
    /// Notes that a formula has read which rows a table has.
    pub(crate) fn note_rows_read(&mut self, table: TableIx, to: Node) {
        let readers = self.readers_of_rows.entry(table).or_default();
        if !readers.contains(&to) {
            readers.push(to);
        }
    }
    /// The formulas that any change concerns.
    pub(crate) fn unread(&self) -> Vec<Node> {
        self.unread.iter().copied().collect()
    }
    /// All cells of a column have been computed: what they read is known.
    pub(crate) fn note_run(&mut self, node: Node) {
        self.unread.remove(&node);
    }
    /// Puts edges that were found into the order of computing.
    pub(crate) fn put_in_order(&mut self) {
        if std::mem::take(&mut self.unordered) {
            (self.rank, self.cyclic) = order::components(&self.edges, self.compiled.keys().copied());
        }
    }
    /// The order of the records in the cells of a column.
    pub(crate) fn order(&self, node: Node) -> Option<&Rc<[SortKey]>> {
        self.orders.get(&node)
    }
    pub(crate) fn note_order(&mut self, node: Node, order: &Rc<[SortKey]>) {
        if self.orders.get(&node) != Some(order) {
            self.orders.insert(node, Rc::clone(order));
        }
    }
    pub(crate) fn readers_of_rows(&self, table: TableIx) -> &[Node] {
        self.readers_of_rows.get(&table).map_or(&[], Vec::as_slice)
    }
    pub(crate) fn now(&self) -> &[Node] {
        &self.now
    }
    /// The place of a node in the order of computing.
    pub(crate) fn rank(&self, node: Node) -> u32 {
        self.rank.get(&node).copied().unwrap_or(u32::MAX)
    }
    /// Whether cells of nodes of this rank may depend on each other.
    pub(crate) fn is_cyclic(&self, rank: u32) -> bool {
        self.cyclic.contains(&rank) || rank == u32::MAX
    }
    /// Takes over what is known of a formula that stays as it was.
    fn keep_found(&mut self, old: &mut Self, node: Node) {
        if old.unread.contains(&node) {
            self.unread.insert(node);
        }
        if let Some(order) = old.orders.remove(&node) {
            self.orders.insert(node, order);
        }
        for (from, edges) in &old.found {
            for edge in edges.iter().filter(|edge| edge.to == node) {
                self.note_read(*from, node, edge.relation.clone());
            }
        }
    }
    /// All nodes with a formula.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        self.compiled.keys().copied()
    }
}

impl Engine {
    /// Compiles what the schema has changed and makes the edges anew. Gives the columns that must be computed again.
    pub(crate) fn refresh_graph(&mut self) -> Vec<Node> {
        if !self.graph.is_stale() {
            return Vec::new();
        }
        let links = self.refresh_summary_links();
        let mut old = std::mem::take(&mut self.graph);
        let mut graph = Graph::default();
        let mut dirty = Vec::new();
        let columns: Vec<(Node, EcoString, bool)> = self
            .tables()
            .flat_map(|(table, held)| {
                let columns =
                    held.columns().filter(|(_, slot)| slot.spec.has_formula() && !slot.id.starts_with('#'));
                columns
                    .map(move |(col, slot)| ((table, col), slot.spec.formula.clone(), slot.spec.is_formula))
            })
            .collect();
        for (node, source, is_formula) in columns {
            let known = old.compiled.remove(&node);
            let fresh = known.as_ref().is_some_and(|known| match &known.compute {
                Compute::Formula(formula) => {
                    known.source == source && !formula.names.iter().any(|name| old.names.contains(name))
                }
                Compute::SummaryLink(_) => false,
            });
            let compiled = match known {
                Some(known) if fresh => {
                    // What a formula of unknown reads finds may be otherwise after any change of names.
                    if is_formula && !old.names.is_empty() && is_opaque(&known.compute) {
                        dirty.push(node);
                    }
                    graph.keep_found(&mut old, node);
                    known
                }
                _ => {
                    let place = Place { table: node.0, col: node.1 };
                    let formula = compile(&source, place, &*self);
                    if formula.opaque {
                        graph.unread.insert(node);
                    }
                    let rewritten = known.is_some() && old.rewritten.contains(&node);
                    if is_formula
                        && (!rewritten
                            || formula.opaque
                            || formula.names.iter().any(|name| name.starts_with('#')))
                    {
                        dirty.push(node);
                    }
                    Compiled { source, compute: Compute::Formula(Rc::new(formula)) }
                }
            };
            graph.compiled.insert(node, compiled);
        }
        for (node, link) in links {
            if !old.compiled.contains_key(&node) {
                dirty.push(node);
            }
            let compute = Compute::SummaryLink(Rc::new(link));
            graph.compiled.insert(node, Compiled { source: EcoString::new(), compute });
        }
        self.connect(&mut graph);
        self.graph = graph;
        dirty
    }

    fn connect(&mut self, graph: &mut Graph) {
        let nodes: Vec<(Node, Compute)> =
            graph.compiled.iter().map(|(node, held)| (*node, held.compute.clone())).collect();
        for (node, compute) in &nodes {
            match compute {
                Compute::Formula(formula) => {
                    let is_formula = self
                        .at(node.0)
                        .and_then(|table| table.slot(node.1))
                        .is_some_and(|slot| slot.spec.is_formula);
                    if is_formula {
                        self.connect_formula(graph, *node, formula);
                    }
                }
                Compute::SummaryLink(link) => self.connect_link(graph, *node, link),
            }
        }
        for (from, to) in triggers::watched(self) {
            add(graph, from, Edge { to, relation: Relation::Same, trigger: true });
        }
        (graph.rank, graph.cyclic) = order::components(&graph.edges, nodes.iter().map(|(node, _)| *node));
    }

    fn connect_formula(&mut self, graph: &mut Graph, node: Node, formula: &Formula) {
        if let Some(plan) = &formula.result_lookup {
            graph.orders.insert(node, plan.order.as_slice().into());
        }
        if formula.volatility.uses_now {
            graph.now.push(node);
        }
        for table in &formula.tables_read {
            graph.readers_of_rows.entry(*table).or_default().push(node);
        }
        for dependency in &formula.dependencies {
            let relation = self.relation(formula, &dependency.steps);
            add(graph, (dependency.table, dependency.col), Edge { to: node, relation, trigger: false });
        }
        // Rows that come and go change what lookups select, whatever the columns.
        for plan in &formula.lookups {
            let index = self.index_for(plan);
            graph.readers_of_rows.entry(plan.table).or_default();
            self.note_reader(index, node);
        }
        if let Some((link, index)) = self.group_source(node.0)
            && formula.names.iter().any(|name| name == "getSummarySourceGroup")
        {
            add(graph, link, Edge { to: node, relation: Relation::Group(index), trigger: false });
        }
    }

    fn connect_link(&mut self, graph: &mut Graph, node: Node, link: &SummaryLink) {
        for (source, _) in &link.columns {
            add(graph, (node.0, *source), Edge { to: node, relation: Relation::Same, trigger: false });
        }
    }

    fn relation(&mut self, formula: &Formula, steps: &[Step]) -> Relation {
        if steps.is_empty() {
            return Relation::Same;
        }
        let mut back = Vec::with_capacity(steps.len());
        for step in steps {
            match step {
                Step::All => return Relation::All,
                Step::LookupKey(at) => {
                    return formula
                        .lookups
                        .get(*at)
                        .map_or(Relation::All, |plan| Relation::Keys(self.index_for(plan)));
                }
                Step::Lookup(at) => match formula.lookups.get(*at) {
                    Some(plan) => back.push(BackStep::Callers(self.index_for(plan))),
                    None => return Relation::All,
                },
                Step::Ref(table, col) => back.push(BackStep::Referrers(self.referrers(*table, *col))),
            }
        }
        Relation::Steps(back)
    }

    /// The index of the rows that refer to a given row by a column.
    pub(crate) fn referrers(&mut self, table: TableIx, col: ColIx) -> u32 {
        let is_list = self
            .at(table)
            .and_then(|held| held.slot(col))
            .is_some_and(|slot| slot.spec.column_type.is_list());
        let contains = is_list.then_some(formula::MatchEmpty::Nothing);
        let key = formula::KeyColumn { col: Some(col), contains };
        self.index_for(&LookupPlan::new(table, vec![key], Vec::new()))
    }
}

fn is_opaque(compute: &Compute) -> bool {
    matches!(compute, Compute::Formula(formula) if formula.opaque)
}

fn add(graph: &mut Graph, from: Node, edge: Edge) {
    graph.edges.entry(from).or_default().push(edge);
}

/// Cells that must be computed again.
#[derive(Debug, Default)]
pub(crate) struct Dirty(FxHashMap<Node, Rows>);

impl Dirty {
    pub(crate) fn mark(&mut self, node: Node, rows: &Rows) {
        if !rows.is_empty() {
            self.0.entry(node).or_default().union_with(rows);
        }
    }
    pub(crate) fn contains(&self, node: Node, row: model::RowId) -> bool {
        !self.0.is_empty() && self.0.get(&node).is_some_and(|rows| rows.contains(row))
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    pub(crate) fn rows(&self, node: Node) -> Option<&Rows> {
        self.0.get(&node).filter(|rows| !rows.is_empty())
    }
    pub(crate) fn done(&mut self, node: Node, row: model::RowId) {
        if let Some(rows) = self.0.get_mut(&node) {
            rows.remove(row);
            if rows.is_empty() {
                self.0.remove(&node);
            }
        }
    }
    pub(crate) fn forget(&mut self, node: Node, gone: &Rows) {
        if let Some(rows) = self.0.get_mut(&node) {
            rows.subtract(gone);
            if rows.is_empty() {
                self.0.remove(&node);
            }
        }
    }
    pub(crate) fn restore(&mut self, node: Node, rows: Option<Rows>) {
        match rows {
            Some(rows) => self.0.insert(node, rows),
            None => self.0.remove(&node),
        };
    }
    pub(crate) fn take(&mut self, node: Node) -> Rows {
        self.0.remove(&node).unwrap_or_default()
    }
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        self.0.keys().copied()
    }
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
