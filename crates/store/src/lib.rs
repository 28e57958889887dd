//! The .grist file: open, migrate, read columns, commit a turn, history.
