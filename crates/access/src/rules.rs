//! The rules of a document, as its metadata tables have them.

use model::{CellValue, ColId, DocAction, RowId, TableData, TableId};
use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::error::RulesError;
use crate::permission::Grants;
use crate::predicate::Predicate;
use crate::steps::Source;

const RESOURCES: &str = "_grist_ACLResources";
const RULES: &str = "_grist_ACLRules";
/// The table of resources that are not tables: `*SPECIAL:SchemaEdit`.
const SPECIAL: &str = "*SPECIAL";

/// A rule: under a condition, permissions are granted or refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    /// Nothing: always.
    pub(crate) condition: Option<Predicate>,
    pub(crate) grants: Grants,
    pub(crate) memo: String,
    pub(crate) uses_record: bool,
}

/// Rules in the order in which they decide.
pub(crate) type RuleSet = Vec<Rule>;

/// The rules about one table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TableRules {
    pub(crate) default: RuleSet,
    pub(crate) columns: Vec<(Vec<ColId>, RuleSet)>,
}

/// Records of the document that describe users: `user.Manager` is the row of `table` whose `lookup` is the user's `field`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserAttribute {
    pub(crate) name: String,
    pub(crate) table: TableId,
    pub(crate) lookup: ColId,
    pub(crate) field: Vec<String>,
}

/// The rules of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    pub(crate) default: RuleSet,
    pub(crate) tables: FxHashMap<TableId, TableRules>,
    pub(crate) special: FxHashMap<String, RuleSet>,
    pub(crate) attributes: Vec<UserAttribute>,
    /// Why only owners have access: the rules could not be read.
    pub(crate) broken: Option<RulesError>,
}

/// Whether doc actions change the rules. Renames of what rules are about do, since rules follow them.
#[must_use]
pub fn change_rules(actions: &[DocAction]) -> bool {
    actions.iter().any(|action| *action.table() == *RESOURCES || *action.table() == *RULES)
}

impl Rules {
    /// Reads the rules; nothing if there are none. Rules that cannot be read leave the document to its owners.
    #[must_use]
    pub fn of(source: &dyn Source) -> Option<Self> {
        let (resources, rules) = (source.data(RESOURCES)?, source.data(RULES)?);
        match Self::read(&resources, &rules) {
            Ok(read) => read,
            Err(error) => Some(Self { broken: Some(error), ..Self::default() }),
        }
    }

    /// Whether rules may be saved: they can be read, and what they are about is there.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(source: &dyn Source) -> Result<(), RulesError> {
        let (Some(resources), Some(rules)) = (source.data(RESOURCES), source.data(RULES)) else {
            return Ok(());
        };
        let Some(read) = Self::read(&resources, &rules)? else { return Ok(()) };
        let mut missing: Vec<&TableId> =
            read.tables.keys().filter(|table| source.columns(table).is_none()).collect();
        missing.sort();
        if !missing.is_empty() {
            let list: Vec<&str> = missing.iter().map(|table| table.as_str()).collect();
            return Err(RulesError::Tables(list.join(", ")));
        }
        let mut tables: Vec<_> = read.tables.iter().collect();
        tables.sort_by_key(|(table, _)| *table);
        for (table, held) in tables {
            let known = source.columns(table).unwrap_or_default();
            let missing: Vec<&str> = held
                .columns
                .iter()
                .flat_map(|(cols, _)| cols)
                .filter(|col| !known.contains(col))
                .map(|col| col.as_str())
                .collect();
            if !missing.is_empty() {
                return Err(RulesError::Columns(table.to_string(), missing.join(", ")));
            }
        }
        Ok(())
    }

    fn read(resources: &TableData, rules: &TableData) -> Result<Option<Self>, RulesError> {
        let mut read = Self::default();
        let cell = |data: &TableData, col: &str, at: usize| {
            data.columns.get(col).map(|cells| cells.at(at)).unwrap_or_default()
        };
        let text = |data: &TableData, col: &str, at: usize| {
            cell(data, col, at).as_text().unwrap_or_default().to_owned()
        };
        let about: FxHashMap<RowId, (String, String)> = resources
            .rows
            .iter()
            .enumerate()
            .map(|(at, row)| (*row, (text(resources, "tableId", at), text(resources, "colIds", at))))
            .collect();
        let mut order: Vec<usize> = (0..rules.rows.len()).collect();
        let position = |at: usize| cell(rules, "rulePos", at).as_number().unwrap_or(f64::INFINITY);
        order.sort_by(|a, b| position(*a).total_cmp(&position(*b)).then(rules.rows[*a].cmp(&rules.rows[*b])));
        let mut any = false;
        for at in order {
            let resource = cell(rules, "resource", at).as_row_id().and_then(|row| about.get(&row));
            let Some((table, cols)) = resource else { continue };
            // The row that documents have for programs of the time before there were rules.
            if table.is_empty() && cols.is_empty() {
                continue;
            }
            any = true;
            let attributes = text(rules, "userAttributes", at);
            if !attributes.is_empty() {
                read.attributes.push(attribute(&attributes)?);
                continue;
            }
            let rule = Self::rule(rules, at, &text)?;
            read.place(table, cols).push(rule);
        }
        Ok(any.then_some(read))
    }

    fn rule(
        rules: &TableData,
        at: usize,
        text: &dyn Fn(&TableData, &str, usize) -> String,
    ) -> Result<Rule, RulesError> {
        let (source, parsed) = (text(rules, "aclFormula", at), text(rules, "aclFormulaParsed", at));
        let condition = match (source.trim().is_empty(), parsed.is_empty()) {
            (true, true) => None,
            (_, false) => Some(Predicate::read(&parsed)?),
            (false, true) => return Err(RulesError::Condition(source)),
        };
        let permissions = text(rules, "permissionsText", at);
        let grants = Grants::parse(&permissions).ok_or(RulesError::Condition(permissions))?;
        let uses_record = condition.as_ref().is_some_and(Predicate::uses_record);
        Ok(Rule { condition, grants, memo: text(rules, "memo", at), uses_record })
    }

    /// Where a rule about this resource belongs.
    fn place(&mut self, table: &str, cols: &str) -> &mut RuleSet {
        match (table, cols) {
            (SPECIAL, name) => self.special.entry(name.to_owned()).or_default(),
            ("*", _) => &mut self.default,
            (table, "*") => &mut self.tables.entry(table.into()).or_default().default,
            (table, cols) => {
                let columns = &mut self.tables.entry(table.into()).or_default().columns;
                let cols: Vec<ColId> = cols.split(',').map(|col| ColId::new(col.trim())).collect();
                let at = columns.iter().position(|(known, _)| *known == cols).unwrap_or_else(|| {
                    columns.push((cols, RuleSet::new()));
                    columns.len() - 1
                });
                &mut columns[at].1
            }
        }
    }

    /// The tables whose records describe users.
    pub fn attribute_tables(&self) -> impl Iterator<Item = &TableId> {
        self.attributes.iter().map(|attribute| &attribute.table)
    }

    /// Whether a rule about a table looks at its rows.
    #[must_use]
    pub fn look_at_rows_of(&self, table: &str) -> bool {
        let look = |set: &RuleSet| set.iter().any(|rule| rule.uses_record);
        let held = self.tables.get(table);
        look(&self.default)
            || held.is_some_and(|held| look(&held.default) || held.columns.iter().any(|(_, set)| look(set)))
    }

    /// Why only owners have access, if that is so.
    #[must_use]
    pub fn broken(&self) -> Option<&RulesError> {
        self.broken.as_ref()
    }
}

fn attribute(json: &str) -> Result<UserAttribute, RulesError> {
    let bad = || RulesError::Attribute(json.to_owned());
    let read: Value = serde_json::from_str(json).map_err(|_| bad())?;
    let text = |key: &str| read[key].as_str().filter(|text| !text.is_empty()).ok_or_else(bad);
    Ok(UserAttribute {
        name: text("name")?.to_owned(),
        table: text("tableId")?.into(),
        lookup: ColId::new(text("lookupColId")?),
        field: text("charId")?.split('.').map(ToOwned::to_owned).collect(),
    })
}

/// What a rule grants by default, where no rule decides: editors all, viewers to read.
pub(crate) fn by_role(role: Option<&CellValue>, permission: crate::Permission) -> bool {
    match role.and_then(CellValue::as_text) {
        Some("owners" | "editors") => true,
        Some("viewers") => permission == crate::Permission::Read,
        _ => false,
    }
}
