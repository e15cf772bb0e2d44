import type { HorizonPoint } from '../core/solar/horizon.ts';
import type { Problems } from './problems.ts';

/** Panels that share a plane, as their owner states them. */
export interface SourceArray {
  /** Degrees from horizontal, 0..90. */
  tiltDeg: number;
  /** Degrees from north, clockwise, 0..360: east 90, south 180. */
  azimuthDeg: number;
  /** Rated power at 1000 W/m2 and 25 degC. */
  peakW: number;
  /** What stands before the sky, by direction; empty for an open view. */
  horizon: HorizonPoint[];
}

/** The same as it comes in from a form or a program. */
export interface SourceArrayInput {
  tiltDeg: string | number;
  azimuthDeg: string | number;
  peakW: string | number;
  horizon?: readonly { azimuthDeg: string | number; elevationDeg: string | number }[] | null | undefined;
}

export const MOST_ARRAYS = 8;
export const MOST_HORIZON_POINTS = 36;
export const ARRAY_MAX_W = 1_000_000;

type ToNumber = (value: string | number) => number | undefined;

/** Checks the arrays; each problem names its field as `arrays.1.tiltDeg`. Absent: as it was; null empties. */
export function readArrays(
  input: readonly SourceArrayInput[] | null | undefined,
  was: readonly SourceArray[],
  problems: Problems,
  toNumber: ToNumber,
): SourceArray[] {
  if (input === undefined) return [...was];
  const arrays = input ?? [];
  if (arrays.length > MOST_ARRAYS)
    problems.add('arrays', `are ${arrays.length}: state at most ${MOST_ARRAYS}, and put together those that lie alike`);
  return arrays.slice(0, MOST_ARRAYS).map((array, index) => readArray(array, `arrays.${index}`, problems, toNumber));
}

function readArray(input: SourceArrayInput, field: string, problems: Problems, toNumber: ToNumber): SourceArray {
  const number = (name: string, value: string | number, least: number, most: number, what: string): number => {
    const read = toNumber(value);
    if (read === undefined) problems.add(`${field}.${name}`, `is not a number: ${what}`);
    else if (read < least || read > most)
      problems.add(`${field}.${name}`, `must lie between ${least} and ${most}: ${what}`);
    return read ?? 0;
  };
  const horizon = input.horizon ?? [];
  if (horizon.length > MOST_HORIZON_POINTS)
    problems.add(`${field}.horizon`, `has ${horizon.length} points: use at most ${MOST_HORIZON_POINTS}`);
  return {
    tiltDeg: number('tiltDeg', input.tiltDeg, 0, 90, 'degrees from horizontal, flat is 0'),
    azimuthDeg: number('azimuthDeg', input.azimuthDeg, 0, 360, 'degrees from north, clockwise: east 90, south 180'),
    peakW: number('peakW', input.peakW, 1, ARRAY_MAX_W, 'watts, not kilowatts'),
    horizon: horizon.slice(0, MOST_HORIZON_POINTS).map((point, at) => ({
      azimuthDeg: number(`horizon.${at}.azimuthDeg`, point.azimuthDeg, 0, 360, 'degrees from north, clockwise'),
      elevationDeg: number(`horizon.${at}.elevationDeg`, point.elevationDeg, 0, 90, 'degrees above level'),
    })),
  };
}
