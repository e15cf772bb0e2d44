import { expect, test } from 'bun:test';
import { hours } from '../core/durations.ts';
import { madeUpProduction } from '../testing/production.ts';
import { lightFor } from './placed-light.ts';
import { layWeather } from './weather-grid.ts';

test('how light is read stands for three weeks, but not beside a short past', () => {
  const { data: made, table } = madeUpProduction({ days: 260 });
  const late = { ...table, times: table.times.map((time) => time + hours(1)) };
  const data = { ...made, weather: layWeather(late, made.grid) };
  const after = (days: number, last: ReturnType<typeof lightFor> | null) => lightFor(data, 24 * days, last);
  const young = after(15, null);
  expect(young.reading.lateBy).toBe(0);
  expect(after(16, young)).toBe(young);
  const grown = after(30, young);
  expect(grown.reading.lateBy).toBe(1);
  expect(after(34, grown)).not.toBe(grown);
  const old = after(230, grown);
  expect(after(249, old)).toBe(old);
  expect(after(250, old)).not.toBe(old);
});
