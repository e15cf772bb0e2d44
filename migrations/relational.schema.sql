-- What migrations/relational gives an empty database. Made by `npm run schema`; nothing runs it.

CREATE TABLE access_tokens (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  scope TEXT NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
  token_hash TEXT NOT NULL UNIQUE, -- SHA-256 of the whole token
  hint TEXT NOT NULL, -- its first characters, to tell tokens apart
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER, -- null: until it is revoked
  last_used_at_ms INTEGER,
  last_used_address TEXT
) STRICT;

CREATE INDEX access_tokens_by_user ON access_tokens (user_id);

CREATE TABLE announced_sources (
  source_id TEXT PRIMARY KEY NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  since_ms INTEGER NOT NULL -- unix ms, UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE announcements (
  source_id TEXT NOT NULL, -- who announced it
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  heard_at_ms INTEGER NOT NULL, -- unix ms, UTC
  PRIMARY KEY (source_id, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE appliance_settings (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL, -- JSON
  updated_at_ms INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE audit_log (
  id INTEGER PRIMARY KEY,
  time_ms INTEGER NOT NULL,
  actor_id TEXT, -- null: nobody known, or the appliance itself
  actor_label TEXT NOT NULL DEFAULT '', -- e-mail at the time; emptied when the account is deleted
  address TEXT NOT NULL DEFAULT '',
  action TEXT NOT NULL,
  subject_id TEXT,
  subject_label TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX audit_log_by_actor ON audit_log (actor_id, time_ms);

CREATE INDEX audit_log_by_time ON audit_log (time_ms);

CREATE TABLE balance_checks (
  source_id TEXT PRIMARY KEY NOT NULL,
  checked_at_ms INTEGER NOT NULL,
  result_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
  topic_filter TEXT PRIMARY KEY NOT NULL, -- in the topic space of anonymous clients
  source_id TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL, -- unix ms, UTC
  is_replayed INTEGER NOT NULL DEFAULT 0 CHECK (is_replayed IN (0, 1)) -- what was kept has reached the source
) STRICT, WITHOUT ROWID;

CREATE TABLE connections (
  id TEXT PRIMARY KEY NOT NULL,
  source_id TEXT NOT NULL UNIQUE REFERENCES sources (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  host TEXT NOT NULL CHECK (length(host) BETWEEN 1 AND 253),
  port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
  uses_tls INTEGER NOT NULL CHECK (uses_tls IN (0, 1)),
  verifies_certificate INTEGER NOT NULL CHECK (verifies_certificate IN (0, 1)),
  authority_pem TEXT, -- NULL: the authorities that the system trusts
  user_name TEXT NOT NULL DEFAULT '',
  password_sealed BLOB, -- AES-256-GCM under <data>/secrets.key: nonce, ciphertext, tag
  client_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('auto', 'victron', 'solarAssistant', 'other')),
  detected_kind TEXT CHECK (detected_kind IN ('victron', 'solarAssistant', 'other')), -- what listening found out
  topic_filters TEXT NOT NULL DEFAULT '[]', -- JSON list; empty: those of the kind
  portals TEXT NOT NULL DEFAULT '[]', -- JSON list of Venus OS portal ids that were heard
  is_on INTEGER NOT NULL DEFAULT 1 CHECK (is_on IN (0, 1)),
  created_at_ms INTEGER NOT NULL, -- unix ms, UTC
  updated_at_ms INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE corrections (
  source_id TEXT NOT NULL,
  metric TEXT NOT NULL,
  factor REAL NOT NULL CHECK (factor <> 0),
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (source_id, metric)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE forecast_states (
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  quantity TEXT NOT NULL CHECK (quantity IN ('solar', 'load')),
  date TEXT NOT NULL,
  weights_json TEXT NOT NULL,
  widths_json TEXT NOT NULL,
  PRIMARY KEY (source_id, quantity, date)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE mappings (
  source_id TEXT PRIMARY KEY NOT NULL,
  rules_json TEXT NOT NULL,
  is_replayed INTEGER NOT NULL DEFAULT 0 CHECK (is_replayed IN (0, 1)), -- older messages were read anew with it
  updated_at_ms INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE TABLE password_links (
  token_hash TEXT PRIMARY KEY NOT NULL, -- SHA-256
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('reset', 'invite')),
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  UNIQUE (user_id, kind)
) STRICT;

CREATE TABLE power_groups (
  id TEXT PRIMARY KEY NOT NULL,
  owner_id TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 500),
  logo_file TEXT, -- name under <data>/images
  created_at_ms INTEGER NOT NULL, -- unix ms, UTC
  updated_at_ms INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE INDEX power_groups_by_owner ON power_groups (owner_id);

CREATE TABLE proven_signs (
  source_id TEXT NOT NULL PRIMARY KEY,
  proven_json TEXT NOT NULL, -- of the form of src/ingest/sign-proof.ts
  proven_at_ms INTEGER NOT NULL -- unix ms, UTC
, read_anew_json TEXT NOT NULL DEFAULT '[]') STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
  source_id TEXT NOT NULL, -- '' while nobody knows whose it is
  topic TEXT NOT NULL,
  reason TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('mqtt', 'webhook')),
  payload BLOB NOT NULL, -- the newest, at most its first 4 kB
  payload_bytes INTEGER NOT NULL, -- as received
  count INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL, first_at_ms INTEGER NOT NULL DEFAULT 0, outcome_json TEXT, -- the newest; unix ms, UTC
  PRIMARY KEY (source_id, topic, reason)
) STRICT, WITHOUT ROWID;

CREATE INDEX quarantine_by_age ON quarantine (received_at_ms);

CREATE TABLE schema_migrations (
  name TEXT PRIMARY KEY NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at_ms BIGINT NOT NULL -- unix ms, UTC
);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  expires_at_ms INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE source_prices (
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  effective_from TEXT NOT NULL, -- first day, YYYY-MM-DD in the source's time zone
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  import_micros_per_kwh INTEGER, -- millionths of the currency's major unit
  export_micros_per_kwh INTEGER,
  PRIMARY KEY (source_id, effective_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
  id TEXT PRIMARY KEY NOT NULL,
  owner_id TEXT NOT NULL REFERENCES users (id),
  group_id TEXT REFERENCES power_groups (id) ON DELETE SET NULL,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 500),
  role TEXT NOT NULL CHECK (role IN ('system', 'solar', 'load', 'grid', 'battery', 'generator')),
  connection_type TEXT NOT NULL CHECK (connection_type IN ('mqtt', 'webhook')),
  latitude_deg REAL NOT NULL CHECK (latitude_deg BETWEEN -90 AND 90),
  longitude_deg REAL NOT NULL CHECK (longitude_deg BETWEEN -180 AND 180),
  time_zone TEXT NOT NULL, -- IANA name
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  installed_capacity_w REAL CHECK (installed_capacity_w BETWEEN 0 AND 1000000),
  currency TEXT NOT NULL CHECK (length(currency) = 3), -- ISO 4217
  system_cost_minor INTEGER CHECK (system_cost_minor >= 0), -- in the currency's minor unit
  maintenance_per_year_minor INTEGER CHECK (maintenance_per_year_minor >= 0),
  installation_date TEXT, -- YYYY-MM-DD
  icon_file TEXT, -- name under <data>/images
  api_key_sha256 BLOB NOT NULL CHECK (length(api_key_sha256) = 32), -- of the 64 hex digits; the key itself is nowhere
  webhook_secret_sealed BLOB NOT NULL, -- AES-256-GCM under <data>/secrets.key: nonce, ciphertext, tag
  created_at_ms INTEGER NOT NULL, -- unix ms, UTC
  updated_at_ms INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  deleted_at_ms INTEGER -- set while its data is being removed; nobody sees it any more
, inverter_limit_w REAL CHECK (inverter_limit_w BETWEEN 1 AND 1000000), arrays_json TEXT NOT NULL DEFAULT '[]') STRICT;

CREATE INDEX sources_by_group ON sources (group_id);

CREATE INDEX sources_by_owner ON sources (owner_id);

CREATE TABLE topic_routes (
  source_id TEXT NOT NULL, -- as whose they are heard
  topic_filter TEXT NOT NULL,
  to_source_id TEXT NOT NULL, -- whose they are
  created_at_ms INTEGER NOT NULL, -- unix ms, UTC
  PRIMARY KEY (source_id, topic_filter)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER users_keep_an_overseer_on_delete BEFORE DELETE ON users
WHEN OLD.role = 'overseer' AND NOT EXISTS (
  SELECT 1 FROM users WHERE role = 'overseer' AND is_active = 1 AND deleted_at_ms IS NULL AND id <> OLD.id)
BEGIN SELECT RAISE(ABORT, 'the last Overseer stays'); END;

CREATE TRIGGER users_keep_an_overseer_on_update BEFORE UPDATE OF role, is_active, deleted_at_ms ON users
WHEN OLD.role = 'overseer' AND (NEW.role <> 'overseer' OR NEW.is_active = 0 OR NEW.deleted_at_ms IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1 FROM users WHERE role = 'overseer' AND is_active = 1 AND deleted_at_ms IS NULL AND id <> OLD.id)
BEGIN SELECT RAISE(ABORT, 'the last Overseer stays'); END;

CREATE TABLE users (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  email TEXT NOT NULL, -- as typed
  email_normalised TEXT NOT NULL UNIQUE, -- see src/accounts/email.ts
  password_hash TEXT, -- argon2id; null until an invited person chose a password
  role TEXT NOT NULL CHECK (role IN ('overseer', 'admin', 'user')),
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  temperature_unit TEXT NOT NULL DEFAULT 'celsius' CHECK (temperature_unit IN ('celsius', 'fahrenheit')),
  weather_auto_update INTEGER NOT NULL DEFAULT 1 CHECK (weather_auto_update IN (0, 1)),
  prediction_auto_run INTEGER NOT NULL DEFAULT 1 CHECK (prediction_auto_run IN (0, 1)),
  created_at_ms INTEGER NOT NULL, -- unix ms, UTC
  updated_at_ms INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  last_seen_at_ms INTEGER,
  deleted_at_ms INTEGER, -- set while what is theirs is being removed; they can do nothing any more
  verified_at_ms INTEGER, -- null until the address was proved, or an admin vouched for it
  pending_email TEXT, -- the new address while it waits for its code
  pending_email_normalised TEXT,
  verification_code_hash TEXT, -- SHA-256 of user id and 6 digits
  verification_ticket_hash TEXT, -- SHA-256; the browser that asked for the code holds the ticket
  verification_expires_at_ms INTEGER,
  verification_sent_at_ms INTEGER,
  verification_failed_attempts INTEGER NOT NULL DEFAULT 0,
  verification_locked_until_ms INTEGER
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
  hours_in_day INTEGER NOT NULL, panel_light_kwh_m2 REAL, panel_light_known REAL, panel_light_of INTEGER,
  PRIMARY KEY (source_id, date)
) STRICT, WITHOUT ROWID;

CREATE TABLE weather_hours (
  place_id INTEGER NOT NULL REFERENCES weather_places (id) ON DELETE CASCADE,
  day INTEGER NOT NULL, -- days since 1970-01-01, UTC
  fetched_at_ms INTEGER NOT NULL,
  origins BLOB NOT NULL CHECK (length(origins) = 24), -- a byte an hour: 0 nothing known, 1 archive, 2 recent
  hours BLOB NOT NULL,
  PRIMARY KEY (place_id, day)
) STRICT;

CREATE TABLE weather_issues (
  place_id INTEGER NOT NULL REFERENCES weather_places (id) ON DELETE CASCADE,
  issued_at_ms INTEGER NOT NULL, -- when Ampra learned it; unix ms, UTC
  from_ms INTEGER NOT NULL, -- stamp of the first hour
  hour_count INTEGER NOT NULL CHECK (hour_count > 0),
  hours BLOB NOT NULL, -- zstd of the form of src/weather/hours-codec.ts
  PRIMARY KEY (place_id, issued_at_ms)
) STRICT;

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

CREATE TABLE written_bytes (
  day TEXT PRIMARY KEY NOT NULL, -- YYYY-MM-DD, UTC
  bytes INTEGER NOT NULL CHECK (bytes >= 0) -- handed to the disk by this process, journals included
) STRICT;
