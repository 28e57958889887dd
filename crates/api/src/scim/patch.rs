//! Changes of a resource in steps: add, replace, remove.

use serde_json::{Map, Value, json};

use super::ScimError;

/// Applies the operations of a PATCH.
pub(super) fn apply(resource: &mut Value, body: &Map<String, Value>) -> Result<(), ScimError> {
    let operations = body.get("Operations").and_then(Value::as_array);
    let operations = operations.ok_or_else(|| ScimError::bad("Operations is required"))?;
    for operation in operations {
        let name = operation["op"].as_str().unwrap_or_default().to_lowercase();
        let value = operation.get("value").cloned().unwrap_or(Value::Null);
        let path = operation["path"].as_str();
        match (name.as_str(), path) {
            ("add" | "replace", Some(path)) => set(resource, path, value)?,
            ("add" | "replace", None) => {
                let Value::Object(fields) = value else {
                    return Err(ScimError::bad("without a path, the value must be an object"));
                };
                for (path, value) in fields {
                    set(resource, &path, value)?;
                }
            }
            ("remove", Some(path)) => set(resource, path, Value::Null)?,
            _ => return Err(ScimError::bad(format!("no such operation: {name}"))),
        }
    }
    Ok(())
}

/// Sets what is at a path: `displayName`, `name.formatted`, `emails[primary eq true].value`, `emails.value`.
fn set(resource: &mut Value, path: &str, value: Value) -> Result<(), ScimError> {
    let path = path.strip_prefix(super::USER).map_or(path, |rest| rest.trim_start_matches(':'));
    let (first, rest) = match path.split_once(['.', '[']) {
        Some((first, rest)) => (first, Some(rest.rsplit_once("].").map_or(rest, |(_, rest)| rest))),
        None => (path, None),
    };
    let fields = resource.as_object_mut().ok_or_else(|| ScimError::bad("nothing to change"))?;
    let known = fields.keys().find(|known| known.eq_ignore_ascii_case(first)).cloned();
    let name = known.unwrap_or_else(|| first.to_owned());
    let is_display = name == "displayName";
    let shown = value.clone();
    match rest {
        None => {
            fields.insert(name, value);
        }
        Some("value") => {
            fields.insert(name, json!([{"value": value, "primary": true}]));
        }
        Some(inner) if !inner.contains(['[', ']']) => {
            let holder = fields.entry(name).or_insert_with(|| json!({}));
            let Some(holder) = holder.as_object_mut() else {
                return Err(ScimError::bad(format!("no such path: {path}")));
            };
            holder.insert(inner.to_owned(), value);
            // One name is shown in two places: the one that was changed holds.
            if first == "name" && inner == "formatted" {
                fields.insert("displayName".into(), shown);
            }
            return Ok(());
        }
        Some(_) => return Err(ScimError::bad(format!("no such path: {path}"))),
    }
    if is_display {
        fields.insert("name".into(), json!({"formatted": shown}));
    }
    // The user name is the e-mail: one follows the other.
    if first.eq_ignore_ascii_case("userName") {
        fields.insert("emails".into(), json!([{"value": fields["userName"], "primary": true}]));
    } else if first.eq_ignore_ascii_case("emails") {
        let email = fields["emails"][0]["value"].clone();
        fields.insert("userName".into(), email);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::apply;

    fn patched(operations: &Value) -> Value {
        let mut user = json!({"userName": "a@x.test", "displayName": "A", "name": {"formatted": "A"},
            "emails": [{"value": "a@x.test", "primary": true}]});
        let body = json!({"Operations": operations});
        apply(&mut user, body.as_object().unwrap()).unwrap_or_else(|error| panic!("{}", error.detail));
        user
    }

    #[test]
    fn operations() {
        let user = patched(&json!([{"op": "replace", "path": "displayName", "value": "B"}]));
        assert_eq!((&user["displayName"], &user["name"]["formatted"]), (&json!("B"), &json!("B")));
        let user = patched(&json!([{"op": "Replace", "value": {"name.formatted": "C"}}]));
        assert_eq!(user["displayName"], "C");
        let user =
            patched(&json!([{"op": "add", "path": "emails[primary eq true].value", "value": "b@x.test"}]));
        assert_eq!(user["userName"], "b@x.test");
        let user = patched(&json!([{"op": "replace", "path": "userName", "value": "c@x.test"}]));
        assert_eq!(user["emails"][0]["value"], "c@x.test");
    }
}
