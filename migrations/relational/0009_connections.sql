-- Brokers elsewhere in the house to which Ampra connects as a client; each feeds one source, whose owner is theirs.

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
