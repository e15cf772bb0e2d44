import { toCsv } from '../csv.ts';
import type { EnergySummary } from '../house.ts';
import { amounts } from './amount.ts';
import type { TotalsView } from './totals-view.ts';

const round = (value: number | null): number | null => (value === null ? null : Math.round(value * 1000) / 1000);

/** The days of a period; those of the zone that the header names. */
export function daysCsv(view: TotalsView, timeZone: string, now: number): string {
  return toCsv([
    [`day (${timeZone})`, ...columns, 'coverage'],
    ...view.days.map((day) => [day.period, ...cells(day.from <= now ? day : null)]),
  ]);
}

const columns = amounts.map(({ label, unit }) => `${label.toLowerCase()} (${unit === '%' ? 'share' : unit})`);
const cells = (summary: EnergySummary | null) => [
  ...amounts.map((amount) => (summary ? round(amount.of(summary)) : null)),
  summary ? round(summary.coverage) : null,
];

/** The parts as shown, each with the same part of the year before; periods are those of the zone that the header names. */
export function totalsCsv(view: TotalsView, timeZone: string): string {
  const hasBefore = view.parts.some((part) => part.before !== null);
  const header = [`${view.step} (${timeZone})`, ...columns, 'coverage'];
  const beforeHeader = ['a year before', ...columns.map((name) => `${name}, a year before`), 'coverage, a year before'];
  return toCsv([
    [...header, ...(hasBefore ? beforeHeader : [])],
    ...view.parts.map((part) => [
      part.period,
      ...cells(part.hasBegun ? part : null),
      ...(hasBefore ? [part.beforeKey, ...cells(part.before)] : []),
    ]),
  ]);
}
