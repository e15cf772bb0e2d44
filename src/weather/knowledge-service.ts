import { Bus } from '../core/bus.ts';
import type { Log } from '../core/log.ts';
import type { TimeSpan } from '../core/time-range.ts';
import type { Source } from '../sources/source.ts';
import { copyHour, fillFromIssue, mergePast, placeDays } from './compose.ts';
import { dailyWeather, type LocalDay, localDays, riseAndSet, stampsOf } from './days.ts';
import { cutBlock, DAY_MS, HOUR_MS, type HourlyWeather, unknownHours } from './hours.ts';
import { superfluousIssues } from './issue-thinning.ts';
import type { WeatherPlaces } from './places-service.ts';
import type {
  DailyWeather,
  HourBlock,
  PastOrigin,
  WeatherIssue,
  WeatherNews,
  WeatherPlace,
  WeatherReader,
  WeatherStores,
  WeatherWriter,
} from './ports.ts';

export interface KnowledgeDeps {
  stores: WeatherStores;
  places: WeatherPlaces;
  sources: { byId(id: string): Source | undefined };
  log: Log;
}

/** Days that are worked out at once, so that ten years need no more memory than one. */
const DAYS_AT_ONCE = 400;

/** What is known of the weather: answers questions about it, and takes in what is new. */
export class WeatherKnowledge implements Omit<WeatherReader, 'state'>, WeatherWriter {
  private readonly bus: Bus<{ news: WeatherNews }>;

  constructor(private readonly deps: KnowledgeDeps) {
    this.bus = new Bus((error) => deps.log.error('a listener for weather failed', { cause: error }));
  }

  onWeather(listener: (news: WeatherNews) => void): () => void {
    return this.bus.on('news', listener);
  }

  hourly(sourceId: string, range: TimeSpan): HourlyWeather {
    const hours = unknownHours(range);
    const place = this.placeOf(sourceId);
    const span = spanOf(hours);
    if (!place || !span) return hours;
    const { past, issues } = this.deps.stores;
    placeDays(hours, past.days(place.id, Math.floor(span.from / DAY_MS), Math.floor((span.to - 1) / DAY_MS) + 1));
    const gaps = gapsOf(hours);
    if (gaps) for (const issue of issues.speakingOf(place.id, gaps)) if (fillFromIssue(hours, issue) === 0) break;
    return hours;
  }

  hourlyAsTold(sourceId: string, range: TimeSpan, knownAt: (stamp: number) => number): HourlyWeather {
    const hours = unknownHours(range);
    const place = this.placeOf(sourceId);
    if (!place) return hours;
    const { issues } = this.deps.stores;
    let told: { at: number; issue: WeatherIssue | null } = { at: Number.NaN, issue: null };
    for (const [index, time] of hours.times.entries()) {
      const at = knownAt(time);
      if (at !== told.at) {
        const issuedAt = issues.newestTime(place.id, at);
        const isSame = issuedAt === told.issue?.issuedAt;
        told = { at, issue: isSame ? told.issue : issuedAt === null ? null : issues.read(place.id, issuedAt) };
      }
      if (told.issue) copyHour(hours, index, told.issue);
    }
    return hours;
  }

  issueAt(sourceId: string, time: number): WeatherIssue | null {
    const place = this.placeOf(sourceId);
    return place ? this.deps.stores.issues.newestAt(place.id, time) : null;
  }

  issuedTimes(sourceId: string, range: TimeSpan): number[] {
    const place = this.placeOf(sourceId);
    return place ? this.deps.stores.issues.times(place.id, range) : [];
  }

  daily(sourceId: string, range: TimeSpan): DailyWeather[] {
    const source = this.deps.sources.byId(sourceId);
    const days = source ? localDays(range, source) : [];
    const [first, last] = [days[0], days.at(-1)];
    if (!first || !last) return [];
    const rows = this.deps.stores.days.read(sourceId, first.date, last.date);
    const known = new Map(rows.map((row) => [row.date, row]));
    return days.map((day) => known.get(day.date) ?? unknownDay(day));
  }

  putPast(sourceId: string, block: HourBlock, of: PastOrigin): void {
    const place = this.placeOf(sourceId);
    if (place) this.takePast(place, block, of);
  }

  putIssues(sourceId: string, issues: readonly WeatherIssue[]): void {
    const place = this.placeOf(sourceId);
    const { stores } = this.deps;
    if (place) stores.atomically(() => stores.issues.put(place.id, issues));
  }

  /** Takes in an answer of the forecast service: what has passed by `now`, and a forecast from there on. */
  takeForecast(place: WeatherPlace, block: HourBlock, now: number): void {
    const { stores } = this.deps;
    const firstAhead = Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS;
    const past = cutBlock(block, block.from, firstAhead);
    const ahead = cutBlock(block, firstAhead, block.from + block.count * HOUR_MS);
    const range = { from: block.from, to: block.from + block.count * HOUR_MS };
    stores.atomically(() => {
      if (past) this.mergeInto(place, past, { origin: 'recent', fetchedAt: now });
      if (ahead) stores.issues.put(place.id, [{ ...ahead, issuedAt: now }]);
      const times = stores.issues.times(place.id, { from: 0, to: now });
      stores.issues.remove(place.id, superfluousIssues(times, now));
      this.workOutDays(place, range);
    });
    this.tell(place, 'forecast', range);
  }

  /** Takes in days long past. */
  takeArchive(place: WeatherPlace, block: HourBlock, now: number): void {
    this.takePast(place, block, { origin: 'archive', fetchedAt: now });
  }

  /** Works the days of a source out anew, as when it has moved to another place or zone. */
  workOutAllDays(source: Source): void {
    const { stores } = this.deps;
    const place = this.deps.places.of(source);
    if (!place) return;
    const rows = stores.past.known(place.id, -1e6, 1e6);
    const newest = stores.issues.newestAt(place.id, Number.MAX_SAFE_INTEGER);
    const starts = [...(rows[0] ? [rows[0].day * DAY_MS] : []), ...(newest ? [newest.from] : [])];
    const ends = [
      ...rows.slice(-1).map((row) => (row.day + 1) * DAY_MS),
      ...(newest ? [newest.from + newest.count * HOUR_MS] : []),
    ];
    stores.atomically(() => {
      stores.days.removeAllOf(source.id);
      if (starts.length > 0) this.workOutDaysOf(source, { from: Math.min(...starts), to: Math.max(...ends) });
    });
  }

  private takePast(place: WeatherPlace, block: HourBlock, of: PastOrigin): void {
    const range = { from: block.from, to: block.from + block.count * HOUR_MS };
    this.deps.stores.atomically(() => {
      this.mergeInto(place, block, of);
      this.workOutDays(place, range);
    });
    this.tell(place, 'archive', range);
  }

  private mergeInto(place: WeatherPlace, block: HourBlock, of: PastOrigin): void {
    const { past } = this.deps.stores;
    const first = Math.floor(block.from / DAY_MS);
    const rows = past.days(place.id, first, first + Math.ceil(block.count / 24) + 1);
    const kept = new Map(rows.map((row) => [row.day, row]));
    past.put(
      place.id,
      mergePast(block, of, (day) => kept.get(day)),
    );
  }

  private workOutDays(place: WeatherPlace, range: TimeSpan): void {
    for (const source of this.deps.places.sourcesAt(place)) this.workOutDaysOf(source, range);
  }

  private workOutDaysOf(source: Source, range: TimeSpan): void {
    const days = localDays(range, source);
    for (let i = 0; i < days.length; i += DAYS_AT_ONCE) {
      const part = days.slice(i, i + DAYS_AT_ONCE);
      const [first, last] = [part[0], part.at(-1)];
      if (!first || !last) continue;
      const hours = this.hourly(source.id, { from: stampsOf(first).from, to: stampsOf(last).to });
      const known = part.map((day) => dailyWeather(day, hours)).filter((day) => day.origin !== null);
      this.deps.stores.days.put(source.id, known);
    }
  }

  private tell(place: WeatherPlace, kind: WeatherNews['kind'], range: TimeSpan): void {
    const sourceIds = new Set(this.deps.places.sourcesAt(place).map((source) => source.id));
    this.bus.emit('news', { sourceIds, kind, range });
  }

  private placeOf(sourceId: string): WeatherPlace | undefined {
    const source = this.deps.sources.byId(sourceId);
    return source && this.deps.places.of(source);
  }
}

/** The stamps of `hours` as a range; null when there are none. */
function spanOf({ times }: HourlyWeather): TimeSpan | null {
  const [from, last] = [times[0], times.at(-1)];
  return from === undefined || last === undefined ? null : { from, to: last + HOUR_MS };
}

/** From the first to the last hour of which nothing is known; null when there is none. */
function gapsOf({ times, origins }: HourlyWeather): TimeSpan | null {
  const [from, last] = [times[origins.indexOf(null)], times[origins.lastIndexOf(null)]];
  return from === undefined || last === undefined ? null : { from, to: last + HOUR_MS };
}

/** A day of which only the sun's course is known. */
function unknownDay(day: LocalDay): DailyWeather {
  return {
    ...{ date: day.date, temperatureMaxC: null, temperatureMinC: null, shortwaveSumMjM2: null, weatherCode: null },
    ...{ uvIndexMax: null, precipitationSumMm: null, windMaxMs: null, ...riseAndSet(day.sun) },
    ...{ origin: null, fetchedAt: null, hoursKnown: 0, hoursInDay: Math.round((day.to - day.from) / HOUR_MS) },
  };
}
