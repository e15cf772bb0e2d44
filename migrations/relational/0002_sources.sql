-- Sun sources, their keys, the groups they stand in and what a kWh costs them.

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

-- No cascade from users: a source goes through its deletion (telemetry, journal, files) before its owner may go.
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
) STRICT;

CREATE INDEX sources_by_owner ON sources (owner_id);
CREATE INDEX sources_by_group ON sources (group_id);

CREATE TABLE source_prices (
  source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  effective_from TEXT NOT NULL, -- first day, YYYY-MM-DD in the source's time zone
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  import_micros_per_kwh INTEGER, -- millionths of the currency's major unit
  export_micros_per_kwh INTEGER,
  PRIMARY KEY (source_id, effective_from)
) STRICT, WITHOUT ROWID;
