import { type DayOdds, dayQuantile, type ForecastIssue } from '../issue.ts';
import { type CameDay, firstAt, valueAt } from './came-day.ts';
import type { DayFacts } from './day-facts.ts';

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

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_DAYS_AHEAD = 7;
/** A day of which less was measured is not judged as a whole. */
const KNOWN_SHARE = 0.95;

/** How the energy of a day was forecast; nothing where too little of it was measured. */
export function dayEnergyScores(day: CameDay, issues: readonly ForecastIssue[]): DayScore[] {
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
  for (let time = firstAt(from, day); time < to; time += day.stepMs) {
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
