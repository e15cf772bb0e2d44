import { nextTurn } from '../core/next-turn.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { localDayOf, startOfLocalDay } from '../core/zone.ts';
import type { WeatherIssue, WeatherReader } from '../weather/ports.ts';
import { emptyWeatherRows, putHours, tableOf, type WeatherRows } from './measured/weather-rows.ts';
import type { ToldWeather } from './train/told-weather.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So many days are read before others have their turn. */
const DAYS_AT_ONCE = 8;

type Reader = Pick<WeatherReader, 'hourly' | 'hourlyAsTold' | 'issueAt' | 'issuedTimes'>;

/** The weather of a stretch as a forecast made at a moment may know it. */
export interface KnownWeather {
  rows: WeatherRows;
  /** The forecast in it: when it was learned and how far it reaches; null where there is none. */
  told: { at: number; until: number } | null;
  /** Share of the past hours for which a forecast of the time was kept, and hours known in all. */
  toldShare: number;
  hours: number;
}

/**
 * Reads the weather for forecasts: hours that have passed as they were told on the day, where that was kept, since this is what
 * coming hours will be known by, else as it turned out; hours to come as the newest forecast of the moment told them.
 */
export class ForecastWeather {
  constructor(private readonly reader: Reader) {}

  /** `at` is the moment of the forecast: nothing that was told later is looked at. */
  async known(sourceId: string, range: TimeSpan, at: number, timeZone: string): Promise<KnownWeather> {
    const from = Math.ceil(range.from / HOUR_MS) * HOUR_MS;
    const count = Math.max(0, Math.ceil((range.to - from) / HOUR_MS) + 1);
    const rows = emptyWeatherRows(from, count);
    const ahead = Math.floor(at / HOUR_MS) * HOUR_MS + HOUR_MS;
    const share = await this.addPast(sourceId, { from, to: Math.min(ahead, from + count * HOUR_MS) }, timeZone, rows);
    const issue = this.reader.issueAt(sourceId, at);
    if (issue) putHours(rows, issue.from, issue.values, { from: ahead });
    return { rows, told: issue && reachOf(issue, ahead), ...share };
  }

  /** Forecasts as they were told in a range, one each six hours at most. */
  async toldIn(sourceId: string, range: TimeSpan): Promise<ToldWeather[]> {
    const told: ToldWeather[] = [];
    let last = Number.NEGATIVE_INFINITY;
    for (const time of this.reader.issuedTimes(sourceId, range)) {
      if (time - last < 6 * HOUR_MS) continue;
      const issue = this.reader.issueAt(sourceId, time);
      const reach = issue && reachOf(issue, issue.from);
      if (!issue || !reach) continue;
      last = time;
      const rows = emptyWeatherRows(issue.from, issue.count);
      putHours(rows, issue.from, issue.values);
      told.push({ ...reach, table: tableOf(rows) });
      if (told.length % DAYS_AT_ONCE === 0) await nextTurn();
    }
    return told;
  }

  private async addPast(sourceId: string, range: TimeSpan, timeZone: string, rows: WeatherRows) {
    let [toldHours, hours] = [0, 0];
    for (let from = range.from; from < range.to; from += DAYS_AT_ONCE * DAY_MS) {
      const part = { from, to: Math.min(range.to, from + DAYS_AT_ONCE * DAY_MS) };
      // Each day as it was told when it began.
      const dayStart = (stamp: number) => startOfLocalDay(localDayOf(stamp - HOUR_MS, timeZone), timeZone);
      const told = this.reader.hourlyAsTold(sourceId, part, dayStart);
      const best = this.reader.hourly(sourceId, part);
      putHours(rows, told.times[0] ?? from, told.values);
      putHours(rows, best.times[0] ?? from, best.values, { onlyGaps: true });
      toldHours += told.origins.filter((origin) => origin !== null).length;
      hours += best.origins.filter((origin, i) => origin !== null || told.origins[i] !== null).length;
      await nextTurn();
    }
    return { toldShare: hours > 0 ? Math.min(1, toldHours / hours) : 0, hours };
  }
}

/** How far the light of a forecast reaches without a gap; null when it says nothing of it. */
function reachOf(issue: WeatherIssue, from: number): { at: number; until: number } | null {
  const { ghiWm2, cloudCoverPercent } = issue.values;
  let until = from;
  for (let at = Math.max(0, Math.round((from - issue.from) / HOUR_MS)); at < issue.count; at++) {
    if (ghiWm2[at] === null && cloudCoverPercent[at] === null) break;
    until = issue.from + at * HOUR_MS;
  }
  return until > from ? { at: issue.issuedAt, until } : null;
}
