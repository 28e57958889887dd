//! The real program, from outside.

mod crash;
mod server;
