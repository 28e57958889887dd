//! Spreadsheets: each sheet a table, its first row the header where it is one.

use std::path::Path;

use calamine::{Data, Reader, open_workbook_auto};
use model::CellValue;

use crate::columns::{Sheet, SheetColumn};
use crate::error::ConvertError;
use crate::{Imported, Origin};

/// The most cells of one sheet.
const MOST_CELLS: usize = 50_000_000;
/// The most bytes that a file may unpack to: it is in memory then.
const MOST_UNPACKED: u64 = 1 << 30;
/// Days from the beginning of the spreadsheets' calendar to 1970.
const EPOCH: f64 = 25_569.0;

pub(crate) fn read(path: &Path, title: &str, origin: &Origin) -> Result<Imported, ConvertError> {
    let malformed = |error: calamine::Error| ConvertError::Malformed("spreadsheet", error.to_string());
    check_unpacked(path)?;
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

/// Refuses files that unpack to much more than they are. Older spreadsheets are not packed.
fn check_unpacked(path: &Path) -> Result<(), ConvertError> {
    let Ok(mut archive) = zip::ZipArchive::new(std::fs::File::open(path)?) else { return Ok(()) };
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        let malformed =
            |error: zip::result::ZipError| ConvertError::Malformed("spreadsheet", error.to_string());
        unpacked = unpacked.saturating_add(archive.by_index_raw(at).map_err(malformed)?.size());
    }
    if unpacked > MOST_UNPACKED { Err(ConvertError::TooLarge(unpacked, MOST_UNPACKED)) } else { Ok(()) }
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn files_that_unpack_to_much_more_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bomb.xlsx");
        let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
        archive.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let zeros = vec![0; 1 << 20];
        for _ in 0..=1024 {
            archive.write_all(&zeros).unwrap();
        }
        archive.finish().unwrap();
        assert!(std::fs::metadata(&path).unwrap().len() < 4 << 20);
        assert!(matches!(check_unpacked(&path), Err(ConvertError::TooLarge(..))));
    }
}
