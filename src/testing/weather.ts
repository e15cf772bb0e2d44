import type { AuditRecord } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { answerQuestion } from '../demo/weather.http.ts';
import type { Config } from '../platform/config.ts';
import { silentLog } from '../platform/log.ts';
import type { Source } from '../sources/source.ts';
import type { SourceInput } from '../sources/source-rules.ts';
import { createWeather } from '../weather/feature.ts';
import type { FakeClock } from './app.ts';
import { ada, SourcesBench } from './sources.ts';

type Weather = ReturnType<typeof createWeather>;

/** A weather service on loopback that remembers what it was asked, and answers as the test says. */
export class WeatherServer implements Disposable {
  readonly asked: URL[] = [];
  /** What the next questions are answered; weather when empty. */
  readonly next: ((url: URL) => Response | Promise<Response>)[] = [];
  private server: Bun.Server<undefined>;
  private readonly port: number;

  constructor(private readonly clock: Clock) {
    this.server = this.serve(0);
    this.port = this.server.port ?? 0;
  }

  private serve(port: number): Bun.Server<undefined> {
    return Bun.serve({
      hostname: '127.0.0.1',
      port,
      fetch: (request) => {
        const url = new URL(request.url);
        this.asked.push(url);
        return (this.next.shift() ?? ((asked: URL) => this.weather(asked)))(url);
      },
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it answers when nothing else was said. */
  weather(url: URL): Response {
    return answerQuestion(url, this.clock.now());
  }

  /** The questions to one path since the test began. */
  askedOf(path: string): URL[] {
    return this.asked.filter((url) => url.pathname === path);
  }

  /** It is gone: connections are refused. */
  stop(): void {
    void this.server.stop(true);
  }

  /** It is there again, at the same address. */
  comeBack(): void {
    this.server = this.serve(this.port);
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

/** The error form of Open-Meteo. */
export function refusal(reason: string, status: number): Response {
  return Response.json({ error: true, reason }, { status });
}

/** The real weather over real sources, jobs and SQLite, asking a server of the test's own. */
export class WeatherBench implements AsyncDisposable {
  readonly settings = new Map<string, unknown>();
  readonly audit: AuditRecord[] = [];
  /** Of whom nothing is fetched by itself. */
  readonly manual = new Set<string>();
  /** First and last reading of a source. */
  readonly spans = new Map<string, TimeSpan>();
  weather: Weather;

  private constructor(
    readonly sources: SourcesBench,
    readonly server: WeatherServer,
    private readonly mode: Config['weather'],
    private readonly host: string,
  ) {
    this.weather = this.build();
  }

  static async start(mode: Config['weather'] = 'on', host = '127.0.0.1'): Promise<WeatherBench> {
    const sources = new SourcesBench();
    const bench = new WeatherBench(sources, new WeatherServer(sources.clock), mode, host);
    await sources.start();
    await bench.weather.start?.();
    return bench;
  }

  get clock(): FakeClock {
    return this.sources.clock;
  }

  /** A source of `owner` at a place, in its zone. */
  async place(owner: Viewer = ada, input: SourceInput = {}): Promise<Source> {
    return (await this.sources.create(owner, input)).source;
  }

  /** Waits until every job that is due has run. */
  async settle(): Promise<void> {
    const { jobs, clock } = this.sources;
    const isBusy = () =>
      [...jobs.list({ state: 'queued', limit: 1000 }), ...jobs.list({ state: 'running', limit: 1000 })].some(
        (job) => job.runAt <= clock.now(),
      );
    for (const end = Date.now() + 10_000; isBusy(); await Bun.sleep(2)) {
      if (Date.now() > end) throw new Error('the jobs did not come to rest');
      jobs.poke();
    }
  }

  /** Moves the clock, and lets the schedule come by. */
  async later(ms: number): Promise<void> {
    this.clock.advance(ms);
    this.sources.jobs.enqueue('weather.refresh');
    await this.settle();
  }

  /** Ends this process and begins the next on the same files. */
  async restart(): Promise<void> {
    await this.weather.stop?.();
    await this.sources.restart({ runsJobs: false });
    this.weather = this.build();
    await this.weather.start?.();
    await this.sources.jobs.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.weather.stop?.();
    await this.sources.dispose();
    this.server.stop();
  }

  private build(): Weather {
    const { db, clock, jobs, sources } = this.sources;
    const { settings, manual } = this;
    return createWeather({
      ...{ db, clock, jobs, log: silentLog, sources: sources.directory, deletion: sources.deletion },
      config: {
        ...{ weather: this.mode, weatherArchiveUrl: '', weatherApiKey: '' },
        weatherUrl: this.server.url.replace('127.0.0.1', this.host),
      },
      settings: {
        get: (name) => (settings.has(name) ? { value: settings.get(name), version: 1 } : undefined),
        set: (name, value) => Boolean(settings.set(name, value)),
      },
      audit: { record: (entry) => void this.audit.push(entry) },
      accounts: {
        onChange: () => () => undefined,
        user: () => undefined,
        settingsOf: (id) => ({
          ...{ temperatureUnit: 'celsius', predictionAutoRun: true },
          weatherAutoUpdate: !manual.has(id),
        }),
      },
      telemetry: { span: async (id) => this.spans.get(id) ?? null },
      timing: { firstWaitMs: 1, restMs: 0, offsetMs: 0, timeoutMs: 5000 },
    });
  }
}
