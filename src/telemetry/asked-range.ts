import { days } from '../core/durations.ts';
import type { LocalStep } from '../core/local-steps.ts';
import { AmpraError } from '../core/result.ts';
import type { TimeRange } from './figures.ts';

/** The range that a question to the API names; either end may be left open. ms UTC. */
export interface AskedRange {
  from?: number | undefined;
  to?: number | undefined;
}

/** What a range is when the question leaves it open. ms. */
export const usualRange = {
  history: days(1),
  hour: days(2),
  day: days(30),
  month: days(365),
  year: Number.POSITIVE_INFINITY,
};
const LONGEST_RANGE = days(366 * 60);
const LONGEST_OF_HOURS = days(62);

/** The half-open range that was asked for; throws a refusal that names the field. */
export function readRange(asked: AskedRange, usual: number, now: number): TimeRange {
  const to = asked.to ?? Math.max(now, asked.from ?? 0) + (asked.to === undefined ? 1 : 0);
  const from = asked.from ?? to - usual;
  if (from >= to) throw wrong('to', 'must be later than from');
  if (to - from > LONGEST_RANGE) throw wrong('from', 'is more than 60 years before to');
  return { from, to };
}

/** Where the question leaves the start open: so long before the end, but not before `first`, when there was anything. */
export function readRangeSince(asked: AskedRange, usual: number, first: number | undefined, now: number): TimeRange {
  if (asked.from !== undefined) return readRange(asked, 0, now);
  const to = asked.to ?? now + 1;
  return { from: Math.min(to - 1, Math.max(first ?? to - 1, to - usual)), to };
}

/** The same for energy by step: of hours there are not too many in one answer. */
export function readEnergyRange(
  step: Exclude<LocalStep, 'quarterHour'>,
  asked: AskedRange,
  first: number | undefined,
  now: number,
): TimeRange {
  const range = readRangeSince(asked, usualRange[step], first, now);
  if (step === 'hour' && range.to - range.from > LONGEST_OF_HOURS)
    throw wrong('from', 'is more than 62 days before to, which is too long for hours');
  return range;
}

/** A refusal of one field of a question. */
export function wrong(field: string, message: string): AmpraError {
  return new AmpraError({ code: 'invalid', message: `${field} ${message}.`, field, fields: [{ field, message }] });
}
