//! Changing the type of a column by way of another one: converted into a helper, looked at, then copied.

use formula::parse::{self, Parser};
use model::{CellValue, Cells, ColId, ColumnType, ColumnValues, RowId, TableId};

use crate::apply::{Bundle, engine_error};
use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::metadata::COLUMNS;

impl Bundle<'_, '_> {
    /// Fills a column with the values of another, read as a type.
    pub(crate) fn convert_from_column(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let (from, to) = (arguments.text(1, "a column id")?, arguments.text(2, "a column id")?);
        let kind = ColumnType::parse(arguments.text(3, "the type")?);
        let options = arguments.optional_text(4).unwrap_or_default().to_owned();
        let shown = arguments.row(5, "the visible column")?;
        let source = self.column_ref(&table, from)?;
        self.turn.recalculate();
        let (rows, cells) = self.cells_of(&table, from)?;
        let display = self.reference(COLUMNS, source, "displayCol");
        let texts = if display.is_none() {
            cells.clone()
        } else {
            let id = self.text(COLUMNS, display, "colId");
            self.cells_of(&table, &id)?.1
        };
        let source_type = ColumnType::parse(&self.text(COLUMNS, source, "type"));
        let source_options = self.text(COLUMNS, source, "widgetOptions");
        let parser = self.parser(&kind, &options, shown)?;
        let locale = self.locale();
        let zone = self.turn.moment().zone.clone();
        let show = |cell: &CellValue| parse::show(cell, &source_type, &source_options, &locale, &zone);
        let values: Cells = cells
            .iter()
            .zip(&texts)
            .map(|(cell, text)| match parser.keep(cell, &source_type) {
                Some(kept) => kept,
                None => parser.parse(&show(text)),
            })
            .collect();
        let values = ColumnValues::from_iter([(ColId::new(to), values)]);
        self.update_values(&table, &rows, values)?;
        Ok(CellValue::Null)
    }

    /// Reads text as values of a type; references by what their visible column shows.
    pub(crate) fn parser(
        &mut self,
        kind: &ColumnType,
        options: &str,
        shown: RowId,
    ) -> Result<Parser, ActionError> {
        let mut parser = Parser::new(kind, options, self.locale(), &self.turn.moment().zone);
        if let (ColumnType::Ref(target) | ColumnType::RefList(target), false) = (kind, shown.is_none()) {
            let (_, col) = self.column_names(shown);
            let (rows, cells) = self.cells_of(&target.clone(), &col)?;
            let shown_type = ColumnType::parse(&self.text(COLUMNS, shown, "type"));
            let shown_options = self.text(COLUMNS, shown, "widgetOptions");
            let (locale, zone) = (self.locale(), self.turn.moment().zone.clone());
            let texts = cells
                .iter()
                .map(|cell| parse::show(cell, &shown_type, &shown_options, &locale, &zone))
                .collect::<Vec<_>>();
            parser.set_references(rows.into_iter().zip(texts));
        }
        Ok(parser)
    }

    /// The rows of a table and the cells of one of its columns.
    pub(crate) fn cells_of(
        &mut self,
        table: &TableId,
        col: &str,
    ) -> Result<(Vec<RowId>, Vec<CellValue>), ActionError> {
        let held = self.turn.engine_mut().loaded(table).map_err(engine_error)?;
        if col != "id" && held.column(col).is_none() {
            return Err(ActionError::key(col));
        }
        Ok(held
            .rows()
            .iter()
            .map(|row| (row, if col == "id" { row.into() } else { held.cell(col, row) }))
            .unzip())
    }

    /// Makes a column like another one, values included.
    pub(crate) fn copy_from_column(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let (from, to) = (arguments.text(1, "a column id")?, arguments.text(2, "a column id")?);
        let (source, target) = (self.column_ref(&table, from)?, self.column_ref(&table, to)?);
        self.turn.recalculate();
        let (rows, cells) = self.cells_of(&table, from)?;
        let options = match arguments.optional_text(3) {
            Some(options) => CellValue::text(options),
            None => self.cell(COLUMNS, source, "widgetOptions"),
        };
        let values = [
            ("type", self.cell(COLUMNS, source, "type")),
            ("visibleCol", self.cell(COLUMNS, source, "visibleCol")),
            ("displayCol", CellValue::Int(0)),
            ("widgetOptions", options),
            ("isFormula", CellValue::Bool(false)),
            ("formula", "".into()),
        ];
        let was_formula = self.cell(COLUMNS, target, "isFormula").is_true();
        let values: ColumnValues = values
            .into_iter()
            .filter(|(key, _)| was_formula || !matches!(*key, "isFormula" | "formula"))
            .map(|(key, value)| (ColId::new(key), Cells::one(value)))
            .collect();
        self.update_column_records(&[target], &values)?;
        self.copy_display(source, target)?;
        self.update_values(&table, &rows, ColumnValues::from_iter([(ColId::new(to), cells.into())]))?;
        Ok(CellValue::Null)
    }
}
