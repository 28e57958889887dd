//! Documents in: piece by piece, or from a file.

use std::path::Path;

use engine::Engine;
use model::json::{Dialect, action_to_json, table_from_json};
use model::{TableData, TableId};
use serde_json::{Value, json};
use store::DocFile;

use super::Failure;
use super::session::Session;

impl Session {
    pub(super) fn load_empty(&mut self) -> Result<Value, Failure> {
        self.engine = Engine::new();
        self.engine.declare_metadata();
        self.computed = true;
        Ok(Value::Null)
    }

    pub(super) fn load_meta_tables(&mut self, params: &Value) -> Result<Value, Failure> {
        self.engine = Engine::new();
        self.engine.declare_metadata();
        self.computed = false;
        let (tables, columns) = (table_from_json(&params["tables"])?, table_from_json(&params["columns"])?);
        self.engine.fill(tables.clone())?;
        self.engine.fill(columns.clone())?;
        self.engine.declare_described(&tables, &columns, false);
        let loaded = ["_grist_Tables", "_grist_Tables_column"];
        let expected: Vec<TableId> =
            self.engine.table_ids().into_iter().filter(|id| !loaded.contains(&id.as_str())).collect();
        Ok(json!(expected.iter().map(|id| id.as_str()).collect::<Vec<_>>()))
    }

    pub(super) fn load_table(&mut self, table: &Value) -> Result<Value, Failure> {
        self.engine.fill(table_from_json(table)?)?;
        Ok(Value::Null)
    }

    pub(super) fn load_done(&mut self) -> Result<Value, Failure> {
        let moment = self.moment();
        let mut turn = self.engine.begin(moment);
        turn.invalidate_all();
        turn.recalculate();
        drop(turn.commit());
        self.computed = true;
        Ok(Value::Null)
    }

    pub(super) fn load_doc(&mut self, params: &Value) -> Result<Value, Failure> {
        let tables = params["tables"].as_object().ok_or_else(|| Failure::missing("tables"))?;
        let part = |id: &str| tables.get(id).cloned().ok_or_else(|| Failure::key(id));
        self.load_meta_tables(
            &json!({"tables": part("_grist_Tables")?, "columns": part("_grist_Tables_column")?}),
        )?;
        let (known, ignored): (Vec<_>, Vec<_>) =
            tables.iter().partition(|(id, _)| self.engine.table_ix(id).is_some());
        for (id, table) in &known {
            if !["_grist_Tables", "_grist_Tables_column"].contains(&id.as_str()) {
                self.load_table(table)?;
            }
        }
        let ids =
            |list: &[(&String, &Value)]| list.iter().map(|(id, _)| (*id).clone()).collect::<Vec<String>>();
        Ok(json!({"tables": ids(&known), "ignored": ids(&ignored)}))
    }

    /// Opens a `.grist` file without changing it; migrations are done in memory.
    pub(super) fn open_file(&mut self, params: &Value) -> Result<Value, Failure> {
        let path = params["path"].as_str().ok_or_else(|| Failure::missing("path"))?;
        let failed = |error: store::StoreError| Failure::new("ValueError", error.to_string());
        let (file, report) = DocFile::open_read_only(Path::new(path)).map_err(failed)?;
        let mut tables = std::collections::BTreeMap::new();
        for id in file.table_ids().map_err(failed)? {
            tables.insert(id.clone(), file.table(&id).map_err(failed)?);
        }
        let migrate = params["migrate"].as_bool().unwrap_or(true);
        let actions =
            if migrate { store::migrations::create_migrations(tables.clone(), false) } else { Vec::new() };
        let tables = store::migrations::migrated(tables, &actions);
        self.load_tables(tables)?;
        let migrations: Vec<Value> =
            actions.iter().map(|action| action_to_json(action, Dialect::Stdio)).collect();
        let ids: Vec<String> = self.engine.table_ids().iter().map(ToString::to_string).collect();
        Ok(json!({"schema_version": report.schema_version, "migrations": migrations, "tables": ids}))
    }

    fn load_tables(
        &mut self,
        mut tables: std::collections::BTreeMap<TableId, TableData>,
    ) -> Result<(), Failure> {
        self.engine = Engine::new();
        self.engine.declare_metadata();
        self.computed = false;
        let metadata: Vec<TableId> = tables.keys().filter(|id| id.is_metadata()).cloned().collect();
        for id in metadata {
            if let (Some(data), true) = (tables.remove(&id), self.engine.table_ix(&id).is_some()) {
                self.engine.fill(data)?;
            }
        }
        self.engine.declare_user_tables(false);
        for (id, data) in tables {
            if self.engine.table_ix(&id).is_some() {
                self.engine.fill(data)?;
            }
        }
        Ok(())
    }

    pub(super) fn create_migrations(&self, params: &Value) -> Result<Value, Failure> {
        let tables = params["tables"].as_object().ok_or_else(|| Failure::missing("tables"))?;
        let mut read = std::collections::BTreeMap::new();
        for (id, table) in tables {
            read.insert(TableId::new(id), table_from_json(table)?);
        }
        let version = read
            .get("_grist_DocInfo")
            .and_then(|info| info.columns.get("schemaVersion")?.get(0)?.as_int())
            .unwrap_or(0);
        if version < 17 && params["metadata_only"].as_bool().unwrap_or(false) {
            return Err(Failure::new("Exception", "need all tables for migration to 17"));
        }
        let actions = store::migrations::create_migrations(read, false);
        Ok(Value::Array(actions.iter().map(|action| action_to_json(action, Dialect::Stdio)).collect()))
    }
}
