//! Conditions within metadata: of access rules, dropdowns and triggers. They are kept with their parse trees and follow renames.

use indexmap::IndexMap;
use model::json::raw;
use model::{CellValue, ColId, ColumnType, ColumnValues, RowId, RowValues, TableId};

use crate::apply::Bundle;
use crate::error::ActionError;
use crate::metadata::{COLUMNS, FIELDS};
use crate::predicate::{self, Owner};

const RESOURCES: &str = "_grist_ACLResources";
const RULES: &str = "_grist_ACLRules";
const TRIGGERS: &str = "_grist_Triggers";

/// Changes of metadata to be made after a rename, by table.
pub(crate) type Conditions = Vec<(&'static str, IndexMap<RowId, RowValues>)>;

type ColumnRename = (TableId, ColId, ColId);

impl Bundle<'_, '_> {
    /// The values of metadata records with conditions parsed.
    pub(crate) fn with_parsed_conditions(
        &self,
        table: &TableId,
        mut columns: ColumnValues,
    ) -> Result<ColumnValues, ActionError> {
        match table.as_str() {
            RULES => {
                if let Some(conditions) = columns.get("aclFormula") {
                    let parse = |condition: CellValue| match condition.as_text() {
                        None | Some("") => Ok(CellValue::text("")),
                        Some(text) => predicate::parse_to_json(text).map(|json| CellValue::text(&json)),
                    };
                    let parsed = conditions.iter().map(parse).collect::<Result<_, _>>()?;
                    columns.insert("aclFormulaParsed".into(), parsed);
                }
            }
            TRIGGERS => {
                if let Some(conditions) = columns.get_mut("condition") {
                    let parse = |condition| Ok::<_, ActionError>(with_tree(&condition)?.unwrap_or(condition));
                    *conditions = conditions.iter().map(parse).collect::<Result<_, _>>()?;
                }
            }
            _ => {}
        }
        Ok(columns)
    }

    /// The values of columns or fields with the dropdown conditions in their options parsed.
    pub(crate) fn with_parsed_options(
        &self,
        table: &str,
        mut columns: ColumnValues,
    ) -> Result<ColumnValues, ActionError> {
        if (table == COLUMNS || table == FIELDS)
            && let Some(texts) = columns.get_mut("widgetOptions")
        {
            for (at, option) in texts.clone().iter().enumerate() {
                let Some(CellValue::Dict(entries)) = option.as_text().and_then(raw::parse) else { continue };
                let Some(condition) = entry(&entries, "dropdownCondition") else { continue };
                let Some(text) = dict_text(condition, "text") else { continue };
                let parsed = parse_text(&text)?;
                let condition = with_entry(condition, "parsed", CellValue::text(&parsed));
                let options = with_entry(&CellValue::Dict(entries.clone()), "dropdownCondition", condition);
                texts.set(at, CellValue::text(&raw::dump(&options, false)));
            }
        }
        Ok(columns)
    }

    /// What renamed columns change in rules, dropdown conditions and triggers.
    pub(crate) fn conditions_after_column_renames(&self, renames: &[ColumnRename]) -> Conditions {
        if renames.is_empty() {
            return Vec::new();
        }
        let new_id = |table: &str, col: &str| {
            renames.iter().find(|(t, old, _)| *t == *table && *old == *col).map(|(.., new)| new.to_string())
        };
        vec![
            (RESOURCES, self.resources_with(&new_id)),
            (RULES, self.rules_with(&new_id)),
            (COLUMNS, self.dropdowns_with(COLUMNS, &new_id)),
            (FIELDS, self.dropdowns_with(FIELDS, &new_id)),
            (TRIGGERS, self.triggers_with(&new_id)),
        ]
    }

    fn resources_with(&self, new_id: &dyn Fn(&str, &str) -> Option<String>) -> IndexMap<RowId, RowValues> {
        let mut updates = IndexMap::new();
        for row in self.rows(RESOURCES) {
            let table = self.text(RESOURCES, row, "tableId");
            let ids = self.text(RESOURCES, row, "colIds");
            let renamed: Vec<String> =
                ids.split(',').map(|col| new_id(&table, col).unwrap_or_else(|| col.to_owned())).collect();
            let renamed = renamed.join(",");
            if renamed != ids {
                updates.insert(row, one("colIds", CellValue::text(&renamed)));
            }
        }
        updates
    }

    fn rules_with(&self, new_id: &dyn Fn(&str, &str) -> Option<String>) -> IndexMap<RowId, RowValues> {
        let mut updates = IndexMap::new();
        // Which table each attribute of the user is looked up in.
        let mut attributes: Vec<(String, String)> = Vec::new();
        for row in self.rows(RULES) {
            let text = self.text(RULES, row, "userAttributes");
            let Some(attribute) = raw::parse(&text) else { continue };
            let (Some(name), Some(table)) = (dict_text(&attribute, "name"), dict_text(&attribute, "tableId"))
            else {
                continue;
            };
            if let Some(new) = dict_text(&attribute, "lookupColId").and_then(|col| new_id(&table, &col)) {
                let renamed = with_entry(&attribute, "lookupColId", CellValue::text(&new));
                updates.insert(row, one("userAttributes", CellValue::text(&raw::dump(&renamed, false))));
            }
            attributes.push((name, table));
        }
        for row in self.rows(RULES) {
            let condition = self.text(RULES, row, "aclFormula");
            if condition.is_empty() {
                continue;
            }
            let table = self.text(RESOURCES, self.reference(RULES, row, "resource"), "tableId");
            let renamed = predicate::rename(&condition, &|owner, name| match owner {
                Owner::Name("rec" | "newRec") => new_id(&table, name),
                Owner::Attribute("user", attribute) => {
                    let (_, table) = attributes.iter().find(|(known, _)| known == attribute)?;
                    new_id(table, name)
                }
                _ => None,
            });
            if renamed != condition
                && let Ok(parsed) = predicate::parse_to_json(&renamed)
            {
                let values: &mut RowValues = updates.entry(row).or_default();
                values.insert("aclFormula".into(), CellValue::text(&renamed));
                values.insert("aclFormulaParsed".into(), CellValue::text(&parsed));
            }
        }
        updates
    }

    fn dropdowns_with(
        &self,
        records: &str,
        new_id: &dyn Fn(&str, &str) -> Option<String>,
    ) -> IndexMap<RowId, RowValues> {
        let mut updates = IndexMap::new();
        for row in self.rows(records) {
            let options = self.text(records, row, "widgetOptions");
            if !options.contains("dropdownCondition") {
                continue;
            }
            let column = if records == COLUMNS { row } else { self.reference(records, row, "colRef") };
            let (table, _) = self.column_names(column);
            let kind = ColumnType::parse(&self.text(COLUMNS, column, "type"));
            let target = kind.target().unwrap_or_default();
            let Some(options) = raw::parse(&options) else { continue };
            let CellValue::Dict(entries) = &options else { continue };
            let Some(condition) = entry(entries, "dropdownCondition") else { continue };
            let Some(text) = dict_text(condition, "text") else { continue };
            let renamed = predicate::rename(&text, &|owner, name| match owner {
                Owner::Name("rec") => new_id(&table, name),
                Owner::Name("choice") => new_id(&target, name),
                _ => None,
            });
            if renamed != text
                && let Ok(parsed) = predicate::parse_to_json(&renamed)
            {
                let condition = with_entry(condition, "text", CellValue::text(&renamed));
                let condition = with_entry(&condition, "parsed", CellValue::text(&parsed));
                let options = with_entry(&options, "dropdownCondition", condition);
                updates.insert(row, one("widgetOptions", CellValue::text(&raw::dump(&options, false))));
            }
        }
        updates
    }

    fn triggers_with(&self, new_id: &dyn Fn(&str, &str) -> Option<String>) -> IndexMap<RowId, RowValues> {
        let mut updates = IndexMap::new();
        for row in self.rows(TRIGGERS) {
            let condition = self.text(TRIGGERS, row, "condition");
            let table =
                self.text(crate::metadata::TABLES, self.reference(TRIGGERS, row, "tableRef"), "tableId");
            let Some(condition) = raw::parse(&condition) else { continue };
            let rename = |text: &str| {
                predicate::rename(text, &|owner, name| match owner {
                    Owner::Name("rec" | "oldRec") => new_id(&table, name),
                    _ => None,
                })
            };
            let mut renamed = condition.clone();
            if let Some(text) = dict_text(&condition, "text") {
                let new = rename(&text);
                if new != text
                    && let Some(parsed) =
                        predicate::parse_to_json(&new).ok().and_then(|tree| raw::parse(&tree))
                {
                    renamed = with_entry(&renamed, "text", CellValue::text(&new));
                    renamed = with_entry(&renamed, "parsed", parsed);
                }
            }
            if renamed != condition {
                updates.insert(row, one("condition", CellValue::text(&raw::dump(&renamed, false))));
            }
        }
        updates
    }

    /// What renamed tables change in rules.
    pub(crate) fn conditions_after_table_renames(&self, renamed: &[(RowId, TableId, TableId)]) -> Conditions {
        let new_id = |id: &str| renamed.iter().find(|(_, old, _)| *old == *id).map(|(.., new)| new.text());
        let mut resources = IndexMap::new();
        for row in self.rows(RESOURCES) {
            if let Some(new) = new_id(&self.text(RESOURCES, row, "tableId")) {
                resources.insert(row, one("tableId", CellValue::Text(new)));
            }
        }
        let mut rules = IndexMap::new();
        for row in self.rows(RULES) {
            let text = self.text(RULES, row, "userAttributes");
            let Some(attribute) = raw::parse(&text) else { continue };
            if let Some(new) = dict_text(&attribute, "tableId").and_then(|table| new_id(&table)) {
                let attribute = with_entry(&attribute, "tableId", CellValue::Text(new));
                rules.insert(row, one("userAttributes", CellValue::text(&raw::dump(&attribute, false))));
            }
        }
        vec![(RESOURCES, resources), (RULES, rules)]
    }

    pub(crate) fn store_conditions(&mut self, conditions: Conditions) -> Result<(), ActionError> {
        for (table, updates) in conditions {
            if !updates.is_empty() {
                self.store_updates(table, &updates)?;
            }
        }
        Ok(())
    }
}

fn with_tree(condition: &CellValue) -> Result<Option<CellValue>, ActionError> {
    let Some(written) = condition.as_text().filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let parsed = raw::parse(written);
    let Some(parsed) = parsed.filter(|parsed| matches!(parsed, CellValue::Dict(_))) else {
        // The condition alone: its tree is kept beside it.
        let Some(tree) = raw::parse(&parse_text(written)?) else { return Ok(None) };
        let entries = [("text".into(), CellValue::text(written)), ("parsed".into(), tree)];
        return Ok(Some(CellValue::text(&raw::dump(&CellValue::Dict(entries.into()), false))));
    };
    let Some(text) = dict_text(&parsed, "text") else { return Ok(None) };
    let Some(tree) = raw::parse(&parse_text(&text)?) else { return Ok(None) };
    Ok(Some(CellValue::text(&raw::dump(&with_entry(&parsed, "parsed", tree), false))))
}

fn parse_text(text: &str) -> Result<String, ActionError> {
    predicate::parse_to_json(text)
}

fn one(key: &str, value: CellValue) -> RowValues {
    RowValues::from_iter([(ColId::new(key), value)])
}

fn entry<'a>(entries: &'a [(model::cell::Text, CellValue)], key: &str) -> Option<&'a CellValue> {
    entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

fn dict_text(dict: &CellValue, key: &str) -> Option<String> {
    let CellValue::Dict(entries) = dict else { return None };
    entry(entries, key)?.as_text().map(str::to_owned)
}

/// A dictionary with an entry set.
pub(crate) fn with_entry(dict: &CellValue, key: &str, value: CellValue) -> CellValue {
    let CellValue::Dict(entries) = dict else { return dict.clone() };
    let mut entries = entries.to_vec();
    match entries.iter_mut().find(|(known, _)| known == key) {
        Some(entry) => entry.1 = value,
        None => entries.push((key.into(), value)),
    }
    CellValue::Dict(entries.into())
}
