//! Suggestions: what was changed in a fork, offered to the document it was made of; its owners take it over or do not.

use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use document::ApplyOptions;
use home::{DocumentName, Proposal, ProposalStatus};
use model::Role;
use serde_json::{Value, json};

use super::edit::Parameters;
use super::history::{Extent, comparison};
use super::patch::Patch;
use crate::body::{JsonBody, is_on};
use crate::caller::Caller;
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::show;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}/propose", post(propose))
        .route("/docs/{did}/proposals", get(list))
        .route("/docs/{did}/proposals/{number}/apply", post(apply))
}

/// A proposal as it is told. `hide`: forks of the anonymous are known by their ids to whoever made them, and may be changed by whoever knows the id.
async fn shown(server: &Server, proposal: &Proposal, hide: bool) -> Result<Value, ApiError> {
    let source = &proposal.source;
    let creator = match source.created_by {
        Some(id) => server.home.person(id).await?,
        None => None,
    };
    let is_anonymous = creator.as_ref().is_none_or(home::Person::is_anonymous);
    let creator = creator.map_or(Value::Null, |person| {
        let mut creator = json!({"id": person.id, "name": person.name, "email": person.email});
        if is_anonymous {
            creator["anonymous"] = true.into();
        }
        creator
    });
    let mut shown_source = show::document(source, None, false);
    shown_source.insert("creator".into(), creator);
    let hidden = hide && is_anonymous;
    if hidden {
        shown_source.insert("id".into(), "hidden".into());
        shown_source.insert("urlId".into(), "hidden".into());
    }
    let compared: Value = serde_json::from_str(&proposal.comparison).unwrap_or_default();
    let status = match proposal.status.word() {
        "" => json!({}),
        word => json!({"status": word}),
    };
    Ok(json!({
        "shortId": proposal.short_id,
        "comparison": {"comparison": compared},
        "status": status,
        "createdAt": show::instant(proposal.created_at),
        "updatedAt": show::instant(proposal.updated_at),
        "appliedAt": proposal.applied_at.map(show::instant),
        "srcDocId": if hidden { "hidden" } else { source.id.as_str() },
        "srcDoc": shown_source,
        "destDocId": proposal.destination,
    }))
}

async fn trunk_of(
    server: &Server,
    caller: &DocumentCaller,
    asks: Caller,
) -> Result<DocumentCaller, ApiError> {
    let trunk = caller.access.document.trunk_id.as_deref().filter(|trunk| *trunk != "new");
    let trunk = trunk.ok_or_else(|| ApiError::bad("Can only propose from a fork"))?;
    DocumentCaller::named(server, asks, trunk).await
}

fn fork_of(caller: &DocumentCaller) -> Option<String> {
    DocumentName::parse(caller.id()).fork
}

async fn propose(
    State(server): State<Server>,
    caller: DocumentCaller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let trunk = trunk_of(&server, &caller, caller.caller.clone()).await?;
    let source = fork_of(&caller).ok_or_else(|| ApiError::bad("Can only propose from a fork"))?;
    let (ours, theirs) = (caller.open().await?, trunk.open().await?);
    caller.require_everything(&ours).await?;
    trunk.require_everything(&theirs).await?;
    let compared = comparison(&ours, &theirs, Some(Extent::Whole)).await?;
    if compared["summary"] == "unrelated" {
        return Err(ApiError::bad("the documents have nothing in common any more"));
    }
    let is_retracted = body.fields().get("retracted").is_some_and(|retracted| *retracted == true);
    let made = server.home.propose(&source, trunk.id(), &compared.to_string(), is_retracted).await?;
    Ok(Json(shown(&server, &made, false).await?))
}

async fn list(
    State(server): State<Server>,
    caller: DocumentCaller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, ApiError> {
    let document = caller.open().await?;
    if !document.rights(&caller.person()).await?.may_copy {
        return Err(ApiError::bad("access denied"));
    }
    let is_outgoing = is_on(query.get("outgoing"));
    let found = match (is_outgoing, fork_of(&caller)) {
        (true, Some(fork)) => server.home.proposals_of(&fork).await?,
        (true, None) => Vec::new(),
        (false, _) => server.home.proposals_for(caller.id()).await?,
    };
    let hide = !is_outgoing && caller.role < Role::Owner;
    let mut proposals = Vec::new();
    for proposal in &found {
        let mut one = shown(&server, proposal, hide).await?;
        one["destDoc"] = json!({"id": proposal.destination});
        if let Some(access) = server
            .home
            .document_access(caller.caller.person(), &caller.caller.site, &proposal.destination)
            .await?
        {
            one["destDoc"] =
                show::document(&access.document, access.role, access.public_role.is_some()).into();
        }
        proposals.push(one);
    }
    Ok(Json(json!({"proposals": proposals})))
}

/// Takes a proposal over as one turn. With `{"dismiss": true}`: does not, and says so.
async fn apply(
    State(server): State<Server>,
    caller: DocumentCaller,
    Path((_, number)): Path<(String, String)>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let number: i64 = number.parse().map_err(|_| {
        ApiError::bad(format!("proposalId parameter cannot be understood as an integer: {number}"))
    })?;
    if caller.role < Role::Owner {
        return Err(ApiError::bad("access denied"));
    }
    let missing = || ApiError::not_found("Proposal not found");
    let proposal = server.home.proposal(caller.id(), number).await?.ok_or_else(missing)?;
    let is_dismissed = body.fields().get("dismiss").is_some_and(|dismiss| *dismiss == true);
    let (log, status) = if is_dismissed {
        (Vec::new(), Some(ProposalStatus::Dismissed))
    } else {
        let log = take_over(&caller, &proposal).await?;
        let is_applied = log.iter().any(|entry| entry["fail"] != true);
        (log, is_applied.then_some(ProposalStatus::Applied))
    };
    if let Some(status) = status {
        server.home.set_proposal_status(caller.id(), number, status).await?;
    }
    let proposal = server.home.proposal(caller.id(), number).await?.ok_or_else(missing)?;
    let log = json!({"changes": log, "applied": status == Some(ProposalStatus::Applied)});
    let changes = json!({"proposal": shown(&server, &proposal, false).await?, "log": log});
    Ok(Json(json!({"proposalId": number, "changes": changes})))
}

/// What was done, or why not.
async fn take_over(caller: &DocumentCaller, proposal: &Proposal) -> Result<Vec<Value>, ApiError> {
    let document = caller.open().await?;
    let compared: Value = serde_json::from_str(&proposal.comparison).unwrap_or_default();
    let changes = compared["details"]["leftChanges"].clone();
    let mut patch = document.with_engine(move |engine, _| Patch::of(engine, &changes)).await?;
    if patch.actions.is_empty() {
        return Ok(patch.log);
    }
    let options =
        ApplyOptions { desc: Some(format!("proposal {}", proposal.short_id)), ..ApplyOptions::default() };
    let actions = std::mem::take(&mut patch.actions);
    if let Err(error) = document.apply(caller.person(), None, actions, options).await {
        // All of it or nothing.
        patch.log.clear();
        patch.fail(&error.to_string());
    }
    Ok(patch.log)
}
