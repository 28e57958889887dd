-- What documents refer to but do not hold, since whoever may read them could read it: addresses and keys of webhooks. JSON.
CREATE TABLE secret (
    doc_id TEXT NOT NULL REFERENCES doc (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (doc_id, id)
);
