//! The `moulin` program: wires the rooms together and decides nothing.
fn main() {}
