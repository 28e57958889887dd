//! From older documents to the present schema.
//!
//! Grist never changes the meaning of a metadata table or column; it only adds. So a migration has two parts: what the present schema has and the document
//! lacks is added, empty ([`structure`]); then each version's own work on the data is done in its turn ([`data`]). The result is a list of doc
//! actions, which the file applies like any others.
//!
//! Facts from Grist's `migrations.py`.

mod data;
mod file;
mod old_log;
mod structure;
mod tables;

use std::collections::BTreeMap;

use model::schema::SCHEMA_VERSION;
use model::{CellValue, DocAction, RowId, RowValues, TableData, TableId};

pub(crate) use file::migrate_file;
use tables::Tables;

/// Below this version, migrations look at the tables of people as well.
pub const NEEDS_USER_TABLES: i64 = 17;

/// The doc actions that bring a document to the present schema. `tables` has all its tables; those of people are needed below [`NEEDS_USER_TABLES`] only.
///
/// The last action sets the version, also when the document is newer than this program, unless `keep_newer`.
#[must_use]
pub fn create_migrations(tables: BTreeMap<TableId, TableData>, keep_newer: bool) -> Vec<DocAction> {
    let mut tables = Tables::new(tables);
    let version = tables.number("_grist_DocInfo", RowId(1), "schemaVersion");
    structure::complete(&mut tables, version);
    if version < SCHEMA_VERSION {
        data::migrate(&mut tables, version);
    }
    if keep_newer && version > SCHEMA_VERSION {
        return tables.into_actions();
    }
    let values = RowValues::from_iter([("schemaVersion".into(), CellValue::Int(SCHEMA_VERSION))]);
    tables.apply(DocAction::UpdateRecord("_grist_DocInfo".into(), RowId(1), values));
    tables.into_actions()
}

/// The tables after the actions.
#[must_use]
pub fn migrated(tables: BTreeMap<TableId, TableData>, actions: &[DocAction]) -> BTreeMap<TableId, TableData> {
    let mut tables = Tables::new(tables);
    for action in actions {
        tables.apply(action.clone());
    }
    tables.into_tables()
}
