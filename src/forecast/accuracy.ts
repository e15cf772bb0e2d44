import type { AccuracyView, DayCourseView, JudgedDayView, LeadView } from './forecast-view.ts';
import type { ForecastQuantity } from './issue.ts';
import type { KeptDayScore } from './score/day-energy.ts';
import { reasonsForDay } from './score/day-reasons.ts';
import type { KeptLeadScore } from './score/lead-score.ts';
import { leadTimes } from './score/lead-times.ts';

/** Bands are meant to hold eight of ten. */
export const WANTED_COVERAGE = 0.8;
const WORST = 5;
/** The lead times that make the course over days: what was said the day before. */
const DAY_AHEAD: readonly string[] = ['6 to 12 h', '12 to 24 h'];
const UP_TO_H = 48;

/** Puts scores together to what the Accuracy page and the API show. */
export function accuracyOf(
  quantity: ForecastQuantity,
  scores: { leads: readonly KeptLeadScore[]; days: readonly KeptDayScore[] },
): Omit<AccuracyView, 'subject' | 'timeZone' | 'first' | 'last'> {
  const days = scores.days
    .filter(({ daysAhead }) => daysAhead === 1)
    .map((day) => judged(quantity, day))
    .sort((a, b) => b.date.localeCompare(a.date));
  const near = scores.leads.filter(({ lead }) => (leadTimes[lead]?.toH ?? Number.POSITIVE_INFINITY) <= UP_TO_H);
  const inside = days.filter(({ isInside }) => isInside).length;
  const share = days.length > 0 ? inside / days.length : null;
  return {
    dayCount: new Set(scores.leads.map(({ date }) => date)).size,
    leads: leadTimes.flatMap((_, lead) => leadView(scores.leads, lead) ?? []),
    coverage: { ...coverageOf(near), wanted: WANTED_COVERAGE },
    dayCoverage: { share, judged: days.length, wanted: WANTED_COVERAGE },
    course: courseOf(scores.leads),
    days,
    worst: days
      .filter(({ because }) => because.length > 0)
      .sort((a, b) => Math.abs(b.errorKwh) - Math.abs(a.errorKwh))
      .slice(0, WORST),
  };
}

function judged(quantity: ForecastQuantity, day: KeptDayScore): JudgedDayView {
  const { date, actualKwh, p10Kwh, p50Kwh, p90Kwh, persistenceKwh, facts } = day;
  return {
    ...{ date, actualKwh, p10Kwh, p50Kwh, p90Kwh, persistenceKwh, facts },
    isInside: actualKwh >= p10Kwh && actualKwh <= p90Kwh,
    errorKwh: p50Kwh - actualKwh,
    because: reasonsForDay(quantity, day),
  };
}

function leadView(all: readonly KeptLeadScore[], lead: number): LeadView | null {
  const scores = all.filter((score) => score.lead === lead);
  const time = leadTimes[lead];
  const intervals = scores.reduce((sum, score) => sum + score.intervals, 0);
  if (!time || intervals === 0) return null;
  const { share, judged: count } = coverageOf(scores);
  return {
    ...time,
    intervals,
    errorW: meanOf(scores, 'errorW') ?? 0,
    biasW: meanOf(scores, 'biasW') ?? 0,
    referenceErrorW: meanOf(scores, 'referenceErrorW') ?? 0,
    persistenceErrorW: meanOf(scores, 'persistenceErrorW'),
    clearPersistenceErrorW: meanOf(scores, 'clearPersistenceErrorW'),
    coverage: share,
    judged: count,
  };
}

type Figure = 'errorW' | 'biasW' | 'referenceErrorW' | 'persistenceErrorW' | 'clearPersistenceErrorW';

/** Weighted by intervals, over the scores that know it. */
function meanOf(scores: readonly KeptLeadScore[], figure: Figure): number | null {
  let [sum, count] = [0, 0];
  for (const score of scores) {
    const value = score[figure];
    if (value === null) continue;
    sum += value * score.intervals;
    count += score.intervals;
  }
  return count > 0 ? sum / count : null;
}

function coverageOf(scores: readonly KeptLeadScore[]): { share: number | null; judged: number } {
  const count = scores.reduce((sum, score) => sum + score.judged, 0);
  const inside = scores.reduce((sum, score) => sum + score.inside, 0);
  return { share: count > 0 ? inside / count : null, judged: count };
}

function courseOf(all: readonly KeptLeadScore[]): DayCourseView[] {
  const ahead = all.filter(({ lead }) => DAY_AHEAD.includes(leadTimes[lead]?.label ?? ''));
  return [...Map.groupBy(ahead, ({ date }) => date)]
    .map(([date, scores]) => ({
      date,
      errorW: meanOf(scores, 'errorW') ?? 0,
      referenceErrorW: meanOf(scores, 'referenceErrorW') ?? 0,
      persistenceErrorW: meanOf(scores, 'persistenceErrorW'),
      coverage: coverageOf(scores).share,
    }))
    .sort((a, b) => a.date.localeCompare(b.date));
}
