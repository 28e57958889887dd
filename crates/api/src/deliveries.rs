//! Between the outbox and the documents: where webhooks lead, and what waits for them.

use std::sync::Arc;

use document::{Documents, Handle, News};
use home::Home;
use outbox::{
    Addresses, Batch, Client, Event, Outbox, OutboxError, Pace, Proxy, Source, Target, Timeouts, Work,
};
use serde_json::Value;
use settings::Settings;
use store::DocFile;
use tokio::sync::mpsc;

use crate::state::{Server, document_path};

/// An outbox for the webhooks of these documents, as the settings have it.
///
/// # Errors
/// When the proxy is not one.
pub fn outbox(settings: &Arc<Settings>, home: &Home, documents: &Documents) -> Result<Outbox, OutboxError> {
    let addresses = Addresses::new(settings.webhook_domains.clone(), settings.webhook_private);
    let proxy = Proxy::parse(settings.webhook_proxy.as_deref().unwrap_or_default())?;
    let pace = Pace {
        step: settings.webhook_wait,
        attempts: settings.webhook_attempts,
        most_waiting: settings.webhook_max_queue,
        ..Pace::default()
    };
    let source = Files { settings: Arc::clone(settings), home: home.clone(), documents: documents.clone() };
    Ok(Outbox::new(Arc::new(source), Client::new(addresses, proxy, Timeouts::default()), pace))
}

/// Delivers what documents have to tell, as it comes in, and first what an earlier run of the program left.
pub async fn deliver(server: Server, mut news: mpsc::UnboundedReceiver<News>) {
    tokio::spawn(open_waiting(server.clone()));
    while let Some(News { document, webhooks }) = news.recv().await {
        server.outbox.wake(&document, &webhooks);
    }
}

/// Opens the documents in which something waits: they say so then.
async fn open_waiting(server: Server) {
    let known = match server.home.documents_with_secrets().await {
        Ok(known) => known,
        Err(error) => return tracing::error!("what waits for webhooks cannot be looked for: {error}"),
    };
    for id in known {
        let path = server.document_path(&id);
        let look = path.clone();
        let waits = tokio::task::spawn_blocking(move || {
            DocFile::open_read_only(&look).and_then(|(file, _)| file.outgoing_counts())
        });
        // What cannot be told from outside is told by opening it.
        let waits = waits.await.is_ok_and(|counts| counts.map_or(true, |counts| !counts.is_empty()));
        if waits
            && server.home.is_in_use(&id).await.unwrap_or(false)
            && let Err(error) = server.documents.get(&id, &path).await
        {
            tracing::error!(document = id, "what waits for webhooks cannot be read: {error}");
        }
    }
}

/// Events wait in the files of documents; addresses and keys are in the home database.
#[derive(Debug)]
struct Files {
    settings: Arc<Settings>,
    home: Home,
    documents: Documents,
}

fn failed(error: &dyn std::fmt::Display) -> OutboxError {
    OutboxError::Source(error.to_string())
}

impl Files {
    async fn open(&self, document: &str) -> Result<Handle, OutboxError> {
        let path = document_path(&self.settings, document);
        self.documents.get(document, &path).await.map_err(|error| failed(&error))
    }

    async fn with_file<T: Send + 'static>(
        &self,
        document: &str,
        work: impl FnOnce(&mut DocFile) -> Result<T, store::StoreError> + Send + 'static,
    ) -> Result<T, OutboxError> {
        let handle = self.open(document).await?;
        handle.with_file(work).await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }
}

impl Source for Files {
    fn target<'a>(&'a self, document: &'a str, webhook: &'a str) -> Work<'a, Target> {
        Box::pin(async move {
            if !self.home.is_in_use(document).await.map_err(|error| failed(&error))? {
                return Ok(Target::Paused);
            }
            let secret = self.home.secret(document, webhook).await.map_err(|error| failed(&error))?;
            let secret: Option<Value> = secret.and_then(|secret| serde_json::from_str(&secret).ok());
            let Some(secret) = secret else { return Ok(Target::Gone) };
            let text = |name: &str| secret[name].as_str().unwrap_or_default().to_owned();
            Ok(Target::Known { url: text("url"), authorization: text("authorization") })
        })
    }

    fn batch<'a>(&'a self, document: &'a str, webhook: &'a str, most: usize) -> Work<'a, Batch> {
        Box::pin(async move {
            let id = webhook.to_owned();
            let (events, waiting) = self.with_file(document, move |file| file.outgoing(&id, most)).await?;
            let events = events
                .into_iter()
                .map(|event| Event { id: event.id, time_ms: event.time_ms, payload: event.payload })
                .collect();
            Ok(Batch { events, waiting })
        })
    }

    fn forget<'a>(&'a self, document: &'a str, webhook: &'a str, upto: i64) -> Work<'a, ()> {
        let id = webhook.to_owned();
        Box::pin(self.with_file(document, move |file| file.forget_outgoing(&id, upto)))
    }

    fn keep_newest<'a>(&'a self, document: &'a str, webhook: &'a str, keep: u64) -> Work<'a, ()> {
        let id = webhook.to_owned();
        Box::pin(self.with_file(document, move |file| file.keep_newest_outgoing(&id, keep)))
    }
}
