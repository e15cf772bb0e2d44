-- What devices announced about themselves (Home Assistant discovery), so that a start knows them again.

CREATE TABLE announcements (
  source_id TEXT NOT NULL, -- who announced it
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  heard_at_ms INTEGER NOT NULL, -- unix ms, UTC
  PRIMARY KEY (source_id, topic)
) STRICT, WITHOUT ROWID;
