//! Sites, workspaces, documents, people, groups, roles.
