-- Which way powers count whose names do not say it, as far as a source's messages proved it: so that a start knows it.

CREATE TABLE proven_signs (
  source_id TEXT NOT NULL PRIMARY KEY,
  proven_json TEXT NOT NULL, -- of the form of src/ingest/sign-proof.ts
  proven_at_ms INTEGER NOT NULL -- unix ms, UTC
) STRICT, WITHOUT ROWID;
