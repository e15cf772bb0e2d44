import { basename, join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { seconds } from '../../core/durations.ts';
import type { Log } from '../../core/log.ts';
import { clearTempDir, DamagedDatabaseError } from '../../platform/duckdb.ts';
import type { TelemetryGate } from '../gate-service.ts';
import type { SourceFacts } from '../ports.ts';
import { TelemetryService } from '../service.ts';
import { RecoveringStore } from './recovery.duckdb.ts';
import type { TelemetryFile } from './telemetry-file.ts';

const REOPEN_EVERY_MS = seconds(5);
const DATABASE: TelemetryFile = 'telemetry.duckdb';
const ARCHIVE: TelemetryFile = 'archive.db';

export interface OpenerDeps {
  dataDir: string;
  clock: Clock;
  log: Log;
  gate: TelemetryGate;
  memoryLimitMb: number;
  factsOf: (sourceId: string) => SourceFacts;
  /** Pause before a database that did not open is tried again [ms]. */
  reopenEveryMs?: number | undefined;
  /** Called when the database is open and readings go in and out. */
  onOpen(service: TelemetryService, store: RecoveringStore): void;
}

/**
 * Keeps the telemetry database open behind the gate: one that cannot be opened (a full disk, a file that is being mended)
 * is tried again until it can.
 */
export class TelemetryOpener {
  private opened: RecoveringStore | null = null;
  /** Why the database is not open, as of the last try; null while it is. */
  private why: string | null = null;
  private damagedFile: TelemetryFile = DATABASE;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private opening: Promise<void> = Promise.resolve();
  private isStopped = false;
  private readonly lossListeners: (() => void)[] = [];

  constructor(private readonly deps: OpenerDeps) {}

  /** The store behind the gate; null while it is closed. */
  store(): RecoveringStore | null {
    return this.opened;
  }

  /** Why the database is not open, as of the last try; null while it is. */
  closedBecause(): string | null {
    return this.why;
  }

  /** The file for which telemetry could not be opened, as of the last try; null while it is open. */
  closedFile(): TelemetryFile | null {
    return this.deps.gate.current() === null ? this.damagedFile : null;
  }

  /** Called when the database came back with less than it had held: what is after its position must be replayed. */
  onLost(listener: () => void): void {
    this.lossListeners.push(listener);
  }

  /** Opens once; what fails is tried again in the background. */
  async start(): Promise<void> {
    this.isStopped = false;
    this.opening = this.tryToOpen();
    await this.opening;
  }

  /** Tries no more, and waits for a try that runs. */
  async settle(): Promise<void> {
    this.isStopped = true;
    if (this.retry) clearTimeout(this.retry);
    await this.opening;
  }

  /** Brings what waits to the disk and closes. */
  async close(): Promise<void> {
    const { gate } = this.deps;
    try {
      await gate.current()?.stop();
      await this.opened?.checkpoint();
    } finally {
      gate.shut({ isBroken: false });
      await this.opened?.close();
      this.opened = null;
    }
  }

  private async tryToOpen(): Promise<void> {
    const { gate, log } = this.deps;
    this.retry = null;
    try {
      await this.open();
      if (this.why !== null) {
        log.info('The telemetry database is open now', {});
        this.tellOfLoss();
      }
      this.why = null;
    } catch (error) {
      gate.shut({ isBroken: true });
      this.noteFailure(error);
      if (this.isStopped) return;
      this.retry = setTimeout(() => {
        this.opening = this.tryToOpen();
      }, this.deps.reopenEveryMs ?? REOPEN_EVERY_MS);
    }
  }

  private async open(): Promise<void> {
    const { dataDir, memoryLimitMb, clock, log, factsOf, gate } = this.deps;
    try {
      const tempDir = join(dataDir, 'tmp', 'duckdb');
      clearTempDir(tempDir);
      const store = await RecoveringStore.open({
        database: { path: join(dataDir, DATABASE), memoryLimitMb, tempDir },
        archivePath: join(dataDir, ARCHIVE),
        ...{ factsOf, log, now: () => clock.now() },
        onLost: () => {
          gate.current()?.rewind();
          this.tellOfLoss();
        },
      });
      this.opened = store;
      const service = new TelemetryService({ store, clock, log, factsOf });
      await service.start();
      gate.admit(service);
      this.deps.onOpen(service, store);
    } catch (error) {
      await this.opened?.close();
      this.opened = null;
      throw error;
    }
  }

  private noteFailure(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    // Said once, not every few seconds.
    if (why !== this.why) this.deps.log.error('the telemetry database did not open; it is tried again', { error });
    this.why = why;
    this.damagedFile = error instanceof DamagedDatabaseError && basename(error.path) === ARCHIVE ? ARCHIVE : DATABASE;
  }

  private tellOfLoss(): void {
    for (const listener of this.lossListeners) listener();
  }
}
