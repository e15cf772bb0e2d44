import type { Viewer } from '../accounts/viewer.ts';
import { minutes } from '../core/durations.ts';
import type { MetricValues } from '../core/reading.ts';
import { unwrap } from '../core/result.ts';
import { startOfLocalDay } from '../core/zone.ts';
import type { AccuracyView, ForecastView, ModelsView } from '../forecast/forecast-view.ts';
import type { ForecastQuantity } from '../forecast/issue.ts';
import type { Source } from '../sources/source.ts';
import { emptyColumns, HOUR_MS, type HourBlock } from '../weather/hours.ts';
import { FakeClock, startTestApp, type TestApp } from './app.ts';

export interface HousePlace {
  latitude: number;
  longitude: number;
  timeZone: string;
  installedCapacityW: number;
}

/** What a house measures at a moment. */
export type Measure = (time: number) => MetricValues | null;
/** What the weather service says of the hour that ends at a stamp. */
export type Sky = (stamp: number) => { ghiWm2: number; temperatureC: number; dniWm2?: number } | null;

const visitor = { address: '127.0.0.1', userAgent: 'test' };
const person = { name: 'Ada', email: 'ada@example.org', password: 'a good password for tests' };
const READING_EVERY_MS = minutes(15);

/** The real appliance with one house, whose days are lived through by the clock of the test: measured, told, judged, learned. */
export class ForecastHouse implements AsyncDisposable {
  private constructor(
    readonly app: TestApp,
    readonly clock: FakeClock,
    readonly viewer: Viewer,
    readonly source: Source,
  ) {}

  /** Weather is handed in, and a service that is never there asked in vain, unless one is named. */
  static async start(
    at: number,
    place: HousePlace,
    { clock = new FakeClock(at), weatherUrl = 'http://127.0.0.1:9' } = {},
  ): Promise<ForecastHouse> {
    const config = { weather: 'on', weatherUrl, commitWindowMs: 0 } as const;
    const app = await startTestApp({ clock, config });
    const { accounts, sources } = app.features;
    const { user } = unwrap(await accounts.service.setUp.claim({ ...person, code: '' }, { ...visitor, isLocal: true }));
    const viewer = accounts.service.viewerFor(user.id);
    if (!viewer) throw new Error('the owner could not be found');
    const wish = { ...place, name: 'Roof', connectionType: 'mqtt', role: 'system' };
    const { source } = unwrap(await sources.service.create(viewer, wish));
    // The test says when, not the schedule.
    app.features.forecast.schedule.stop();
    return new ForecastHouse(app, clock, viewer, source);
  }

  /** Readings of a range, as an import brings them. */
  async measure(from: number, to: number, measure: Measure, everyMs = READING_EVERY_MS): Promise<void> {
    const { telemetry } = this.app.features;
    const readings = [];
    for (let time = from; time < to; time += everyMs) {
      const values = measure(time);
      if (values) readings.push({ sourceId: this.source.id, time, values });
    }
    await telemetry.admin.importReadings(this.source.id, readings);
  }

  /** A forecast of the weather, told now, of so many hours. */
  tell(sky: Sky, count: number): void {
    const from = Math.floor(this.clock.now() / HOUR_MS) * HOUR_MS + HOUR_MS;
    const issue = { ...blockOf(sky, from, count), issuedAt: this.clock.now() };
    this.app.features.weather.writer.putIssues(this.source.id, [issue]);
  }

  /** How hours that have passed came, as the archive knows them. */
  archive(sky: Sky, from: number, to: number): void {
    const block = blockOf(sky, from + HOUR_MS, Math.round((to - from) / HOUR_MS));
    this.app.features.weather.writer.putPast(this.source.id, block, { origin: 'archive', fetchedAt: this.clock.now() });
  }

  /** Makes a forecast now and keeps it. */
  async issue(quantity: ForecastQuantity = 'solar'): Promise<void> {
    const { subjects, issuing } = this.app.features.forecast;
    await subjects.refresh();
    await issuing.issueNow([{ sourceId: this.source.id, quantity }], { isWorthKeeping: true });
  }

  async forecast(at?: number, quantity: ForecastQuantity = 'solar'): Promise<ForecastView> {
    const { desk } = this.app.features.forecast;
    const view = unwrap(await desk.forecast(this.viewer, { sourceId: this.source.id, quantity }, at));
    if (!view) throw new Error(`there is no forecast: ${JSON.stringify(this.waiting(quantity))}`);
    return view;
  }

  accuracy(countDays = 60, quantity: ForecastQuantity = 'solar'): AccuracyView {
    const { desk } = this.app.features.forecast;
    return unwrap(desk.accuracy(this.viewer, { sourceId: this.source.id, quantity }, countDays));
  }

  async models(quantity: ForecastQuantity = 'solar'): Promise<ModelsView> {
    const { desk } = this.app.features.forecast;
    return unwrap(await desk.models(this.viewer, { sourceId: this.source.id, quantity }));
  }

  /** What the night does: judges days that are over, and learns. */
  async night(): Promise<void> {
    this.app.features.jobs.enqueue('forecast.night');
    await this.settle();
  }

  /** Asks the weather service now, in vain or not. */
  async fetchWeather(): Promise<void> {
    unwrap(this.app.features.weather.refresher.refreshNow(this.viewer, this.source.id));
    await this.settle('weather.');
  }

  /** Waits until every job of forecasting (or of another feature) that is queued has run; throws what one failed with. */
  async settle(feature = 'forecast.'): Promise<void> {
    const { jobs } = this.app.features;
    const own = () => jobs.list({ limit: 50 }).filter(({ kind }) => kind.startsWith(feature));
    const isBusy = () => own().some(({ state }) => state === 'queued' || state === 'running');
    for (const end = Date.now() + 300_000; isBusy(); await Bun.sleep(5)) {
      if (Date.now() > end) throw new Error('the jobs did not come to rest');
      jobs.poke();
    }
    const failed = own().find(({ error }) => error !== null);
    if (failed) throw new Error(`${failed.kind}: ${failed.error}`);
  }

  /** A page as its owner sees it. */
  async page(path: string): Promise<string> {
    const signedIn = unwrap(await this.app.features.accounts.service.signIn.signIn(person, visitor));
    if (signedIn.kind !== 'signedIn') throw new Error('the owner could not sign in');
    const headers = { Cookie: `ampra_session=${signedIn.session.cookie}` };
    return await (await fetch(`${this.app.url}${path}`, { headers })).text();
  }

  /** First moment of a day of the house's calendar, days since 1970. */
  midnight(day: number): number {
    return startOfLocalDay(day, this.source.timeZone);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.dispose();
  }

  private waiting(quantity: ForecastQuantity) {
    return this.app.features.forecast.desk.waiting(this.viewer, { sourceId: this.source.id, quantity });
  }
}

function blockOf(sky: Sky, from: number, count: number): HourBlock {
  const values = emptyColumns(count);
  for (let at = 0; at < count; at++) {
    const said = sky(from + at * HOUR_MS);
    if (!said) continue;
    values.ghiWm2[at] = said.ghiWm2;
    values.temperatureC[at] = said.temperatureC;
    values.dniWm2[at] = said.dniWm2 ?? null;
  }
  return { from, count, values };
}
