//! The reads of a formula, gathered while it is lowered.

use std::sync::Arc;

use ecow::EcoString;

use crate::compile::info::Info;
use crate::dependency::{Dependency, Step};
use crate::formula::Volatility;
use crate::lookup_plan::{LookupPlan, SortColumn};
use crate::schema::{ColIx, TableIx};

/// What a formula reads.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) lookups: Vec<Arc<LookupPlan>>,
    pub(crate) tables: Vec<TableIx>,
    pub(crate) names: Vec<EcoString>,
    pub(crate) opaque: bool,
    pub(crate) volatility: Volatility,
}

impl Reads {
    /// A column of the rows that `object` may be.
    pub(crate) fn column(&mut self, object: &Info, table: TableIx, col: ColIx) {
        for steps in object.ways() {
            self.add(Dependency { table, col, steps });
        }
    }

    pub(crate) fn add(&mut self, dependency: Dependency) {
        if !self.dependencies.contains(&dependency) {
            self.dependencies.push(dependency);
        }
    }

    pub(crate) fn table(&mut self, table: TableIx) {
        if !self.tables.contains(&table) {
            self.tables.push(table);
        }
    }

    pub(crate) fn name(&mut self, name: &str) {
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.into());
        }
    }

    /// Adds a lookup, with the columns it selects and sorts by; gives its number.
    pub(crate) fn lookup(&mut self, plan: LookupPlan) -> (usize, Arc<LookupPlan>) {
        let at = match self.lookups.iter().position(|known| **known == plan) {
            Some(at) => at,
            None => {
                self.lookups.push(Arc::new(plan));
                self.lookups.len() - 1
            }
        };
        let plan = self.lookups[at].clone();
        let keys = plan.keys.iter().filter_map(|key| key.col);
        let sorts = plan.order.iter().filter_map(|key| match key.by {
            SortColumn::Column(col) => Some(col),
            SortColumn::RowId => None,
        });
        for col in keys.chain(sorts) {
            self.add(Dependency { table: plan.table, col, steps: vec![Step::LookupKey(at)] });
        }
        (at, plan)
    }
}
