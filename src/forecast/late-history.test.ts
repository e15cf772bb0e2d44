import { expect, test } from 'bun:test';
import { days, hours } from '../core/durations.ts';
import { unwrap } from '../core/result.ts';
import { ForecastHouse } from '../testing/forecast.ts';
import { munich, sunnyHouse } from '../testing/sunny-house.ts';

test('a history that comes after the first training still has a record at once', async () => {
  const DAYS = 32;
  const from = Date.UTC(2026, 3, 20);
  const now = from + days(DAYS) + hours(9);
  const made = sunnyHouse(from, DAYS + 9);
  await using house = await ForecastHouse.start(now, munich);
  const learn = async (): Promise<void> => {
    unwrap(
      house.app.features.forecast.desk.trainNow(house.viewer, house.source.id, undefined, { address: '127.0.0.1' }),
    );
    await house.settle();
  };
  await house.measure(now - days(7), now, made.measure);
  house.archive(made.sky, now - days(7), now);
  await house.issue();
  await learn();
  expect((await house.models()).others.length + ((await house.models()).serving ? 1 : 0)).toBe(1);

  await house.measure(from, now - days(7), made.measure);
  house.archive(made.sky, from, now);
  for (let at = now - days(30); at < now; at += hours(6)) {
    house.clock.set(at);
    house.tell(made.toldSky, 24 * 7);
  }
  house.clock.set(now + hours(1));
  await learn();
  expect(house.accuracy().dayCount).toBeGreaterThan(5);
}, 120_000);
