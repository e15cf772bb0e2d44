import { basename } from 'node:path';
import { telemetryMigrations } from '../../../migrations/telemetry/index.ts';
import type { Log } from '../../core/log.ts';
import { DuckdbDatabase, type DuckdbOptions } from '../../platform/duckdb.ts';
import { putBlocksBack } from '../../platform/duckdb-guard.ts';
import { cutCorruptLog } from '../../platform/duckdb-log.ts';
import { migrateDuckdb } from '../../platform/migrate.ts';
import { DuckdbTelemetryStore, type StoreOptions } from './store.duckdb.ts';

export interface OpeningOptions extends StoreOptions {
  database: DuckdbOptions;
  log: Log;
}

/** Opens or creates the telemetry database, mends what a power cut left, and brings its schema up to date. */
export async function openStore(
  options: OpeningOptions,
): Promise<{ database: DuckdbDatabase; store: DuckdbTelemetryStore }> {
  const database = await openOrMend(options.database, options.log);
  try {
    const migrator = await database.connect();
    await migrateDuckdb(migrator, telemetryMigrations, options.now);
    await migrator.close();
    return { database, store: await DuckdbTelemetryStore.open(database, options) };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens what a power cut left: what was torn in a checkpoint is put back, a log with a torn end is cut there. */
async function openOrMend(options: DuckdbOptions, log: Log): Promise<DuckdbDatabase> {
  try {
    return await DuckdbDatabase.open(options);
  } catch (error) {
    if (!mend(options.path, error, log)) throw error;
    return await openOrMend(options, log);
  }
}

/** True when there was something to mend, which each time can be found but once. */
function mend(path: string, error: unknown, log: Log): boolean {
  const blocks = putBlocksBack(path, error);
  if (blocks > 0) {
    log.warn('The telemetry database was being tidied when the power went; its old blocks were put back', { blocks });
    return true;
  }
  const cut = cutCorruptLog(path, error);
  if (cut === null) return false;
  log.warn("The end of the telemetry database's log was not whole and was left out; the journal has what it held", {
    bytes: cut.bytes,
    keptAs: basename(cut.keptAs),
    cause: error,
  });
  return true;
}
