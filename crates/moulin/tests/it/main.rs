//! The real program, from outside.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod crash;
mod server;
mod webhooks;
