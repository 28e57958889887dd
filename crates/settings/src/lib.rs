//! Every setting once: its name, Grist's name, its type, its default, and what it does.
//!
//! [`TABLE`] is what administrators read (`docs/settings.md` is checked against it), [`Settings`] is what the program reads. A setting stands here only when something
//! reads it. Each may be given under either of its names; ours wins.

mod error;
mod parse;
mod settings;
mod table;

pub use error::SettingsError;
pub use settings::Settings;
pub use table::{Kind, Setting, TABLE, as_markdown};
