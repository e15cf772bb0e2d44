-- Devices that send without a login and whose they are; how a source's own messages are read, and what is put right.

CREATE TABLE claims (
  topic_filter TEXT PRIMARY KEY NOT NULL, -- in the topic space of anonymous clients
  source_id TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL, -- unix ms, UTC
  is_replayed INTEGER NOT NULL DEFAULT 0 CHECK (is_replayed IN (0, 1)) -- what was kept has reached the source
) STRICT, WITHOUT ROWID;

CREATE TABLE mappings (
  source_id TEXT PRIMARY KEY NOT NULL,
  rules_json TEXT NOT NULL,
  is_replayed INTEGER NOT NULL DEFAULT 0 CHECK (is_replayed IN (0, 1)), -- older messages were read anew with it
  updated_at_ms INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE TABLE corrections (
  source_id TEXT NOT NULL,
  metric TEXT NOT NULL,
  factor REAL NOT NULL CHECK (factor <> 0),
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (source_id, metric)
) STRICT, WITHOUT ROWID;

CREATE TABLE balance_checks (
  source_id TEXT PRIMARY KEY NOT NULL,
  checked_at_ms INTEGER NOT NULL,
  result_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;
