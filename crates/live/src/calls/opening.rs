//! Opening, closing, reloading and forking documents.

use std::sync::Arc;

use document::Opened;
use home::{DocumentName, Site};
use login::Identity;
use model::Role;
use model::json::{Dialect, table_to_json};
use serde_json::{Map, Value, json};
use store::CopyOptions;

use crate::answer::{Answer, Refusal, Rendered};
use crate::call::OpenDoc;
use crate::client::Client;
use crate::connection::Peer;
use crate::descriptor::Descriptor;
use crate::render::{log_json, usage_json};
use crate::server::{Live, Rights};

/// Opens a document. What happens in it is told once the answer is out.
pub(super) fn open(
    peer: &Peer,
    open: OpenDoc,
) -> impl Future<Output = Result<(Rendered, Arc<Descriptor>), Refusal>> + Send + use<> {
    let (live, client, identity) = (peer.live.clone(), Arc::clone(&peer.client), peer.identity.clone());
    let (site, origin) = (peer.site.clone(), peer.origin.clone());
    async move {
        if site == Site::Unnamed {
            return Err(Refusal::bad(
                "Documents can only be opened in the context of a specific organization",
            ));
        }
        let rights = live.rights(&identity.person, &site, &open.id).await?;
        // Names that people chose, and shortened ids, are for addresses.
        let rights = rights.filter(|rights| rights.id == open.id).ok_or_else(Refusal::not_found)?;
        let role = rights.usable()?;
        let number = client.reserve().ok_or_else(|| Refusal::bad("too many documents are open"))?;
        let opened = open_at(&live, &client, number, &open, (site, rights, role), &identity, origin).await;
        if opened.is_err() {
            client.free(number);
        }
        opened
    }
}

async fn open_at(
    live: &Live,
    client: &Arc<Client>,
    number: usize,
    open: &OpenDoc,
    (site, rights, role): (Site, Rights, Role),
    identity: &Identity,
    origin: Option<String>,
) -> Result<(Rendered, Arc<Descriptor>), Refusal> {
    let handle = live.rooms.documents.get(&rights.id, &live.document_path(&rights.id)).await?;
    let person = person(identity, open.mode.shown(role), &client.id, origin, open.link.clone());
    let user = user_json(&person);
    let shows_usage = person.may_edit();
    let about = (site, open.mode, &rights);
    let descriptor = Arc::new(Descriptor::new(live.clone(), client, number, handle, about, (person, role)));
    let opened = descriptor.join(open.windows).await?;
    client.place(number, Arc::clone(&descriptor));
    let answer = opened_text(&client.id, number, &opened, &user, shows_usage);
    Ok((answer, descriptor))
}

fn opened_text(client: &str, number: usize, opened: &Opened, user: &Value, shows_usage: bool) -> String {
    let tables = opened.metadata.iter();
    let tables: Map<String, Value> =
        tables.map(|table| (table.table.to_string(), table_to_json(table, Dialect::Grist))).collect();
    json!({
        "docFD": number,
        "clientId": client,
        "doc": tables,
        "log": opened.log.iter().map(log_json).collect::<Value>(),
        "recoveryMode": false,
        "user": user,
        "docUsage": usage_json(&opened.usage, shows_usage),
        "isTimingOn": opened.is_timing,
    })
    .to_string()
}

/// Somebody, as the document knows people.
fn person(
    identity: &Identity,
    role: Role,
    connection: &str,
    origin: Option<String>,
    link_key: Vec<(String, String)>,
) -> document::Person {
    let person = &identity.person;
    document::Person {
        role: Some(role),
        id: person.id,
        reference: Some(person.reference.clone()),
        email: person.email.clone(),
        name: person.name.clone(),
        picture: person.picture.clone(),
        session: identity.session_id(connection),
        logged_in: !person.is_anonymous(),
        origin,
        link_key,
    }
}

/// What the client is told of who it is; formulas and rules know the same as `user`.
fn user_json(person: &document::Person) -> Value {
    let keys: Map<String, Value> =
        person.link_key.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    json!({
        "Name": person.name,
        "UserID": person.id,
        "Access": person.role.map(Role::name),
        "Origin": person.origin,
        "LinkKey": keys,
        "Email": person.email,
        "SessionID": person.session,
        "UserRef": person.reference,
        "ShareRef": null,
        "Type": null,
        "IsLoggedIn": person.logged_in,
    })
}

/// Closes a document for this client.
pub(super) fn close(client: &Client, descriptor: &Descriptor) {
    client.free(descriptor.number);
    descriptor.leave();
}

/// Closes a document for everybody and cuts their connections; it is read anew when they come again.
pub(super) async fn reload(live: Live, on: Arc<Descriptor>) -> Answer {
    live.rooms.documents.close(on.handle.id(), true).await;
    Ok(None)
}

/// Makes a copy of one's own to try something out.
pub(super) async fn fork(live: Live, client: Arc<Client>, on: Arc<Descriptor>) -> Answer {
    if on.is_fork {
        return Err(Refusal::Status(400, "Cannot fork a document that's already a fork".to_owned()));
    }
    if !on.handle.rights(&on.person()).await?.may_copy {
        return Err(Refusal::Status(403, "Insufficient access to document to copy it entirely".to_owned()));
    }
    let home = &live.rooms.home;
    let broken = |error: home::HomeError| Refusal::broken(&error);
    let access = home.document_access(&client.person, &on.site, on.handle.id()).await.map_err(broken)?;
    let trunk = access.ok_or_else(Refusal::not_found)?.document;
    let id = home.add_fork(&client.person, &trunk.id, &trunk.name).await.map_err(broken)?;
    if let Err(error) = on.handle.copy_to(&live.document_path(&id), CopyOptions::default()).await {
        home.delete_document(&id).await.map_err(broken)?;
        return Err(error.into());
    }
    let name = DocumentName::parse(&id);
    let fork = name.fork.unwrap_or_default();
    let address = DocumentName::of_fork(trunk.address(), &fork, name.fork_by);
    Ok(Some(json!({"forkId": fork, "docId": id, "urlId": address}).to_string()))
}
