//! Who speaks, and whether a page of another site made them do it.
//!
//! [`Login::identify`] finds the person behind a request: by API key, else by signed cookie, else nobody. [`Login::check_origin`] and [`Login::check_forgery`] keep other
//! sites from using a browser's cookie. [`Throttle`] bounds how much is asked of one document at a time. Knows nothing of documents or of routes.

mod cookie;
mod error;
mod identity;
mod origin;
mod throttle;

pub use error::LoginError;
pub use identity::{By, Identity, Login};
pub use throttle::{Throttle, Turnstile};
