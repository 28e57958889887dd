//! Tables as a workbook of Excel's: numbers, dates and truth values as such, with formats; all else as text.

use std::collections::HashSet;

use model::{CellValue, ColumnType, RowId};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::{Map, Value};

use super::download::Header;
use super::export_table::{Export, ExportColumn};

/// The type of the file.
pub(crate) const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Days between the day 0 of Excel and 1970.
const EPOCH: f64 = 25_569.0;
/// The longest name of a sheet.
const LONGEST_NAME: usize = 31;
/// The longest text of a cell.
const LONGEST_TEXT: usize = 32_767;

/// The file: a sheet for each table.
///
/// # Errors
/// When there is more than a sheet can hold.
pub(crate) fn write(exports: &[Export], header: Header) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let mut names = HashSet::new();
    for export in exports {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&export.plan.title, &mut names))?;
        write_sheet(sheet, export, header)?;
    }
    if exports.is_empty() {
        workbook.add_worksheet();
    }
    workbook.save_to_buffer()
}

/// A name that Excel takes, and no other sheet has.
fn sheet_name(title: &str, names: &mut HashSet<String>) -> String {
    let clean: String = title.chars().map(|c| if "[]:*?/\\".contains(c) { '_' } else { c }).collect();
    let clean = clean.trim_matches('\'').trim();
    let clean = if clean.is_empty() { "Sheet" } else { clean };
    let cut = |length: usize| clean.chars().take(length).collect::<String>();
    let numbered = (2..).map(|number: u32| format!("{} ({number})", cut(LONGEST_NAME - 6)));
    let free =
        std::iter::once(cut(LONGEST_NAME)).chain(numbered).find(|name| !names.contains(&name.to_lowercase()));
    let free = free.unwrap_or_default();
    names.insert(free.to_lowercase());
    free
}

fn write_sheet(sheet: &mut Worksheet, export: &Export, header: Header) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    for (at, name) in (0..).zip(header.names(&export.plan)) {
        sheet.write_string_with_format(0, at, name, &head)?;
    }
    let formats: Vec<Format> = export.plan.columns.iter().map(format_of).collect();
    for (line, row) in (1..).zip(&export.rows) {
        for (at, format) in formats.iter().enumerate() {
            let col = u16::try_from(at).unwrap_or(u16::MAX);
            write_cell(sheet, (line, col), export, (at, *row), format)?;
        }
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (line, col): (u32, u16),
    export: &Export,
    (column, row): (usize, RowId),
    format: &Format,
) -> Result<(), XlsxError> {
    let value = export.cell(column, row);
    let kind = &export.plan.columns[column].column_type;
    match (kind, &value) {
        (ColumnType::Bool, CellValue::Bool(truth)) => {
            sheet.write_boolean(line, col, *truth)?;
        }
        (ColumnType::Numeric | ColumnType::Int, value) if value.as_number().is_some_and(f64::is_finite) => {
            sheet.write_number_with_format(line, col, value.as_number().unwrap_or_default(), format)?;
        }
        (ColumnType::Date, value) if value.as_number().is_some_and(f64::is_finite) => {
            let days = value.as_number().unwrap_or_default() / 86_400.0 + EPOCH;
            sheet.write_number_with_format(line, col, days, format)?;
        }
        (ColumnType::DateTime(zone), value) if value.as_number().is_some_and(f64::is_finite) => {
            // Excel knows no zones: the clock on the wall is what is kept.
            let seconds = value.as_number().unwrap_or_default();
            let offset = super::date_text::instant(seconds, zone).map_or(0, |at| at.offset().seconds());
            let days = (seconds + f64::from(offset)) / 86_400.0 + EPOCH;
            sheet.write_number_with_format(line, col, days, format)?;
        }
        _ => {
            let text = export.text(column, row, "; ");
            if !text.is_empty() {
                let text: String = text.chars().take(LONGEST_TEXT).collect();
                sheet.write_string(line, col, text)?;
            }
        }
    }
    Ok(())
}

/// The look of a column's cells.
fn format_of(column: &ExportColumn) -> Format {
    let text = |name: &str| column.options.get(name).and_then(Value::as_str).unwrap_or_default();
    let format = match &column.column_type {
        ColumnType::Date => Format::new().set_num_format(excel_date(text("dateFormat"), "yyyy-mm-dd")),
        ColumnType::DateTime(_) => {
            let date = excel_date(text("dateFormat"), "yyyy-mm-dd");
            let time = excel_date(text("timeFormat"), "h:mm am/pm");
            Format::new().set_num_format(format!("{date} {time}"))
        }
        ColumnType::Numeric | ColumnType::Int => {
            number_format(&column.options).map_or_else(Format::new, |code| Format::new().set_num_format(code))
        }
        _ => Format::new(),
    };
    match text("alignment") {
        "left" => format.set_align(rust_xlsxwriter::FormatAlign::Left),
        "center" => format.set_align(rust_xlsxwriter::FormatAlign::Center),
        "right" => format.set_align(rust_xlsxwriter::FormatAlign::Right),
        _ => format,
    }
}

/// Excel's letters for those of Moment.
fn excel_date(format: &str, default: &str) -> String {
    if format.is_empty() {
        return default.to_owned();
    }
    let letters = [
        ("YYYY", "yyyy"),
        ("YY", "yy"),
        ("Do", "d"),
        ("DD", "dd"),
        ("D", "d"),
        ("A", "am/pm"),
        ("a", "am/pm"),
    ];
    let mut text = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if let Some((known, excel)) = letters.iter().find(|(known, _)| rest.starts_with(known)) {
            text.push_str(excel);
            rest = &rest[known.len()..];
        } else {
            match first {
                'H' | 'h' => text.push('h'),
                'M' | 'm' => text.push('m'),
                '[' | ']' | 'z' | 'Z' => {}
                other => text.push(other),
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    text.trim().to_owned()
}

/// Excel's format of numbers with those options; none where there are none.
fn number_format(options: &Map<String, Value>) -> Option<String> {
    let count = |name: &str| {
        options.get(name).and_then(Value::as_u64).map(|count| usize::try_from(count).unwrap_or(0).min(20))
    };
    let mode = options.get("numMode").and_then(Value::as_str).unwrap_or_default();
    let places = match mode {
        "currency" => 2,
        _ => 0,
    };
    let least = count("decimals").unwrap_or(places);
    let most = count("maxDecimals").unwrap_or(if mode == "decimal" { 3 } else { least }).max(least);
    let fraction =
        if most == 0 { String::new() } else { format!(".{}{}", "0".repeat(least), "#".repeat(most - least)) };
    let code = match mode {
        "currency" => {
            let currency = options.get("currency").and_then(Value::as_str).unwrap_or("USD");
            format!("[${currency}] #,##0{fraction}")
        }
        "decimal" => format!("#,##0{fraction}"),
        "percent" => format!("0{fraction}%"),
        "scientific" => format!("0{fraction}E+0"),
        _ if options.contains_key("decimals") || options.contains_key("maxDecimals") => {
            format!("0{fraction}")
        }
        _ => return None,
    };
    let parentheses = options.get("numSign").and_then(Value::as_str) == Some("parens");
    Some(if parentheses { format!("{code};({code})") } else { code })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_sheets_are_taken_once() {
        let mut names = HashSet::new();
        let long = "a name that is much longer than Excel allows";
        let cases = [
            ("Export", "Export"),
            ("export", "export (2)"),
            ("a/b:c", "a_b_c"),
            ("", "Sheet"),
            (long, "a name that is much longer than"),
            (long, "a name that is much longe (2)"),
        ];
        for (title, expected) in cases {
            assert_eq!(sheet_name(title, &mut names), expected);
        }
    }

    #[test]
    fn formats_are_those_of_excel() {
        let cases = [
            (json!({}), None),
            (json!({"numMode": "currency", "currency": "EUR"}), Some("[$EUR] #,##0.00")),
            (json!({"numMode": "decimal"}), Some("#,##0.###")),
            (json!({"numMode": "percent", "numSign": "parens"}), Some("0%;(0%)")),
            (json!({"decimals": 2}), Some("0.00")),
        ];
        for (options, expected) in cases {
            assert_eq!(number_format(options.as_object().unwrap()).as_deref(), expected, "{options}");
        }
        assert_eq!(excel_date("DD/MM/YYYY", ""), "dd/MM/yyyy".to_lowercase());
        assert_eq!(excel_date("h:mma", ""), "h:mmam/pm");
    }
}
