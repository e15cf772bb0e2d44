-- What migrations/archive gives an empty database. Made by `npm run schema`; nothing runs it.

CREATE TABLE blocks (
  id INTEGER PRIMARY KEY,
  rows INTEGER NOT NULL,
  first_ms INTEGER NOT NULL, -- unix ms, UTC
  last_ms INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE INDEX blocks_there ON blocks (id, rows, first_ms, last_ms, length(body));

CREATE TABLE column_names (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE schema_migrations (
  name TEXT PRIMARY KEY NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at_ms BIGINT NOT NULL -- unix ms, UTC
);

CREATE TABLE sources (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id TEXT NOT NULL UNIQUE
) STRICT;
