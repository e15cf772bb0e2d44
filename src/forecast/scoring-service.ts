import type { Clock } from '../core/clock.ts';
import { nextTurn } from '../core/next-turn.ts';
import { haurwitzGhiWm2 } from '../core/solar/clear-sky.ts';
import { sunPosition } from '../core/solar/position.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { dayKey, localDayOf, startOfLocalDay } from '../core/zone.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { WeatherReader } from '../weather/ports.ts';
import type { ForecastData } from './data-service.ts';
import type { ForecastIssue, ForecastSubject, IssueStore, KeptDayScore, ScoreStore } from './ports.ts';
import { type CameDay, isJudgedAt } from './score/came-day.ts';
import type { DayFacts } from './score/day-facts.ts';
import { type JudgedDay, judgeDay, missedShares } from './score/day-score.ts';
import { followed, usualWidths } from './serve/band-widths.ts';

export interface ScoringDeps {
  data: ForecastData;
  issues: IssueStore;
  scores: ScoreStore;
  sources: Pick<SourceDirectory, 'byId'>;
  weather: Pick<WeatherReader, 'hourly' | 'hourlyAsTold'>;
  clock: Clock;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Forecasts of a day that are judged, at most: enough to tell lead times apart. */
const MOST_ISSUES = 60;
const DECODED_AT_ONCE = 6;
/** A day is judged when the last readings of it had time to arrive. */
const SETTLED_MS = 1.5 * HOUR_MS;
/** What persistence may look back on: a forecast of seven days, and a gap of some. */
const PERSISTENCE_DAYS = 12;
/** Older days are not gone back to. */
const MOST_DAYS_BACK = 60;

/** Judges what was forecast of days that are over, and lets the bands follow. */
export class ForecastScoring {
  constructor(private readonly deps: ScoringDeps) {}

  async judgeAll(subjects: readonly ForecastSubject[], signal: AbortSignal): Promise<void> {
    for (const subject of subjects) {
      if (signal.aborted) return;
      await this.judge(subject, signal);
    }
  }

  /** Judges the days that are over and were not judged yet. */
  async judge(subject: ForecastSubject, signal?: AbortSignal): Promise<void> {
    const source = this.deps.sources.byId(subject.sourceId);
    if (!source) return;
    for (const day of this.openDays(subject, source)) {
      if (signal?.aborted) return;
      await this.judgeOne(subject, source, day);
      await nextTurn();
    }
  }

  private openDays(subject: ForecastSubject, source: Source): number[] {
    const { issues, scores, clock } = this.deps;
    const now = clock.now();
    const last = localDayOf(now - SETTLED_MS, source.timeZone) - 1;
    const first = issues.times(subject, { from: now - MOST_DAYS_BACK * DAY_MS, to: now })[0];
    if (first === undefined) return [];
    const judged = scores.lastDate(subject);
    const open = Math.max(
      localDayOf(first, source.timeZone),
      judged === null ? 0 : Math.round(Date.parse(judged) / DAY_MS) + 1,
    );
    return Array.from({ length: Math.max(0, last - open + 1) }, (_, at) => open + at);
  }

  private async judgeOne(subject: ForecastSubject, source: Source, day: number): Promise<void> {
    const span = { from: startOfLocalDay(day, source.timeZone), to: startOfLocalDay(day + 1, source.timeZone) };
    const came = await this.cameOn(subject, source, dayKey(day), span);
    const judged = came && judgeDay(came, await this.issuesOf(subject, span));
    // A day of which nothing can be said is passed over, and not asked for again.
    if (!came || !judged || judged.leads.length === 0) return;
    const facts = this.factsOf(source, came);
    const days: KeptDayScore[] = judged.days.map((score) => ({ ...score, facts }));
    this.deps.scores.put(subject, came.date, judged.leads, days);
    this.follow(subject, came.date, judged);
  }

  private async cameOn(
    subject: ForecastSubject,
    source: Source,
    date: string,
    span: TimeSpan,
  ): Promise<CameDay | null> {
    const found = await this.deps.data.measuredIn(subject, {
      from: span.from - PERSISTENCE_DAYS * DAY_MS,
      to: span.to,
    });
    if (!found?.measured || found.measured.to <= span.from) return null;
    const { grid, powerW, excluded } = found;
    const isJudged = isJudgedAt(subject.quantity, source);
    const clearAt = subject.quantity === 'load' ? null : (time: number) => clearSkyAt(time, source);
    return { ...span, date, seriesFrom: grid.from, stepMs: grid.stepMs, powerW, excluded, isJudged, clearAt };
  }

  /** Forecasts that speak of the day: all of the last two days, thinner before that. */
  private async issuesOf(subject: ForecastSubject, span: TimeSpan): Promise<ForecastIssue[]> {
    const times = this.deps.issues.speakingOf(subject, span);
    const recent = times.filter((time) => time >= span.from - DAY_MS);
    const older = times.filter((time) => time < span.from - DAY_MS);
    const chosen = [...evenly(older, MOST_ISSUES / 2), ...evenly(recent, MOST_ISSUES / 2)];
    const issues: ForecastIssue[] = [];
    for (const [at, time] of chosen.entries()) {
      const issue = this.deps.issues.read(subject, time);
      if (issue) issues.push(issue);
      if (at % DECODED_AT_ONCE === 0) await nextTurn();
    }
    return issues;
  }

  private factsOf(source: Source, day: CameDay): DayFacts {
    const { weather } = this.deps;
    const stamps = { from: day.from + HOUR_MS, to: day.to + HOUR_MS };
    const told = weather.hourlyAsTold(source.id, stamps, () => day.from);
    const best = weather.hourly(source.id, stamps);
    // What a forecast said is not how it came.
    const came = <T>(values: readonly (T | null)[]): (T | null)[] =>
      values.map((value, hour) => (best.origins[hour] === 'forecast' ? null : value));
    const sun = (values: readonly (number | null)[]): number | null =>
      values.some((value) => value !== null)
        ? values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / 1000
        : null;
    const most = (values: readonly (number | null)[]): number | null => {
      const known = values.filter((value) => value !== null);
      return known.length > 0 ? Math.max(...known) : null;
    };
    return {
      toldSunKwhM2: sun(told.values.ghiWm2),
      cameSunKwhM2: sun(came(best.values.ghiWm2)),
      snowM: most(came(best.values.snowDepthM)),
      toldWarmestC: most(told.values.temperatureC),
      cameWarmestC: most(came(best.values.temperatureC)),
      ...sharesOf(day),
    };
  }

  private follow(subject: ForecastSubject, date: string, judged: JudgedDay): void {
    const { scores } = this.deps;
    const state = scores.state(subject);
    const widths = followed(state?.widths ?? usualWidths(), missedShares(judged));
    scores.putState(subject, {
      date: state && state.date > date ? state.date : date,
      weights: state?.weights ?? null,
      widths,
    });
  }
}

/** Light of the clear sky on level ground, W/m2. */
const clearSkyAt = (time: number, place: Source): number => haurwitzGhiWm2(sunPosition(time, place).zenithDeg);

function evenly(times: readonly number[], most: number): number[] {
  const every = Math.max(1, times.length / most);
  return Array.from({ length: Math.floor(times.length / every) }, (_, at) => times[Math.floor(at * every)] ?? 0);
}

function sharesOf(came: CameDay): Pick<DayFacts, 'curtailedShare' | 'missingShare' | 'largestW'> {
  let [all, curtailed, missing, largestW] = [0, 0, 0, 0];
  for (let time = came.from; time < came.to; time += came.stepMs) {
    const index = Math.round((time - came.seriesFrom) / came.stepMs);
    const power = came.powerW[index] ?? Number.NaN;
    largestW = Math.max(largestW, power || 0);
    if (!came.isJudged(time + came.stepMs / 2)) continue;
    all++;
    if (came.excluded[index]) curtailed++;
    if (Number.isNaN(power)) missing++;
  }
  return { curtailedShare: curtailed / Math.max(1, all), missingShare: missing / Math.max(1, all), largestW };
}
