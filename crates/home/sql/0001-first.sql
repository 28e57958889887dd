-- People, sites, workspaces, documents, and who may do what.
-- Common to SQLite and PostgreSQL: {id} is a number that the database hands out, instants are milliseconds, JSON is text, switches are 0 or 1.
-- Roles: 0 member (of a site, without a right of its own), 1 viewer, 2 editor, 3 owner.

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE person (
  id {id},
  ref TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL UNIQUE,
  display_email TEXT NOT NULL,
  name TEXT NOT NULL,
  picture TEXT,
  locale TEXT,
  kind TEXT NOT NULL DEFAULT 'login',
  options TEXT,
  api_key_hash TEXT UNIQUE,
  created_at BIGINT NOT NULL,
  first_login_at BIGINT,
  last_connection_at BIGINT,
  disabled_at BIGINT
);

CREATE TABLE org (
  id {id},
  name TEXT NOT NULL,
  domain TEXT UNIQUE,
  owner_id BIGINT UNIQUE REFERENCES person(id),
  created_by BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE workspace (
  id {id},
  org_id BIGINT NOT NULL REFERENCES org(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  max_inherited_role BIGINT NOT NULL DEFAULT 3,
  created_by BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  removed_at BIGINT
);
CREATE INDEX workspace_org ON workspace(org_id);

-- A fork is a document with a trunk: a document's id, or 'new' for what was never saved. Its id is the middle part of `trunk~id~person`.
CREATE TABLE doc (
  id TEXT PRIMARY KEY,
  workspace_id BIGINT REFERENCES workspace(id) ON DELETE CASCADE,
  trunk_id TEXT,
  name TEXT NOT NULL,
  url_id TEXT,
  type TEXT,
  options TEXT,
  is_pinned BIGINT NOT NULL DEFAULT 0,
  max_inherited_role BIGINT NOT NULL DEFAULT 3,
  created_by BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  removed_at BIGINT,
  disabled_at BIGINT
);
CREATE INDEX doc_workspace ON doc(workspace_id);
CREATE INDEX doc_trunk ON doc(trunk_id);

-- Every name a document has had in addresses, so that old links go on working.
CREATE TABLE alias (
  org_id BIGINT NOT NULL REFERENCES org(id) ON DELETE CASCADE,
  url_id TEXT NOT NULL,
  doc_id TEXT NOT NULL REFERENCES doc(id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, url_id)
);
CREATE INDEX alias_url ON alias(url_id);
CREATE INDEX alias_doc ON alias(doc_id);

CREATE TABLE org_access (
  org_id BIGINT NOT NULL REFERENCES org(id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
  role BIGINT NOT NULL,
  PRIMARY KEY (org_id, person_id)
);
CREATE INDEX org_access_person ON org_access(person_id);

CREATE TABLE workspace_access (
  workspace_id BIGINT NOT NULL REFERENCES workspace(id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
  role BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, person_id)
);
CREATE INDEX workspace_access_person ON workspace_access(person_id);

CREATE TABLE doc_access (
  doc_id TEXT NOT NULL REFERENCES doc(id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person(id) ON DELETE CASCADE,
  role BIGINT NOT NULL,
  PRIMARY KEY (doc_id, person_id)
);
CREATE INDEX doc_access_person ON doc_access(person_id);

-- Preferences: of a person (org_id 0), of a person in a site, of a site for all (person_id 0).
CREATE TABLE preference (
  person_id BIGINT NOT NULL,
  org_id BIGINT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (person_id, org_id)
);

-- Settings of a site or (org_id 0) of the installation, by key: JSON values.
CREATE TABLE config (
  id {id},
  org_id BIGINT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (org_id, key)
);

INSERT INTO person (id, ref, email, display_email, name, kind, created_at) VALUES
  (1, '1anonymous', 'anon@getgrist.com', 'anon@getgrist.com', 'Anonymous', 'special', 0),
  (2, '2everyone', 'everyone@getgrist.com', 'everyone@getgrist.com', 'Everyone', 'special', 0);
