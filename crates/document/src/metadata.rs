//! What the conductor itself reads from the metadata tables.

use serde_json::Value;

use crate::state::Document;

/// The document's own settings.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) zone: String,
    pub(crate) locale: String,
}

impl Document {
    pub(crate) fn settings(&self) -> Settings {
        let info = |col: &str| {
            let table = self.engine.table("_grist_DocInfo")?;
            let row = table.rows().iter().next()?;
            table.cell(col, row).as_text().map(str::to_owned)
        };
        let settings: Value =
            info("documentSettings").and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Settings {
            zone: info("timezone").unwrap_or_default(),
            locale: settings["locale"].as_str().unwrap_or_default().to_owned(),
        }
    }
}
