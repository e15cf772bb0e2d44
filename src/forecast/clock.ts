import { capitalised } from '../core/format.ts';
import { halfTurn } from '../core/solar/angles.ts';
import type { SunPlace } from '../core/solar/place.ts';
import { aheadMinAt, type ClockStep } from './clock-steps.ts';
import { learnDailyCourse } from './daily-course.ts';
import type { PowerSeries } from './power-series.ts';

/** What the day's first and last light say about the stamps of the readings. */
export interface ClockFinding {
  /** Minutes that the stamps of the latest days run ahead of true UTC; 0 when nothing speaks against them. */
  aheadMin: number;
  /** Standard deviation of what was measured, minutes; infinite when nothing was. */
  sdMin: number;
  /** Steps of an hour before that, as summer time makes them. */
  steps: ClockStep[];
  /** A sentence for a person when the stamps look wrong. */
  suspicion?: string;
  aheadMinAt(time: number): number;
}

const SUSPICIOUS_MIN = 25;

/** Compares solar noon as production shows it with that of the place. Offsets are taken in quarters of an hour. */
export function findClock(series: PowerSeries, place: SunPlace): ClockFinding {
  const course = learnDailyCourse(series);
  if (!course.ok) return { ...described(0, []), sdMin: Number.POSITIVE_INFINITY };
  const measured = 4 * halfTurn(place.longitude - course.value.place.longitude);
  const sdMin = 4 * course.value.longitudeSd;
  const isOff = Math.abs(measured) > SUSPICIOUS_MIN && Math.abs(measured) > 2.5 * sdMin;
  return { ...described(isOff ? 15 * Math.round(measured / 15) : 0, course.value.clockSteps), sdMin };
}

/** The same finding with no offset but the steps. */
export function withoutOffset(clock: ClockFinding): ClockFinding {
  return { ...described(0, clock.steps), sdMin: clock.sdMin };
}

function described(aheadMin: number, steps: ClockStep[]): Omit<ClockFinding, 'sdMin'> {
  const suspicion = suspicionOf(aheadMin, steps);
  return {
    aheadMin,
    steps,
    ...(suspicion === undefined ? {} : { suspicion }),
    aheadMinAt: (time) => aheadMin + aheadMinAt(steps, time),
  };
}

function suspicionOf(aheadMin: number, steps: readonly ClockStep[]): string | undefined {
  const hours = Math.abs(aheadMin) / 60;
  const amount = hours >= 1 ? `${Number(hours.toFixed(2))} h` : `${Math.abs(aheadMin)} min`;
  const constant = `the times of the readings seem to be ${amount} ${aheadMin > 0 ? 'ahead' : 'behind'}`;
  const jumps = 'the times of the readings jump by an hour, as local times do with summer time';
  const found = [...(aheadMin === 0 ? [] : [constant]), ...(steps.length === 0 ? [] : [jumps])].join(', and ');
  return found === '' ? undefined : `${capitalised(found)}.`;
}
