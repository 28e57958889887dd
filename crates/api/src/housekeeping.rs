//! What the server does by itself: notes when documents were changed, and empties the trash.

use std::collections::HashSet;
use std::time::Duration;

use home::{Home, now};
use tokio::sync::{mpsc, oneshot};

use crate::create::remove_files;
use crate::state::Server;

/// Changes are noted together, so that a document under heavy editing does not keep the home database busy.
const PAUSE: Duration = Duration::from_secs(2);

/// How often the trash is looked through.
const ROUND: Duration = Duration::from_secs(3600);

/// How long what is in the trash can be had back, and a fork lives that nobody changes: 30 days.
const KEPT: i64 = 30 * 24 * 3600 * 1000;

/// Notes in the home database when documents were changed, as their ids come in. At the end, what has come in by then is noted too.
pub async fn note_changes(
    home: Home,
    mut changes: mpsc::UnboundedReceiver<String>,
    mut end: oneshot::Receiver<()>,
) {
    let mut ended = false;
    while !ended {
        let mut ids = HashSet::new();
        tokio::select! {
            _ = &mut end => ended = true,
            first = changes.recv() => match first {
                Some(id) => {
                    ids.insert(id);
                    ended = tokio::time::timeout(PAUSE, &mut end).await.is_ok();
                }
                None => return,
            },
        }
        while let Ok(id) = changes.try_recv() {
            ids.insert(id);
        }
        if ids.is_empty() {
            continue;
        }
        if let Err(error) = home.note_changes(ids.iter().map(String::as_str), now()).await {
            tracing::error!("changes of documents could not be noted: {error}");
        }
    }
}

/// Removes for good what has been in the trash for 30 days, now and then.
pub async fn keep_house(server: Server) {
    loop {
        match server.home.empty_trash(now() - KEPT).await {
            Ok(files) => {
                if !files.is_empty() {
                    tracing::info!("{} documents removed that nobody missed for 30 days", files.len());
                }
                remove_files(&server, files).await;
            }
            Err(error) => tracing::error!("the trash could not be emptied: {error}"),
        }
        tokio::time::sleep(ROUND).await;
    }
}
