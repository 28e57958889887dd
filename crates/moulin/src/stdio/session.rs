//! The document of the process, and which method does what.

use engine::{Engine, Moment};
use serde_json::{Value, json};

use super::Failure;

/// Time of the first turn, so that answers do not depend on the clock unless formulas ask for it.
fn now() -> f64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}

/// One conversation.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) engine: Engine,
    url: Option<String>,
    seed: u64,
    /// Whether loaded values are to be trusted; else the first turn computes everything.
    pub(super) computed: bool,
}

impl Session {
    pub(super) fn call(&mut self, method: &str, params: &Value) -> Result<Value, Failure> {
        match method {
            "hello" => Ok(json!({
                "protocol": 1, "engine": concat!("moulin ", env!("CARGO_PKG_VERSION")),
                "schema_version": model::schema::SCHEMA_VERSION, "capabilities": [
                    "create_migrations", "formula_prompt", "autocomplete", "fetch_table_schema",
                ],
            })),
            "initialize" => {
                self.url = params["doc_url"].as_str().map(str::to_owned);
                self.seed = params["seed"].as_u64().unwrap_or(0);
                Ok(Value::Null)
            }
            "reset" => {
                *self = Self { url: self.url.take(), seed: self.seed, ..Self::default() };
                Ok(Value::Null)
            }
            "get_version" => Ok(json!(model::schema::SCHEMA_VERSION)),
            "shutdown" => Ok(Value::Null),
            "load_empty" => self.load_empty(),
            "load_meta_tables" => self.load_meta_tables(params),
            "load_table" => self.load_table(&params["table"]),
            "load_done" => self.load_done(),
            "load_doc" => self.load_doc(params),
            "open_file" => self.open_file(params),
            "create_migrations" => self.create_migrations(params),
            "apply_user_actions" => self.apply_user_actions(params),
            "fetch_table" => self.fetch_table(params),
            "fetch_meta_tables" => self.fetch_meta_tables(params),
            "list_tables" => {
                Ok(json!(self.engine.table_ids().iter().map(|id| id.as_str()).collect::<Vec<_>>()))
            }
            "fetch_table_schema" => Ok(json!(self.engine.code_view())),
            "get_formula_error" => self.get_formula_error(params),
            "evaluate_formula" => self.evaluate_formula(params),
            "find_col_from_values" => self.find_col_from_values(params),
            "autocomplete" => self.autocomplete(params),
            "get_formula_prompt" => self.get_formula_prompt(params),
            "convert_formula_completion" => self.convert_formula_completion(params),
            "parse_predicate_formula" => self.parse_predicate_formula(params),
            // The metadata tables are the schema here: they cannot disagree.
            "check_consistency" => Ok(Value::Null),
            "count_rows" => Ok(self.row_count()),
            other => Err(Failure::new("NotImplementedError", format!("unknown method '{other}'"))),
        }
    }

    /// What a turn knows of the world: the document's zone and locale from its own settings.
    pub(super) fn moment(&self) -> Moment {
        let info = |col: &str| {
            let table = self.engine.table("_grist_DocInfo")?;
            let row = table.rows().iter().next()?;
            table.cell(col, row).as_text().map(str::to_owned)
        };
        let settings: Value =
            info("documentSettings").and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Moment {
            now: now(),
            seed: self.seed,
            zone: info("timezone").unwrap_or_default(),
            locale: settings["locale"].as_str().unwrap_or_default().to_owned(),
            url: self.url.clone(),
            user: None,
        }
    }
}
