//! Sessions, API keys, CSRF.
