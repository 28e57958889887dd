//! User actions into doc actions.
