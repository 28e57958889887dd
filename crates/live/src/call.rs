//! Requests as they are meant: a closed list of methods, their arguments read.

use actions::UserAction;
use document::{ApplyOptions, WindowId, WindowRequest};
use model::RowId;
use model::json::raw::raw_from_json;
use serde_json::Value;

use crate::answer::Refusal;
use crate::descriptor::Mode;

mod arguments;
mod windows;

use arguments::Arguments;

/// What is asked of the server, or of an open document.
#[derive(Debug)]
pub(crate) enum Call {
    OpenDoc(OpenDoc),
    /// The descriptor as it was written, and what is asked.
    Document(Value, Result<DocumentCall, Refusal>),
}

/// The arguments of `openDoc`.
#[derive(Debug)]
pub(crate) struct OpenDoc {
    pub(crate) id: String,
    pub(crate) mode: Mode,
    /// Whether it works through windows.
    pub(crate) windows: bool,
    pub(crate) link: Vec<(String, String)>,
}

/// What can be asked of an open document.
#[derive(Debug)]
pub(crate) enum DocumentCall {
    CloseDoc,
    FetchTable(String),
    FetchPythonCode,
    UseQuerySet(QuerySet),
    DisposeQuerySet,
    ApplyUserActions(Vec<UserAction>, ApplyOptions),
    ApplyUserActionsById(ById),
    FindColFromValues {
        values: Vec<Value>,
        count: usize,
        table: Option<String>,
    },
    GetFormulaError {
        table: String,
        col: String,
        row: RowId,
    },
    StartBundle,
    StopBundle,
    Autocomplete {
        text: String,
        table: String,
        col: String,
        row: Value,
    },
    GetActionSummaries,
    ReloadDoc,
    Fork,
    CheckAclFormula(String),
    GetAclResources,
    StartTiming,
    StopTiming,
    WaitForInitialization,
    GetShare,
    GetAssistantState,
    ListActiveUserProfiles,
    AddAttachments(u64),
    OpenWindow(WindowRequest),
    UpdateWindow(WindowId, WindowRequest),
    ReadWindow {
        window: WindowId,
        start: usize,
        count: usize,
    },
    SeekWindow {
        window: WindowId,
        row: RowId,
    },
    RowIdsOfWindow {
        window: WindowId,
        start: usize,
        count: usize,
    },
    CloseWindow(WindowId),
    SearchColumn {
        table: String,
        col: String,
        text: String,
        limit: usize,
    },
    DistinctValues {
        table: String,
        col: String,
        limit: usize,
    },
    /// Grist has it, Moulin does not yet.
    NotYet(&'static str, Need),
}

/// A query: rows whose cells are among the values given, column by column.
#[derive(Debug)]
pub(crate) struct QuerySet {
    pub(crate) table: String,
    pub(crate) filters: Vec<(String, Vec<Value>)>,
}

/// Turns of the past to undo or redo.
#[derive(Debug)]
pub(crate) struct ById {
    pub(crate) numbers: Vec<i64>,
    pub(crate) hashes: Vec<String>,
    pub(crate) undo: bool,
    pub(crate) options: ApplyOptions,
}

/// The role that a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Nothing,
    View,
    Edit,
    Own,
}

/// Methods that Moulin does not have yet, with the role they need.
const NOT_YET: &[(&str, Need)] = &[
    ("importFiles", Need::Edit),
    ("finishImportFiles", Need::Edit),
    ("cancelImportFiles", Need::Edit),
    ("generateImportDiff", Need::Edit),
    ("fetchURL", Need::View),
    ("getAccessToken", Need::View),
    ("getUsersForViewAs", Need::View),
    ("applyProposal", Need::Own),
    ("getAssistance", Need::View),
    ("forwardPluginRpc", Need::Edit),
    ("reloadPlugins", Need::Edit),
];

impl Call {
    /// Reads a request.
    pub(crate) fn parse(method: &str, arguments: &[Value]) -> Result<Self, Refusal> {
        if method == "openDoc" {
            return OpenDoc::parse(&Arguments::new(method, arguments)).map(Self::OpenDoc);
        }
        let descriptor = arguments.first().cloned().unwrap_or_else(|| Value::from("undefined"));
        let rest = Arguments::new(method, arguments.get(1..).unwrap_or_default());
        match DocumentCall::parse(method, &rest) {
            Some(call) => Ok(Self::Document(descriptor, call)),
            None => Err(Refusal::UnknownMethod(method.to_owned())),
        }
    }
}

impl OpenDoc {
    fn parse(arguments: &Arguments<'_>) -> Result<Self, Refusal> {
        let id = arguments.text(0)?;
        let options = match arguments.get(1) {
            Value::Null | Value::Object(_) => arguments.get(1),
            _ => return Err(Refusal::bad("openDoc takes its options as an object")),
        };
        let mode = match options["openMode"].as_str() {
            Some("view") => Mode::View,
            Some("fork") => Mode::Fork,
            _ => Mode::Default,
        };
        let link = options["linkParameters"].as_object().into_iter().flatten();
        let link = link.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
        Ok(Self { id, mode, windows: options["windows"] == true, link: link.collect() })
    }
}

impl DocumentCall {
    /// Nothing: there is no such method.
    fn parse(method: &str, arguments: &Arguments<'_>) -> Option<Result<Self, Refusal>> {
        if let Some((name, need)) = NOT_YET.iter().find(|(name, _)| *name == method) {
            return Some(Ok(Self::NotYet(name, *need)));
        }
        let known: fn(&Arguments<'_>) -> Result<Self, Refusal> = match method {
            "closeDoc" => |_| Ok(Self::CloseDoc),
            "fetchTable" => |given| Ok(Self::FetchTable(given.text(0)?)),
            "fetchPythonCode" => |_| Ok(Self::FetchPythonCode),
            "useQuerySet" => |given| Ok(Self::UseQuerySet(QuerySet::parse(given.get(0))?)),
            "disposeQuerySet" => |_| Ok(Self::DisposeQuerySet),
            "applyUserActions" => {
                |given| Ok(Self::ApplyUserActions(user_actions(given.get(0))?, apply_options(given.get(1))))
            }
            "applyUserActionsById" => |given| Ok(Self::ApplyUserActionsById(ById::parse(given)?)),
            "findColFromValues" => |given| {
                Ok(Self::FindColFromValues {
                    values: given.list(0)?.to_vec(),
                    count: given.size(1)?,
                    table: given.get(2).as_str().map(str::to_owned),
                })
            },
            "getFormulaError" => |given| {
                Ok(Self::GetFormulaError { table: given.text(0)?, col: given.text(1)?, row: given.row(2)? })
            },
            "startBundleUserActions" => |_| Ok(Self::StartBundle),
            "stopBundleUserActions" => |_| Ok(Self::StopBundle),
            "autocomplete" => |given| {
                Ok(Self::Autocomplete {
                    text: given.text(0)?,
                    table: given.text(1)?,
                    col: given.text(2)?,
                    row: given.get(3).clone(),
                })
            },
            "getActionSummaries" => |_| Ok(Self::GetActionSummaries),
            "reloadDoc" => |_| Ok(Self::ReloadDoc),
            "fork" => |_| Ok(Self::Fork),
            "checkAclFormula" => |given| Ok(Self::CheckAclFormula(given.text(0)?)),
            "startTiming" => |_| Ok(Self::StartTiming),
            "stopTiming" => |_| Ok(Self::StopTiming),
            "getAclResources" => |_| Ok(Self::GetAclResources),
            "waitForInitialization" => |_| Ok(Self::WaitForInitialization),
            "getShare" => |_| Ok(Self::GetShare),
            "getAssistantState" => |_| Ok(Self::GetAssistantState),
            "listActiveUserProfiles" => |_| Ok(Self::ListActiveUserProfiles),
            "addAttachments" => |given| Ok(Self::AddAttachments(given.size(0)? as u64)),
            "openWindow" => |given| Ok(Self::OpenWindow(windows::request(given.get(0))?)),
            "updateWindow" => {
                |given| Ok(Self::UpdateWindow(given.window()?, windows::request(given.get(1))?))
            }
            "readWindow" => |given| {
                Ok(Self::ReadWindow { window: given.window()?, start: given.size(1)?, count: given.size(2)? })
            },
            "seekWindow" => |given| Ok(Self::SeekWindow { window: given.window()?, row: given.row(1)? }),
            "rowIdsOfWindow" => |given| {
                Ok(Self::RowIdsOfWindow {
                    window: given.window()?,
                    start: given.size(1)?,
                    count: given.size(2)?,
                })
            },
            "closeWindow" => |given| Ok(Self::CloseWindow(given.window()?)),
            "searchColumn" => |given| {
                Ok(Self::SearchColumn {
                    table: given.text(0)?,
                    col: given.text(1)?,
                    text: given.text(2)?,
                    limit: given.size(3)?,
                })
            },
            "distinctValues" => |given| {
                Ok(Self::DistinctValues { table: given.text(0)?, col: given.text(1)?, limit: given.size(2)? })
            },
            _ => return None,
        };
        Some(known(arguments))
    }

    /// The role that it needs.
    pub(crate) fn need(&self) -> Need {
        match self {
            Self::CloseDoc | Self::ListActiveUserProfiles => Need::Nothing,
            Self::ApplyUserActions(..)
            | Self::ApplyUserActionsById(_)
            | Self::StartBundle
            | Self::StopBundle
            | Self::ReloadDoc
            | Self::AddAttachments(_) => Need::Edit,
            Self::GetShare | Self::GetAssistantState | Self::StartTiming | Self::StopTiming => Need::Own,
            Self::NotYet(_, need) => *need,
            _ => Need::View,
        }
    }
}

impl QuerySet {
    fn parse(query: &Value) -> Result<Self, Refusal> {
        let table = query["tableId"].as_str().ok_or_else(|| Refusal::bad("a query needs a tableId"))?;
        let filters = query["filters"].as_object().into_iter().flatten();
        let filters = filters.map(|(col, values)| match values.as_array() {
            Some(values) => Ok((col.clone(), values.clone())),
            None => Err(Refusal::bad("filters are lists of values by column")),
        });
        Ok(Self { table: table.to_owned(), filters: filters.collect::<Result<_, _>>()? })
    }
}

impl ById {
    fn parse(arguments: &Arguments<'_>) -> Result<Self, Refusal> {
        let wrong = |at| move || arguments.wrong(at, "list");
        let numbers = arguments.list(0)?.iter().map(|number| number.as_i64().ok_or_else(wrong(0)));
        let hashes = arguments.list(1)?.iter();
        let hashes = hashes.map(|hash| hash.as_str().map(str::to_owned).ok_or_else(wrong(1)));
        Ok(Self {
            numbers: numbers.collect::<Result<_, _>>()?,
            hashes: hashes.collect::<Result<_, _>>()?,
            undo: arguments.get(2) == true,
            options: apply_options(arguments.get(3)),
        })
    }
}

fn user_actions(list: &Value) -> Result<Vec<UserAction>, Refusal> {
    let list = list.as_array().ok_or_else(|| Refusal::bad("user actions must be a list"))?;
    let read = |action: &Value| UserAction::from_raw(&raw_from_json(action));
    list.iter().map(read).collect::<Result<_, _>>().map_err(|error| Refusal::Denied(error.to_string()))
}

/// Options that are not known are left out.
fn apply_options(options: &Value) -> ApplyOptions {
    ApplyOptions {
        desc: options["desc"].as_str().map(str::to_owned),
        link_id: options["linkId"].as_i64().unwrap_or_default(),
        other_id: options["otherId"].as_i64().unwrap_or_default(),
        parse_strings: options["parseStrings"] == true,
        internal: false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn methods_are_a_closed_list() {
        let kind = |method: &str, arguments: Value| {
            let arguments = arguments.as_array().cloned().unwrap_or_default();
            match Call::parse(method, &arguments) {
                Ok(Call::OpenDoc(open)) => format!("open {} {:?} {}", open.id, open.mode, open.windows),
                Ok(Call::Document(descriptor, Ok(call))) => format!("{descriptor} {:?}", call.need()),
                Ok(Call::Document(_, Err(refusal))) => format!("wrong: {refusal}"),
                Err(refusal) => refusal.to_string(),
            }
        };
        let cases = [
            ("nope", json!([]), "Unknown method nope"),
            ("openDoc", json!(["d"]), "open d Default false"),
            ("openDoc", json!(["d", {"openMode": "fork", "windows": true}]), "open d Fork true"),
            ("openDoc", json!(["d", "default"]), "openDoc takes its options as an object"),
            ("openDoc", json!([]), "openDoc: argument 1 should be a text"),
            ("fetchTable", json!([0, "T"]), "0 View"),
            ("fetchTable", json!([0, 3]), "wrong: fetchTable: argument 2 should be a text"),
            ("fetchTable", json!([]), "wrong: fetchTable: argument 2 should be a text"),
            ("applyUserActions", json!([1, [["AddRecord", "T", null, {}]], {"x": 1}]), "1 Edit"),
            ("applyUserActions", json!([1]), "wrong: user actions must be a list"),
            ("importFiles", json!([0]), "0 Edit"),
            ("startTiming", json!([0]), "0 Own"),
            ("closeDoc", json!([0]), "0 Nothing"),
        ];
        for (method, arguments, expected) in cases {
            assert_eq!(kind(method, arguments), expected, "{method}");
        }
    }
}
