import { toCsv } from '../csv.ts';
import type { EnergySummary } from '../house.ts';
import { amounts } from './amount.ts';
import type { TotalsView } from './totals-view.ts';

const round = (value: number | null): number | null => (value === null ? null : Math.round(value * 1000) / 1000);

/** The days of a period; those of the zone that the header names. */
export function daysCsv(view: TotalsView, timeZone: string, now: number): string {
  const ratio = ratioColumn(view.ratios('days'));
  return toCsv([
    [`day (${timeZone})`, ...columns, 'coverage', ...ratio.header],
    ...view.days.map((day) => [day.period, ...cells(day.from <= now ? day : null), ...ratio.cells(day.period)]),
  ]);
}

/** The performance ratio, where any is known. */
function ratioColumn(ratios: ReadonlyMap<string, number>) {
  const hasAny = ratios.size > 0;
  return {
    header: hasAny ? ['performance ratio'] : [],
    cells: (period: string) => (hasAny ? [round(ratios.get(period) ?? null)] : []),
  };
}

const columns = amounts.map(({ label, unit }) => `${label.toLowerCase()} (${unit === '%' ? 'share' : unit})`);
const cells = (summary: EnergySummary | null) => [
  ...amounts.map((amount) => (summary ? round(amount.of(summary)) : null)),
  summary ? round(summary.coverage) : null,
];

/** The parts as shown, each with the same part of the year before; periods are those of the zone that the header names. */
export function totalsCsv(view: TotalsView, timeZone: string): string {
  const hasBefore = view.parts.some((part) => part.before !== null);
  const ratio = ratioColumn(view.ratios('parts'));
  const header = [`${view.step} (${timeZone})`, ...columns, 'coverage', ...ratio.header];
  const beforeHeader = ['a year before', ...columns.map((name) => `${name}, a year before`), 'coverage, a year before'];
  return toCsv([
    [...header, ...(hasBefore ? beforeHeader : [])],
    ...view.parts.map((part) => [
      part.period,
      ...cells(part.hasBegun ? part : null),
      ...ratio.cells(part.period),
      ...(hasBefore ? [part.beforeKey, ...cells(part.before)] : []),
    ]),
  ]);
}
