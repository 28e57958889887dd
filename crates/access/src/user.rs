//! Who asks, as rules know them: `user.Email`, `user.LinkKey.token`, `user.Manager.Region`.

use model::CellValue;

/// Somebody, with the records that user attributes give them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct User {
    fields: Vec<(String, CellValue)>,
    records: Vec<(String, Vec<(String, CellValue)>)>,
}

impl User {
    /// Somebody with these fields (`Access`, `Email`, …).
    #[must_use]
    pub fn new(fields: Vec<(String, CellValue)>) -> Self {
        Self { fields, records: Vec::new() }
    }

    /// Whether they own the document.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.attribute(&["Access".to_owned()]).is_some_and(|role| role.as_text() == Some("owners"))
    }

    /// What a path of attributes leads to.
    pub(crate) fn attribute(&self, path: &[String]) -> Option<CellValue> {
        match path {
            [name] => match self.records.iter().find(|(record, _)| record == name) {
                // A record by itself is true if there is one.
                Some((_, cells)) => Some(CellValue::Bool(!cells.is_empty())),
                None => self.fields.iter().find(|(field, _)| field == name).map(|(_, cell)| cell.clone()),
            },
            [name, inner] => match self.records.iter().find(|(record, _)| record == name) {
                // Somebody without a record has blanks.
                Some((_, cells)) => Some(
                    cells
                        .iter()
                        .find(|(col, _)| col == inner)
                        .map(|(_, cell)| cell.clone())
                        .unwrap_or_default(),
                ),
                None => match &self.fields.iter().find(|(field, _)| field == name)?.1 {
                    CellValue::Dict(entries) => Some(
                        entries
                            .iter()
                            .find(|(key, _)| key == inner)
                            .map(|(_, cell)| cell.clone())
                            .unwrap_or_default(),
                    ),
                    _ => None,
                },
            },
            _ => None,
        }
    }

    pub(crate) fn add_record(&mut self, name: &str, cells: Vec<(String, CellValue)>) {
        self.records.push((name.to_owned(), cells));
    }
}
