import type { Database } from 'bun:sqlite';
import { inTransaction } from '../platform/sqlite.ts';
import type { SourceStore, StoredSource } from './ports.ts';
import { type ConnectionType, ownTopic, type Source, type SourceArray, type SourceRole } from './source.ts';

interface Row {
  id: string;
  owner_id: string;
  group_id: string | null;
  name: string;
  description: string;
  role: SourceRole;
  connection_type: ConnectionType;
  latitude_deg: number;
  longitude_deg: number;
  time_zone: string;
  is_active: number;
  installed_capacity_w: number | null;
  inverter_limit_w: number | null;
  arrays_json: string;
  currency: string;
  system_cost_minor: number | null;
  maintenance_per_year_minor: number | null;
  installation_date: string | null;
  icon_file: string | null;
  api_key_sha256: Uint8Array;
  webhook_secret_sealed: Uint8Array;
  created_at_ms: number;
  updated_at_ms: number;
  version: number;
  deleted_at_ms: number | null;
}

/** Columns an owner's change may touch, in the order of `changeable`. */
const CHANGEABLE = [
  'group_id',
  'name',
  'description',
  'role',
  'connection_type',
  'latitude_deg',
  'longitude_deg',
  'time_zone',
  'is_active',
  'installed_capacity_w',
  'inverter_limit_w',
  'arrays_json',
  'currency',
  'system_cost_minor',
  'maintenance_per_year_minor',
  'installation_date',
  'icon_file',
  'updated_at_ms',
  'version',
] as const;

/** `SourceStore` on SQLite. */
export function createSourceStore(db: Database): SourceStore {
  return {
    loadAll: () => db.query<Row, []>('SELECT * FROM sources').all().map(toStored),
    insert: (stored) => insertSource(db, stored),
    update: (source, expectedVersion) => updateSource(db, source, expectedVersion),
    replaceKeys(source, keys) {
      db.query(
        `UPDATE sources SET api_key_sha256 = ?, webhook_secret_sealed = ?, updated_at_ms = ?, version = ? WHERE id = ?`,
      ).run(keys.apiKeyHash, keys.sealedWebhookSecret, source.updatedAt, source.version, source.id);
    },
    markDeleted(id, at) {
      db.query('UPDATE sources SET deleted_at_ms = ? WHERE id = ? AND deleted_at_ms IS NULL').run(at, id);
    },
    remove(id) {
      inTransaction(db, () => db.query('DELETE FROM sources WHERE id = ?').run(id));
    },
  };
}

function insertSource(db: Database, { source, ...secret }: StoredSource): void {
  const columns = ['id', 'owner_id', 'api_key_sha256', 'webhook_secret_sealed', 'created_at_ms', ...CHANGEABLE];
  db.query(`INSERT INTO sources (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(
    source.id,
    source.ownerId,
    secret.apiKeyHash,
    secret.sealedWebhookSecret,
    source.createdAt,
    ...changeable(source),
  );
}

function updateSource(db: Database, source: Source, expectedVersion: number): boolean {
  const assignments = CHANGEABLE.map((column) => `${column} = ?`).join(', ');
  const result = db
    .query(`UPDATE sources SET ${assignments} WHERE id = ? AND version = ? AND deleted_at_ms IS NULL`)
    .run(...changeable(source), source.id, expectedVersion);
  return result.changes === 1;
}

function changeable(source: Source): (string | number | null)[] {
  return [
    source.groupId,
    source.name,
    source.description,
    source.role,
    source.connectionType,
    source.latitude,
    source.longitude,
    source.timeZone,
    source.isActive ? 1 : 0,
    source.installedCapacityW,
    source.inverterLimitW,
    JSON.stringify(source.arrays),
    source.currency,
    source.systemCostMinor,
    source.maintenancePerYearMinor,
    source.installationDate,
    source.iconFile,
    source.updatedAt,
    source.version,
  ];
}

function toStored(row: Row): StoredSource {
  return {
    source: toSource(row),
    apiKeyHash: row.api_key_sha256,
    sealedWebhookSecret: row.webhook_secret_sealed,
    deletedAt: row.deleted_at_ms,
  };
}

function toSource(row: Row): Source {
  return {
    id: row.id,
    ownerId: row.owner_id,
    groupId: row.group_id,
    name: row.name,
    description: row.description,
    role: row.role,
    connectionType: row.connection_type,
    latitude: row.latitude_deg,
    longitude: row.longitude_deg,
    timeZone: row.time_zone,
    mqttTopic: ownTopic(row.id),
    isActive: row.is_active === 1,
    installedCapacityW: row.installed_capacity_w,
    inverterLimitW: row.inverter_limit_w,
    arrays: JSON.parse(row.arrays_json) as SourceArray[],
    currency: row.currency,
    systemCostMinor: row.system_cost_minor,
    maintenancePerYearMinor: row.maintenance_per_year_minor,
    installationDate: row.installation_date,
    iconFile: row.icon_file,
    createdAt: row.created_at_ms,
    updatedAt: row.updated_at_ms,
    version: row.version,
  };
}
