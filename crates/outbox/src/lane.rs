//! The life of a lane: a batch, its attempts, the next batch; until nothing waits.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::OutboxError;
use crate::outbox::{Batch, Inner, Key, Target};
use crate::status::{BatchStatus, LastBatch, Phase};

/// The longest wait between two attempts, in steps.
const LONGEST_WAIT: u32 = 64;
/// The longest wait after a batch was put off, in steps.
const LONGEST_REST: u32 = 3600;
/// Attempts while more wait than should.
const HURRIED: u32 = 5;
/// How many times more than should may wait at all, for a receiver that takes nothing.
const CEILING: u64 = 10;

/// What became of a round.
enum Round {
    /// Nothing waits.
    Empty,
    /// Nobody is to be called for now.
    Paused,
    /// A batch is done with.
    Done,
    /// The receiver takes nothing.
    PutOff,
}

/// Delivers what waits, and ends when nothing does.
pub(crate) async fn run(inner: Arc<Inner>, key: Key) {
    let mut rest = LONGEST_WAIT;
    loop {
        inner.look(&key);
        let round = round(&inner, &key).await;
        match round {
            Ok(Round::Done) => {
                rest = LONGEST_WAIT;
                continue;
            }
            Ok(Round::Empty | Round::Paused) => {
                if inner.retire(&key) {
                    return;
                }
                continue;
            }
            Ok(Round::PutOff) => {}
            Err(error) => tracing::error!(document = key.0, "a webhook cannot be served: {error}"),
        }
        tokio::time::sleep(inner.pace.step * rest).await;
        rest = (rest * 2).min(LONGEST_REST);
    }
}

async fn round(inner: &Inner, key: &Key) -> Result<Round, OutboxError> {
    let (document, webhook) = (key.0.as_str(), key.1.as_str());
    let (url, authorization) = match inner.source.target(document, webhook).await? {
        Target::Known { url, authorization } => (url, authorization),
        Target::Paused => return Ok(Round::Paused),
        Target::Gone => {
            // Whoever took the webhook away does not want to hear the rest.
            inner.source.forget(document, webhook, i64::MAX).await?;
            return Ok(Round::Empty);
        }
    };
    let batch = inner.source.batch(document, webhook, inner.pace.batch).await?;
    let Some(last) = batch.events.last().map(|event| event.id) else { return Ok(Round::Empty) };
    let oldest = now() - i64::try_from(inner.pace.expiry.as_millis()).unwrap_or(i64::MAX);
    let expired = batch.events.iter().take_while(|event| event.time_ms < oldest);
    if let Some((at, event)) = expired.enumerate().last() {
        give_up(inner, key, at + 1, "expired".to_owned());
        inner.source.forget(document, webhook, event.id).await?;
        return Ok(Round::Done);
    }
    let attempt = Attempt { inner, key, url: &url, authorization: &authorization, batch: &batch };
    if let Err(error) = inner.client.addresses().check(&url) {
        give_up(inner, key, batch.events.len(), error.to_string());
        inner.source.forget(document, webhook, last).await?;
        return Ok(Round::Done);
    }
    let is_late = batch.waiting >= inner.pace.most_waiting;
    let most = if is_late { inner.pace.attempts.min(HURRIED) } else { inner.pace.attempts };
    if attempt.repeated(most).await {
        inner.source.forget(document, webhook, last).await?;
        phase(inner, key, Phase::Idle);
        return Ok(Round::Done);
    }
    tracing::warn!(document, webhook, "a webhook takes nothing");
    if is_late {
        give_up(inner, key, batch.events.len(), "too many events wait".to_owned());
        inner.source.forget(document, webhook, last).await?;
        inner.source.keep_newest(document, webhook, inner.pace.most_waiting * CEILING).await?;
        return Ok(Round::Done);
    }
    phase(inner, key, Phase::Postponed);
    Ok(Round::PutOff)
}

struct Attempt<'a> {
    inner: &'a Inner,
    key: &'a Key,
    url: &'a str,
    authorization: &'a str,
    batch: &'a Batch,
}

impl Attempt<'_> {
    /// Whether the receiver has taken it, in the end.
    async fn repeated(&self, most: u32) -> bool {
        let mut body = String::from("[");
        for (at, event) in self.batch.events.iter().enumerate() {
            if at > 0 {
                body.push(',');
            }
            body.push_str(&event.payload);
        }
        body.push(']');
        let mut wait = 1;
        phase(self.inner, self.key, Phase::Sending);
        for number in 1..=most.max(1) {
            let answer = self.inner.client.post(self.url, self.authorization, body.clone()).await;
            let (status, http_status, error) = match answer {
                Ok(answer) if (200..300).contains(&answer.status) => {
                    (BatchStatus::Success, Some(answer.status), None)
                }
                Ok(answer) => (BatchStatus::Failure, Some(answer.status), Some(answer.text)),
                Err(error) => (BatchStatus::Failure, None, Some(error.to_string())),
            };
            let size = self.batch.events.len();
            let batch = LastBatch { size, error, http_status, status, attempts: number };
            self.inner.note(self.key, |status| status.note_batch(batch, now()));
            if status == BatchStatus::Success {
                return true;
            }
            if number < most {
                phase(self.inner, self.key, Phase::Retrying);
                tokio::time::sleep(self.inner.pace.step * wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
        false
    }
}

/// Events that are not delivered, and will not be.
fn give_up(inner: &Inner, key: &Key, size: usize, error: String) {
    tracing::warn!(document = key.0, webhook = key.1, size, "events of a webhook are given up: {error}");
    inner.note(key, |status| {
        let before = status.last_batch.take();
        let batch = LastBatch {
            size,
            error: Some(error),
            http_status: before.as_ref().and_then(|batch| batch.http_status),
            status: BatchStatus::Rejected,
            attempts: before.map_or(0, |batch| batch.attempts),
        };
        status.note_batch(batch, now());
    });
    phase(inner, key, Phase::Error);
}

fn phase(inner: &Inner, key: &Key, phase: Phase) {
    inner.note(key, |status| status.note_phase(phase, now()));
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
