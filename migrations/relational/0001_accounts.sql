-- People, how they sign in, what programs may do for them, and the record of who did what.

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

-- The house is never without an Overseer, whatever the code above it does.
CREATE TRIGGER users_keep_an_overseer_on_delete BEFORE DELETE ON users
WHEN OLD.role = 'overseer' AND NOT EXISTS (
  SELECT 1 FROM users WHERE role = 'overseer' AND is_active = 1 AND deleted_at_ms IS NULL AND id <> OLD.id)
BEGIN SELECT RAISE(ABORT, 'the last Overseer stays'); END;

CREATE TRIGGER users_keep_an_overseer_on_update BEFORE UPDATE OF role, is_active, deleted_at_ms ON users
WHEN OLD.role = 'overseer' AND (NEW.role <> 'overseer' OR NEW.is_active = 0 OR NEW.deleted_at_ms IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1 FROM users WHERE role = 'overseer' AND is_active = 1 AND deleted_at_ms IS NULL AND id <> OLD.id)
BEGIN SELECT RAISE(ABORT, 'the last Overseer stays'); END;

-- The id is the SHA-256 of what the cookie holds: a stolen database opens no session.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  expires_at_ms INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

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

-- One-time ways to choose a password: a mailed reset, or the link an admin hands over. One of each kind a user.
CREATE TABLE password_links (
  token_hash TEXT PRIMARY KEY NOT NULL, -- SHA-256
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('reset', 'invite')),
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  UNIQUE (user_id, kind)
) STRICT;

-- No foreign key: the record outlives the people in it.
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
CREATE INDEX audit_log_by_time ON audit_log (time_ms);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, time_ms);

-- What an admin may change of the appliance itself, and how far its set-up is.
CREATE TABLE appliance_settings (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL, -- JSON
  updated_at_ms INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
