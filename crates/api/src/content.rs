//! What is in a document, over REST: tables, columns, records, user actions, SQL, files, downloads, history.
//!
//! Requests become user actions in modules that look nothing up (`…_requests`); rows become text straight from the columns' vectors (`cell_json`, `record_json`), on
//! threads of their own and in pieces (`stream`).

mod apply;
mod attachment_care;
mod attachments;
mod care;
mod cell_json;
mod cell_text;
mod columns;
mod data;
mod date_text;
mod delimited;
mod disposition;
mod download;
mod edit;
mod export_table;
mod forms;
mod history;
mod image_size;
mod number_text;
mod patch;
mod payload;
mod proposals;
mod record_json;
mod record_requests;
mod records;
mod row_filter;
mod row_query;
mod schema_reads;
mod schema_requests;
mod spreadsheet;
mod sql;
mod stream;
mod summary_json;
mod table_schema;
mod tables;
mod timing;
mod triggers;
mod webhook_usage;
mod webhooks;

use axum::Router;

use crate::state::Server;

/// All routes about what is in a document.
pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .merge(apply::routes())
        .merge(attachment_care::routes())
        .merge(attachments::routes())
        .merge(care::routes())
        .merge(timing::routes())
        .merge(columns::routes())
        .merge(data::routes())
        .merge(download::routes())
        .merge(forms::routes())
        .merge(history::routes())
        .merge(proposals::routes())
        .merge(records::routes())
        .merge(sql::routes())
        .merge(tables::routes())
        .merge(triggers::routes())
        .merge(webhooks::routes())
}
