//! One connection: the upgrade, then two loops, one that listens and one that speaks.
//!
//! Requests are begun in the order in which they come and answered as they finish. A client that does not read is not read from.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Extension, Query, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{FuturesUnordered, SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use home::Site;
use login::Identity;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::calls;
use crate::client::Client;
use crate::descriptor::Descriptor;
use crate::greeting::Greeting;
use crate::outbox::Overflow;
use crate::render::Outgoing;
use crate::server::Live;

/// The largest message taken, as Grist's.
const LARGEST: usize = 100_000_000;
/// What a connection sets aside for reading and for writing: most are idle most of the time.
const BUFFER: usize = 8 << 10;
/// The greeting is said twice, in case the first was too early for the client's program.
const AGAIN: Duration = Duration::from_millis(250);
/// Requests of one client under way at once.
const AT_ONCE: usize = 100;
/// A client that has been sent something is asked whether it has arrived, so often at most.
const ASK: Duration = Duration::from_secs(2);
/// A client that has nothing to say is asked whether it is still there.
const ALIVE: Duration = Duration::from_secs(25);
/// A client that has not said anything for so long, not even to that question, is gone; so is one that takes nothing.
const GONE: Duration = Duration::from_secs(90);

/// A request under way.
pub(crate) type Running = Pin<Box<dyn Future<Output = Done> + Send>>;

/// The answer to a request.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) text: String,
    /// A document that it opened: what happens there is told after the answer.
    pub(crate) opened: Option<Arc<Descriptor>>,
}

/// Who is at the other end.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) live: Live,
    pub(crate) client: Arc<Client>,
    pub(crate) identity: Identity,
    /// The site that the address names.
    pub(crate) site: Site,
    pub(crate) origin: Option<String>,
}

/// Takes an upgrade. A page of another site is refused; a wrong key is told nothing.
pub(crate) async fn connect(
    State(live): State<Live>,
    Query(query): Query<HashMap<String, String>>,
    site: Option<Extension<Site>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !live.rooms.login.is_own_origin(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    // Access tokens are for REST: who has a good one is nobody here, who has a bad one is cut off.
    let identity = match query.get("auth") {
        Some(_) => return upgrade.on_upgrade(async |socket| drop(socket)),
        None => live.rooms.login.identify(&headers).await,
    };
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()).map(str::to_owned);
    let site = site.map(|Extension(site)| site).unwrap_or_default();
    let greeting = Greeting::of(&query);
    let upgrade = upgrade.max_message_size(LARGEST).max_frame_size(LARGEST);
    let upgrade = upgrade.read_buffer_size(BUFFER).write_buffer_size(BUFFER);
    upgrade.on_upgrade(async move |socket| match identity {
        Ok(identity) => Box::pin(converse(live, socket, greeting, identity, site, origin)).await,
        Err(error) => tracing::debug!(%error, "a connection was refused"),
    })
}

async fn converse(
    live: Live,
    socket: WebSocket,
    greeting: Greeting,
    identity: Identity,
    site: Site,
    origin: Option<String>,
) {
    let (client, welcome) = live.greet(&greeting, &identity).await;
    let peer = Peer { live, client, identity, site, origin };
    let (mut sink, mut stream) = socket.split();
    let mut running = FuturesUnordered::new();
    let mut is_clean = false;
    let first = sink.send(Message::Text(welcome.text(false).into())).await;
    if first.is_ok() && !welcome.is_dead_end {
        is_clean = tokio::select! {
            is_clean = listen(&peer, &mut stream, &mut running) => is_clean,
            _ = speak(&peer.client, &mut sink, welcome.text(true).into()) => false,
            () = peer.client.outbox.until_abandoned() => false,
        };
    } else if welcome.is_dead_end {
        let _ = sink.close().await;
    }
    let Peer { live, client, .. } = peer;
    if client.outbox.detach(is_clean).is_err() && !welcome.is_dead_end {
        live.clients.discard(&client);
        return;
    }
    live.clients.keep_for_a_while(&client);
    // Answers to requests under way are among what it misses.
    while let Some(done) = running.next().await {
        if answer(&client, done).is_err() {
            live.clients.discard(&client);
        }
    }
}

fn answer(client: &Client, done: Done) -> Result<(), Overflow> {
    client.outbox.push(Outgoing::Answer(done.text))?;
    if let Some(descriptor) = done.opened {
        descriptor.tell();
    }
    Ok(())
}

/// Takes requests until the client goes. Whether it has said goodbye.
async fn listen(
    peer: &Peer,
    stream: &mut SplitStream<WebSocket>,
    running: &mut FuturesUnordered<Running>,
) -> bool {
    let outbox = &peer.client.outbox;
    loop {
        let is_open = running.len() < AT_ONCE && !outbox.is_full();
        tokio::select! {
            message = stream.next(), if is_open => match message {
                Some(Ok(Message::Text(text))) => take(peer, &text, running).await,
                Some(Ok(Message::Binary(bytes))) => {
                    if let Ok(text) = std::str::from_utf8(&bytes) {
                        take(peer, text, running).await;
                    }
                }
                Some(Ok(Message::Pong(bytes))) => {
                    if let Ok(number) = bytes.as_ref().try_into() {
                        outbox.acknowledge(u64::from_be_bytes(number));
                    }
                }
                Some(Ok(Message::Ping(_))) => {}
                Some(Ok(Message::Close(_))) => return true,
                Some(Err(_)) | None => return false,
            },
            Some(done) = running.next() => {
                if answer(&peer.client, done).is_err() {
                    return false;
                }
            }
            () = outbox.room(), if !is_open => {}
            () = sleep(GONE), if is_open => return false,
        }
    }
}

async fn take(peer: &Peer, text: &str, running: &mut FuturesUnordered<Running>) {
    if let Some(begun) = calls::begin(peer, text).await {
        running.push(begun);
    }
}

/// Sends what is to be sent, until it cannot.
async fn speak(
    client: &Client,
    sink: &mut SplitSink<WebSocket, Message>,
    again: Utf8Bytes,
) -> Result<(), axum::Error> {
    let outbox = &client.outbox;
    let mut again = Some(again);
    let repeat = Instant::now() + AGAIN;
    let mut asked = (Instant::now(), None);
    loop {
        while let Some(text) = outbox.pop() {
            patiently(sink.feed(Message::Text(text))).await?;
        }
        patiently(sink.flush()).await?;
        if outbox.is_cut() {
            return patiently(sink.close()).await;
        }
        let last = outbox.last_sent();
        let next_question = asked.0 + if last.is_some() && last != asked.1 { ASK } else { ALIVE };
        tokio::select! {
            () = outbox.work() => {}
            () = sleep_until(repeat), if again.is_some() => {
                if let Some(text) = again.take() {
                    patiently(sink.send(Message::Text(text))).await?;
                }
            }
            () = sleep_until(next_question) => {
                asked = (Instant::now(), last);
                let number = last.map(|number| number.to_be_bytes().to_vec()).unwrap_or_default();
                patiently(sink.send(Message::Ping(number.into()))).await?;
            }
        }
    }
}

async fn patiently(sending: impl Future<Output = Result<(), axum::Error>>) -> Result<(), axum::Error> {
    timeout(GONE, sending).await.unwrap_or_else(|late| Err(axum::Error::new(late)))
}
