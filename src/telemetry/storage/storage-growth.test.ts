import { afterEach, expect, test } from 'bun:test';
import type { Reading } from '../../core/reading.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import { type StoredLevel, storedIn } from './storage.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const DAY = 86_400_000;
/** In the late afternoon, so that the first day is no whole one. */
const START = Date.UTC(2026, 2, 25, 17);

let t: TestTelemetry | undefined;
afterEach(async () => {
  await t?.dispose();
  t = undefined;
});

/** A reading a minute with the noise that devices have, of which packing can take nothing away. */
function* noisyDays(from: number, to: number): Generator<Reading> {
  let seed = 1 + ((from / 1000) % 2_147_483_646);
  const chance = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let time = from; time < to; time += 60_000) {
    const sun = Math.max(0, Math.sin((((time / 3_600_000) % 24) - 6) * (Math.PI / 12)));
    const solarPower = Math.round(4000 * sun * (0.5 + 0.5 * chance()));
    const loadPower = Math.round(300 + 500 * chance());
    const batteryVoltage = Math.round(5100 + 100 * chance()) / 100;
    yield { sourceId: ID, time, values: { solarPower, loadPower, gridPower: loadPower - solarPower, batteryVoltage } };
  }
}

/** Lets the store grow to `days` after its start and gives what it takes of the past without what waits to be packed. */
async function growTo(at: TestTelemetry, from: number, days: number): Promise<Omit<StoredLevel, 'keepDays'>[]> {
  (at.clock as FakeClock).set(START + days * DAY);
  for (let begin = from; begin < days; begin += 10)
    await at.service.importReadings(ID, noisyDays(START + begin * DAY, START + Math.min(begin + 10, days) * DAY));
  while (!(await at.service.bookPass(ID)));
  return (await at.service.storage()).filter(({ part }) => part !== 'energy');
}

test('a store that grows takes what was forecast of it, also when that was said after its first days', async () => {
  t = await startTelemetry({ clock: new FakeClock(START), facts: { timeZone: 'UTC' } });
  const said: { day: number; stored: StoredLevel[] }[] = [];
  let from = 0;
  for (const day of [2.5, 4.5, 10.5, 40.5, 100.5]) {
    const stored = (await growTo(t, from, day)).map((one) => ({ ...one, keepDays: 0 }));
    const is = storedIn(stored, 0);
    for (const before of said) {
      const growth = is - storedIn(before.stored, 0);
      const forecast = storedIn(before.stored, day - before.day) - storedIn(before.stored, 0);
      // Of coarse levels, which pack better the longer they are, the first days tell less.
      expect(Math.abs(forecast / growth - 1)).toBeLessThan(before.day > 10 ? 0.1 : 0.25);
    }
    const { bytes = 0, bytesADay = 0 } = stored.find(({ part }) => part === 'readings') ?? {};
    const packedDays = Math.floor(day + 17 / 24) - 17 / 24;
    expect(Math.abs(bytesADay / (bytes / packedDays) - 1)).toBeLessThan(0.05);
    said.push({ day, stored });
    from = day;
  }
}, 120_000);
