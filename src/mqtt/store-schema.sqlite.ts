/** Tables of the file of sessions; its own, apart from the relational database, and moved forward by the same rules. */
export const brokerMigrations = [
  {
    name: '0001_broker',
    sql: `
CREATE TABLE sessions (
  id TEXT PRIMARY KEY NOT NULL,
  client_id TEXT NOT NULL,
  space TEXT NOT NULL,
  principal TEXT NOT NULL, -- JSON
  subscriptions TEXT NOT NULL, -- JSON
  expiry_s INTEGER NOT NULL,
  detached_at_ms INTEGER -- unix ms, UTC; null while connected
) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (
  session_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  qos INTEGER NOT NULL, -- of the delivery
  retain INTEGER NOT NULL,
  properties BLOB,
  subscription_ids TEXT, -- JSON
  expires_at_ms INTEGER,
  packet_id INTEGER NOT NULL, -- 0 before it was sent
  state TEXT NOT NULL,
  PRIMARY KEY (session_id, seq)
) STRICT;
CREATE TABLE incoming (
  session_id TEXT NOT NULL,
  packet_id INTEGER NOT NULL,
  PRIMARY KEY (session_id, packet_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE retained (
  space TEXT NOT NULL,
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  qos INTEGER NOT NULL,
  properties BLOB,
  expires_at_ms INTEGER,
  PRIMARY KEY (space, topic)
) STRICT;
CREATE TABLE wills (
  session_id TEXT PRIMARY KEY NOT NULL,
  client_id TEXT NOT NULL,
  space TEXT NOT NULL,
  principal TEXT NOT NULL, -- JSON
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  qos INTEGER NOT NULL,
  retain INTEGER NOT NULL,
  properties BLOB,
  message_expiry_s INTEGER,
  delay_s INTEGER NOT NULL
) STRICT;`,
  },
];
