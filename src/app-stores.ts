import { archiveMigrations } from '../migrations/archive/index.ts';
import { relationalMigrations } from '../migrations/relational/index.ts';
import { telemetryMigrations } from '../migrations/telemetry/index.ts';
import type { App } from './app.ts';
import { featuresOf } from './app-operation-arguments.ts';
import type { Stores } from './backups/make-backup.fs.ts';
import type { Schemas } from './backups/stage.fs.ts';
import { brokerMigrations } from './mqtt/store-schema.sqlite.ts';

/** What a backup copies, and how each store is kept still meanwhile. */
export function storesOf(app: App): Stores {
  return featuresOf(app).backups.stores();
}

/** The schemas of this Ampra, to which an older backup is brought. */
export const schemas: Schemas = {
  relational: relationalMigrations,
  broker: brokerMigrations,
  telemetry: telemetryMigrations,
  archive: archiveMigrations,
};
