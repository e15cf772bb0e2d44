-- The energy books get further than the rollups or less far, on their own.
ALTER TABLE telemetry_sources ADD COLUMN booked_until_ms BIGINT; -- energy before this moment is written
UPDATE telemetry_sources SET booked_until_ms = rolled_until_ms;

-- Booked time in which late readings arrived: to be booked anew.
CREATE TABLE books_dirty (
  source INTEGER NOT NULL,
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL
);
INSERT INTO books_dirty SELECT source, from_ms, to_ms FROM rollup_dirty;
