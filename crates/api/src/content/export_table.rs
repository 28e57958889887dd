//! What is exported: the columns and rows of a table, or of a section of a page as it is sorted and filtered there.

use std::sync::Arc;

use document::{Filter, FilterKind, Handle, Person, Sight, SortKey, TableSnapshot, select_rows};
use engine::{Engine, Table};
use model::json::cell_from_json;
use model::{CellValue, Column, ColumnType, RowId};
use serde_json::{Map, Value};

use super::cell_text::{CellText, DocumentStyle};
use super::edit::Parameters;
use super::number_text::currency_of;
use super::schema_reads::{is_hidden, table_ref};
use crate::error::ApiError;

/// A column to export.
#[derive(Clone, Debug)]
pub(crate) struct ExportColumn {
    /// Its id.
    pub(crate) id: String,
    /// Its label.
    pub(crate) label: String,
    /// Its type.
    pub(crate) column_type: ColumnType,
    /// Its options, those of the section over its own.
    pub(crate) options: Map<String, Value>,
    /// The column that its cells are read from: for references, what they show.
    shown: String,
    text: CellText,
}

/// What to export.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The table.
    pub(crate) table: String,
    /// The name that people see.
    pub(crate) title: String,
    /// The columns in order.
    pub(crate) columns: Vec<ExportColumn>,
    /// How the document writes things.
    pub(crate) style: DocumentStyle,
    sort: Vec<SortKey>,
    filters: Vec<Filter>,
}

/// The rows to export, with their cells.
#[derive(Debug)]
pub(crate) struct Export {
    /// What it is.
    pub(crate) plan: Plan,
    /// The rows in order.
    pub(crate) rows: Vec<RowId>,
    cells: Vec<Arc<Column>>,
}

impl Export {
    /// The cell of a row in the column at that place.
    pub(crate) fn cell(&self, column: usize, row: RowId) -> CellValue {
        self.cells.get(column).map_or(CellValue::Null, |cells| cells.get(row))
    }

    /// The cell as text.
    pub(crate) fn text(&self, column: usize, row: RowId, between: &str) -> String {
        self.plan
            .columns
            .get(column)
            .map_or(String::new(), |known| known.text.text(&self.cell(column, row), between))
    }
}

/// Reads the rows that a plan names.
pub(crate) async fn read(document: &Handle, person: &Person, mut plan: Plan) -> Result<Export, ApiError> {
    let table: TableSnapshot = document.snapshot(person, &plan.table).await?;
    plan.columns.retain(|column| table.column(&column.shown).is_some());
    let blank = Arc::new(Column::new(&ColumnType::Any));
    let cells = |column: &ExportColumn| {
        table.column(&column.shown).map_or_else(|| Arc::clone(&blank), |found| Arc::clone(&found.cells))
    };
    let cells = plan.columns.iter().map(cells).collect();
    let rows = select_rows(&table, &plan.sort, &plan.filters, &[]);
    Ok(Export { plan, rows, cells })
}

/// The plan that a request asks for by `tableId` or `viewSection`.
pub(crate) async fn plan(document: &Handle, person: &Person, query: &Parameters) -> Result<Plan, ApiError> {
    let query = query.clone();
    let asked = move |engine: &mut Engine, sight: &Sight| {
        let plan = Plans::new(engine).asked(&query)?;
        if sight.sees_table(&plan.table) {
            Ok(plan)
        } else {
            Err(ApiError::not_found("Cannot find or access table"))
        }
    };
    document.with_sight(person, asked).await?
}

/// The plans of all tables that are not summaries, in their order.
pub(crate) async fn plans(document: &Handle, person: &Person) -> Result<Vec<Plan>, ApiError> {
    let all = |engine: &mut Engine, sight: &Sight| {
        let mut plans = Plans::new(engine).all();
        plans.retain(|plan| sight.sees_table(&plan.table));
        plans
    };
    Ok(document.with_sight(person, all).await?)
}

/// Reads plans from the metadata.
struct Plans<'e> {
    engine: &'e Engine,
    style: DocumentStyle,
}

impl<'e> Plans<'e> {
    fn new(engine: &'e Engine) -> Self {
        let settings = engine.table("_grist_DocInfo").map(|info| info.cell("documentSettings", RowId(1)));
        let settings = settings.as_ref().and_then(CellValue::as_text).unwrap_or_default();
        let settings: Value = serde_json::from_str(settings).unwrap_or_default();
        let locale = settings["locale"].as_str().unwrap_or("en-US").to_owned();
        let currency = settings["currency"].as_str().filter(|code| !code.is_empty());
        let currency = currency.unwrap_or(currency_of(&locale)).to_owned();
        Self { engine, style: DocumentStyle { locale, currency } }
    }

    fn asked(&self, query: &Parameters) -> Result<Plan, ApiError> {
        let given = |name: &str| query.get(name).map(String::as_str).filter(|text| !text.is_empty());
        let mut plan = match given("viewSection") {
            Some(section) => {
                let missing =
                    || ApiError::not_found(format!("No record {section} in table _grist_Views_section"));
                let row = section.parse().map_err(|_| {
                    let what = "viewSection parameter cannot be understood as an integer";
                    ApiError::bad(format!("{what}: {section}"))
                })?;
                self.section(RowId(row)).ok_or_else(missing)?
            }
            None => {
                let table = given("tableId").ok_or_else(|| ApiError::bad("tableId parameter is required"))?;
                let missing = || ApiError::not_found(format!("Table {table} not found."));
                self.table(table_ref(self.engine, table).ok_or_else(missing)?).ok_or_else(missing)?
            }
        };
        let json = |name: &str| -> Result<Option<Value>, ApiError> {
            let read = |text| {
                serde_json::from_str(text)
                    .map_err(|error| ApiError::bad(format!("{name} is not JSON: {error}")))
            };
            given(name).map(read).transpose()
        };
        if let Some(sort) = json("activeSortSpec")? {
            plan.sort = self.sort_keys(&sort);
        }
        for filter in json("filters")?.iter().filter_map(Value::as_array).flatten() {
            let text = filter["filter"].as_str().unwrap_or_default();
            plan.filters.extend(self.filter(filter["colRef"].as_u64(), text));
        }
        if let Some(linking) = json("linkingFilter")? {
            for (col, values) in linking["filters"].as_object().into_iter().flatten() {
                let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
                let values = values.iter().map(cell_from_json).collect();
                plan.filters.push(Filter { col: col.clone(), kind: FilterKind::Included(values) });
            }
        }
        Ok(plan)
    }

    fn all(&self) -> Vec<Plan> {
        let Some(tables) = self.engine.table("_grist_Tables") else { return Vec::new() };
        let is_summary =
            |row: &RowId| tables.cell("summarySourceTable", *row).as_int().is_some_and(|at| at != 0);
        tables.rows().iter().filter(|row| !is_summary(row)).filter_map(|row| self.table(row)).collect()
    }

    fn text(table: &Table, col: &str, row: RowId) -> String {
        table.cell(col, row).as_text().unwrap_or_default().to_owned()
    }

    fn row(table: &Table, col: &str, row: RowId) -> Option<RowId> {
        table.cell(col, row).as_row_id().filter(|row| !row.is_none())
    }

    /// Rows whose parent is this one, by their place.
    fn children(&self, table: &Table, parent: RowId) -> Vec<RowId> {
        let parent = CellValue::from(parent);
        let mut rows: Vec<RowId> =
            table.rows().iter().filter(|row| table.cell("parentId", *row) == parent).collect();
        let place = |row: &RowId| table.cell("parentPos", *row).as_number().unwrap_or(f64::INFINITY);
        rows.sort_by(|a, b| place(a).total_cmp(&place(b)));
        rows
    }

    fn table(&self, row: RowId) -> Option<Plan> {
        let tables = self.engine.table("_grist_Tables")?;
        let columns = self.engine.table("_grist_Tables_column")?;
        let table = Self::text(tables, "tableId", row);
        let columns =
            self.children(columns, row).into_iter().filter_map(|column| self.column(column, None)).collect();
        let title = self.title(row).unwrap_or_else(|| table.clone());
        Some(Plan { table, title, columns, style: self.style.clone(), sort: Vec::new(), filters: Vec::new() })
    }

    /// The name that people have given a table.
    fn title(&self, table: RowId) -> Option<String> {
        let raw = Self::row(self.engine.table("_grist_Tables")?, "rawViewSectionRef", table)?;
        Some(Self::text(self.engine.table("_grist_Views_section")?, "title", raw))
            .filter(|title| !title.is_empty())
    }

    fn section(&self, section: RowId) -> Option<Plan> {
        let sections = self.engine.table("_grist_Views_section")?;
        let fields = self.engine.table("_grist_Views_section_field")?;
        sections.rows().contains(section).then_some(())?;
        let table_row = Self::row(sections, "tableRef", section)?;
        let table = Self::text(self.engine.table("_grist_Tables")?, "tableId", table_row);
        let columns = self
            .children(fields, section)
            .into_iter()
            .filter_map(|field| self.column(Self::row(fields, "colRef", field)?, Some(field)))
            .collect();
        let title = Some(Self::text(sections, "title", section)).filter(|title| !title.is_empty());
        let title = title.or_else(|| self.title(table_row)).unwrap_or_else(|| table.clone());
        let sort: Value =
            serde_json::from_str(&Self::text(sections, "sortColRefs", section)).unwrap_or_default();
        let mut filters = Vec::new();
        if let Some(kept) = self.engine.table("_grist_Filters") {
            let owner = CellValue::from(section);
            for row in kept.rows().iter().filter(|row| kept.cell("viewSectionRef", *row) == owner) {
                let col = Self::row(kept, "colRef", row).map(|row| u64::from(row.0));
                filters.extend(self.filter(col, &Self::text(kept, "filter", row)));
            }
        }
        let sort = self.sort_keys(&sort);
        Some(Plan { table, title, columns, style: self.style.clone(), sort, filters })
    }

    fn column(&self, row: RowId, field: Option<RowId>) -> Option<ExportColumn> {
        let columns = self.engine.table("_grist_Tables_column")?;
        let fields = self.engine.table("_grist_Views_section_field")?;
        let id = Self::text(columns, "colId", row);
        if is_hidden(&id) || id.is_empty() {
            return None;
        }
        let column_type = ColumnType::parse(&Self::text(columns, "type", row));
        let reference = |name: &str| {
            field.and_then(|field| Self::row(fields, name, field)).or_else(|| Self::row(columns, name, row))
        };
        let options = |row: RowId| -> Map<String, Value> {
            serde_json::from_str(&Self::text(columns, "widgetOptions", row)).unwrap_or_default()
        };
        let mut own = options(row);
        if let Some(field) = field {
            let over: Map<String, Value> =
                serde_json::from_str(&Self::text(fields, "widgetOptions", field)).unwrap_or_default();
            own.extend(over);
        }
        let visible = reference("visibleCol").filter(|_| column_type.target().is_some());
        let shown = reference("displayCol").map(|row| Self::text(columns, "colId", row));
        let text = match visible {
            Some(visible) => {
                let shown_type = ColumnType::parse(&Self::text(columns, "type", visible));
                let text = CellText::new(&shown_type, &options(visible), &self.style);
                if column_type.is_list() { text.in_lists() } else { text }
            }
            None => CellText::new(&column_type, &own, &self.style),
        };
        Some(ExportColumn {
            label: Self::text(columns, "label", row),
            shown: shown.filter(|col| !col.is_empty()).unwrap_or_else(|| id.clone()),
            id,
            column_type,
            options: own,
            text,
        })
    }

    /// `[2, -3, "4:naturalSort;emptyLast"]`: columns by record, descending where negative.
    fn sort_keys(&self, sort: &Value) -> Vec<SortKey> {
        let keys = sort.as_array().map(Vec::as_slice).unwrap_or_default();
        keys.iter()
            .filter_map(|key| {
                let text = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
                let (col, flags) = text.split_once(':').unwrap_or((&text, ""));
                let number: i64 = col.parse().ok()?;
                let row = u32::try_from(number.unsigned_abs()).map(RowId).ok()?;
                let columns = self.engine.table("_grist_Tables_column")?;
                let shown = Self::row(columns, "displayCol", row).unwrap_or(row);
                let has = |flag: &str| flags.split(';').any(|known| known == flag);
                Some(SortKey {
                    col: Self::text(columns, "colId", shown),
                    descending: number < 0,
                    empty_last: has("emptyLast"),
                    natural: has("naturalSort"),
                    choices: has("orderByChoice").then(|| self.choices(row)),
                })
            })
            .collect()
    }

    fn choices(&self, row: RowId) -> Vec<String> {
        let columns = self.engine.table("_grist_Tables_column");
        let options = columns.map(|columns| Self::text(columns, "widgetOptions", row)).unwrap_or_default();
        let options: Value = serde_json::from_str(&options).unwrap_or_default();
        let choices = options["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
        choices.iter().filter_map(|choice| choice.as_str().map(str::to_owned)).collect()
    }

    /// `{"included": […]}`, `{"excluded": […]}` or `{"min"?, "max"?}` on a column by record.
    fn filter(&self, col: Option<u64>, text: &str) -> Option<Filter> {
        let row = u32::try_from(col?).map(RowId).ok()?;
        let columns = self.engine.table("_grist_Tables_column")?;
        let col = Self::text(columns, "colId", Self::row(columns, "displayCol", row).unwrap_or(row));
        let condition: Value = serde_json::from_str(text).ok()?;
        let list = |name: &str| -> Option<Vec<CellValue>> {
            Some(condition.get(name)?.as_array()?.iter().map(cell_from_json).collect())
        };
        let kind = if let Some(values) = list("included") {
            FilterKind::Included(values)
        } else if let Some(values) = list("excluded") {
            FilterKind::Excluded(values)
        } else {
            let (least, most) = (condition["min"].as_f64(), condition["max"].as_f64());
            (least.is_some() || most.is_some()).then_some(FilterKind::Range(least, most))?
        };
        Some(Filter { col, kind })
    }
}
