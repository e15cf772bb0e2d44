import { toCsv } from '../csv.ts';
import { gapCells, gapHeader } from '../history/gap-columns.ts';
import type { EnergySummary } from '../house/house.ts';
import { amounts } from './amount.ts';
import type { TotalsPart, TotalsView } from './totals-view.ts';
import { besideRows } from './year-beside.ts';

const round = (value: number | null): number | null => (value === null ? null : Math.round(value * 1000) / 1000);

/** The days of a period; those of the zone that the header names. */
export function daysCsv(view: TotalsView, timeZone: string, now: number): string {
  const ratio = ratioColumn(view.ratios('days'));
  return toCsv([
    [`day (${timeZone})`, ...columns, 'coverage', ...gapHeader, ...ratio.header],
    ...view.days.map((day) => {
      const known = day.from <= now ? day : null;
      return [day.period, ...cells(known), ...gapCells(known), ...ratio.cells(day.period)];
    }),
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

/**
 * The parts as shown, each with the same part of the year before; periods are those of the zone that the header names.
 * What only the year before has (an hour that the clock left out, 29 February) is a row without a part of its own, so that
 * the columns of both add up to their own whole.
 */
export function totalsCsv(view: TotalsView, timeZone: string): string {
  const hasBefore = view.beforeAlone.length > 0 || view.parts.some((part) => part.before !== null);
  const ratio = ratioColumn(view.ratios('parts'));
  const header = [`${view.step} (${timeZone})`, ...columns, 'coverage', ...gapHeader, ...ratio.header];
  const beforeHeader = ['a year before', ...columns.map((name) => `${name}, a year before`), 'coverage, a year before'];
  const own = (part: TotalsPart | null) => {
    const known = part?.hasBegun ? part : null;
    return [part?.period ?? null, ...cells(known), ...gapCells(known), ...ratio.cells(part?.period ?? '')];
  };
  return toCsv([
    [...header, ...(hasBefore ? beforeHeader : [])],
    ...besideRows(view.parts, view.beforeAlone).map(({ part, alone }) => [
      ...own(part),
      ...(hasBefore ? [alone?.period ?? part?.beforeKey ?? null, ...cells(alone ?? part?.before ?? null)] : []),
    ]),
  ]);
}
