//! Messages as text.
//!
//! What a turn did is written once, whoever is connected; each client's message is a frame of its own around it.

use std::fmt::Write as _;
use std::sync::Arc;

use document::{ActionGroup, ActionSummary, LogEntry, Profile, TableDelta, Usage, WindowChange};
use model::json::{Dialect, action_to_json, cell_to_json};
use model::{CellValue, DocAction};
use serde_json::{Map, Value, json};

/// A message that is to be sent: numbered and written when its turn has come.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// An answer without number and closing brace.
    Answer(String),
    /// A message of the server to a descriptor.
    Push {
        /// Such as `docChatter`.
        kind: &'static str,
        descriptor: usize,
        /// Whether the client itself did it.
        from_self: bool,
        data: String,
    },
    /// A turn.
    Turn {
        descriptor: usize,
        from_self: bool,
        group: Arc<ActionGroup>,
        /// The doc actions that this client is told, where they are not all.
        part: Option<Vec<DocAction>>,
        usage: Arc<Usage>,
        /// Whether the client may know how full the document is.
        shows_usage: bool,
    },
}

impl Outgoing {
    /// About how many characters it has.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Answer(text) => text.len(),
            Self::Push { data, .. } => 80 + data.len(),
            Self::Turn { group, part, .. } => {
                let weigh = |actions: &[DocAction]| actions.iter().map(DocAction::weight).sum::<usize>();
                let all = || *group.weight.get_or_init(|| weigh(&group.doc_actions));
                600 + part.as_deref().map_or_else(all, weigh)
            }
        }
    }

    /// The whole message.
    pub(crate) fn text(self, seq: u64) -> String {
        match self {
            Self::Answer(mut text) => {
                let comma = if text.len() > 1 { "," } else { "" };
                let _ = write!(text, "{comma}\"seqId\":{seq}}}");
                text
            }
            Self::Push { kind, descriptor, from_self, data } => {
                format!(
                    "{{\"type\":\"{kind}\",\"docFD\":{descriptor},\"fromSelf\":{from_self},\"data\":{data},\"seqId\":{seq}}}"
                )
            }
            Self::Turn { descriptor, from_self, group, part, usage, shows_usage } => {
                let head = group.rendered_head.get_or_init(|| group_json(&group).to_string().into());
                let own = part.map(|part| actions_text(&part).into());
                let actions = own.as_ref().unwrap_or_else(|| {
                    group.rendered_actions.get_or_init(|| actions_text(&group.doc_actions).into())
                });
                let usage = if shows_usage {
                    group.rendered_usage.get_or_init(|| usage_json(&usage, true).to_string().into())
                } else {
                    HIDDEN_USAGE
                };
                let mut text = String::with_capacity(head.len() + actions.len() + usage.len() + 140);
                let _ = write!(
                    text,
                    "{{\"type\":\"docUserAction\",\"docFD\":{descriptor},\"fromSelf\":{from_self},\"seqId\":{seq},\"data\":{{\"docActions\":"
                );
                text.push_str(actions);
                text.push_str(",\"actionGroup\":");
                text.push_str(head);
                let _ = write!(text, ",\"docUsage\":{usage}}}}}");
                text
            }
        }
    }
}

fn actions_text(actions: &[DocAction]) -> String {
    let list: Vec<Value> = actions.iter().map(|action| action_to_json(action, Dialect::Grist)).collect();
    Value::Array(list).to_string()
}

/// The head of a turn and its summary.
pub(crate) fn group_json(group: &ActionGroup) -> Value {
    let mut head = Map::new();
    head.insert("actionNum".into(), group.action_num.into());
    head.insert("actionHash".into(), group.action_hash.as_deref().into());
    if let Some(desc) = &group.desc {
        head.insert("desc".into(), desc.as_str().into());
    }
    head.insert("fromSelf".into(), group.from_client.into());
    head.insert("linkId".into(), group.link_id.into());
    head.insert("otherId".into(), group.other_id.into());
    head.insert("time".into(), group.time_ms.into());
    head.insert("user".into(), group.user.as_str().into());
    head.insert("rowIdHint".into(), group.row_id_hint.into());
    head.insert("primaryAction".into(), group.primary_action.as_str().into());
    head.insert("isUndo".into(), group.is_undo.into());
    head.insert("internal".into(), group.internal.into());
    head.insert("actionSummary".into(), summary_json(&group.summary));
    Value::Object(head)
}

/// What a turn changed, for people.
pub(crate) fn summary_json(summary: &ActionSummary) -> Value {
    let renames = |list: &[(Option<model::TableId>, Option<model::TableId>)]| -> Value {
        list.iter().map(|(old, new)| json!([old.as_deref(), new.as_deref()])).collect()
    };
    let tables: Map<String, Value> =
        summary.tables.iter().map(|(table, delta)| (table.to_string(), delta_json(delta))).collect();
    json!({"tableRenames": renames(&summary.table_renames), "tableDeltas": tables})
}

fn delta_json(delta: &TableDelta) -> Value {
    let rows = |rows: &mut dyn Iterator<Item = u32>| -> Vec<u32> { rows.collect() };
    let cell = |cell: &Option<CellValue>| {
        cell.as_ref().map_or(Value::Null, |cell| json!([cell_to_json(cell, Dialect::Grist)]))
    };
    let columns: Map<String, Value> = delta
        .columns
        .iter()
        .map(|(col, cells)| {
            let cells: Map<String, Value> = cells
                .iter()
                .map(|(row, change)| (row.0.to_string(), json!([cell(&change.before), cell(&change.after)])))
                .collect();
            (col.to_string(), Value::Object(cells))
        })
        .collect();
    let renames: Value =
        delta.column_renames.iter().map(|(old, new)| json!([old.as_deref(), new.as_deref()])).collect();
    json!({
        "updateRows": rows(&mut delta.updated.iter().map(|row| row.0)),
        "removeRows": rows(&mut delta.removed.iter().map(|row| row.0)),
        "addRows": rows(&mut delta.added.iter().map(|row| row.0)),
        "columnRenames": renames,
        "columnDeltas": columns,
    })
}

/// How full the document is, for those who may not know.
const HIDDEN_USAGE: &str = r#"{"dataLimitInfo":{"status":null},"rowCount":"hidden","dataSizeBytes":"hidden","attachmentsSizeBytes":"hidden","usageRecommendations":{}}"#;

/// How full the document is; hidden from those who only read.
pub(crate) fn usage_json(usage: &Usage, shown: bool) -> Value {
    let limits = json!({"status": null});
    if !shown {
        return json!({"dataLimitInfo": limits, "rowCount": "hidden", "dataSizeBytes": "hidden",
            "attachmentsSizeBytes": "hidden", "usageRecommendations": {}});
    }
    let mut rows: Map<String, Value> =
        usage.rows.iter().map(|(table, count)| (table.0.to_string(), (*count).into())).collect();
    rows.insert("total".into(), usage.total.into());
    json!({"dataLimitInfo": limits, "rowCount": rows, "dataSizeBytes": usage.data_bytes,
        "attachmentsSizeBytes": usage.attachment_bytes, "usageRecommendations": {}})
}

/// The head of a turn of the past.
pub(crate) fn log_json(entry: &LogEntry) -> Value {
    let mut head = json!({"actionNum": entry.action_num, "actionHash": entry.action_hash});
    if let Some(desc) = &entry.desc {
        head["desc"] = desc.as_str().into();
    }
    head["fromSelf"] = false.into();
    head["linkId"] = entry.link_id.into();
    head["otherId"] = entry.other_id.into();
    head["rowIdHint"] = 0.into();
    head["isUndo"] = entry.is_undo.into();
    head
}

/// Somebody who has the document open, as others see them.
pub(crate) fn profile_json(id: &str, profile: &Profile) -> Value {
    if profile.is_anonymous {
        return json!({"id": id, "name": profile.name, "isAnonymous": true});
    }
    json!({"id": id, "name": profile.name, "email": profile.email, "picture": profile.picture, "isAnonymous": false})
}

/// How the rows of a window have changed.
pub(crate) fn window_change_json(change: &WindowChange) -> Value {
    let mut said =
        json!({"windowId": change.window.0, "version": change.version, "rowCount": change.row_count});
    match &change.splices {
        None => said["reset"] = true.into(),
        Some(splices) => {
            let list = splices.iter().map(|splice| {
                let rows: Vec<u32> = splice.inserted.iter().map(|row| row.0).collect();
                json!([splice.index, splice.removed, rows])
            });
            said["splices"] = list.collect();
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_is_hidden_in_the_same_way_everywhere() {
        assert_eq!(usage_json(&Usage::default(), false).to_string(), HIDDEN_USAGE);
    }

    #[test]
    fn a_turn_is_written_once_for_all() {
        let group = Arc::new(ActionGroup {
            action_num: 5,
            user: "ada@example.com".into(),
            doc_actions: vec![DocAction::RemoveRecord("T".into(), model::RowId(1))],
            ..ActionGroup::default()
        });
        let turn = |descriptor, from_self, part| Outgoing::Turn {
            descriptor,
            from_self,
            group: Arc::clone(&group),
            part,
            usage: Arc::default(),
            shows_usage: false,
        };
        let text = |outgoing: Outgoing| -> Value { serde_json::from_str(&outgoing.text(9)).expect("JSON") };
        let all = text(turn(0, true, None));
        assert_eq!(all["data"]["docActions"], json!([["RemoveRecord", "T", 1]]));
        assert_eq!((&all["seqId"], &all["fromSelf"]), (&json!(9), &json!(true)));
        let written = group.rendered_head.get().map(|head| head.as_ptr());
        let part = text(turn(3, false, Some(Vec::new())));
        assert_eq!((&part["docFD"], &part["data"]["docActions"]), (&json!(3), &json!([])));
        assert_eq!(part["data"]["actionGroup"]["actionNum"], 5);
        assert_eq!(written, group.rendered_head.get().map(|head| head.as_ptr()));
    }
}
