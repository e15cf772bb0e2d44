-- Topics that are heard as one source's (a house's broker, a shared login) and are another one's device.

CREATE TABLE topic_routes (
  source_id TEXT NOT NULL, -- as whose they are heard
  topic_filter TEXT NOT NULL,
  to_source_id TEXT NOT NULL, -- whose they are
  created_at_ms INTEGER NOT NULL, -- unix ms, UTC
  PRIMARY KEY (source_id, topic_filter)
) STRICT, WITHOUT ROWID;
