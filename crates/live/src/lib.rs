//! Grist's WebSocket protocol: requests, answers, and what is told to those who have a document open.
//!
//! [`Live`] takes the upgraded requests; moulin leads them here, whatever their path. A *client* (a browser tab, a program) outlives its connection: for five
//! minutes what it misses is kept, and it goes on where it stopped. Promise: messages are numbered without gaps; the author of an edit hears of it before the
//! answer; a slow client is bounded in memory and delays nobody. What it may see and do is decided in `document`; this crate knows no SQL.

mod answer;
mod call;
mod calls;
mod client;
mod clients;
mod connection;
mod descriptor;
mod greeting;
mod outbox;
mod render;
mod server;
mod table_text;

pub use server::{Live, Rooms};
