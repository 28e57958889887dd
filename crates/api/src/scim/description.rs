//! What SCIM says of itself: what is supported, which kinds of resources there are, and which attributes they have.

use axum::extract::Path;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{LIST, Scim, ScimError, USER, signed_in};
use crate::caller::Caller;

const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ROLE: &str = "urn:ietf:params:scim:schemas:Grist:1.0:Role";

/// Name, schema and description of each kind.
const KINDS: &[(&str, &str, &str)] = &[
    ("User", USER, "User account"),
    ("Group", GROUP, "Group of people"),
    ("Role", ROLE, "People who have a role"),
];

fn list(resources: &[Value]) -> Scim {
    let answer = json!({
        "schemas": [LIST],
        "totalResults": resources.len(),
        "startIndex": 1,
        "itemsPerPage": 20,
        "Resources": resources,
    });
    Scim(StatusCode::OK, answer)
}

fn found(resources: Vec<Value>, id: &str) -> Result<Scim, ScimError> {
    let resource = resources.into_iter().find(|resource| resource["id"] == id);
    let missing = || ScimError::new(StatusCode::NOT_FOUND, None, format!("{id} not found"));
    resource.map(|resource| Scim(StatusCode::OK, resource)).ok_or_else(missing)
}

pub(super) async fn provider(caller: Caller) -> Result<Scim, ScimError> {
    signed_in(&caller)?;
    let answer = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "meta": {"resourceType": "ServiceProviderConfig", "location": "/api/scim/v2/ServiceProviderConfig"},
        "patch": {"supported": true},
        "bulk": {"supported": true, "maxOperations": 1000, "maxPayloadSize": crate::body::LIMIT},
        "filter": {"supported": true, "maxResults": 200},
        "changePassword": {"supported": false},
        "sort": {"supported": true},
        "etag": {"supported": false},
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "Authentication scheme using the OAuth Bearer Token Standard",
            "specUri": "https://datatracker.ietf.org/doc/html/rfc6750",
        }],
    });
    Ok(Scim(StatusCode::OK, answer))
}

fn kinds() -> Vec<Value> {
    let kind = |(name, schema, description): &(&str, &str, &str)| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "meta": {"resourceType": "ResourceType", "location": format!("/api/scim/v2/ResourceTypes/{name}")},
            "id": name,
            "name": name,
            "endpoint": format!("/{name}s"),
            "description": description,
            "schema": schema,
        })
    };
    KINDS.iter().map(kind).collect()
}

pub(super) async fn resource_types(caller: Caller) -> Result<Scim, ScimError> {
    signed_in(&caller)?;
    Ok(list(&kinds()))
}

pub(super) async fn resource_type(caller: Caller, Path(id): Path<String>) -> Result<Scim, ScimError> {
    signed_in(&caller)?;
    found(kinds(), &id)
}

fn attribute(name: &str, kind: &str, required: bool, multiple: bool) -> Value {
    json!({
        "name": name,
        "type": kind,
        "multiValued": multiple,
        "required": required,
        "caseExact": false,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": if name == "userName" { "server" } else { "none" },
    })
}

fn all_schemas() -> Vec<Value> {
    let schema = |(name, schema, description): &(&str, &str, &str)| {
        let attributes = match *name {
            "User" => vec![
                attribute("userName", "string", true, false),
                attribute("name", "complex", false, false),
                attribute("displayName", "string", false, false),
                attribute("preferredLanguage", "string", false, false),
                attribute("locale", "string", false, false),
                attribute("emails", "complex", true, true),
                attribute("photos", "complex", false, true),
            ],
            _ => vec![
                attribute("displayName", "string", true, false),
                attribute("members", "complex", false, true),
            ],
        };
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "meta": {"resourceType": "Schema", "location": format!("/api/scim/v2/Schemas/{schema}")},
            "id": schema,
            "name": name,
            "description": description,
            "attributes": attributes,
        })
    };
    KINDS.iter().map(schema).collect()
}

pub(super) async fn schemas(caller: Caller) -> Result<Scim, ScimError> {
    signed_in(&caller)?;
    Ok(list(&all_schemas()))
}

pub(super) async fn schema(caller: Caller, Path(id): Path<String>) -> Result<Scim, ScimError> {
    signed_in(&caller)?;
    found(all_schemas(), &id)
}
