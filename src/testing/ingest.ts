import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { relationalMigrations } from '../../migrations/relational/index.ts';
import { ownsOrOversees } from '../accounts/viewer.ts';
import type { MetricValues, Reading, RejectedValue } from '../core/reading.ts';
import { ok, refuse } from '../core/result.ts';
import { createIngest } from '../ingest/feature.ts';
import type { Accepted, Channel } from '../ingest/ports.ts';
import { silentLog } from '../platform/log.ts';
import { migrateSqlite } from '../platform/migrate.ts';
import { openSqlite } from '../platform/sqlite.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { JournalPosition, ReadingSink } from '../telemetry/ports.ts';
import { FakeClock } from './app.ts';

/** A source as the directory would give it. */
export function makeSource(id: string, more: Partial<Source> = {}): Source {
  return {
    id,
    ownerId: 'ada',
    groupId: null,
    name: id,
    description: '',
    role: 'system',
    connectionType: 'mqtt',
    latitude: 0,
    longitude: 0,
    timeZone: 'UTC',
    mqttTopic: `ampra/${id}/telemetry`,
    isActive: true,
    installedCapacityW: null,
    inverterLimitW: null,
    arrays: [],
    currency: 'EUR',
    systemCostMinor: null,
    maintenancePerYearMinor: null,
    installationDate: null,
    iconFile: null,
    createdAt: 0,
    updatedAt: 0,
    version: 1,
    ...more,
  };
}

/** Takes readings as telemetry would; `flushed` is what it says that the database holds. */
export class RecordingSink implements ReadingSink {
  readonly readings: (Reading & { position: JournalPosition })[] = [];
  flushed: JournalPosition = 0;
  isBroken = false;
  add(readings: readonly Reading[], position: JournalPosition): void {
    if (this.isBroken) throw new Error('telemetry is broken on purpose');
    for (const reading of readings) this.readings.push({ ...reading, position });
  }
  readonly refused: { sourceId: string; receivedAt: number; values: readonly RejectedValue[] }[] = [];
  noteRefused(sourceId: string, receivedAt: number, values: readonly RejectedValue[]): void {
    this.refused.push({ sourceId, receivedAt, values });
  }
  isFull = false;
  isSaturated(): boolean {
    return this.isFull;
  }
  async flush(): Promise<void> {
    this.isFull = false;
  }
  flushedPosition(): JournalPosition {
    return this.flushed;
  }
}

/** The real ingest feature on files of its own, between a directory in memory and a sink that records. */
export class IngestBench {
  readonly dir = mkdtempSync(join(tmpdir(), 'ampra-ingest-'));
  readonly clock = new FakeClock();
  readonly sources = new Map<string, Source>();
  readonly secrets = new Map<string, string>();
  readonly db = openSqlite(join(this.dir, 'ampra.db'));
  sink = new RecordingSink();
  /** What telemetry has as the newest of every source. */
  latest: MetricValues = {};
  readonly deletions: ((sourceId: string) => Promise<void>)[] = [];
  ingest = this.make();

  constructor() {
    migrateSqlite(this.db, relationalMigrations, () => this.clock.now());
  }

  /** One that runs, with one source. */
  static async started(sourceId = 's1'): Promise<IngestBench> {
    const bench = new IngestBench();
    bench.sources.set(sourceId, makeSource(sourceId));
    await bench.ingest.start?.();
    return bench;
  }

  /** Gives a message to ingest, an object as JSON, and waits for the answer. */
  receive(
    payload: unknown,
    {
      id = 's1',
      topic = `ampra/${id}/telemetry`,
      channel = 'mqtt',
    }: { id?: string; topic?: string; channel?: Channel } = {},
  ): Promise<Accepted> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const bytes = new TextEncoder().encode(text);
    const message = { topic, payload: bytes, receivedAt: this.clock.now(), isRetained: false };
    const source = this.sources.get(id) ?? makeSource(id);
    return new Promise((resolve, reject) => {
      this.ingest.service.receive(source, channel, message, (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
    });
  }

  /** The next process on the same files, with an empty sink. */
  async restart(flushed = 0): Promise<void> {
    await this.ingest.stop?.();
    this.sink = new RecordingSink();
    this.sink.flushed = flushed;
    this.ingest = this.make();
    await this.ingest.start?.();
  }

  async dispose(): Promise<void> {
    await this.ingest.stop?.();
    this.db.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private make() {
    const directory: Pick<SourceDirectory, 'byId' | 'findFor' | 'webhookSecret'> = {
      byId: (id) => this.sources.get(id),
      findFor: (viewer, id) => {
        const source = this.sources.get(id);
        return source && ownsOrOversees(viewer, source.ownerId) ? ok(source) : refuse('not_found', 'no such source');
      },
      webhookSecret: (id) => this.secrets.get(id),
    };
    return createIngest({
      db: this.db,
      dataDir: this.dir,
      clock: this.clock,
      log: silentLog,
      sources: directory as SourceDirectory,
      deletion: { onDelete: (remove) => void this.deletions.push(remove) },
      sink: this.sink,
      newest: (_id, metric) => this.latest[metric],
      commitWindowMs: 20,
      rawRetentionDays: 7,
      maxBodyMb: 1,
    });
  }
}
