import type { ForecastIssue } from '../issue.ts';
import type { MissedShare } from '../serve/band-widths.ts';
import type { CameDay } from './came-day.ts';
import { type DayScore, dayEnergyScores } from './day-energy.ts';
import { type LeadScore, leadScores, type MissedByAge } from './lead-score.ts';

export interface JudgedDay {
  leads: LeadScore[];
  days: DayScore[];
  missed: MissedByAge[];
}

/** Judges what was forecast of a day. `issues` speak of it, in any order. */
export function judgeDay(day: CameDay, issues: readonly ForecastIssue[]): JudgedDay {
  return { ...leadScores(day, issues), days: dayEnergyScores(day, issues) };
}

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
