import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { Reading } from '../core/reading.ts';
import { FakeClock } from '../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../testing/telemetry.ts';
import type { Correction } from './corrections/correction.ts';

/** Single wild powers from arrival to what is told of them, in the real store. */
const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const START = Date.UTC(2026, 5, 1);
const MIN = 60_000;
const HOUR = 60 * MIN;
const day = { from: START, to: START + 24 * HOUR };

let t: TestTelemetry;
beforeEach(async () => {
  t = await startTelemetry({ clock: new FakeClock(START + 30 * HOUR) });
});
afterEach(() => t.dispose());

const at = (minute: number, solarPower: number): Reading => ({
  sourceId: ID,
  time: START + minute * MIN,
  values: { solarPower },
});
/** 3 kW all day, one value a minute; 100 kW once an hour. */
const roof = Array.from({ length: 24 * 60 }, (_, m) => at(m, m % 60 === 30 ? 100_000 : 3000));
const energy = async () => (await t.service.energy(ID, 'day', day))[0]?.solarKwh ?? 0;
const told = async () =>
  (await t.service.quality(ID, day)).flatMap((d) => d.events.map((e) => [e.kind, e.times, e.after]));
const truth = (3 * (24 * 60 - 1)) / 60;

test('are no energy, are told of with their number, and stand in readings and charts until a correction', async () => {
  await t.service.importReadings(ID, roof);
  expect(await energy()).toBeCloseTo(truth, 6);
  expect((await told()).reduce((sum, [, times]) => sum + Number(times), 0)).toBe(24);
  const { items } = await t.service.readings(ID, { from: START + 30 * MIN, to: START + 31 * MIN }, { limit: 1 });
  expect(items[0]?.values.solarPower).toBe(100_000);
  const means = async () => (await t.service.history(ID, ['solarPower'], day, 24)).series.solarPower ?? [];
  expect(Math.max(...(await means()).map(Number))).toBeGreaterThan(4000);
  const removal: Correction = {
    ...{ id: 'c1', kind: 'remove', metric: 'solarPower', ...day, amount: null, above: 9000, below: null, note: '' },
    ...{ madeAt: START, madeBy: 'Ada', undoneAt: null, undoneBy: null },
  };
  await t.service.correct(ID, removal);
  expect((await means()).map(Number)).toEqual(Array(24).fill(3000));
  expect(await energy()).toBeCloseTo(truth, 6);
  expect(await told()).toEqual([]);
});

test('that prove right count: the value beside came late', async () => {
  t.service.add(
    [...Array(60).keys()].map((m) => at(m, m === 30 ? 100_000 : 3000)),
    1,
  );
  t.service.add([at(24 * 60 - 1, 3000)], 2);
  await t.service.flush();
  const before = await energy();
  expect(before).toBeCloseTo((3 * 59) / 60, 6);
  expect(await told()).toEqual([['wild', 1, 100_000]]);
  t.service.add([{ ...at(30, 100_000), time: START + 30.5 * MIN }], 3);
  await t.service.flush();
  // Up within a minute, half a minute there, down in another half.
  expect((await energy()) - before).toBeCloseTo((97 * (0.5 + 0.5 + 0.25)) / 60, 3);
  expect(await told()).toEqual([]);
});

test('that come while all is open are told of as soon as the next value came', async () => {
  t.service.add(
    [...Array(40).keys()].map((m) => at(m, m === 39 ? 100_000 : 3000)),
    1,
  );
  expect(await told()).toEqual([]);
  expect(await energy()).toBeCloseTo((3 * 38) / 60, 6);
  t.service.add([at(40, 3000)], 2);
  expect(await told()).toEqual([['wild', 1, 100_000]]);
  expect(await energy()).toBeCloseTo((3 * 40) / 60, 6);
});
