//! The conductor: one loop per open document.
