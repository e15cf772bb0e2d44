import type { Database } from 'bun:sqlite';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { relationalMigrations } from '../../migrations/relational/index.ts';
import type { Role, TokenScope, Viewer } from '../accounts/viewer.ts';
import { unwrap } from '../core/result.ts';
import { JobTable } from '../platform/jobs.sqlite.ts';
import { JobRunner } from '../platform/jobs.ts';
import { silentLog } from '../platform/log.ts';
import { migrateSqlite } from '../platform/migrate.ts';
import { openSqlite } from '../platform/sqlite.ts';
import { createSources, type Sources } from '../sources/feature.ts';
import type { SourceInput } from '../sources/source-rules.ts';
import { FakeClock, tempDir } from './app.ts';

/** A viewer of the given role, by session or with a token of `scope`. */
export function viewer(userId: string, role: Role = 'user', scope?: TokenScope): Viewer {
  return {
    userId,
    role,
    name: userId,
    email: `${userId}@example.org`,
    temperatureUnit: 'celsius',
    via: scope ? { kind: 'token', tokenId: `t-${userId}`, scope } : { kind: 'session', sessionId: `s-${userId}` },
  };
}

export const ada = viewer('ada');
export const bob = viewer('bob');
export const olga = viewer('olga', 'overseer');
export const adam = viewer('adam', 'admin');

/** What every source needs. */
export const berlin: SourceInput = { name: 'Roof', latitude: 52.52, longitude: 13.4, timeZone: 'Europe/Berlin' };

/** The real sources feature on a real database and folder of its own; `restart` is what a new process would see. */
export class SourcesBench {
  readonly dir = tempDir();
  readonly clock = new FakeClock();
  db: Database;
  jobs: JobRunner;
  sources: Sources;

  constructor() {
    this.db = openSqlite(join(this.dir, 'ampra.db'));
    migrateSqlite(this.db, relationalMigrations, () => this.clock.now());
    for (const who of [ada, bob, olga, adam]) this.addUser(who);
    this.jobs = this.makeJobs();
    this.sources = this.makeSources();
  }

  async start(options: { runsJobs?: boolean } = {}): Promise<this> {
    await this.sources.start?.();
    if (options.runsJobs !== false) await this.jobs.start();
    return this;
  }

  /** Ends this process and begins the next on the same files. */
  async restart(options: { runsJobs?: boolean; prepare?: (sources: Sources) => void } = {}): Promise<void> {
    await this.jobs.stop();
    this.db.close();
    this.db = openSqlite(join(this.dir, 'ampra.db'));
    this.jobs = this.makeJobs();
    this.sources = this.makeSources();
    options.prepare?.(this.sources);
    await this.start(options);
  }

  async dispose(): Promise<void> {
    await this.jobs.stop();
    this.db.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** A source of `owner`, with its keys. */
  async create(owner: Viewer = ada, input: SourceInput = {}) {
    return unwrap(await this.sources.service.create(owner, { ...berlin, ...input }));
  }

  async until(isSo: () => boolean): Promise<void> {
    for (let i = 0; i < 400 && !isSo(); i++) await Bun.sleep(5);
    if (!isSo()) throw new Error('it did not become so within 2 s');
  }

  private makeJobs(): JobRunner {
    return new JobRunner({ table: new JobTable(this.db), clock: this.clock, log: silentLog, backOffMs: 5 });
  }

  private makeSources(): Sources {
    return createSources({
      ...{ db: this.db, dataDir: this.dir, clock: this.clock, log: silentLog, jobs: this.jobs },
      connection: () => ({
        ...{ mqttPort: 1883, mqttTlsPort: null, mqttWsPath: '/mqtt', publicUrl: '' },
        lanAddress: '192.168.1.77',
      }),
    });
  }

  private addUser(who: Viewer): void {
    this.db
      .query(
        `INSERT INTO users (id, name, email, email_normalised, role, created_at_ms, updated_at_ms)
         VALUES (?, ?, ?, ?, ?, 0, 0)`,
      )
      .run(who.userId, who.name, who.email, who.email, who.role);
  }
}
