import type { Database } from 'bun:sqlite';
import { relationalMigrations } from '../migrations/relational/index.ts';
import { type Clock, systemClock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import { AmpraError } from './core/result.ts';
import type { Config } from './platform/config.ts';
import { type DataDir, openDataDir } from './platform/data-dir.ts';
import type { Feature, PartHealth } from './platform/feature.ts';
import { HttpListener } from './platform/http-listener.ts';
import { JobTable } from './platform/jobs.sqlite.ts';
import { JobRunner } from './platform/jobs.ts';
import { createLog, type LogSink, MemoryLogSink } from './platform/log.ts';
import { migrateSqlite } from './platform/migrate.ts';
import { openSqlite } from './platform/sqlite.ts';
import type { WebRoutes } from './web/routes.ts';

/**
 * The composition root: builds the appliance in order, starts it in order, stops it in reverse. It is the only importer
 * of `feature.ts` files. The process around it (arguments, signals, exit codes) is `main.ts`; tests build this.
 */

export interface AppOptions {
  config: Config;
  clock?: Clock;
  /** Where log lines go besides the System page's memory. */
  logSinks?: LogSink[];
}

/** What stands before any feature is built. */
export interface Base {
  config: Config;
  clock: Clock;
  log: Log;
  logLines: MemoryLogSink;
  dataDir: DataDir;
  /** The relational database, migrated. */
  db: Database;
}

/**
 * Builds every feature; one block each, in the order of the design, so that a later one can take the earlier ones' ports.
 * A feature that is added gets its import, its block, its place in `inOrder` (started in that order, stopped in the
 * reverse) and its name in the returned object (that is how tests and `main.ts` reach it).
 */
function buildFeatures(base: Base) {
  const { db, clock, log } = base;

  const jobs = new JobRunner({ table: new JobTable(db), clock, log: log.for('jobs') });

  // accounts

  // sources

  // telemetry

  // ingest

  // mqtt broker

  // admin

  // Jobs start last, when what they work on is there, and stop first.
  const inOrder: Feature<WebRoutes>[] = [
    // accounts, sources, telemetry, ingest, mqtt broker, admin
    jobs,
  ];
  return { inOrder, jobs };
}
export type Features = ReturnType<typeof buildFeatures>;

/** Builds the web app over the features' routes and gives the function that answers requests. */
function buildWeb(_base: Base, _features: Features): (request: Request, peer: string) => Promise<Response> {
  // web
  return async () => new Response('No pages yet.\n', { status: 503 });
}

export interface App {
  /** Starts all that can start; throws only when nothing could be served (the data directory is taken, say). */
  start(): Promise<void>;
  /** Stops in the reverse order; what is pending reaches the disk. */
  stop(): Promise<void>;
  /** Answers a request as the web port would. */
  fetch(request: Request): Promise<Response>;
  /** Every part and how it is. */
  health(): PartHealth[];
  /** True once every part is ok. */
  isReady(): boolean;
  /** The features and their ports; throws before `start` and when the relational database is broken. */
  readonly features: Features;
  readonly base: Base;
  /** Where the web pages listen, `http://127.0.0.1:8080`; null when they do not. */
  readonly url: string | null;
}

/** Creates the appliance; nothing is touched before `start`. */
export function createApp(options: AppOptions): App {
  return new Appliance(options);
}

class Appliance implements App {
  private readonly clock: Clock;
  private readonly logLines = new MemoryLogSink();
  private readonly log: Log;
  private readonly parts = new Map<string, PartHealth>();
  private opened: DataDir | null = null;
  private builtBase: Base | null = null;
  private builtFeatures: Features | null = null;
  private started: Feature<WebRoutes>[] = [];
  private listener: HttpListener | null = null;
  private answer: (request: Request, peer: string) => Promise<Response> = async () =>
    new Response('Ampra is starting.\n', { status: 503, headers: { 'retry-after': '1' } });

  constructor(private readonly options: AppOptions) {
    this.clock = options.clock ?? systemClock;
    this.log = createLog({
      level: options.config.logLevel,
      sinks: [this.logLines, ...(options.logSinks ?? [])],
      now: () => this.clock.now(),
    });
  }

  async start(): Promise<void> {
    const { config } = this.options;
    this.opened = openDataDir(config.dataDir);
    try {
      await this.startHttp();
      await this.attempt('relational database', async () => this.openBase());
      if (this.builtBase) await this.startFeatures(this.builtBase);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  private openBase(): void {
    const { config } = this.options;
    const dataDir = this.opened;
    if (!dataDir) throw new Error('the data directory is not open');
    const db = openSqlite(dataDir.at('ampra.db'));
    migrateSqlite(db, relationalMigrations, () => this.clock.now());
    this.builtBase = { config, clock: this.clock, log: this.log, logLines: this.logLines, dataDir, db };
  }

  private async startFeatures(base: Base): Promise<void> {
    this.builtFeatures = buildFeatures(base);
    this.answer = buildWeb(base, this.builtFeatures);
    for (const feature of this.builtFeatures.inOrder) {
      await this.attempt(feature.name, async () => {
        await feature.start?.();
        this.started.push(feature);
      });
    }
  }

  private async startHttp(): Promise<void> {
    this.listener = new HttpListener({
      port: this.options.config.httpPort,
      host: this.options.config.httpHost,
      fetch: (request, peer) => this.answer(request, peer),
    });
    await this.listener.start();
  }

  /** Runs one step of the start; when it fails the part is named as broken and the others go on. */
  private async attempt(part: string, step: () => Promise<void>): Promise<void> {
    this.parts.set(part, { part, state: 'starting' });
    try {
      await step();
      this.parts.set(part, { part, state: 'ok' });
    } catch (error) {
      const hint = error instanceof AmpraError && error.refusal.hint ? ` ${error.refusal.hint}` : '';
      const message = `${error instanceof Error ? error.message : String(error)}${hint}`;
      this.parts.set(part, { part, state: 'broken', message });
      this.log.error(`${part} did not start`, { error });
    }
  }

  async stop(): Promise<void> {
    for (const feature of this.started.splice(0).reverse()) {
      try {
        await feature.stop?.();
      } catch (error) {
        this.log.error(`${feature.name} did not stop cleanly`, { error });
      }
    }
    await this.listener?.stop();
    this.builtBase?.db.close();
    this.opened?.release();
    this.listener = null;
    this.builtBase = null;
    this.opened = null;
  }

  fetch(request: Request): Promise<Response> {
    return this.answer(request, '127.0.0.1');
  }

  health(): PartHealth[] {
    const own = this.started.flatMap((f) => f.health?.() ?? []);
    return [...this.parts.values(), ...own];
  }

  isReady(): boolean {
    return this.health().every((p) => p.state === 'ok');
  }

  get features(): Features {
    if (!this.builtFeatures) throw new Error('the appliance has no features: not started, or its database is broken');
    return this.builtFeatures;
  }

  get base(): Base {
    if (!this.builtBase) throw new Error('the appliance is not started, or its database is broken');
    return this.builtBase;
  }

  get url(): string | null {
    return this.listener?.url ?? null;
  }
}
