import { type Base, openRelational } from './app-base.ts';
import { buildFeatures, type Features } from './app-features.ts';
import { Rescue } from './app-rescue.ts';
import { buildWeb } from './app-web.ts';
import { type Clock, houseTimeOf, systemClock } from './core/clock.ts';
import { diskTrouble } from './core/disk-trouble.ts';
import { seconds } from './core/durations.ts';
import type { Log } from './core/log.ts';
import { EARLIEST_NOW } from './core/unset-time.ts';
import { largestFrameBytes } from './mqtt/limits.ts';
import { loadTls, type TlsFiles } from './platform/certificate.ts';
import type { Config } from './platform/config.ts';
import { type DataDir, openDataDir } from './platform/data-dir.ts';
import { startingAnswer, troubleAnswer } from './platform/fallback-pages.ts';
import type { Feature, PartHealth } from './platform/feature.ts';
import { HouseClock } from './platform/house-clock.ts';
import { createLog, type LogSink, MemoryLogSink } from './platform/log.ts';
import { Parts } from './platform/parts.ts';
import { commandLineFor } from './platform/runtime.ts';
import { moveTimes } from './platform/sqlite.ts';
import { systemTimeSources } from './platform/time-sources.ts';
import { WebPort } from './platform/web-port.ts';
import type { WebRoutes } from './web/routes.ts';
import type { Web } from './web/server.ts';

/**
 * The composition root: builds the appliance in order, starts it in order, stops it in reverse. Which features
 * there are is in `app-features.ts`. The process around it (arguments, signals, exit codes) is `main.ts`; tests build this.
 */

export interface AppOptions {
  config: Config;
  clock?: Clock;
  /** Where log lines go besides the System page's memory. */
  logSinks?: LogSink[];
  /**
   * `appliance` (default) serves; `tools` opens the stores for a command and leaves ports, broker and jobs alone.
   */
  mode?: 'appliance' | 'tools';
  /** Stops this appliance and starts another one, when a restore asks for it. */
  onRestart?: () => void;
}

/** Pause before what a full disk prevented at the start is tried again. */
const RETRY_MS = seconds(5);

type Answer = (request: Request, peer: string) => Promise<Response>;

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
  /** The web app with its table of routes; throws like `features`. */
  readonly web: Web;
  readonly log: Log;
  /** The code that puts a backup of the damaged relational database back; null when that is not needed or possible. */
  rescueCode(): string | null;
  /** Where the web pages listen, `http://127.0.0.1:8080`; null when they do not. */
  readonly url: string | null;
}

/** Creates the appliance; nothing is touched before `start`. */
export function createApp(options: AppOptions): App {
  return new Appliance(options);
}

class Appliance implements App {
  readonly log: Log;
  private clock: Clock;
  private houseClock: HouseClock | null = null;
  private readonly logLines = new MemoryLogSink();
  private readonly parts: Parts;
  private opened: DataDir | null = null;
  private builtBase: Base | null = null;
  private builtFeatures: Features | null = null;
  private started: Feature<WebRoutes>[] = [];
  private builtWeb: Web | null = null;
  private port: WebPort | null = null;
  private answer: Answer = startingAnswer;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private retrying: Promise<void> = Promise.resolve();
  private rescue: Rescue | null = null;
  private readonly hindered = new Set<Feature<WebRoutes>>();

  constructor(private readonly options: AppOptions) {
    this.clock = options.clock ?? systemClock;
    this.log = createLog({
      level: options.config.logLevel,
      sinks: [this.logLines, ...(options.logSinks ?? [])],
      now: () => this.clock.now(),
    });
    this.parts = new Parts(this.log);
  }

  async start(): Promise<void> {
    const { config, mode } = this.options;
    const dataDir = openDataDir(config.dataDir);
    this.opened = dataDir;
    if (!this.options.clock) this.useHouseClock(dataDir);
    const { restored } = dataDir;
    if (restored) this.log.warn('a backup was put in place', { ...restored });
    try {
      this.parts.set('start', 'starting');
      const tls = await this.readTls(dataDir);
      if (mode !== 'tools') this.startWebPort(tls);
      await this.startOn(dataDir, tls);
      this.parts.drop('start');
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** The system's clock as far as it can be believed. */
  private useHouseClock(dataDir: DataDir): void {
    const clock = new HouseClock({ path: dataDir.at('clock.json'), sources: systemTimeSources(), log: this.log });
    if (this.options.mode !== 'tools') clock.start();
    this.houseClock = clock;
    this.clock = clock;
  }

  /** When the owner's certificate cannot be used the house's own stands in, so that no password travels in the clear. */
  private async readTls(dataDir: DataDir): Promise<TlsFiles | null> {
    const { config } = this.options;
    if (config.tls === 'off') return null;
    const load = (tls: Config['tls']) =>
      loadTls({
        config: { ...config, tls },
        folder: dataDir.folder('tls'),
        now: Math.max(this.clock.now(), EARLIEST_NOW),
      });
    let files: TlsFiles | null = null;
    const isLoaded = await this.parts.attempt('certificate', async () => {
      files = await load(config.tls);
    });
    return isLoaded ? files : load('local');
  }

  /** Everything that needs the relational database. What a full disk prevents is tried again until there is room. */
  private async startOn(dataDir: DataDir, tls: TlsFiles | null): Promise<void> {
    let problem: unknown = null;
    const step = async () => this.openBase(dataDir, tls);
    await this.parts.attempt('relational database', step, (error) => {
      problem = error;
    });
    if (this.builtBase) await this.startFeatures(this.builtBase);
    if (this.builtFeatures) return;
    const isTriedAgain = diskTrouble(problem) !== null;
    if (isTriedAgain) this.tryAgain(() => this.startOn(dataDir, tls));
    else if (isDamaged(problem)) this.rescue = this.buildRescue(dataDir);
    const commandLine = commandLineFor(this.options.config.dataDir);
    const rescue = this.rescue;
    this.answer = troubleAnswer({ health: () => this.health(), commandLine, isTriedAgain, rescue });
  }

  private buildRescue(dataDir: DataDir): Rescue {
    const { clock, log } = this;
    return new Rescue({ dataDir: dataDir.path, clock, log, restart: () => this.options.onRestart?.() });
  }

  private tryAgain(work: () => Promise<void>): void {
    if (this.options.mode === 'tools' || this.retry !== null) return;
    this.retry = setTimeout(() => {
      this.retry = null;
      this.retrying = work();
    }, RETRY_MS);
  }

  private openBase(dataDir: DataDir, tls: TlsFiles | null): void {
    const { clock, log, logLines } = this;
    const { config } = this.options;
    const db = openRelational(dataDir, clock);
    const restart = () => this.options.onRestart?.();
    const house = houseTimeOf(clock);
    moveTimes(db, house?.shifts() ?? []);
    house?.onSet((shifts) => moveTimes(db, shifts));
    this.builtBase = { config, clock, log, logLines, dataDir, db, tls, health: () => this.health(), restart };
  }

  private async startFeatures(base: Base): Promise<void> {
    const features = buildFeatures(base);
    const web = buildWeb(base, features);
    this.builtFeatures = features;
    this.builtWeb = web;
    for (const feature of features.inOrder) {
      if (this.options.mode === 'tools' && features.servingOnly.has(feature)) continue;
      // Stopped also when its start failed half-way.
      this.started.push(feature);
      await this.startFeature(feature);
    }
    this.answer = web.fetch;
  }

  private async startFeature(feature: Feature<WebRoutes>): Promise<void> {
    await this.parts.attempt(
      feature.name,
      async () => feature.start?.(),
      (error) => {
        if (diskTrouble(error) === null) return;
        this.hindered.add(feature);
        this.tryAgain(() => this.startHindered());
      },
    );
  }

  /** Starts what a full disk prevented, in order; what got half-way is stopped first. */
  private async startHindered(): Promise<void> {
    const hindered = [...this.hindered];
    this.hindered.clear();
    for (const feature of hindered) {
      await Promise.resolve(feature.stop?.()).catch(() => undefined);
      await this.startFeature(feature);
    }
  }

  private startWebPort(tls: TlsFiles | null): void {
    const { httpPort: port, httpHost: host, trustProxy, mqttAccess, mqttMaxPacketKb, publicUrl } = this.options.config;
    const options = {
      ...{ port, host, tls, trustProxy, publicUrl },
      onError: (error: unknown) => this.log.for('web').error('an answer broke', { error }),
      largestFrameBytes: largestFrameBytes(mqttMaxPacketKb * 1024),
      allowsForeignPages: mqttAccess === 'sources',
      fetch: (request: Request, peer: string) => this.answer(request, peer),
      mqtt: () => this.builtFeatures?.broker.webSocket ?? null,
    };
    this.port = new WebPort(options, this.parts, this.log.for('web'));
    this.port.start();
  }

  async stop(): Promise<void> {
    if (this.retry) clearTimeout(this.retry);
    await this.retrying;
    this.builtWeb?.stop();
    for (const feature of this.started.splice(0).reverse()) {
      try {
        await withinPatience(feature);
      } catch (error) {
        this.log.error(`${feature.name} did not stop cleanly`, { error });
      }
    }
    await this.port?.stop();
    this.builtBase?.db.close();
    this.houseClock?.stop();
    this.houseClock = null;
    this.opened?.release();
    this.port = null;
    this.builtWeb = null;
    this.builtBase = null;
    this.builtFeatures = null;
    this.opened = null;
    this.rescue = null;
    this.answer = startingAnswer;
    this.parts.clear();
  }

  fetch(request: Request): Promise<Response> {
    return this.answer(request, '127.0.0.1');
  }

  health(): PartHealth[] {
    return this.parts.merged(this.started.flatMap((f) => f.health?.() ?? []));
  }

  isReady(): boolean {
    const parts = this.health();
    return parts.length > 0 && parts.every((p) => p.state === 'ok');
  }

  get features(): Features {
    if (!this.builtFeatures) throw new Error('the appliance has no features: not started, or its database is broken');
    return this.builtFeatures;
  }

  get base(): Base {
    if (!this.builtBase) throw new Error('the appliance is not started, or its database is broken');
    return this.builtBase;
  }

  get web(): Web {
    if (!this.builtWeb) throw new Error('the appliance has no pages: not started, or its database is broken');
    return this.builtWeb;
  }

  rescueCode(): string | null {
    return this.rescue?.code() ?? null;
  }

  get url(): string | null {
    return this.port?.url ?? null;
  }
}

/** Damaged, not merely unreachable: then a backup helps. */
function isDamaged(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: string; cause?: unknown };
  return /^SQLITE_(NOTADB|CORRUPT)/.test(code ?? '') || (cause !== undefined && isDamaged(cause));
}

/** One feature that hangs must not keep the others from saving what they hold. */
async function withinPatience(feature: Feature<WebRoutes>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('it took longer than 2 s')), seconds(2));
  try {
    await Promise.race([feature.stop?.(), promise]);
  } finally {
    clearTimeout(timer);
  }
}
