-- Forecasts of sources as they were issued, how they did, and the models behind them.
-- `quantity`: solar (what the panels give) or load (what the house takes).

CREATE TABLE forecast_issues (
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  quantity TEXT NOT NULL CHECK (quantity IN ('solar', 'load')),
  issued_at_ms INTEGER NOT NULL, -- unix ms, UTC
  from_ms INTEGER NOT NULL, -- start of the first step
  to_ms INTEGER NOT NULL, -- end of the last one
  is_replayed INTEGER NOT NULL CHECK (is_replayed IN (0, 1)), -- worked out later, from what was known then
  body BLOB NOT NULL, -- zstd of the form of src/forecast/issue-codec.ts
  PRIMARY KEY (source_id, quantity, issued_at_ms)
) STRICT;

-- How the forecasts of a day did by the time between their issue and what they spoke of.
CREATE TABLE forecast_lead_scores (
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  quantity TEXT NOT NULL CHECK (quantity IN ('solar', 'load')),
  date TEXT NOT NULL, -- YYYY-MM-DD in the source's time zone
  lead INTEGER NOT NULL, -- number of a lead time of src/forecast/score/lead-times.ts
  intervals INTEGER NOT NULL, -- quarter hours that were compared
  error_w REAL NOT NULL, -- mean absolute error of the median, W
  reference_error_w REAL NOT NULL, -- of physics alone (consumption: of what is usual)
  persistence_error_w REAL, -- of the same time on the last known day; NULL where none was known
  clear_persistence_error_w REAL, -- of the same, carried over by the sun's course; NULL for consumption
  bias_w REAL NOT NULL, -- mean of forecast minus what came
  judged INTEGER NOT NULL, -- intervals whose band was judged: by day, for production
  inside INTEGER NOT NULL, -- of them between p10 and p90
  PRIMARY KEY (source_id, quantity, date, lead)
) STRICT, WITHOUT ROWID;

-- How a day's energy was forecast so many days ahead.
CREATE TABLE forecast_day_scores (
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  quantity TEXT NOT NULL CHECK (quantity IN ('solar', 'load')),
  date TEXT NOT NULL,
  days_ahead INTEGER NOT NULL, -- 0: the first forecast of the day itself; 1: the last one of the day before, ...
  issued_at_ms INTEGER NOT NULL,
  actual_kwh REAL NOT NULL,
  p10_kwh REAL NOT NULL,
  p50_kwh REAL NOT NULL,
  p90_kwh REAL NOT NULL,
  persistence_kwh REAL,
  known_share REAL NOT NULL, -- of the day that was measured, 0..1
  facts_json TEXT NOT NULL, -- what may explain an error: src/forecast/score/day-facts.ts
  PRIMARY KEY (source_id, quantity, date, days_ahead)
) STRICT, WITHOUT ROWID;

-- Models; what they learned lies in <data>/models/<source>/<version>.json.
CREATE TABLE forecast_models (
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  quantity TEXT NOT NULL CHECK (quantity IN ('solar', 'load')),
  version TEXT NOT NULL,
  made_at_ms INTEGER NOT NULL,
  known_until_ms INTEGER NOT NULL, -- what was measured later it has not seen
  state TEXT NOT NULL CHECK (state IN ('serving', 'challenger', 'retired')),
  card_json TEXT NOT NULL, -- src/forecast/model-card.ts
  PRIMARY KEY (source_id, quantity, version)
) STRICT;

-- What moves from day to day: weights of the blend, and how much wider or narrower bands are made by what they missed.
CREATE TABLE forecast_states (
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  quantity TEXT NOT NULL CHECK (quantity IN ('solar', 'load')),
  date TEXT NOT NULL,
  weights_json TEXT NOT NULL,
  widths_json TEXT NOT NULL,
  PRIMARY KEY (source_id, quantity, date)
) STRICT, WITHOUT ROWID;
