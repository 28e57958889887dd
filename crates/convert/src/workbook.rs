//! Spreadsheets: each sheet a table, its first row the header where it is one.

use std::path::Path;

use calamine::{Data, Reader, open_workbook_auto};
use model::CellValue;

use crate::columns::{Sheet, SheetColumn};
use crate::error::ConvertError;
use crate::{Imported, Origin};

/// The most cells of one sheet: more is a mistake, or an attack by a file that unpacks to much more than it is.
const MOST_CELLS: usize = 50_000_000;
/// Days from the beginning of the spreadsheets' calendar to 1970.
const EPOCH: f64 = 25_569.0;

pub(crate) fn read(path: &Path, title: &str, origin: &Origin) -> Result<Imported, ConvertError> {
    let malformed = |error: calamine::Error| ConvertError::Malformed("spreadsheet", error.to_string());
    let mut workbook = open_workbook_auto(path).map_err(malformed)?;
    let names = workbook.sheet_names();
    let single = names.len() == 1;
    let mut sheets = Vec::new();
    for name in names {
        let range = workbook.worksheet_range(&name).map_err(malformed)?;
        let (height, width) = range.get_size();
        if height.saturating_mul(width) > MOST_CELLS {
            return Err(ConvertError::Malformed(
                "spreadsheet",
                format!("the sheet {name} has too many cells"),
            ));
        }
        let mut rows: Vec<Vec<CellValue>> = range
            .rows()
            .map(|row| row.iter().map(cell).collect())
            .filter(|row: &Vec<CellValue>| row.iter().any(|cell| !cell.is_null()))
            .collect();
        let names = if has_header(&rows) { rows.remove(0) } else { Vec::new() };
        let columns = (0..width)
            .map(|at| {
                let header = names.get(at).and_then(CellValue::as_text).unwrap_or_default();
                let values = rows.iter().map(|row| row.get(at).cloned().unwrap_or_default()).collect();
                SheetColumn::of_values(header, values, Some(origin))
            })
            .filter(|column: &SheetColumn| {
                !column.name.is_empty() || column.values.iter().any(|value| !value.is_null())
            })
            .collect();
        // The one sheet of a file is mostly called Sheet1: the file's name says more.
        let name = if single && name.starts_with("Sheet") { title.to_owned() } else { name };
        sheets.push(Sheet { name, columns });
    }
    Ok(Imported { sheets, options: serde_json::Map::new() })
}

/// Whether the first row names the columns: only texts.
fn has_header(rows: &[Vec<CellValue>]) -> bool {
    let Some(first) = rows.first() else { return false };
    let names: Vec<&str> = first.iter().filter_map(CellValue::as_text).collect();
    let named = first.iter().filter(|cell| !cell.is_null()).count();
    !names.is_empty() && names.len() == named
}

fn cell(data: &Data) -> CellValue {
    match data {
        Data::Empty | Data::Error(_) => CellValue::Null,
        Data::String(text) if text.is_empty() => CellValue::Null,
        Data::String(text) => CellValue::text(text),
        Data::Bool(truth) => CellValue::Bool(*truth),
        Data::Int(int) => CellValue::Int(*int),
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        Data::Float(float) if float.fract() == 0.0 && float.abs() < 1e9 => CellValue::Int(*float as i64),
        Data::Float(float) => CellValue::Float(*float),
        Data::DateTime(moment) => {
            let days = moment.as_f64();
            let seconds = ((days - EPOCH) * 86_400.0).round();
            if days.fract() == 0.0 {
                CellValue::Date(seconds)
            } else {
                CellValue::DateTime(seconds, "UTC".into())
            }
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => CellValue::text(text),
    }
}
