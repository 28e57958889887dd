//! REST routes, downloads.
