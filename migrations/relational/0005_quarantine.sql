-- Messages that nobody understood, with the reason, until their owner has looked at them.

CREATE TABLE quarantine (
  source_id TEXT NOT NULL, -- '' while nobody knows whose it is
  topic TEXT NOT NULL,
  reason TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('mqtt', 'webhook')),
  payload BLOB NOT NULL, -- the newest, at most its first 4 kB
  payload_bytes INTEGER NOT NULL, -- as received
  count INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL, -- the newest; unix ms, UTC
  PRIMARY KEY (source_id, topic, reason)
) STRICT, WITHOUT ROWID;

CREATE INDEX quarantine_by_age ON quarantine (received_at_ms);
