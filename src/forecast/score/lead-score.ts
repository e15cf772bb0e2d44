import { type ForecastIssue, issueLevels, medianOf, stepAt } from '../issue.ts';
import { type CameDay, firstAt, valueAt } from './came-day.ts';
import { leadOf } from './lead-times.ts';

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

export interface KeptLeadScore extends LeadScore {
  date: string;
}

/** Which share of judged intervals lay outside p10 to p90, by whole days since the weather was learned. */
export interface MissedByAge {
  age: number;
  judged: number;
  outside: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_AGE_DAYS = 7;
/** At sunrise the ratio of two small numbers says nothing. */
const MOST_RATIO = 2;
const [LOW, HIGH] = [issueLevels.indexOf(0.1), issueLevels.indexOf(0.9)];

/** How the intervals of a day were forecast, by lead time and by the age of the weather, ascending. */
export function leadScores(
  day: CameDay,
  issues: readonly ForecastIssue[],
): { leads: LeadScore[]; missed: MissedByAge[] } {
  const sums = new Map<number, LeadSum>();
  const missed = new Map<number, MissedByAge>();
  for (const issue of issues) addIssue(day, issue, sums, missed);
  return {
    leads: [...sums].map(([lead, sum]) => sum.score(lead)).sort((a, b) => a.lead - b.lead),
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
  for (let time = Math.max(day.from, firstAt(issue.steps.from, day)); time < day.to; time += day.stepMs) {
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
    if (issue.weatherAt === null || time >= issue.weatherUntil || age > MOST_AGE_DAYS) continue;
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
