//! What is told outside: webhooks called after turns.
//!
//! A document keeps what is to be told in its own file ([`Source`] hands it out); [`Outbox`] delivers it: one lane for each webhook, so that a receiver that hangs
//! holds up nobody but itself. Within a lane events go out in order, in batches, each until the receiver has taken it: at least once, across restarts.
//!
//! **Invariants:** an event is forgotten only after it was delivered, was cleared, or has expired. No request goes to an address that [`Addresses`] does not allow, and what is
//! connected to is the address that was checked. Knows nothing of documents' contents, SQL or who asks.

mod addresses;
mod client;
mod error;
mod lane;
mod outbox;
mod proxy;
mod status;

pub use addresses::Addresses;
pub use client::{Answer, Client, Timeouts};
pub use error::OutboxError;
pub use outbox::{Batch, Event, Outbox, Pace, Source, Target, Work};
pub use proxy::Proxy;
pub use status::{BatchStatus, LastBatch, Phase, Status};
