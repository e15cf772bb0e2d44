-- Weather: by the hour for each place of an owner, by the day for each source.

-- Coordinates are rounded to hundredths of a degree. Places are the owner's own, so that nobody learns from what is there
-- already that somebody else lives near.
CREATE TABLE weather_places (
  id INTEGER PRIMARY KEY NOT NULL,
  owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  latitude_cdeg INTEGER NOT NULL CHECK (latitude_cdeg BETWEEN -9000 AND 9000),
  longitude_cdeg INTEGER NOT NULL CHECK (longitude_cdeg BETWEEN -18000 AND 18000),
  elevation_m REAL, -- of the weather model's ground there; NULL until it was asked
  fetched_at_ms INTEGER, -- last answer; unix ms, UTC
  tried_at_ms INTEGER, -- last question
  failures INTEGER NOT NULL DEFAULT 0, -- since the last answer
  next_try_at_ms INTEGER, -- not before; NULL after an answer
  trouble_json TEXT, -- why the last question had no answer: {kind, message}
  UNIQUE (owner_id, latitude_cdeg, longitude_cdeg)
) STRICT;

-- Hours that have passed, a UTC day a row: see src/weather/hours-codec.ts.
CREATE TABLE weather_hours (
  place_id INTEGER NOT NULL REFERENCES weather_places (id) ON DELETE CASCADE,
  day INTEGER NOT NULL, -- days since 1970-01-01, UTC
  fetched_at_ms INTEGER NOT NULL,
  origins BLOB NOT NULL CHECK (length(origins) = 24), -- a byte an hour: 0 nothing known, 1 archive, 2 recent
  hours BLOB NOT NULL,
  PRIMARY KEY (place_id, day)
) STRICT;

-- Forecasts as they were told.
CREATE TABLE weather_issues (
  place_id INTEGER NOT NULL REFERENCES weather_places (id) ON DELETE CASCADE,
  issued_at_ms INTEGER NOT NULL, -- when Ampra learned it; unix ms, UTC
  from_ms INTEGER NOT NULL, -- stamp of the first hour
  hour_count INTEGER NOT NULL CHECK (hour_count > 0),
  hours BLOB NOT NULL, -- zstd of the form of src/weather/hours-codec.ts
  PRIMARY KEY (place_id, issued_at_ms)
) STRICT;

CREATE TABLE weather_days (
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  date TEXT NOT NULL, -- YYYY-MM-DD in the source's time zone
  temperature_max_c REAL,
  temperature_min_c REAL,
  shortwave_sum_mj_m2 REAL,
  weather_code INTEGER, -- WMO code of the daylight hours
  uv_index_max REAL,
  precipitation_sum_mm REAL,
  wind_max_m_s REAL,
  sunrise_ms INTEGER, -- unix ms, UTC; NULL where the sun does not rise or set
  sunset_ms INTEGER,
  origin TEXT CHECK (origin IN ('archive', 'recent', 'forecast')),
  fetched_at_ms INTEGER,
  hours_known INTEGER NOT NULL,
  hours_in_day INTEGER NOT NULL,
  PRIMARY KEY (source_id, date)
) STRICT, WITHOUT ROWID;
