//! What is to be sent to a client: numbered, in order, and kept until it has arrived.
//!
//! Bounded: a connected client that reads too slowly, or a disconnected one that misses too much, overflows; it is then forgotten and has to begin anew. Nobody
//! else waits for it. What was sent is kept until the client is known to have it (it answers a ping that was sent after it), so that a connection that
//! breaks loses nothing.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::Notify;

use crate::render::Outgoing;

/// Messages kept for a client that is not connected, as Grist's.
const KEPT: usize = 100;
/// Their characters, as Grist's.
const KEPT_WEIGHT: usize = 1_000_000;
/// What may wait for a connected client that reads slowly. One message may be larger.
const QUEUE_WEIGHT: usize = 32 << 20;
/// With more waiting than that, no more requests are taken.
const ENOUGH: usize = 4 << 20;

/// The client missed too much.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overflow;

/// The outgoing messages of a client.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    /// There is something to send.
    work: Notify,
    /// Something was sent.
    room: Notify,
    /// The connection is to end at once.
    abandoned: Notify,
    /// The connection has ended.
    free: Notify,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    waiting: VecDeque<Outgoing>,
    waiting_weight: usize,
    sent: VecDeque<(u64, Utf8Bytes)>,
    sent_weight: usize,
    connected: bool,
    /// The connection is to end when all is sent.
    is_cut: bool,
    /// The connection is to end at once.
    is_abandoned: bool,
    /// Messages are lost: the client has to begin anew.
    overflowed: bool,
}

impl Outbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a message at the end.
    pub(crate) fn push(&self, message: Outgoing) -> Result<(), Overflow> {
        let mut state = self.lock();
        if state.overflowed {
            return Ok(());
        }
        state.next += 1;
        state.waiting_weight += message.weight();
        state.waiting.push_back(message);
        let full = if state.connected {
            state.waiting_weight > QUEUE_WEIGHT && state.waiting.len() > 1
        } else {
            state.trim_sent();
            state.waiting.len() > KEPT || state.waiting_weight > KEPT_WEIGHT
        };
        if full {
            state.clear();
            state.overflowed = true;
            drop(state);
            self.abandon();
            return Err(Overflow);
        }
        drop(state);
        self.work.notify_one();
        Ok(())
    }

    /// The next message to send, now numbered and kept; rendered here, on the thread of whoever sends.
    pub(crate) fn pop(&self) -> Option<Utf8Bytes> {
        let (seq, message) = {
            let mut state = self.lock();
            let message = state.waiting.pop_front()?;
            state.waiting_weight = state.waiting_weight.saturating_sub(message.weight());
            (state.next - 1 - state.waiting.len() as u64, message)
        };
        let text = Utf8Bytes::from(message.text(seq));
        let mut state = self.lock();
        state.sent_weight += text.len();
        state.sent.push_back((seq, text.clone()));
        state.trim_sent();
        self.room.notify_one();
        Some(text)
    }

    /// The number of the message sent last.
    pub(crate) fn last_sent(&self) -> Option<u64> {
        self.lock().sent.back().map(|(seq, _)| *seq)
    }

    /// The client has received everything up to this number.
    pub(crate) fn acknowledge(&self, upto: u64) {
        let mut state = self.lock();
        while state.sent.front().is_some_and(|(seq, _)| *seq <= upto) {
            state.drop_oldest();
        }
    }

    /// Somebody connects, after whoever was connected has gone. Gives the messages after number `last`, if they are all here still.
    pub(crate) async fn attach(&self, last: Option<u64>) -> Option<Vec<String>> {
        while self.lock().connected {
            self.abandon();
            self.free.notified().await;
        }
        let mut state = self.lock();
        state.connected = true;
        state.is_cut = false;
        state.is_abandoned = false;
        let wanted = last.map_or(0, |last| last.saturating_add(1));
        let first_waiting = state.next - state.waiting.len() as u64;
        let first = state.sent.front().map_or(first_waiting, |(seq, _)| *seq);
        if wanted < first || wanted > state.next || state.overflowed {
            return None;
        }
        for (at, message) in std::mem::take(&mut state.waiting).into_iter().enumerate() {
            let seq = first_waiting + at as u64;
            let text = Utf8Bytes::from(message.text(seq));
            state.sent_weight += text.len();
            state.sent.push_back((seq, text));
        }
        state.waiting_weight = 0;
        let missed = state.sent.iter().filter(|(seq, _)| *seq >= wanted);
        Some(missed.map(|(_, text)| text.as_str().to_owned()).collect())
    }

    /// The client begins anew with the same numbering: what it missed does not matter.
    pub(crate) fn forget(&self) {
        let mut state = self.lock();
        state.clear();
        state.overflowed = false;
    }

    /// The client cannot go on: it has to begin anew.
    pub(crate) fn invalidate(&self) {
        let mut state = self.lock();
        state.clear();
        state.overflowed = true;
    }

    /// The connection has ended. `clean`: the client has said goodbye, so that it has received what was sent before.
    pub(crate) fn detach(&self, clean: bool) -> Result<(), Overflow> {
        let mut state = self.lock();
        state.connected = false;
        if clean {
            state.sent = VecDeque::new();
            state.sent_weight = 0;
        }
        let full = state.waiting.len() > KEPT || state.waiting_weight > KEPT_WEIGHT || state.overflowed;
        if full {
            state.clear();
            state.overflowed = true;
        }
        drop(state);
        self.free.notify_one();
        if full { Err(Overflow) } else { Ok(()) }
    }

    /// Asks the connection to end when everything is sent.
    pub(crate) fn cut(&self) {
        self.lock().is_cut = true;
        self.work.notify_one();
    }
    /// Asks the connection to end at once.
    pub(crate) fn abandon(&self) {
        self.lock().is_abandoned = true;
        self.abandoned.notify_one();
    }
    pub(crate) fn is_cut(&self) -> bool {
        self.lock().is_cut
    }
    pub(crate) fn is_connected(&self) -> bool {
        self.lock().connected
    }
    pub(crate) fn is_full(&self) -> bool {
        self.lock().waiting_weight > ENOUGH
    }

    /// Waits until there may be something to send.
    pub(crate) async fn work(&self) {
        self.work.notified().await;
    }
    /// Waits until something was sent.
    pub(crate) async fn room(&self) {
        self.room.notified().await;
    }
    /// Waits until the connection is to end at once.
    pub(crate) async fn until_abandoned(&self) {
        while !self.lock().is_abandoned {
            self.abandoned.notified().await;
        }
    }
}

impl State {
    fn clear(&mut self) {
        self.waiting = VecDeque::new();
        self.waiting_weight = 0;
        self.sent = VecDeque::new();
        self.sent_weight = 0;
    }

    fn drop_oldest(&mut self) {
        if let Some((_, text)) = self.sent.pop_front() {
            self.sent_weight -= text.len();
        }
    }

    /// What was sent is kept as far as there is room beside what still waits.
    fn trim_sent(&mut self) {
        while !self.sent.is_empty()
            && (self.sent.len() + self.waiting.len() > KEPT
                || self.sent_weight + self.waiting_weight > KEPT_WEIGHT)
        {
            self.drop_oldest();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Outgoing {
        Outgoing::Answer(format!("{{\"data\":{text}"))
    }
    fn numbers(messages: &[String]) -> Vec<u64> {
        let number = |text: &String| {
            let message: serde_json::Value = serde_json::from_str(text).expect("JSON");
            message["seqId"].as_u64().expect("a number")
        };
        messages.iter().map(number).collect()
    }
    async fn connected() -> Outbox {
        let outbox = Outbox::default();
        assert_eq!(outbox.attach(None).await, Some(vec![]));
        outbox
    }

    #[tokio::test]
    async fn what_is_not_known_to_have_arrived_is_sent_again() {
        let outbox = connected().await;
        for _ in 0..4 {
            outbox.push(message("1")).expect("room");
        }
        outbox.pop();
        outbox.pop();
        outbox.acknowledge(0);
        outbox.detach(false).expect("room");
        outbox.push(message("2")).expect("room");
        // 0 has arrived, 1 perhaps, 2 to 4 were never sent.
        assert_eq!(outbox.attach(Some(0)).await.map(|missed| numbers(&missed)), Some(vec![1, 2, 3, 4]));
        outbox.detach(false).expect("room");
        assert_eq!(outbox.attach(Some(3)).await.map(|missed| numbers(&missed)), Some(vec![4]));
        outbox.detach(false).expect("room");
        assert_eq!(outbox.attach(None).await, None, "0 is not here any more");
        outbox.detach(false).expect("room");
        assert_eq!(outbox.attach(Some(9)).await, None, "9 was never sent");
    }

    #[tokio::test]
    async fn a_goodbye_says_that_all_has_arrived() {
        let outbox = connected().await;
        outbox.push(message("1")).expect("room");
        outbox.pop();
        outbox.detach(true).expect("room");
        assert_eq!(outbox.attach(None).await, None);
        outbox.detach(true).expect("room");
        assert_eq!(outbox.attach(Some(0)).await, Some(vec![]));
    }

    #[tokio::test]
    async fn the_disconnected_miss_a_hundred_messages_at_most() {
        let outbox = connected().await;
        outbox.detach(true).expect("room");
        for _ in 0..KEPT {
            outbox.push(message("1")).expect("room");
        }
        assert_eq!(outbox.push(message("1")), Err(Overflow));
        assert_eq!(outbox.attach(None).await, None);
        let outbox = connected().await;
        outbox.detach(true).expect("room");
        outbox.push(message(&"9".repeat(KEPT_WEIGHT / 2))).expect("room");
        assert_eq!(outbox.push(message(&"9".repeat(KEPT_WEIGHT / 2))), Err(Overflow));
    }

    #[tokio::test]
    async fn a_slow_reader_overflows_and_is_cut() {
        let outbox = connected().await;
        let large = "9".repeat(QUEUE_WEIGHT);
        outbox.push(message(&large)).expect("one message may be of any size");
        assert_eq!(outbox.push(message("1")), Err(Overflow));
        outbox.until_abandoned().await;
        assert!(outbox.pop().is_none());
        assert!(outbox.push(message("1")).is_ok(), "told once");
    }

    #[tokio::test]
    async fn a_second_connection_waits_for_the_first_to_end() {
        let outbox = std::sync::Arc::new(connected().await);
        outbox.push(message("1")).expect("room");
        let second = tokio::spawn({
            let outbox = std::sync::Arc::clone(&outbox);
            async move { outbox.attach(None).await }
        });
        outbox.until_abandoned().await;
        outbox.pop();
        outbox.detach(false).expect("room");
        let missed = second.await.expect("no panic").map(|missed| numbers(&missed));
        assert_eq!(missed, Some(vec![0]));
    }
}
