//! Files of other programs as tables: CSV and its relatives, spreadsheets, JSON.
//!
//! A file becomes [`Sheet`]s with typed columns. Nothing here knows of documents: `api` and `live` make user actions of sheets.
//!
//! **Promise:** a file that cannot be read gives an error that says why, never half of its rows.

mod columns;
mod delimited;
mod error;
mod json;
mod workbook;

use std::path::Path;

pub use columns::{Sheet, SheetColumn};
pub use error::ConvertError;
use formula::parse::Locale;
use serde_json::{Map, Value};

/// The greatest file that is read: it is in memory while it is.
const MOST_BYTES: u64 = 512 << 20;

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// Its tables, those without any cell left out.
    pub sheets: Vec<Sheet>,
    /// How it was read, in Grist's names (`delimiter`, `encoding`, …); what a person may change for another try.
    pub options: Map<String, Value>,
}

/// Where texts come from: it decides how numbers and dates are written.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The document's locale.
    pub locale: Locale,
    /// The document's time zone.
    pub zone: String,
}

/// Whether a file of that name can be read.
#[must_use]
pub fn is_known(name: &str) -> bool {
    kind(name).is_some()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Delimited,
    Workbook,
    Json,
}

fn kind(name: &str) -> Option<Kind> {
    let ending = Path::new(name).extension()?.to_str()?.to_lowercase();
    Some(match ending.as_str() {
        "csv" | "tsv" | "dsv" | "tab" | "txt" => Kind::Delimited,
        "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => Kind::Workbook,
        "json" => Kind::Json,
        _ => return None,
    })
}

/// Reads a file. `name` is what it was called where it came from: its ending says what it is. `options` are those of an earlier answer, changed.
///
/// # Errors
/// When it is no such file, or too large.
pub fn read(
    path: &Path,
    name: &str,
    options: &Map<String, Value>,
    origin: &Origin,
) -> Result<Imported, ConvertError> {
    let kind = kind(name).ok_or_else(|| ConvertError::Unknown(name.to_owned()))?;
    let size = std::fs::metadata(path)?.len();
    if size > MOST_BYTES {
        return Err(ConvertError::TooLarge(size, MOST_BYTES));
    }
    let title =
        Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut imported = match kind {
        Kind::Delimited => delimited::read(&std::fs::read(path)?, &title, options, origin)?,
        Kind::Workbook => workbook::read(path, &title, origin)?,
        Kind::Json => json::read(&std::fs::read(path)?, &title)?,
    };
    imported.sheets.retain(|sheet| !sheet.columns.is_empty());
    if imported.sheets.is_empty() {
        return Err(ConvertError::Empty);
    }
    Ok(imported)
}
