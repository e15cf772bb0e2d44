import { days } from '../core/durations.ts';
import { AmpraError } from '../core/result.ts';
import type { TimeRange } from './figures.ts';

/** A range of time as a question to the API gives it: both ends may be left open. ms UTC. */
export interface AskedRange {
  from?: number | undefined;
  to?: number | undefined;
}

const LONGEST_RANGE = days(366 * 60);

/** The half-open range that was asked for; an open start lies `usual` before the end. Throws a refusal that names the field. */
export function readRange(asked: AskedRange, usual: number, now: number): TimeRange {
  const to = asked.to ?? Math.max(now, asked.from ?? 0) + (asked.to === undefined ? 1 : 0);
  const from = asked.from ?? to - usual;
  if (from >= to) throw wrong('to', 'must be later than from');
  if (to - from > LONGEST_RANGE) throw wrong('from', 'is more than 60 years before to');
  return { from, to };
}

/** A refusal of one field of a question. */
export function wrong(field: string, message: string): AmpraError {
  return new AmpraError({ code: 'invalid', message: `${field} ${message}.`, field, fields: [{ field, message }] });
}
