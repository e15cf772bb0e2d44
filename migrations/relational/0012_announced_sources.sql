-- Sources that Ampra announces to Home Assistant, because their owner switched it on.

CREATE TABLE announced_sources (
  source_id TEXT PRIMARY KEY NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  since_ms INTEGER NOT NULL -- unix ms, UTC
) STRICT, WITHOUT ROWID;
