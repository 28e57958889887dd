//! Python formulas: parse, resolve, compile, evaluate.
