//! The real program, from outside.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod crash;
mod secure_webhooks;
mod server;
mod webhooks;
