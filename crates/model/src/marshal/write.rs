//! Writing marshalled values.

use serde_json::{Map, Number, Value};

use crate::cell::{CellError, CellValue, Text};
use crate::doc_action::{ColumnValues, DocAction, RowValues};
use crate::ids::RowId;

/// Whose bytes are written. Both read as the same values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// As CPython writes: dictionaries in their order, floats as floats.
    Python,
    /// As Grist's server writes: keys sorted, and what has no fraction and fits 32 bits as an integer, since JavaScript has numbers of one kind.
    Grist,
}

/// Marshalled values, one after the other.
#[derive(Debug)]
pub struct Writer {
    bytes: Vec<u8>,
    flavour: Flavour,
}

impl Writer {
    /// Nothing yet.
    #[must_use]
    pub fn new(flavour: Flavour) -> Self {
        Self { bytes: Vec::new(), flavour }
    }
    /// What was written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// None.
    pub fn none(&mut self) {
        self.bytes.push(b'N');
    }
    /// True or false.
    pub fn bool(&mut self, truth: bool) {
        self.bytes.push(if truth { b'T' } else { b'F' });
    }
    /// An integer of any size.
    pub fn int(&mut self, int: i64) {
        match i32::try_from(int) {
            Ok(int) => self.short_int(int),
            #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
            Err(_) if self.flavour == Flavour::Grist => self.binary_float(int as f64),
            Err(_) => self.long(int),
        }
    }
    /// A float.
    pub fn float(&mut self, float: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "compared with the float afterwards")]
        let int = float as i32;
        if self.flavour == Flavour::Grist && f64::from(int).to_bits() == float.to_bits() {
            self.short_int(int);
        } else {
            self.binary_float(float);
        }
    }
    /// Text.
    pub fn text(&mut self, text: &str) {
        self.bytes.push(b'u');
        self.len(text.len());
        self.bytes.extend(text.as_bytes());
    }
    /// Begins a list: so many values must follow.
    pub fn list(&mut self, len: usize) {
        self.bytes.push(b'[');
        self.len(len);
    }
    /// A dictionary.
    pub fn dict<'v, T: 'v>(
        &mut self,
        entries: impl Iterator<Item = (&'v str, T)>,
        mut value: impl FnMut(&mut Self, T),
    ) {
        self.bytes.push(b'{');
        let mut write = |writer: &mut Self, (key, entry)| {
            writer.text(key);
            value(writer, entry);
        };
        match self.flavour {
            Flavour::Python => entries.for_each(|entry| write(self, entry)),
            Flavour::Grist => {
                let mut entries: Vec<_> = entries.collect();
                entries.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
                entries.into_iter().for_each(|entry| write(self, entry));
            }
        }
        self.bytes.push(b'0');
    }

    /// A JSON value; `["F", "nan"]` and the like are floats.
    pub fn json(&mut self, value: &Value) {
        match value {
            Value::Null => self.none(),
            Value::Bool(truth) => self.bool(*truth),
            Value::Number(number) => self.number(number),
            Value::String(text) => self.text(text),
            Value::Array(items) => match special_float(items) {
                Some(float) => self.float(float),
                None => {
                    self.list(items.len());
                    items.iter().for_each(|item| self.json(item));
                }
            },
            Value::Object(map) => self.json_object(map),
        }
    }
    fn json_object(&mut self, map: &Map<String, Value>) {
        self.dict(map.iter().map(|(key, value)| (key.as_str(), value)), Self::json);
    }
    fn number(&mut self, number: &Number) {
        match number.as_i64() {
            Some(int) => self.int(int),
            None => self.float(number.as_f64().unwrap_or(f64::NAN)),
        }
    }

    /// A cell, as it is on the wire: what has no plain form is a list that begins with a code.
    pub fn cell(&mut self, cell: &CellValue) {
        match cell {
            CellValue::Null => self.none(),
            CellValue::Bool(truth) => self.bool(*truth),
            CellValue::Int(int) => match i32::try_from(*int) {
                Ok(int) => self.short_int(int),
                Err(_) => self.coded("U", |writer| writer.text(&int.to_string())),
            },
            CellValue::Float(float) => self.float(*float),
            CellValue::Text(text) => self.text(text),
            CellValue::List(items) => {
                self.list(items.len() + 1);
                self.text("L");
                items.iter().for_each(|item| self.cell(item));
            }
            CellValue::Dict(entries) => self.coded("O", |writer| writer.entries(entries)),
            CellValue::Date(seconds) => self.coded("d", |writer| writer.float(*seconds)),
            CellValue::DateTime(seconds, zone) => {
                self.list(3);
                self.text("D");
                self.float(*seconds);
                self.text(zone);
            }
            CellValue::Record(table, row) => {
                self.list(3);
                self.text("R");
                self.text(table);
                self.int(row.0.into());
            }
            CellValue::RecordSet(table, rows) => {
                self.list(3);
                self.text("r");
                self.text(table);
                self.rows(rows);
            }
            CellValue::Error(error) => self.error(error),
            CellValue::Pending => self.code("P"),
            CellValue::Censored => self.code("C"),
            CellValue::Skip => self.code("S"),
            CellValue::Unmarshallable(repr) => self.coded("U", |writer| writer.text(repr)),
            CellValue::Versions(entries) => self.coded("V", |writer| writer.entries(entries)),
            CellValue::Lookup(lookup) => {
                self.list(3);
                self.text("l");
                self.cell(&lookup.value);
                let options = [("column", &lookup.column), ("raw", &lookup.raw)];
                let given = options.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?)));
                self.dict(given, |writer, text| writer.text(text));
            }
        }
    }
    fn code(&mut self, code: &str) {
        self.list(1);
        self.text(code);
    }
    fn coded(&mut self, code: &str, value: impl FnOnce(&mut Self)) {
        self.list(2);
        self.text(code);
        value(self);
    }
    fn entries(&mut self, entries: &[(Text, CellValue)]) {
        self.dict(entries.iter().map(|(key, value)| (key.as_str(), value)), Self::cell);
    }
    fn error(&mut self, error: &CellError) {
        let texts = [&error.message, &error.details];
        let given = match &error.user_input {
            Some(_) => 3,
            None => texts.iter().rposition(|text| text.is_some()).map_or(0, |at| at + 1),
        };
        self.list(2 + given);
        self.text("E");
        self.text(&error.name);
        for text in texts.into_iter().take(given) {
            match text {
                Some(text) => self.text(text),
                None => self.none(),
            }
        }
        if let Some(input) = &error.user_input {
            self.dict(std::iter::once(("u", input)), Self::cell);
        }
    }
    fn rows(&mut self, rows: &[RowId]) {
        self.list(rows.len());
        rows.iter().for_each(|row| self.int(row.0.into()));
    }

    /// A doc action: a list that begins with its name.
    pub fn action(&mut self, action: &DocAction) {
        let arguments = match action {
            DocAction::RemoveTable(..) => 1,
            DocAction::AddTable(..)
            | DocAction::RemoveColumn(..)
            | DocAction::RenameTable(..)
            | DocAction::RemoveRecord(..)
            | DocAction::BulkRemoveRecord(..) => 2,
            _ => 3,
        };
        self.list(1 + arguments);
        self.text(action.name());
        self.text(action.table());
        match action {
            DocAction::AddRecord(_, row, values) | DocAction::UpdateRecord(_, row, values) => {
                self.int(row.0.into());
                self.values(values);
            }
            DocAction::BulkAddRecord(_, rows, columns)
            | DocAction::BulkUpdateRecord(_, rows, columns)
            | DocAction::ReplaceTableData(_, rows, columns) => {
                self.rows(rows);
                self.columns(columns);
            }
            DocAction::RemoveRecord(_, row) => self.int(row.0.into()),
            DocAction::BulkRemoveRecord(_, rows) => self.rows(rows),
            DocAction::AddColumn(_, col, info) | DocAction::ModifyColumn(_, col, info) => {
                self.text(col);
                self.values(info);
            }
            DocAction::RemoveColumn(_, col) => self.text(col),
            DocAction::RenameColumn(_, old, new) => {
                self.text(old);
                self.text(new);
            }
            DocAction::AddTable(_, columns) => {
                self.list(columns.len());
                columns.iter().for_each(|info| self.values(info));
            }
            DocAction::RenameTable(_, new) => self.text(new),
            DocAction::RemoveTable(_) => {}
        }
    }
    fn values(&mut self, values: &RowValues) {
        self.dict(values.iter().map(|(col, value)| (col.as_str(), value)), Self::cell);
    }
    fn columns(&mut self, columns: &ColumnValues) {
        self.dict(columns.iter().map(|(col, values)| (col.as_str(), values)), |writer, values| {
            writer.list(values.len());
            values.iter().for_each(|value| writer.cell(&value));
        });
    }

    fn short_int(&mut self, int: i32) {
        self.bytes.push(b'i');
        self.bytes.extend(int.to_le_bytes());
    }
    fn binary_float(&mut self, float: f64) {
        self.bytes.push(b'g');
        self.bytes.extend(float.to_le_bytes());
    }
    /// Long integers: signed count of 15-bit digits, lowest first.
    fn long(&mut self, int: i64) {
        let mut rest = int.unsigned_abs();
        let mut digits: Vec<u16> = Vec::with_capacity(5);
        while rest > 0 {
            digits.push(u16::try_from(rest & 0x7fff).unwrap_or_default());
            rest >>= 15;
        }
        let count = i32::try_from(digits.len()).unwrap_or_default();
        self.bytes.push(b'l');
        self.bytes.extend((if int < 0 { -count } else { count }).to_le_bytes());
        self.bytes.extend(digits.into_iter().flat_map(u16::to_le_bytes));
    }
    fn len(&mut self, len: usize) {
        self.bytes.extend(u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
    }
}

fn special_float(items: &[Value]) -> Option<f64> {
    match items {
        [code, word] if code == "F" => match word.as_str()? {
            "nan" => Some(f64::NAN),
            "inf" => Some(f64::INFINITY),
            "-inf" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}
