import type { DuckdbConnection } from '../../platform/duckdb-connection.ts';
import type { TelemetryGate } from '../gate-service.ts';
import type { TelemetryOpener } from './opener.duckdb.ts';

/**
 * For a backup: brings everything that was added so far into the database's file and leaves it as it is until `work` is
 * done. The connection it gets sees what the file holds, whatever is written meanwhile. Throws while telemetry is closed.
 */
export async function holdStill<T>(
  opener: TelemetryOpener,
  gate: TelemetryGate,
  work: (snapshot: DuckdbConnection) => Promise<T>,
): Promise<T> {
  const service = gate.current();
  const database = opener.store()?.current();
  if (!database || !service) throw new Error('the telemetry database is not open');
  const { release, snapshot } = await service.quiet(async () => {
    const connection = await database.connect();
    const letGo = await database.hold();
    // A transaction sees what was there when it first looked.
    await connection.run('BEGIN TRANSACTION READ ONLY');
    await connection.run('SELECT count(*) FROM journal_position');
    return { release: letGo, snapshot: connection };
  });
  try {
    return await work(snapshot);
  } finally {
    await snapshot.close();
    release();
  }
}
