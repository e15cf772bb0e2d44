import type { PartHealth } from '../../platform/feature.ts';
import type { MetricSample } from '../../platform/metrics.ts';
import type { TelemetryGate } from '../gate-service.ts';
import { remakingWords } from '../remaking-words.ts';
import type { TelemetryOpener } from './opener.duckdb.ts';

const PART = 'telemetry database';

/** How telemetry does, and for the owner what to do about it. */
export function healthOf(opener: TelemetryOpener, gate: TelemetryGate): PartHealth[] {
  const message = troubleOf(opener, gate);
  if (message !== null) return [{ part: PART, state: 'broken', message }];
  const shares = [...(opener.store()?.all() ?? [])].flatMap(({ sourceId }) => gate.remadeShare(sourceId) ?? []);
  return shares.length === 0 ? [] : [{ part: PART, state: 'ok', message: remakingWords(shares) }];
}

function troubleOf(opener: TelemetryOpener, gate: TelemetryGate): string | null {
  const closed = opener.closedBecause();
  if (closed !== null)
    return `${closed.replace(/\.?$/, '.')} What devices send is kept in the journal meanwhile; the database is tried again every few seconds.`;
  const service = gate.current();
  const problem = service?.problem();
  if (problem)
    return `Readings cannot be written to the telemetry database (${problem}). They are safe in the journal and are tried again. Free some space or check the disk.`;
  const rollups = service?.rollupProblem();
  if (rollups)
    return `Readings are stored, but charts and energy of long times cannot be brought up to date (${rollups}). It is tried again; free some space or check the disk.`;
  const damaged = opener.store()?.packed().damagedCount() ?? 0;
  if (damaged === 0) return null;
  return `${damaged === 1 ? 'A packed stretch' : `${damaged} packed stretches`} of past readings cannot be read: the file archive.db is damaged there. Everything else works. Restore a backup, and check the disk.`;
}

/** What /metrics tells of telemetry; nothing while it is closed. */
export function samplesOf(opener: TelemetryOpener, gate: TelemetryGate): MetricSample[] {
  const service = gate.current();
  const store = opener.store();
  if (!service || !store) return [];
  const { databaseBytes, walBytes } = store.size();
  const gauge = (name: string, help: string, value: number): MetricSample => ({ name, help, type: 'gauge', value });
  return [
    gauge('ampra_telemetry_database_bytes', 'Size of the telemetry database.', databaseBytes),
    gauge('ampra_telemetry_log_bytes', 'Size of its write-ahead log.', walBytes),
    gauge('ampra_telemetry_pending_readings', 'Readings that wait for the database.', service.pendingCount()),
    gauge('ampra_telemetry_stored_readings', 'Readings stored.', store.readingCount()),
    {
      name: 'ampra_telemetry_recoveries_total',
      help: 'Times the telemetry database had to be opened anew after an error.',
      type: 'counter',
      value: store.recoveries(),
    },
  ];
}
