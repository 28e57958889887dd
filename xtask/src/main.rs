//! Everything that is automated: `cargo xtask help`.
fn main() {}
