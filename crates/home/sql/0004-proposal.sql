-- What is suggested for a document in a fork of it. One row for each fork; the number counts from 1 in each document. comparison is JSON; status is '', 'applied', 'retracted' or 'dismissed'.
CREATE TABLE proposal (
  src_doc_id TEXT NOT NULL REFERENCES doc(id) ON DELETE CASCADE,
  dest_doc_id TEXT NOT NULL REFERENCES doc(id) ON DELETE CASCADE,
  short_id BIGINT NOT NULL,
  comparison TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  applied_at BIGINT,
  PRIMARY KEY (src_doc_id, dest_doc_id),
  UNIQUE (dest_doc_id, short_id)
);
