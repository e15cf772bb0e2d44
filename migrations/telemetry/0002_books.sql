-- The energy books as a fold over the readings: each stretch of six hours (a chunk) with all that was booked while its
-- readings were taken, which may belong to earlier time, and the state after them. Everything is booked anew from the
-- readings (in the background, after the start).
DROP TABLE energy_15m;
DROP TABLE energy_bridges;
ALTER TABLE telemetry_sources ADD COLUMN booked_until_ms BIGINT; -- readings before this moment are booked
ALTER TABLE telemetry_sources ADD COLUMN book_rules VARCHAR; -- by which rules the books were made
ALTER TABLE telemetry_sources ADD COLUMN books_from_ms BIGINT; -- older readings are gone: books before it stay as they are

-- Energy by quarter hour; several rows of one quarter hour add up. NULL where nothing measured a quantity.
CREATE TABLE energy_15m (
  source INTEGER NOT NULL,
  chunk_ms BIGINT NOT NULL, -- start of the chunk whose readings told it
  bucket_ms BIGINT NOT NULL, -- start of the quarter hour, unix ms, UTC
  covered_ms INTEGER NOT NULL, -- time between readings close enough together
  solar_kwh DOUBLE,
  load_kwh DOUBLE,
  import_kwh DOUBLE,
  export_kwh DOUBLE,
  charge_kwh DOUBLE,
  discharge_kwh DOUBLE,
  solar_power_kwh DOUBLE, -- the part that was integrated from power
  load_power_kwh DOUBLE,
  import_power_kwh DOUBLE,
  export_power_kwh DOUBLE,
  charge_power_kwh DOUBLE,
  discharge_power_kwh DOUBLE,
  solar_bridged_kwh DOUBLE, -- the part that a counter knew of time in which nothing was heard
  load_bridged_kwh DOUBLE,
  import_bridged_kwh DOUBLE,
  export_bridged_kwh DOUBLE,
  charge_bridged_kwh DOUBLE,
  discharge_bridged_kwh DOUBLE
);

-- Energy that a counter knew of a gap of more than a day; spread evenly over it when asked for.
CREATE TABLE energy_bridges (
  source INTEGER NOT NULL,
  chunk_ms BIGINT NOT NULL,
  quantity VARCHAR NOT NULL, -- solar, load, import, export, charge, discharge
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL,
  kwh DOUBLE NOT NULL
);

-- Chunks that have readings.
CREATE TABLE energy_chunks (
  source INTEGER NOT NULL,
  chunk_ms BIGINT NOT NULL,
  readings INTEGER NOT NULL,
  steps INTEGER NOT NULL, -- steps between readings that are no gap
  steps_ms BIGINT NOT NULL, -- and the time they take
  state VARCHAR NOT NULL -- of the fold after its readings (src/telemetry/books)
);

-- What counters did other than counting on.
CREATE TABLE counter_events (
  source INTEGER NOT NULL,
  chunk_ms BIGINT NOT NULL,
  time_ms BIGINT NOT NULL,
  metric VARCHAR NOT NULL,
  kind VARCHAR NOT NULL, -- reset, jump, stuck, ... (src/telemetry/books/counter-stage.ts)
  times INTEGER NOT NULL, -- how often in this chunk
  before_kwh DOUBLE NOT NULL, -- values of the first one
  after_kwh DOUBLE NOT NULL,
  kwh DOUBLE NOT NULL -- booked for all of them
);

-- Booked time whose readings have changed: to be booked anew.
CREATE TABLE books_dirty (
  source INTEGER NOT NULL,
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL
);
