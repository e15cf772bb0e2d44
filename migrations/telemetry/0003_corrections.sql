-- What owners mended by hand. Readings stay as they were received and are corrected whenever they are read.
CREATE TABLE corrections (
  source INTEGER NOT NULL,
  id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL, -- remove, set, scale, offset, jump (src/telemetry/correction.ts)
  metric VARCHAR, -- NULL: whole readings
  from_ms BIGINT NOT NULL, -- unix ms, UTC
  to_ms BIGINT NOT NULL,
  amount DOUBLE,
  above DOUBLE, -- only values above and below these
  below DOUBLE,
  note VARCHAR NOT NULL,
  made_ms BIGINT NOT NULL,
  made_by VARCHAR NOT NULL,
  undone_ms BIGINT, -- NULL while it is in force
  undone_by VARCHAR
);
