//! Answers and refusals as they travel.

use actions::ActionError;
use document::DocumentError;
use serde_json::{Value, json};

/// A `data` that is written already, or none at all.
pub(crate) type Answer = Result<Option<Rendered>, Refusal>;

/// JSON text.
pub(crate) type Rendered = String;

/// Why a request was not done, with Grist's codes. Texts without a code are ours and free.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("Unknown method {0}")]
    UnknownMethod(String),
    #[error("Invalid docFD {0}")]
    NoDescriptor(String),
    #[error("{0}")]
    Bad(String),
    #[error("No view access")]
    NoView(&'static str),
    #[error("No write access")]
    NoEdit(&'static str),
    #[error("No owner access")]
    NoOwner(&'static str),
    #[error("Document is deleted")]
    Removed,
    #[error("Document is disabled")]
    Disabled,
    #[error("{0}")]
    Denied(String),
    #[error("{1}")]
    Status(u16, String),
    #[error("{0}")]
    Document(DocumentError),
    #[error("internal error")]
    Broken,
}

impl Refusal {
    pub(crate) fn bad(text: impl Into<String>) -> Self {
        Self::Bad(text.into())
    }
    /// A fault of ours: logged, not shown.
    pub(crate) fn broken(error: &dyn std::fmt::Display) -> Self {
        tracing::error!("{error}");
        Self::Broken
    }
    pub(crate) fn not_found() -> Self {
        Self::Status(404, "document not found".into())
    }

    /// The same once more, for reasons that concern the person.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Removed => Self::Removed,
            Self::Disabled => Self::Disabled,
            Self::Status(status, text) => Self::Status(*status, text.clone()),
            _ => Self::NoView("default"),
        }
    }

    fn code(&self) -> Option<&'static str> {
        match self {
            Self::NoView(_) | Self::Removed => Some("AUTH_NO_VIEW"),
            Self::NoEdit(_) => Some("AUTH_NO_EDIT"),
            Self::NoOwner(_) => Some("AUTH_NO_OWNER"),
            Self::Disabled => Some("AUTH_DOC_DISABLED"),
            Self::Denied(_) | Self::Document(DocumentError::Denied(_) | DocumentError::Hidden) => {
                Some("ACL_DENY")
            }
            _ => None,
        }
    }

    fn status(&self) -> Option<u16> {
        match self {
            Self::NoView(_) | Self::NoEdit(_) | Self::NoOwner(_) | Self::Disabled => Some(403),
            Self::Document(DocumentError::Denied(_)) => Some(403),
            Self::Removed => Some(404),
            Self::Status(status, _) => Some(*status),
            _ => None,
        }
    }

    fn details(&self) -> Option<Value> {
        match self {
            Self::NoView(mode) | Self::NoEdit(mode) | Self::NoOwner(mode) => {
                Some(json!({"status": 403, "accessMode": mode}))
            }
            Self::Denied(_) | Self::Document(DocumentError::Hidden) => Some(json!({})),
            Self::Document(DocumentError::Denied(denied)) => {
                let memos = denied.memos().iter().map(|memo| json!({"kind": "reason", "text": memo}));
                Some(json!({"status": 403, "memos": memos.collect::<Vec<_>>()}))
            }
            _ => None,
        }
    }
}

impl From<DocumentError> for Refusal {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::NoView => Self::NoView("default"),
            DocumentError::NoEdit => Self::NoEdit("default"),
            DocumentError::NotOwner => Self::NoOwner("default"),
            // What nobody knows is allowed to nobody.
            DocumentError::Action(ActionError::Unknown(_)) => Self::Denied(error.to_string()),
            DocumentError::Internal(text) => Self::broken(&text),
            other => Self::Document(other),
        }
    }
}

/// An answer without its number and closing brace; those come when it is sent.
pub(crate) fn answer_text(req_id: Option<&Value>, answer: Answer) -> String {
    let mut text = String::from("{");
    let mut part = |key: &str, json: &str| {
        if text.len() > 1 {
            text.push(',');
        }
        text.push('"');
        text.push_str(key);
        text.push_str("\":");
        text.push_str(json);
    };
    if let Some(id) = req_id {
        part("reqId", &id.to_string());
    }
    match answer {
        Ok(Some(data)) => part("data", &data),
        Ok(None) => {}
        Err(refusal) => {
            part("error", &Value::from(refusal.to_string()).to_string());
            if let Some(code) = refusal.code() {
                part("errorCode", &Value::from(code).to_string());
            }
            if let Some(details) = refusal.details() {
                part("details", &details.to_string());
            }
            if let Some(status) = refusal.status() {
                part("status", &status.to_string());
            }
            // A fork is made at the first edit: the client asks for it and does the edit there.
            if matches!(refusal, Refusal::NoEdit("fork")) {
                part("shouldFork", "true");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_written_as_grist_writes_them() {
        let id = json!(3);
        let cases: [(Option<&Value>, Answer, &str); 6] = [
            (Some(&id), Ok(Some("[1]".into())), r#"{"reqId":3,"data":[1]"#),
            (Some(&id), Ok(None), r#"{"reqId":3"#),
            (None, Ok(None), "{"),
            (
                Some(&id),
                Err(Refusal::UnknownMethod("a\"b".into())),
                r#"{"reqId":3,"error":"Unknown method a\"b""#,
            ),
            (
                Some(&id),
                Err(Refusal::NoEdit("fork")),
                r#"{"reqId":3,"error":"No write access","errorCode":"AUTH_NO_EDIT","details":{"status":403,"accessMode":"fork"},"status":403,"shouldFork":true"#,
            ),
            (Some(&id), Err(Refusal::not_found()), r#"{"reqId":3,"error":"document not found","status":404"#),
        ];
        for (id, answer, expected) in cases {
            assert_eq!(answer_text(id, answer), expected);
        }
    }
}
