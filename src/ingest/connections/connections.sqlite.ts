import type { Database } from 'bun:sqlite';
import type { Connection, ConnectionKind } from './connection.ts';
import type { ConnectionStore, StoredConnection } from './ports.ts';

interface Row {
  id: string;
  source_id: string;
  name: string;
  host: string;
  port: number;
  uses_tls: number;
  verifies_certificate: number;
  authority_pem: string | null;
  user_name: string;
  password_sealed: Uint8Array | null;
  client_id: string;
  kind: ConnectionKind;
  detected_kind: Connection['detectedKind'];
  topic_filters: string;
  portals: string;
  is_on: number;
  created_at_ms: number;
  updated_at_ms: number;
  version: number;
}

/** Columns that a change of the owner's may touch, in the order of `changeable`. */
const CHANGEABLE = [
  ...['source_id', 'name', 'host', 'port', 'uses_tls', 'verifies_certificate', 'authority_pem', 'user_name'],
  ...['password_sealed', 'client_id', 'kind', 'detected_kind', 'topic_filters', 'portals', 'is_on'],
  ...['updated_at_ms', 'version'],
];

/** `ConnectionStore` on SQLite. */
export function createConnectionStore(db: Database): ConnectionStore {
  return {
    loadAll: () => db.query<Row, []>('SELECT * FROM connections').all().map(toStored),
    insert(stored) {
      const columns = ['id', 'created_at_ms', ...CHANGEABLE];
      db.query(`INSERT INTO connections (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(
        stored.connection.id,
        stored.connection.createdAt,
        ...changeable(stored),
      );
    },
    update(stored, expectedVersion) {
      const assignments = CHANGEABLE.map((column) => `${column} = ?`).join(', ');
      const { changes } = db
        .query(`UPDATE connections SET ${assignments} WHERE id = ? AND version = ?`)
        .run(...changeable(stored), stored.connection.id, expectedVersion);
      return changes === 1;
    },
    learn(id, { detectedKind, portals }) {
      db.query('UPDATE connections SET detected_kind = ?, portals = ? WHERE id = ?').run(
        detectedKind,
        JSON.stringify(portals),
        id,
      );
    },
    remove(id) {
      db.query('DELETE FROM connections WHERE id = ?').run(id);
    },
    removeOfSource(sourceId) {
      db.query('DELETE FROM connections WHERE source_id = ?').run(sourceId);
    },
  };
}

function changeable({ connection, sealedPassword, portals }: StoredConnection) {
  return [
    connection.sourceId,
    connection.name,
    connection.host,
    connection.port,
    connection.usesTls ? 1 : 0,
    connection.verifiesCertificate ? 1 : 0,
    connection.authorityPem,
    connection.userName,
    sealedPassword,
    connection.clientId,
    connection.kind,
    connection.detectedKind,
    JSON.stringify(connection.topicFilters),
    JSON.stringify(portals),
    connection.isOn ? 1 : 0,
    connection.updatedAt,
    connection.version,
  ];
}

function toStored(row: Row): StoredConnection {
  return {
    connection: {
      id: row.id,
      sourceId: row.source_id,
      name: row.name,
      host: row.host,
      port: row.port,
      usesTls: row.uses_tls === 1,
      verifiesCertificate: row.verifies_certificate === 1,
      authorityPem: row.authority_pem,
      userName: row.user_name,
      hasPassword: row.password_sealed !== null,
      clientId: row.client_id,
      kind: row.kind,
      detectedKind: row.detected_kind,
      topicFilters: JSON.parse(row.topic_filters) as string[],
      isOn: row.is_on === 1,
      createdAt: row.created_at_ms,
      updatedAt: row.updated_at_ms,
      version: row.version,
    },
    sealedPassword: row.password_sealed,
    portals: JSON.parse(row.portals) as string[],
  };
}
