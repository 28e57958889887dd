//! Sites, workspaces, documents and people as JSON, as Grist shows them.

use home::{Document, Org, Person, Workspace};
use jiff::Timestamp;
use model::Role;
use serde_json::{Map, Value, json};

/// An instant in milliseconds as ISO 8601.
pub(crate) fn instant(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
        .to_string()
}

/// JSON kept as text.
pub(crate) fn kept(json: Option<&String>) -> Option<Value> {
    json.and_then(|json| serde_json::from_str(json).ok())
}

/// A role by its name, or null.
pub(crate) fn role(role: Option<Role>) -> Value {
    role.map_or(Value::Null, |role| role.name().into())
}

/// The owner of a personal site.
pub(crate) fn owner(owner: Option<&Person>) -> Value {
    owner.map_or(
        Value::Null,
        |owner| json!({"id": owner.id, "name": owner.name, "picture": owner.picture, "ref": owner.reference}),
    )
}

/// A person as they see themselves.
pub(crate) fn person(person: &Person) -> Map<String, Value> {
    let mut shown = Map::new();
    shown.insert("id".into(), person.id.into());
    shown.insert("email".into(), person.email.clone().into());
    shown.insert("name".into(), person.name.clone().into());
    shown.insert("picture".into(), person.picture.clone().into());
    shown.insert("ref".into(), person.reference.clone().into());
    if person.is_anonymous() {
        shown.insert("anonymous".into(), true.into());
    } else {
        shown.insert("locale".into(), person.locale.clone().into());
    }
    if let Some(at) = person.first_login_at {
        shown.insert("firstLoginAt".into(), instant(at).into());
    }
    if let Some(at) = person.disabled_at {
        shown.insert("disabledAt".into(), instant(at).into());
    }
    shown
}

/// A site.
pub(crate) fn org(org: &Org, its_owner: Option<&Person>) -> Map<String, Value> {
    let shown = json!({
        "name": org.name,
        "createdAt": instant(org.created_at),
        "updatedAt": instant(org.updated_at),
        "id": org.id,
        "domain": org.domain,
        "host": null,
        "owner": owner(its_owner),
    });
    object(shown)
}

/// A workspace, without what is in it.
pub(crate) fn workspace(workspace: &Workspace) -> Map<String, Value> {
    let mut shown = object(json!({
        "name": workspace.name,
        "createdAt": instant(workspace.created_at),
        "updatedAt": instant(workspace.updated_at),
        "id": workspace.id,
        "isSupportWorkspace": false,
    }));
    if let Some(at) = workspace.removed_at {
        shown.insert("removedAt".into(), instant(at).into());
    }
    shown
}

/// A document as an entry.
pub(crate) fn document(document: &Document, access: Option<Role>, is_public: bool) -> Map<String, Value> {
    let mut shown = object(json!({
        "name": document.name,
        "createdAt": instant(document.created_at),
        "updatedAt": instant(document.updated_at),
        "id": document.id,
        "isPinned": document.is_pinned,
        "urlId": document.address(),
        "trunkId": document.trunk_id,
        "type": document.kind,
    }));
    if let Some(options) = kept(document.options.as_ref()) {
        shown.insert("options".into(), options);
    }
    if let Some(at) = document.removed_at {
        shown.insert("removedAt".into(), instant(at).into());
    }
    if let Some(at) = document.disabled_at {
        shown.insert("disabledAt".into(), instant(at).into());
    }
    shown.insert("access".into(), role(access));
    if is_public {
        shown.insert("public".into(), true.into());
    }
    shown
}

/// The fields of an object.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value { map } else { Map::new() }
}
