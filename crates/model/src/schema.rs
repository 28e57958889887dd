//! The tables that describe a document, at schema version 46.
//!
//! A table as data: what a new document has, what a migrated one must have, and how the cells of these tables are typed.

use crate::column_type::ColumnType;

/// The version of this schema, kept in `_grist_DocInfo.schemaVersion`.
pub const SCHEMA_VERSION: i64 = 46;

/// A metadata table: its id, and its columns with their types.
pub type MetadataTable = (&'static str, &'static [(&'static str, &'static str)]);

/// The metadata tables, in the order in which they are made. Some are no longer used but must be there.
pub const METADATA: &[MetadataTable] = &[
    (
        "_grist_DocInfo",
        &[
            ("docId", "Text"),
            ("peers", "Text"),
            ("basketId", "Text"),
            ("schemaVersion", "Int"),
            ("timezone", "Text"),
            ("documentSettings", "Text"),
        ],
    ),
    (
        "_grist_Tables",
        &[
            ("tableId", "Text"),
            ("primaryViewId", "Ref:_grist_Views"),
            ("summarySourceTable", "Ref:_grist_Tables"),
            ("onDemand", "Bool"),
            ("rawViewSectionRef", "Ref:_grist_Views_section"),
            ("recordCardViewSectionRef", "Ref:_grist_Views_section"),
        ],
    ),
    (
        "_grist_Tables_column",
        &[
            ("parentId", "Ref:_grist_Tables"),
            ("parentPos", "PositionNumber"),
            ("colId", "Text"),
            ("type", "Text"),
            ("widgetOptions", "Text"),
            ("isFormula", "Bool"),
            ("formula", "Text"),
            ("label", "Text"),
            ("description", "Text"),
            ("untieColIdFromLabel", "Bool"),
            ("summarySourceCol", "Ref:_grist_Tables_column"),
            ("displayCol", "Ref:_grist_Tables_column"),
            ("visibleCol", "Ref:_grist_Tables_column"),
            ("rules", "RefList:_grist_Tables_column"),
            ("reverseCol", "Ref:_grist_Tables_column"),
            ("recalcWhen", "Int"),
            ("recalcDeps", "RefList:_grist_Tables_column"),
        ],
    ),
    (
        "_grist_Imports",
        &[
            ("tableRef", "Ref:_grist_Tables"),
            ("origFileName", "Text"),
            ("parseFormula", "Text"),
            ("delimiter", "Text"),
            ("doublequote", "Bool"),
            ("escapechar", "Text"),
            ("quotechar", "Text"),
            ("skipinitialspace", "Bool"),
            ("encoding", "Text"),
            ("hasHeaders", "Bool"),
        ],
    ),
    (
        "_grist_External_database",
        &[
            ("host", "Text"),
            ("port", "Int"),
            ("username", "Text"),
            ("dialect", "Text"),
            ("database", "Text"),
            ("storage", "Text"),
        ],
    ),
    (
        "_grist_External_table",
        &[
            ("tableRef", "Ref:_grist_Tables"),
            ("databaseRef", "Ref:_grist_External_database"),
            ("tableName", "Text"),
        ],
    ),
    ("_grist_TableViews", &[("tableRef", "Ref:_grist_Tables"), ("viewRef", "Ref:_grist_Views")]),
    ("_grist_TabItems", &[("tableRef", "Ref:_grist_Tables"), ("viewRef", "Ref:_grist_Views")]),
    ("_grist_TabBar", &[("viewRef", "Ref:_grist_Views"), ("tabPos", "PositionNumber")]),
    (
        "_grist_Pages",
        &[
            ("viewRef", "Ref:_grist_Views"),
            ("indentation", "Int"),
            ("pagePos", "PositionNumber"),
            ("shareRef", "Ref:_grist_Shares"),
            ("options", "Text"),
        ],
    ),
    ("_grist_Views", &[("name", "Text"), ("type", "Text"), ("layoutSpec", "Text")]),
    (
        "_grist_Views_section",
        &[
            ("tableRef", "Ref:_grist_Tables"),
            ("parentId", "Ref:_grist_Views"),
            ("parentKey", "Text"),
            ("title", "Text"),
            ("description", "Text"),
            ("defaultWidth", "Int"),
            ("borderWidth", "Int"),
            ("theme", "Text"),
            ("options", "Text"),
            ("chartType", "Text"),
            ("layoutSpec", "Text"),
            ("filterSpec", "Text"),
            ("sortColRefs", "Text"),
            ("linkSrcSectionRef", "Ref:_grist_Views_section"),
            ("linkSrcColRef", "Ref:_grist_Tables_column"),
            ("linkTargetColRef", "Ref:_grist_Tables_column"),
            ("embedId", "Text"),
            ("rules", "RefList:_grist_Tables_column"),
            ("shareOptions", "Text"),
        ],
    ),
    (
        "_grist_Views_section_field",
        &[
            ("parentId", "Ref:_grist_Views_section"),
            ("parentPos", "PositionNumber"),
            ("colRef", "Ref:_grist_Tables_column"),
            ("width", "Int"),
            ("widgetOptions", "Text"),
            ("displayCol", "Ref:_grist_Tables_column"),
            ("visibleCol", "Ref:_grist_Tables_column"),
            ("filter", "Text"),
            ("rules", "RefList:_grist_Tables_column"),
        ],
    ),
    ("_grist_Validations", &[("formula", "Text"), ("name", "Text"), ("tableRef", "Int")]),
    ("_grist_REPL_Hist", &[("code", "Text"), ("outputText", "Text"), ("errorText", "Text")]),
    (
        "_grist_Attachments",
        &[
            ("fileIdent", "Text"),
            ("fileName", "Text"),
            ("fileType", "Text"),
            ("fileSize", "Int"),
            ("fileExt", "Text"),
            ("imageHeight", "Int"),
            ("imageWidth", "Int"),
            ("timeDeleted", "DateTime"),
            ("timeUploaded", "DateTime"),
        ],
    ),
    (
        "_grist_Triggers",
        &[
            ("tableRef", "Ref:_grist_Tables"),
            ("eventTypes", "ChoiceList"),
            ("isReadyColRef", "Ref:_grist_Tables_column"),
            ("actions", "Text"),
            ("label", "Text"),
            ("memo", "Text"),
            ("enabled", "Bool"),
            ("watchedColRefList", "RefList:_grist_Tables_column"),
            ("options", "Text"),
            ("condition", "Text"),
        ],
    ),
    (
        "_grist_ACLRules",
        &[
            ("resource", "Ref:_grist_ACLResources"),
            ("permissions", "Int"),
            ("principals", "Text"),
            ("aclFormula", "Text"),
            ("aclColumn", "Ref:_grist_Tables_column"),
            ("aclFormulaParsed", "Text"),
            ("permissionsText", "Text"),
            ("rulePos", "PositionNumber"),
            ("userAttributes", "Text"),
            ("memo", "Text"),
        ],
    ),
    ("_grist_ACLResources", &[("tableId", "Text"), ("colIds", "Text")]),
    (
        "_grist_ACLPrincipals",
        &[
            ("type", "Text"),
            ("userEmail", "Text"),
            ("userName", "Text"),
            ("groupName", "Text"),
            ("instanceId", "Text"),
        ],
    ),
    (
        "_grist_ACLMemberships",
        &[("parent", "Ref:_grist_ACLPrincipals"), ("child", "Ref:_grist_ACLPrincipals")],
    ),
    (
        "_grist_Filters",
        &[
            ("viewSectionRef", "Ref:_grist_Views_section"),
            ("colRef", "Ref:_grist_Tables_column"),
            ("filter", "Text"),
            ("pinned", "Bool"),
        ],
    ),
    (
        "_grist_Cells",
        &[
            ("tableRef", "Ref:_grist_Tables"),
            ("colRef", "Ref:_grist_Tables_column"),
            ("rowId", "Int"),
            ("root", "Bool"),
            ("parentId", "Ref:_grist_Cells"),
            ("type", "Int"),
            ("content", "Text"),
            ("userRef", "Text"),
            ("timeCreated", "DateTime"),
            ("timeUpdated", "DateTime"),
            ("resolved", "Bool"),
        ],
    ),
    ("_grist_Shares", &[("linkId", "Text"), ("options", "Text"), ("label", "Text"), ("description", "Text")]),
];

/// The columns of a metadata table with their types; `None` for a table of another name.
#[must_use]
pub fn metadata_columns(table: &str) -> Option<impl Iterator<Item = (&'static str, ColumnType)>> {
    let (_, columns) = METADATA.iter().find(|(id, _)| *id == table)?;
    Some(columns.iter().map(|(col, column_type)| (*col, ColumnType::parse(column_type))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_the_format() {
        assert_eq!(METADATA.len(), 24);
        assert_eq!(METADATA.iter().map(|(_, columns)| columns.len()).sum::<usize>(), 153);
    }

    #[test]
    fn references_lead_to_metadata_tables() {
        for (table, columns) in METADATA {
            for (col, column_type) in *columns {
                if let Some(target) = ColumnType::parse(column_type).target() {
                    assert!(metadata_columns(&target).is_some(), "{table}.{col}");
                }
            }
        }
    }
}
