//! Doing a bundle of user actions.

use std::collections::HashMap;

use engine::{EngineError, Turn};
use model::json::raw;
use model::{CellValue, DocAction, RowId, TableId};

use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::metadata::{SECTIONS, VIEWS};
use crate::soundness::touches_schema;

/// What somebody asks: a name and raw arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct UserAction {
    /// Such as `AddRecord`.
    pub name: String,
    /// Raw values.
    pub arguments: Vec<CellValue>,
}

impl UserAction {
    /// Reads a raw list `[name, …]`.
    ///
    /// # Errors
    /// When it is not of that form.
    pub fn from_raw(raw: &CellValue) -> Result<Self, ActionError> {
        let CellValue::List(list) = raw else {
            return Err(ActionError::Type("a user action must be a list".into()));
        };
        match list.split_first() {
            Some((CellValue::Text(name), arguments)) => {
                Ok(Self { name: name.to_string(), arguments: arguments.to_vec() })
            }
            _ => Err(ActionError::Type("a user action must begin with its name".into())),
        }
    }
}

/// Does user actions, one after the other, and brings all formulas up to date. Gives what each one returns (raw).
///
/// # Errors
/// When one of them cannot be done; the turn is then to be dropped.
pub fn apply_user_actions(
    turn: &mut Turn<'_>,
    actions: &[UserAction],
) -> Result<Vec<CellValue>, ActionError> {
    let mut bundle = Bundle { turn, temporary: HashMap::new(), direct: true, default_sizes: Vec::new() };
    let results: Vec<CellValue> =
        actions.iter().map(|action| bundle.apply(action)).collect::<Result<_, _>>()?;
    bundle.turn.recalculate();
    while bundle.remove_stale()? {
        bundle.turn.recalculate();
    }
    bundle.set_default_sizes();
    Ok(results)
}

/// User actions in progress.
#[derive(Debug)]
pub(crate) struct Bundle<'b, 'e> {
    pub(crate) turn: &'b mut Turn<'e>,
    /// Rows that were added under a negative id, for later actions of the bundle.
    pub(crate) temporary: HashMap<(TableId, i64), RowId>,
    /// Whether doc actions are what was asked for, or follow from it.
    pub(crate) direct: bool,
    /// Sections that were added without sizes.
    pub(crate) default_sizes: Vec<RowId>,
}

impl Bundle<'_, '_> {
    fn apply(&mut self, action: &UserAction) -> Result<CellValue, ActionError> {
        let arguments = Arguments { name: &action.name, values: &action.arguments };
        match action.name.as_str() {
            "Calculate" => Ok(CellValue::Null),
            "UpdateCurrentTime" => {
                self.turn.invalidate_now();
                Ok(CellValue::Null)
            }
            "InitNewDoc" => self.init_new_doc(),
            "ApplyDocActions" => {
                self.emit_given(doc_actions(arguments)?)?;
                Ok(CellValue::Null)
            }
            "ApplyUndoActions" => {
                self.emit_given(doc_actions(arguments)?.into_iter().rev().collect())?;
                Ok(CellValue::Null)
            }
            "AddRecord" => self.add_record(arguments),
            "BulkAddRecord" => self.bulk_add_record(arguments),
            "UpdateRecord" => self.update_record(arguments),
            "BulkUpdateRecord" => self.bulk_update_record(arguments),
            "RemoveRecord" => self.remove_record(arguments),
            "BulkRemoveRecord" => self.bulk_remove_record(arguments),
            "ReplaceTableData" => self.replace_table_data(arguments),
            "AddColumn" => self.add_column(arguments, true),
            "AddHiddenColumn" => self.add_column(arguments, false),
            "AddVisibleColumn" => self.add_visible_column(arguments),
            "RemoveColumn" => self.remove_column(arguments),
            "RenameColumn" => self.rename_column(arguments),
            "ModifyColumn" => self.modify_column(arguments),
            "AddTable" => self.add_table(arguments),
            "AddEmptyTable" => self.add_empty_table(arguments, true),
            "AddRawTable" => self.add_empty_table(arguments, false),
            "RemoveTable" => self.remove_table(arguments),
            "RenameTable" => self.rename_table(arguments),
            "AddOrUpdateRecord" => self.add_or_update_record(arguments),
            "BulkAddOrUpdateRecord" => self.bulk_add_or_update_record(arguments),
            "CreateViewSection" => self.create_view_section(arguments),
            "UpdateSummaryViewSection" => self.update_summary_section(arguments),
            "DetachSummaryViewSection" => self.detach_summary_section(arguments),
            "AddView" => self.add_view(arguments),
            "AddViewSection" => self.add_view_section(arguments),
            "RemoveView" => self.remove_metadata(VIEWS, arguments),
            "RemoveViewSection" => self.remove_metadata(SECTIONS, arguments),
            "SetDisplayFormula" => self.set_display_formula(arguments),
            "MaybeCopyDisplayFormula" => self.maybe_copy_display_formula(arguments),
            "AddEmptyRule" => self.add_empty_rule(arguments),
            "AddReverseColumn" => self.add_reverse_column(arguments),
            "ConvertFromColumn" => self.convert_from_column(arguments),
            "CopyFromColumn" => self.copy_from_column(arguments),
            "RenameChoices" => self.rename_choices(arguments),
            "DuplicateTable" => self.duplicate_table(arguments),
            "GenImporterView" => self.gen_importer_view(arguments),
            "EvalCode" => Err(ActionError::NotImplemented("EvalCode is not available".into())),
            "RemoveStaleObjects" => {
                self.remove_stale()?;
                Ok(CellValue::Null)
            }
            other => Err(ActionError::Unknown(other.to_owned())),
        }
    }

    fn remove_metadata(&mut self, table: &str, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(table);
        let row = arguments.row(0, "what to remove")?;
        self.check_removal(&table, &[row])?;
        self.remove_rows(&table, &[row])?;
        Ok(CellValue::Null)
    }

    /// New sections get the usual sizes where none were given.
    fn set_default_sizes(&mut self) {
        let mut sections = std::mem::take(&mut self.default_sizes);
        sections.sort_unstable();
        sections.dedup();
        sections.retain(|section| self.has_row(SECTIONS, *section));
        for (key, size) in [("borderWidth", 1), ("defaultWidth", 100)] {
            let cells = sections
                .iter()
                .filter(|section| self.cell(SECTIONS, **section, key) == CellValue::Int(0))
                .map(|section| (*section, CellValue::Int(size)))
                .collect();
            self.turn.set_computed(SECTIONS, key, cells);
        }
    }

    /// Does a doc action.
    pub(crate) fn emit(&mut self, action: DocAction) -> Result<(), ActionError> {
        self.turn.apply(action, self.direct).map_err(engine_error)
    }
}

fn doc_actions(arguments: Arguments<'_>) -> Result<Vec<DocAction>, ActionError> {
    let list = arguments.list(0, "doc actions")?;
    list.iter()
        .map(|action| {
            let json = raw::raw_to_json(action, model::json::Dialect::Stdio);
            model::json::action_from_json(&json).map_err(|error| ActionError::Value(error.to_string()))
        })
        .collect()
}

/// What Grist would raise.
impl Bundle<'_, '_> {
    /// Does doc actions that somebody gives. What does not fit the document as it is now is refused.
    fn emit_given(&mut self, actions: Vec<DocAction>) -> Result<(), ActionError> {
        let schema = actions.iter().any(touches_schema);
        for action in actions {
            self.turn.apply(action, self.direct).map_err(|error| match error {
                EngineError::NoColumn(table, col) => {
                    ActionError::Assertion(format!("Column {col} not in table {table}"))
                }
                other => engine_error(other),
            })?;
        }
        if schema { self.check_schema() } else { Ok(()) }
    }
}

pub(crate) fn engine_error(error: EngineError) -> ActionError {
    match error {
        EngineError::NoTable(table) => ActionError::key(&table),
        EngineError::NoColumn(_, col) => ActionError::key(&col),
        EngineError::Source(..) => ActionError::Value(error.to_string()),
        other => ActionError::Assertion(other.to_string()),
    }
}
