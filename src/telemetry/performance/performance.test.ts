import { describe, expect, test } from 'bun:test';
import { startOfLocalDay } from '../../core/zone.ts';
import { type PanelDay, type Plant, type PlantDay, partsOf, performanceIn } from './performance.ts';
import { sayPerformance } from './performance-words.ts';

const timeZone = 'Europe/Berlin';
const dayNumber = (period: string): number => Math.round(Date.parse(period) / 86_400_000);
const now = Date.parse('2027-01-01T12:00:00Z');

function dayOf(period: string, more: Partial<PlantDay> = {}): PlantDay {
  const [from, to] = [0, 1].map((next) => startOfLocalDay(dayNumber(period) + next, timeZone)) as [number, number];
  return { period, from, to, solarKwh: 20, coverage: 1, origins: {}, ...more };
}

const june = (more: (date: number) => Partial<PlantDay> = () => ({})): PlantDay[] =>
  Array.from({ length: 30 }, (_, i) => dayOf(`2026-06-${String(i + 1).padStart(2, '0')}`, more(i + 1)));
const lightOf = (
  days: readonly PlantDay[],
  light: (date: number) => PanelDay | null = () => ({ kwhM2: 5, known: 1 }),
) => new Map(days.flatMap((day) => [[day.period, light(Number(day.period.slice(8)))] as const]).filter(isKnown));
const isKnown = (entry: readonly [string, PanelDay | null]): entry is [string, PanelDay] => entry[1] !== null;

const plant = (days: readonly PlantDay[], more: Partial<Plant> = {}): Plant => ({
  ...{ id: 'roof', peakW: 5000, latitude: 52.5, days, light: lightOf(days) },
  ...more,
});
const whole = { from: Date.parse('2026-05-31T22:00:00Z'), to: Date.parse('2026-06-30T22:00:00Z') };
const performanceOf = (plants: readonly Plant[], span = whole, at = now) =>
  performanceIn(
    plants.map((one) => ({ id: one.id, peakW: one.peakW, parts: partsOf(one, at) })),
    [span],
  )[0] ?? null;

describe('the performance ratio', () => {
  test('of a day is what came over what its light gives at rated power: 20 kWh of 5 kWp under 5 kWh/m2 are 0.8', () => {
    const days = june();
    const day = { from: days[9]?.from ?? 0, to: days[9]?.to ?? 0 };
    expect(performanceOf([plant(days)], day)).toMatchObject({ solarKwh: 20, referenceKwh: 25, ratio: 0.8, share: 1 });
  });

  test('of a month is that of its sums, not the mean of its days', () => {
    const days = june((date) => ({ solarKwh: date <= 15 ? 30 : 2 }));
    const light = lightOf(days, (date) => ({ kwhM2: date <= 15 ? 7 : 1, known: 1 }));
    // 15 * (30 + 2) kWh of 15 * (35 + 5) kWh.
    expect(performanceOf([plant(days, { light })])?.ratio).toBeCloseTo(480 / 600, 9);
  });

  test('of several plants weighs each by what its light would have given', () => {
    const days = june();
    const shed = june(() => ({ solarKwh: 1 }));
    const shedPlant = plant(shed, { id: 'shed', peakW: 1000, light: lightOf(shed, () => ({ kwhM2: 2, known: 1 })) });
    expect(performanceOf([plant(days), shedPlant])).toMatchObject({ ratio: (20 + 1) / (25 + 2), ratedKwp: 6 });
  });

  test('leaves days out whose light is not known, on both sides, and says how much it knows', () => {
    const days = june((date) => ({ solarKwh: date <= 6 ? 99 : 20 }));
    const light = lightOf(days, (date) => (date <= 3 ? null : { kwhM2: 5, known: date <= 6 ? 0.9 : 1 }));
    const found = performanceOf([plant(days, { light })]);
    expect(found?.ratio).toBeCloseTo(0.8, 9);
    expect(found?.share).toBeCloseTo(24 / 30, 2);
  });

  test('is not told where less than three quarters of the daylight are known, and says so', () => {
    const days = june();
    const light = lightOf(days, (date) => (date <= 10 ? null : { kwhM2: 5, known: 1 }));
    const found = performanceOf([plant(days, { light })]);
    expect(found?.ratio).toBeNull();
    expect(sayPerformance(found)).toContain('here it is 66\u00a0%');
  });

  test('fills up the last hours of a day whose light is known but for those', () => {
    const days = june();
    const light = lightOf(days, () => ({ kwhM2: 4.8, known: 0.96 }));
    expect(performanceOf([plant(days, { light })])?.ratio).toBeCloseTo(0.8, 9);
  });

  test('leaves out days on which the device was not heard while it was bright', () => {
    // Heard day and night, as a rule: four hours that are missing may be those at noon.
    const days = june((date) => (date <= 5 ? { solarKwh: 9, coverage: 20 / 24 } : {}));
    expect(performanceOf([plant(days)])?.ratio).toBeCloseTo(0.8, 9);
    // What a counter makes up for is there.
    const counted = june((date) => ({
      origins: {
        solar: { from: 'counter', powerKwh: 0, bridgedKwh: date <= 5 ? 11 : 0, coverage: date <= 5 ? 20 / 24 : 1 },
      },
    }));
    expect(performanceOf([plant(counted)])).toMatchObject({ share: 1, solarKwh: 600 });
  });

  test('counts the days of a device that sleeps by night', () => {
    // In June 16.7 hours are bright in Berlin; on the first days it was silent for half of them.
    const days = june((date) => ({ coverage: (date <= 5 ? 8 : 16.2) / 24, solarKwh: date <= 5 ? 9 : 20 }));
    const found = performanceOf([plant(days)]);
    expect(found?.ratio).toBeCloseTo(0.8, 9);
    expect(found?.share).toBeCloseTo(25 / 30, 2);
  });

  test('counts from the first day of production to the last, and no day that is not over', () => {
    const days = june((date) => (date < 11 || date > 25 ? { solarKwh: null, coverage: 0 } : {}));
    expect(performanceOf([plant(days)])).toMatchObject({ share: 1, solarKwh: 15 * 20 });
    const noon = (days[19]?.from ?? 0) + 12 * 3_600_000;
    expect(performanceOf([plant(days)], whole, noon)).toMatchObject({ share: 1, solarKwh: 9 * 20 });
    const first = { from: days[10]?.from ?? 0, to: days[10]?.to ?? 0 };
    expect(performanceOf([plant(days)], first, first.from + 1)).toBeNull();
    expect(sayPerformance(null)).toBe('Told of days that are over.');
  });

  test('says what is missing: how the panels lie, or the light', () => {
    const days = june();
    const bare = plant([], { id: 'bare', peakW: 0 });
    expect(performanceOf([bare])).toMatchObject({ ratio: null, without: [{ id: 'bare', lack: 'panels' }] });
    expect(sayPerformance(performanceOf([bare]))).toContain('how the panels lie');
    const unlit = plant(days, { light: new Map() });
    expect(sayPerformance(performanceOf([unlit]))).toContain('weather was not fetched');
    const both = performanceOf([plant(days), bare]);
    expect(both?.ratio).toBeCloseTo(0.8, 9);
    expect(sayPerformance(both)).toContain('Without sources whose panels nobody stated.');
  });

  test('that cannot be is shown as what it is: something stated wrong', () => {
    expect(sayPerformance(performanceOf([plant(june(() => ({ solarKwh: 30 })))]))).toContain('may be stated wrong');
  });

  test('of a day of dark polar winter is not told', () => {
    const days = june(() => ({ solarKwh: 0 }));
    const light = lightOf(days, () => ({ kwhM2: 0, known: 1 }));
    expect(performanceOf([plant(days, { latitude: -80, light })])?.ratio).toBeNull();
  });
});
