import { describe, expect, test } from 'bun:test';
import { stepsIn } from '../../core/local-steps.ts';
import { solarDay } from '../../core/solar/day.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import type { EnergyQuantity } from '../energy/energy.ts';
import { type KnownTime, restingTimes, restsOf, withRests } from './night-rest.ts';

const HOUR = 3_600_000;
const timeZone = 'Europe/Lisbon';
const place = { latitude: 38.72, longitude: -9.14 };
const month: TimeSpan = { from: Date.parse('2026-11-01T00:00:00Z'), to: Date.parse('2026-12-01T00:00:00Z') };
const now = month.to;

/** Share of a time in which an inverter is awake that sleeps from shortly before sunset till shortly after sunrise. */
function awakeShare({ from, to }: TimeSpan): number {
  const { sunrise, sunset } = solarDay((from + to) / 2, place);
  const [wakes, sleeps] = [sunrise + 0.4 * HOUR, sunset - 0.4 * HOUR];
  return Math.max(0, Math.min(to, sleeps) - Math.max(from, wakes)) / (to - from);
}

/** Times of which each energy is known for so much; coverage is that of the one known least. */
function times(
  step: 'hour' | 'day' | 'month',
  range: TimeSpan,
  known: (span: TimeSpan & { key: string }) => Partial<Record<EnergyQuantity, number>>,
): KnownTime[] {
  return stepsIn(step, range, timeZone).map((span) => {
    const shares = known(span);
    const coverage = Math.min(1, ...Object.values(shares));
    const origins = Object.fromEntries(
      Object.entries(shares).map(([quantity, share]) => [
        quantity,
        { from: 'power' as const, powerKwh: 1, bridgedKwh: 0, coverage: share },
      ]),
    );
    return { period: span.key, from: span.from, to: span.to, solarKwh: 5, coverage, origins };
  });
}

const resting = (of: KnownTime[], days: KnownTime[]) => restingTimes(of, days, { place, now });

describe('an inverter that sleeps by night', () => {
  const gapDay = '2026-11-12';
  const days = times('day', month, (span) => ({
    solar: awakeShare(span) - (span.key === gapDay ? 3 / 24 : 0),
    import: 1,
  }));

  test('leaves gaps only where it was silent by day', () => {
    const names = resting(days, days);
    expect(names.size).toBe(days.length - 1);
    expect(names.has(gapDay)).toBe(false);
    expect(restsOf(withRests(days, days, { place, now }), now)).toEqual({ rests: 'some' });
  });

  test('leaves none in its hours of darkness, and one in an hour of sun', () => {
    const [day] = days.filter(({ period }) => period === gapDay) as [KnownTime];
    const hours = times('hour', day, (span) => ({
      solar: span.from === day.from + 12 * HOUR ? 0 : awakeShare(span),
      import: 1,
    }));
    const names = resting(hours, [day]);
    const open = hours.filter(({ period, coverage }) => coverage < 0.985 && !names.has(period));
    expect(open.map(({ period }) => period)).toEqual(['2026-11-12T12:00+00:00']);
  });

  test('leaves one in its month where one of its days has one', () => {
    const names = (of: KnownTime[]) =>
      resting(
        times('month', month, () => ({ solar: 0.4, import: 1 })),
        of,
      );
    expect(names(days).size).toBe(0);
    expect(names(days.filter(({ period }) => period !== gapDay))).toContain('2026-11');
  });

  test('hides no gap of the meter beside it', () => {
    const [first, ...rest] = times('day', month, (span) => ({ solar: awakeShare(span), import: 1 })) as [KnownTime];
    const meterGap = times('day', first, (span) => ({ solar: awakeShare(span), import: 0.9 }));
    expect(resting([...meterGap, ...rest], [...meterGap, ...rest]).has(first.period)).toBe(false);
  });
});

test('one that is heard by night rests on no day: what is missing is a gap', () => {
  const days = times('day', month, ({ key }) => ({ solar: key === '2026-11-12' ? 0.6 : 1 }));
  expect(resting(days, days).size).toBe(0);
});
