//! CSV, TSV and what else separates cells by a character: encoding, separator and header are found out.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use serde_json::{Map, Value, json};

use crate::columns::{Sheet, SheetColumn};
use crate::error::ConvertError;
use crate::{Imported, Origin};

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records that are looked at to find the separator.
const SAMPLE: usize = 100;

/// How a text is cut into cells.
#[derive(Clone, Debug)]
struct Dialect {
    separator: u8,
    quote: u8,
    double_quote: bool,
    /// Nothing: find out.
    header: Option<bool>,
    /// How many records to leave out at the beginning.
    skipped: usize,
    /// The most rows; nothing: all.
    limit: Option<usize>,
}

pub(crate) fn read(
    bytes: &[u8],
    title: &str,
    options: &Map<String, Value>,
    origin: &Origin,
) -> Result<Imported, ConvertError> {
    let (text, encoding) = decode(bytes, options.get("encoding").and_then(Value::as_str));
    let dialect = Dialect::of(&text, options);
    let mut records = dialect.records(&text)?;
    records.drain(..dialect.skipped.min(records.len()));
    records.retain(|record| record.iter().any(|cell| !cell.trim().is_empty()));
    let header = dialect.header.unwrap_or_else(|| has_header(&records, origin));
    let names = if header && !records.is_empty() { records.remove(0) } else { Vec::new() };
    if let Some(limit) = dialect.limit {
        records.truncate(limit);
    }
    let width = records.iter().map(Vec::len).chain([names.len()]).max().unwrap_or(0);
    let columns = (0..width)
        .map(|at| {
            let texts: Vec<&str> =
                records.iter().map(|row| row.get(at).map_or("", |cell| cell.trim())).collect();
            SheetColumn::of_texts(names.get(at).map_or("", String::as_str), &texts, origin)
        })
        // A column without header and without cells is the trace of a separator at the end of lines.
        .filter(|column| {
            !column.name.is_empty() || column.values.iter().any(|value| value.as_text() != Some(""))
        })
        .collect();
    let sheet = Sheet { name: title.to_owned(), columns };
    Ok(Imported { sheets: vec![sheet], options: dialect.told(encoding, header) })
}

/// The text of a file: in the encoding that is asked for, else UTF-8 where it is, else that of Western Windows.
fn decode<'b>(bytes: &'b [u8], wanted: Option<&str>) -> (Cow<'b, str>, &'static str) {
    let wanted = wanted.and_then(|name| Encoding::for_label(name.as_bytes()));
    let encoding = wanted
        .or_else(|| Encoding::for_bom(bytes).map(|(encoding, _)| encoding))
        .unwrap_or_else(|| if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 });
    let (text, used, _) = encoding.decode(bytes);
    (text, used.name())
}

impl Dialect {
    fn of(text: &str, options: &Map<String, Value>) -> Self {
        let byte = |name: &str| {
            let given = options.get(name)?.as_str()?;
            match given {
                "\\t" => Some(b'\t'),
                given => given.bytes().next(),
            }
        };
        let number =
            |name: &str| options.get(name).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
        Self {
            separator: byte("delimiter").unwrap_or_else(|| separator(text)),
            quote: byte("quotechar").unwrap_or(b'"'),
            double_quote: options.get("doublequote").and_then(Value::as_bool).unwrap_or(true),
            header: options.get("include_col_names_as_headers").and_then(Value::as_bool),
            skipped: number("start_with_row").unwrap_or(1).saturating_sub(1),
            limit: number("NUM_ROWS").filter(|limit| *limit > 0),
        }
    }

    fn reader<'t>(&self, text: &'t str) -> csv::Reader<&'t [u8]> {
        csv::ReaderBuilder::new()
            .delimiter(self.separator)
            .quote(self.quote)
            .double_quote(self.double_quote)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
    }

    fn records(&self, text: &str) -> Result<Vec<Vec<String>>, ConvertError> {
        let malformed = |error: csv::Error| ConvertError::Malformed("CSV", error.to_string());
        let record = |record: Result<csv::StringRecord, csv::Error>| {
            Ok(record.map_err(malformed)?.iter().map(str::to_owned).collect())
        };
        self.reader(text).records().map(record).collect()
    }

    /// The options as a person may change them.
    fn told(&self, encoding: &str, header: bool) -> Map<String, Value> {
        let field = |name: &str, label: &str, kind: &str| json!({"name": name, "label": label, "type": kind, "visible": true});
        let options = json!({
            "delimiter": char::from(self.separator).to_string(),
            "doublequote": self.double_quote,
            "lineterminator": "\n",
            "quotechar": char::from(self.quote).to_string(),
            "skipinitialspace": false,
            "include_col_names_as_headers": header,
            "start_with_row": self.skipped + 1,
            "NUM_ROWS": self.limit.unwrap_or(0),
            "encoding": encoding.to_lowercase(),
            "SCHEMA": [
                field("lineterminator", "Line terminator", "string"),
                field("include_col_names_as_headers", "First row contains headers", "boolean"),
                field("delimiter", "Field separator", "string"),
                field("skipinitialspace", "Skip leading whitespace", "boolean"),
                field("quotechar", "Quote character", "string"),
                field("doublequote", "Quotes in fields are doubled", "boolean"),
                field("encoding", "Character encoding. See https://tinyurl.com/py3codecs", "string"),
            ],
        });
        if let Value::Object(options) = options { options } else { Map::new() }
    }
}

/// The separator with which most lines fall into the same number of cells.
fn separator(text: &str) -> u8 {
    let score = |separator: u8| {
        let dialect =
            Dialect { separator, quote: b'"', double_quote: true, header: None, skipped: 0, limit: None };
        let widths: Vec<usize> = dialect
            .reader(text)
            .records()
            .take(SAMPLE)
            .filter_map(|record| Some(record.ok()?.len()))
            .collect();
        let same = |width: usize| widths.iter().filter(|other| **other == width).count();
        widths.iter().filter(|width| **width > 1).map(|width| (same(*width), *width)).max()
    };
    // Of equals the one that stands first in the list.
    let mut best = (None, SEPARATORS[0]);
    for separator in SEPARATORS {
        let scored = score(separator);
        if scored > best.0 {
            best = (scored, separator);
        }
    }
    best.1
}

/// Whether the first record names the columns: only texts, none of them empty but at the end.
fn has_header(records: &[Vec<String>], origin: &Origin) -> bool {
    let Some(first) = records.first() else { return false };
    let named = first.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
    let first = &first[..named];
    let is_name = |cell: &String| {
        let cell = cell.trim();
        !cell.is_empty() && formula::parse::guess(&[cell], &origin.locale, &origin.zone).is_none()
    };
    !first.is_empty() && first.iter().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::CellValue;

    fn origin() -> Origin {
        Origin { locale: formula::parse::Locale::named("en-US", None), zone: "UTC".into() }
    }

    fn types(text: &str) -> Vec<(String, String)> {
        let read = read(text.as_bytes(), "t", &Map::new(), &origin()).unwrap();
        read.sheets[0]
            .columns
            .iter()
            .map(|column| (column.name.clone(), column.column_type.clone()))
            .collect()
    }

    #[test]
    fn files_are_cut_and_typed() {
        let pair = |name: &str, kind: &str| (name.to_owned(), kind.to_owned());
        let people = "Name,Age,Born\nAnn,31,1993-05-06\n\"Cé, D\",7,2017-12-31\n";
        assert_eq!(types(people), [pair("Name", "Text"), pair("Age", "Numeric"), pair("Born", "Date")]);
        assert_eq!(types("A;B\n1;2\n3;4\n"), [pair("A", "Numeric"), pair("B", "Numeric")]);
        assert_eq!(types("1\t2\n3\t4\n"), [pair("", "Numeric"), pair("", "Numeric")]);
        assert_eq!(types("one column\nx\ny\n"), [pair("one column", "Text")]);
        assert_eq!(types("A,B,\n1,x,\n"), [pair("A", "Numeric"), pair("B", "Text")]);
    }

    #[test]
    fn encodings_are_found_out() {
        let latin = b"Nom\nCaf\xe9\n";
        let read = read(latin, "t", &Map::new(), &origin()).unwrap();
        assert_eq!(read.sheets[0].columns[0].values, [CellValue::text("Café")]);
        assert_eq!(read.options["encoding"], "windows-1252");
    }
}
