//! The vocabulary: ids, cell values and their encodings, column types, doc actions, metadata schema.
