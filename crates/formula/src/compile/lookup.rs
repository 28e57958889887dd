//! Lookups and neighbours whose columns and order are known at compile time.

use ecow::EcoString;
use ruff_python_ast::{self as ast, Expr};

use crate::compile::info::Info;
use crate::compile::lower::Lowering;
use crate::dependency::Step;
use crate::formula::Refusal;
use crate::ir::{Lookup, Neighbour, NeighbourKind, Node};
use crate::lookup_plan::{KeyColumn, LookupPlan, MatchEmpty, SortColumn, SortKey};
use crate::schema::{ColIx, TableIx};
use crate::static_type::StaticType;

impl Lowering<'_> {
    /// `table.lookupRecords(…)`; `None`: the names or the order are only known at run time.
    pub(crate) fn lookup(
        &mut self,
        table: TableIx,
        keywords: &[ast::Keyword],
        one: bool,
    ) -> Result<Option<(Node, Info)>, Refusal> {
        let (mut order_by, mut sort_by) = (None, None);
        let mut keys: Vec<(&str, &Expr)> = Vec::new();
        for keyword in keywords {
            match keyword.arg.as_deref() {
                None => return Ok(None),
                Some("order_by") => order_by = Some(&keyword.value),
                Some("sort_by") => sort_by = Some(&keyword.value),
                Some(name) => keys.push((name, &keyword.value)),
            }
        }
        for keyword in keywords {
            if let Some(name) = &keyword.arg
                && let Some(col) = self.schema.column(table, name)
            {
                self.mention(Some(Self::offset(name)), table, Some(col));
            }
        }
        for (name, _) in &keys {
            self.reads.name(name);
        }
        let Some(order) = self.order(table, order_by, sort_by) else { return Ok(None) };
        keys.sort_by_key(|(name, _)| *name);
        let mut columns = Vec::with_capacity(keys.len());
        let mut values = Vec::with_capacity(keys.len());
        for (name, value) in keys {
            let col = if name == "id" {
                None
            } else {
                match self.schema.column(table, name) {
                    Some(col) => Some(col),
                    None => return Ok(Some((Node::NoColumn(EcoString::from(name)), Info::unknown()))),
                }
            };
            let contains = self.contains(value)?;
            match contains {
                Some((value, empty)) => {
                    let kind = if empty.is_some() { MatchEmpty::Value } else { MatchEmpty::Nothing };
                    columns.push(KeyColumn { col, contains: Some(kind) });
                    values.push(value);
                    values.extend(empty);
                }
                None => {
                    columns.push(KeyColumn { col, contains: None });
                    values.push(self.expression(value)?.0);
                }
            }
        }
        let (at, plan) = self.reads.lookup(LookupPlan::new(table, columns, order));
        let kind = if one { StaticType::Record(table) } else { StaticType::RecordSet(table) };
        let info = Info::with_paths(kind, vec![vec![Step::Lookup(at)]]);
        Ok(Some((Node::Lookup(Box::new(Lookup { plan, keys: values.into(), one })), info)))
    }

    /// `CONTAINS(value, match_empty=…)` as the value of a key.
    fn contains(&mut self, value: &Expr) -> Result<Option<(Node, Option<Node>)>, Refusal> {
        let Expr::Call(call) = value else { return Ok(None) };
        let Expr::Name(name) = &*call.func else { return Ok(None) };
        if name.id != "CONTAINS" || self.variable(&name.id)?.is_some() {
            return Ok(None);
        }
        let (wanted, empty) = match (&*call.arguments.args, call.arguments.keywords.as_slice()) {
            ([wanted], []) => (wanted, None),
            ([wanted, empty], []) => (wanted, Some(empty)),
            ([wanted], [empty]) if empty.arg.as_deref() == Some("match_empty") => {
                (wanted, Some(&empty.value))
            }
            _ => return Ok(None),
        };
        if wanted.is_starred_expr() {
            return Ok(None);
        }
        let wanted = self.expression(wanted)?.0;
        let empty = match empty {
            // The default may be spelled out.
            Some(Expr::Attribute(attribute)) if attribute.attr.as_str() == "no_match_empty" => None,
            Some(empty) => Some(self.expression(empty)?.0),
            None => None,
        };
        Ok(Some((wanted, empty)))
    }

    /// The order of a lookup; `None`: known at run time only (or wrong, which is raised then).
    fn order(
        &mut self,
        table: TableIx,
        order_by: Option<&Expr>,
        sort_by: Option<&Expr>,
    ) -> Option<Vec<SortKey>> {
        let mut specs: Vec<&ast::ExprStringLiteral> = Vec::new();
        match (order_by, sort_by) {
            (None, None) => return Some(Vec::new()),
            (None, Some(Expr::StringLiteral(text))) if !text.value.to_str().is_empty() => {
                return self.sort_key(table, text).map(|key| vec![key]);
            }
            (Some(Expr::NoneLiteral(_)), None) => {}
            (Some(Expr::StringLiteral(text)), None) => specs.push(text),
            (Some(Expr::Tuple(tuple)), None) => {
                for element in &tuple.elts {
                    let Expr::StringLiteral(text) = element else { return None };
                    specs.push(text);
                }
            }
            _ => return None,
        }
        let mut order = Vec::with_capacity(specs.len());
        for spec in specs {
            order.push(self.sort_key(table, spec)?);
        }
        if !order.iter().any(|key| key.by == SortColumn::RowId)
            && let Some(col) = self.schema.column(table, "manualSort")
        {
            order.push(SortKey { by: SortColumn::Column(col), descending: false });
        }
        Some(order)
    }

    fn sort_key(&mut self, table: TableIx, text: &ast::ExprStringLiteral) -> Option<SortKey> {
        let spec = text.value.to_str();
        let (name, descending) = spec.strip_prefix('-').map_or((spec, false), |name| (name, true));
        self.reads.name(name);
        if name == "id" {
            return Some(SortKey { by: SortColumn::RowId, descending });
        }
        let col = self.schema.column(table, name)?;
        self.mention_in_text(text, name, table, col);
        Some(SortKey { by: SortColumn::Column(col), descending })
    }

    /// Notes a column that is named in a string.
    fn mention_in_text(&mut self, text: &ast::ExprStringLiteral, name: &str, table: TableIx, col: ColIx) {
        let range = text.range;
        let written =
            self.source.text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or("");
        let at = written.find(name).and_then(|at| u32::try_from(at).ok());
        self.mention(at.map(|at| u32::from(range.start()) + at), table, Some(col));
    }

    /// `PREVIOUS(rec, group_by=…, order_by=…)`, `NEXT`, `RANK`; `None`: left to run time.
    pub(crate) fn neighbour(
        &mut self,
        name: &str,
        call: &ast::ExprCall,
    ) -> Result<Option<(Node, Info)>, Refusal> {
        let [record] = &*call.arguments.args else { return Ok(None) };
        let (record, info) = self.expression(record)?;
        let StaticType::Record(table) = info.kind else { return Ok(None) };
        let (mut group_by, mut order_by, mut order) = (None, None, None);
        for keyword in &call.arguments.keywords {
            match keyword.arg.as_deref() {
                Some("group_by") => group_by = Some(&keyword.value),
                Some("order_by") => order_by = Some(&keyword.value),
                Some("order") if name == "RANK" => order = Some(self.expression(&keyword.value)?.0),
                _ => return Ok(None),
            }
        }
        if order_by.is_none() {
            return Ok(None);
        }
        let mut groups: Vec<&ast::ExprStringLiteral> = match group_by {
            None => Vec::new(),
            Some(Expr::StringLiteral(text)) => vec![text],
            Some(Expr::Tuple(tuple)) => {
                let mut names = Vec::new();
                for element in &tuple.elts {
                    let Expr::StringLiteral(text) = element else { return Ok(None) };
                    names.push(text);
                }
                names
            }
            Some(_) => return Ok(None),
        };
        groups.sort_by_key(|text| text.value.to_str());
        groups.dedup_by_key(|text| text.value.to_str());
        let mut keys = Vec::with_capacity(groups.len());
        for text in groups {
            let group = text.value.to_str();
            self.reads.name(group);
            let Some(col) = self.schema.column(table, group) else { return Ok(None) };
            self.mention_in_text(text, group, table, col);
            self.reads.column(&info, table, col);
            keys.push(KeyColumn { col: Some(col), contains: None });
        }
        let Some(sort) = self.order(table, order_by, None) else { return Ok(None) };
        for key in &sort {
            if let SortColumn::Column(col) = key.by {
                self.reads.column(&info, table, col);
            }
        }
        let kind = match name {
            "PREVIOUS" => NeighbourKind::Previous,
            "NEXT" => NeighbourKind::Next,
            _ => NeighbourKind::Rank,
        };
        let (at, plan) = self.reads.lookup(LookupPlan::new(table, keys, sort));
        let result = match kind {
            NeighbourKind::Rank => Info::of(StaticType::Int),
            _ => Info::with_paths(StaticType::Record(table), vec![vec![Step::Lookup(at)]]),
        };
        Ok(Some((Node::Neighbour(Box::new(Neighbour { kind, plan, record, order })), result)))
    }
}
