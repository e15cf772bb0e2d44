import type { SunPlace } from '../../core/solar/place.ts';
import { sunPosition } from '../../core/solar/position.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import {
  type DayOdds,
  dayQuantile,
  type ForecastIssue,
  type ForecastQuantity,
  issueLevels,
  medianOf,
  stepAt,
} from '../issue.ts';
import type { MissedShare } from '../serve/band-widths.ts';
import type { DayFacts } from './day-facts.ts';
import { leadOf } from './lead-times.ts';

/** What came on a day, on intervals that reach from some days before it to its end. */
export interface CameDay extends TimeSpan {
  date: string;
  /** Start of the first interval, and their length, ms. */
  seriesFrom: number;
  stepMs: number;
  /** W; NaN where unknown. */
  powerW: Float64Array;
  /** 1 where it does not count. */
  excluded: Uint8Array;
  /** True where bands are judged: by day, for production. */
  isJudged(time: number): boolean;
  /** What the clear sky gives at a moment, in any unit; null for what does not follow the sun. */
  clearAt: ((time: number) => number) | null;
}

/** How the forecasts of one day did at one lead time. */
export interface LeadScore {
  /** Number of `leadTimes`. */
  lead: number;
  intervals: number;
  errorW: number;
  referenceErrorW: number;
  persistenceErrorW: number | null;
  /** The same, carried over by the clear sky; null where that means nothing. */
  clearPersistenceErrorW: number | null;
  biasW: number;
  judged: number;
  inside: number;
}

/** How a day's energy was forecast so many days before. */
export interface DayScore {
  date: string;
  /** 0: the first forecast of the day itself; 1: the last one before it began, 2: a day before that, ... */
  daysAhead: number;
  issuedAt: number;
  actualKwh: number;
  p10Kwh: number;
  p50Kwh: number;
  p90Kwh: number;
  /** The same energy as on the last day that was known whole. */
  persistenceKwh: number | null;
  /** Share of the day that was measured. */
  knownShare: number;
}

/** A day's score with what may explain its error. */
export interface KeptDayScore extends DayScore {
  facts: DayFacts;
}

export interface KeptLeadScore extends LeadScore {
  date: string;
}

/** Which share of judged intervals lay outside p10 to p90, by whole days since the weather was learned. */
export interface MissedByAge {
  age: number;
  judged: number;
  outside: number;
}

export interface JudgedDay {
  leads: LeadScore[];
  days: DayScore[];
  missed: MissedByAge[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_DAYS_AHEAD = 7;
/** At sunrise the ratio of two small numbers says nothing. */
const MOST_RATIO = 2;
const [LOW, HIGH] = [issueLevels.indexOf(0.1), issueLevels.indexOf(0.9)];
/** A day of which less was measured is not judged as a whole. */
const KNOWN_SHARE = 0.95;

/** Where odds are judged: by day for production, always for consumption. */
export const isJudgedAt =
  (quantity: ForecastQuantity, place: SunPlace) =>
  (time: number): boolean =>
    quantity === 'load' || sunPosition(time, place).zenithDeg < 89;

/** What the bands have to follow. */
export function missedShares({ missed, days }: JudgedDay): MissedShare[] {
  return [
    ...missed.map(({ age, judged, outside }) => ({ lead: age, hours: outside / judged, day: null })),
    ...days.map((day) => ({
      lead: day.daysAhead,
      hours: null,
      day: day.actualKwh < day.p10Kwh || day.actualKwh > day.p90Kwh,
    })),
  ];
}

/** Judges what was forecast of a day. `issues` speak of it, in any order. */
export function judgeDay(day: CameDay, issues: readonly ForecastIssue[]): JudgedDay {
  const sums = new Map<number, LeadSum>();
  const missed = new Map<number, MissedByAge>();
  for (const issue of issues) addIssue(day, issue, sums, missed);
  return {
    leads: [...sums].map(([lead, sum]) => sum.score(lead)).sort((a, b) => a.lead - b.lead),
    days: dayScores(day, issues),
    missed: [...missed.values()].sort((a, b) => a.age - b.age),
  };
}

function addIssue(
  day: CameDay,
  issue: ForecastIssue,
  sums: Map<number, LeadSum>,
  missed: Map<number, MissedByAge>,
): void {
  const [median, low, high] = [medianOf(issue), issue.quantilesW[LOW], issue.quantilesW[HIGH]];
  for (let time = Math.max(day.from, ceil(issue.steps.from, day)); time < day.to; time += day.stepMs) {
    const actual = valueAt(day, time);
    const step = stepAt(issue.steps, time);
    const lead = leadOf((time - issue.issuedAt) / HOUR_MS);
    if (Number.isNaN(actual) || step < 0 || lead < 0) continue;
    const isInside = actual >= (low?.[step] ?? 0) && actual <= (high?.[step] ?? 0);
    const isJudged = day.isJudged(time + day.stepMs / 2);
    const sum = sums.get(lead) ?? new LeadSum();
    sums.set(lead, sum);
    sum.add(actual, median[step] ?? 0, issue.referenceW[step] ?? 0, persistence(day, issue.issuedAt, time));
    if (!isJudged) continue;
    sum.judge(isInside);
    const age = Math.floor((time - (issue.weatherAt ?? issue.issuedAt)) / DAY_MS);
    if (issue.weatherAt === null || time >= issue.weatherUntil || age > MOST_DAYS_AHEAD) continue;
    const at = missed.get(age) ?? { age, judged: 0, outside: 0 };
    missed.set(age, { age, judged: at.judged + 1, outside: at.outside + (isInside ? 0 : 1) });
  }
}

class LeadSum {
  private count = 0;
  private error = 0;
  private reference = 0;
  private persisted = 0;
  private persistence = 0;
  private clear = 0;
  private bias = 0;
  private judged = 0;
  private inside = 0;

  add(actual: number, forecast: number, reference: number, persistence: Persistence | null): void {
    this.count++;
    this.error += Math.abs(forecast - actual);
    this.reference += Math.abs(reference - actual);
    this.bias += forecast - actual;
    if (!persistence) return;
    this.persisted++;
    this.persistence += Math.abs(persistence.plain - actual);
    this.clear += Math.abs(persistence.clear - actual);
  }

  judge(isInside: boolean): void {
    this.judged++;
    if (isInside) this.inside++;
  }

  score(lead: number): LeadScore {
    const { count } = this;
    return {
      lead,
      intervals: count,
      errorW: this.error / count,
      referenceErrorW: this.reference / count,
      persistenceErrorW: this.persisted > 0 ? this.persistence / this.persisted : null,
      clearPersistenceErrorW: this.persisted > 0 && !Number.isNaN(this.clear) ? this.clear / this.persisted : null,
      biasW: this.bias / count,
      judged: this.judged,
      inside: this.inside,
    };
  }
}

const ceil = (time: number, { seriesFrom, stepMs }: CameDay): number =>
  seriesFrom + Math.ceil((time - seriesFrom) / stepMs) * stepMs;

function valueAt({ seriesFrom, stepMs, powerW, excluded }: CameDay, time: number): number {
  const index = Math.round((time - seriesFrom) / stepMs);
  return excluded[index] ? Number.NaN : (powerW[index] ?? Number.NaN);
}

interface Persistence {
  plain: number;
  /** Carried over by the clear sky; NaN for what does not follow the sun. */
  clear: number;
}

/** The same time on the last day that was over when the forecast was issued; within a week. */
function persistence(day: CameDay, issuedAt: number, time: number): Persistence | null {
  const first = Math.max(1, Math.ceil((time + day.stepMs - issuedAt) / DAY_MS));
  for (let back = first; back < first + 4; back++) {
    const value = valueAt(day, time - back * DAY_MS);
    if (!Number.isNaN(value)) return { plain: value, clear: value * clearRatio(day, time, time - back * DAY_MS) };
  }
  return null;
}

/** How much more light the clear sky gives at one time than at the same time of another day. */
function clearRatio({ clearAt, stepMs }: CameDay, time: number, before: number): number {
  if (!clearAt) return Number.NaN;
  const [now, then] = [clearAt(time + stepMs / 2), clearAt(before + stepMs / 2)];
  return then > 0 ? Math.min(MOST_RATIO, now / then) : 1;
}

function dayScores(day: CameDay, issues: readonly ForecastIssue[]): DayScore[] {
  const came = sumOf(day, day.from, day.to);
  if (came.share < KNOWN_SHARE) return [];
  const scores: DayScore[] = [];
  for (let daysAhead = 0; daysAhead <= MOST_DAYS_AHEAD; daysAhead++) {
    const chosen = chosenIssue(day, issues, daysAhead);
    if (!chosen) continue;
    const at = (level: number): number => dayQuantile(chosen.odds, level);
    scores.push({
      date: day.date,
      daysAhead,
      issuedAt: chosen.issue.issuedAt,
      actualKwh: came.kwh,
      ...{ p10Kwh: at(0.1), p50Kwh: at(0.5), p90Kwh: at(0.9) },
      persistenceKwh: lastWholeDay(day, chosen.issue.issuedAt),
      knownShare: came.share,
    });
  }
  return scores;
}

/** The forecast that stands for so many days ahead: no more than a day older than it should be. */
function chosenIssue(
  day: CameDay,
  issues: readonly ForecastIssue[],
  daysAhead: number,
): { issue: ForecastIssue; odds: DayOdds } | null {
  const until = daysAhead === 0 ? day.from + 12 * HOUR_MS : day.from - (daysAhead - 1) * DAY_MS;
  const since = daysAhead === 0 ? day.from : until - DAY_MS;
  let best: { issue: ForecastIssue; odds: DayOdds } | null = null;
  for (const issue of issues) {
    if (issue.issuedAt < since || issue.issuedAt >= until) continue;
    const odds = issue.days.find(({ date }) => date === day.date);
    const isBetter = !best || (daysAhead === 0) === issue.issuedAt < best.issue.issuedAt;
    if (odds && isBetter) best = { issue, odds };
  }
  return best;
}

/** Energy of a stretch, and the share of its judged intervals that was measured: an inverter that sleeps at night misses nothing. */
function sumOf(day: CameDay, from: number, to: number): { kwh: number; share: number } {
  let [kwh, known, all] = [0, 0, 0];
  for (let time = ceil(from, day); time < to; time += day.stepMs) {
    const value = valueAt(day, time);
    const isKnown = !Number.isNaN(value);
    if (isKnown) kwh += (value * day.stepMs) / HOUR_MS / 1000;
    if (!day.isJudged(time + day.stepMs / 2)) continue;
    all++;
    if (isKnown) known++;
  }
  return { kwh, share: all > 0 ? known / all : 0 };
}

/** Energy of the last day that was over and measured when the forecast was issued. */
function lastWholeDay(day: CameDay, issuedAt: number): number | null {
  const first = Math.max(1, Math.ceil((day.to - issuedAt) / DAY_MS));
  for (let back = first; back < first + 4; back++) {
    const { kwh, share } = sumOf(day, day.from - back * DAY_MS, day.to - back * DAY_MS);
    if (share >= KNOWN_SHARE) return kwh;
  }
  return null;
}
