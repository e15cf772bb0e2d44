import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { MetricValues } from '../../core/reading.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';

const SOURCE = 'aaaaaaaa-0000-4000-8000-000000000001';
const MIN = 60_000;
const START = Date.UTC(2026, 5, 21);
const QUARTER = 15 * MIN;

let t: TestTelemetry;
beforeEach(async () => {
  t = await startTelemetry({ clock: new FakeClock(START + 3 * 24 * 60 * MIN) });
});
afterEach(() => t.dispose());

/** A reading a minute from `from` to `to`, minutes after the start. */
function feed(from: number, to: number, valuesAt: (minute: number) => MetricValues): void {
  for (let minute = from; minute < to; minute++)
    t.service.add([{ sourceId: SOURCE, time: START + minute * MIN, values: valuesAt(minute) }], minute + 1);
}

const ask = (from: number, to: number) =>
  t.service.quarterHours(SOURCE, { from: START + from * MIN, to: START + to * MIN });

describe('quarter hours for forecasts', () => {
  test('are means over each, the same whether rolled up, stored or just arrived; what nobody measured is no number', async () => {
    feed(0, 60, (minute) => ({ solarPower: minute }));
    const fresh = await ask(0, 90);
    expect(fresh.from).toBe(START);
    expect(fresh.count).toBe(6);
    expect([...fresh.means.solarPower].slice(0, 4)).toEqual([7, 22, 37, 52]);
    expect(fresh.means.solarPower[4]).toBeNaN();
    expect(fresh.means.loadPower.every(Number.isNaN)).toBe(true);
    await t.service.flush();
    feed(60, 90, (minute) => ({ solarPower: minute }));
    const later = await ask(0, 90);
    expect([...later.means.solarPower]).toEqual([7, 22, 37, 52, 67, 82]);
  });

  test('know what the books say of energy, and how much of each was heard', async () => {
    feed(0, 40, () => ({ totalEnergyProduced: 100, loadPower: 600 }));
    feed(75, 24 * 60, (minute) => ({ totalEnergyProduced: 100 + (minute - 75) * 0.02, loadPower: 600 }));
    await t.service.flush();
    const { coverage, loadKwh, solarKwh } = await ask(0, 12 * 60);
    expect(coverage[0]).toBeCloseTo(1, 1);
    expect(coverage[3]).toBe(0);
    expect(loadKwh[1]).toBeCloseTo(0.15, 3);
    expect(solarKwh[8]).toBeCloseTo(0.3, 3);
  });

  test('were heard wholly, too, before a device spoke more often, as long as the books are not made up', async () => {
    feed(0, 150, () => ({ solarPower: 600 }));
    const first = START + 150 * MIN;
    const fast = Array.from({ length: 450 }, (_, at) => ({
      sourceId: SOURCE,
      time: first + at * 2000,
      values: { solarPower: 900 },
    }));
    t.service.add(fast, 1000);
    const { coverage } = await ask(0, 180);
    expect([...coverage.subarray(0, 11)].map((share) => share.toFixed(2))).toEqual(Array(11).fill('1.00'));
    expect(coverage[11]).toBe(0);
  });

  test('start on a quarter hour of UTC, and say of a source without readings that nothing is known', async () => {
    const none = await t.service.quarterHours('bbbbbbbb-0000-4000-8000-000000000001', {
      from: START + 7 * MIN,
      to: START + 2 * QUARTER,
    });
    expect(none).toMatchObject({ from: START, count: 2 });
    expect(none.means.solarPower.every(Number.isNaN)).toBe(true);
  });

  test('are marked where the device named a fault', async () => {
    feed(0, 15, () => ({ solarPower: 1, faultCodes: [] }));
    feed(15, 30, (minute) => ({ solarPower: 1, faultCodes: minute === 20 ? ['F07'] : [] }));
    feed(30, 45, () => ({ solarPower: 1 }));
    expect([...(await ask(0, 45)).hasFault]).toEqual([0, 1, 0]);
  });

  test('leave out what the owner has removed by hand', async () => {
    feed(0, 30, (minute) => ({ solarPower: minute < 10 ? 99_999 : 100 }));
    await t.service.flush();
    await t.service.correct(SOURCE, {
      ...{ id: 'c1', kind: 'remove', metric: 'solarPower', from: START, to: START + 10 * MIN, amount: null },
      ...{ above: null, below: null, note: '', madeAt: START, madeBy: 'x', undoneAt: null, undoneBy: null },
    });
    expect([...(await ask(0, 30)).means.solarPower]).toEqual([100, 100]);
  });
});
