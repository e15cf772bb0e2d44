-- Work that survives a restart: one row a piece of work, and what became of it.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL DEFAULT 'null', -- JSON
  -- queued: waits for run_at_ms; running; succeeded; failed: an attempt failed, the next is at run_at_ms; dead: no attempt left
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  max_attempts INTEGER NOT NULL CHECK (max_attempts >= 1),
  interruptions INTEGER NOT NULL DEFAULT 0, -- how often the appliance ended without warning while it ran
  dedupe_key TEXT,
  owner_id TEXT, -- whose work it is; null for the appliance's own
  run_at_ms INTEGER NOT NULL, -- unix ms, UTC
  created_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  finished_at_ms INTEGER,
  progress REAL, -- 0..1
  progress_text TEXT,
  error TEXT
) STRICT;
CREATE INDEX jobs_due ON jobs (state, run_at_ms);
CREATE INDEX jobs_newest ON jobs (created_at_ms);
CREATE UNIQUE INDEX jobs_one_of_a_key ON jobs (dedupe_key) WHERE dedupe_key IS NOT NULL AND state IN ('queued', 'running', 'failed');
