/** A year as a calendar whose days are coloured by how much there was. */
import { dayKey, localDay } from '../../core/zone.ts';
import { WHOLE } from '../quality/coverage-words.ts';
import { type Amount, amountOf } from './amount.ts';
import type { TotalsSubject } from './totals-query.ts';
import type { NamedSummary } from './totals-records.ts';

/** Steps of colour; 0 is nothing. */
export const MAP_LEVELS = 5;

export interface MapDay {
  /** `2026-03-29`. */
  date: string;
  /** 0 Monday to 6 Sunday. */
  weekday: number;
  /** Row within its month, from 0. */
  week: number;
  /** kWh, or a share; null when nothing was measured. */
  value: number | null;
  /** 0..5. */
  level: number;
  /** True where not all of the day was measured. */
  isPartial: boolean;
  /** True before the first reading and after today. */
  isOutside: boolean;
}

export interface YearMap {
  year: number;
  subject: Amount;
  months: { month: number; days: MapDay[] }[];
  /** What the strongest colour stands for. */
  most: number;
}

/** The calendar of a year from its days, which may be fewer than it has. `today` and `first` as `2026-03-29`. */
export function yearMap(
  year: number,
  days: readonly NamedSummary[],
  subject: TotalsSubject,
  edges: { first: string | null; today: string },
): YearMap {
  const amount = amountOf(subject === 'together' ? 'solar' : subject);
  const known = new Map(days.map((day) => [day.period, day]));
  const values = days.flatMap((day) => amount.of(day) ?? []);
  const most = amount.unit === '%' ? 1 : Math.max(0.1, ...values);
  const dayOf = (month: number, date: number, offset: number): MapDay => {
    const key = dayKey(localDay(year, month, date));
    const day = known.get(key);
    const value = day ? amount.of(day) : null;
    return {
      date: key,
      weekday: (offset + date - 1) % 7,
      week: Math.floor((offset + date - 1) / 7),
      value,
      level: value === null ? 0 : levelOf(value, most),
      isPartial: value !== null && (day?.coverage ?? 0) < WHOLE && day?.rests !== 'all',
      isOutside: key > edges.today || edges.first === null || key < edges.first,
    };
  };
  const months = Array.from({ length: 12 }, (_, i) => {
    const first = localDay(year, i + 1, 1);
    const length = localDay(year, i + 2, 1) - first;
    // 1970-01-01 was a Thursday.
    const offset = (((first + 3) % 7) + 7) % 7;
    return { month: i + 1, days: Array.from({ length }, (_, k) => dayOf(i + 1, k + 1, offset)) };
  });
  return { year, subject: amount, months, most };
}

function levelOf(value: number, most: number): number {
  return value <= 0 ? 0 : Math.min(MAP_LEVELS, Math.max(1, Math.ceil((value / most) * MAP_LEVELS)));
}
