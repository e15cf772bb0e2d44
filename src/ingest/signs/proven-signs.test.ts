import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { minutes } from '../../core/durations.ts';
import { IngestBench } from '../../testing/ingest.ts';

let bench: IngestBench;
beforeEach(async () => {
  bench = await IngestBench.started();
});
afterEach(() => bench.dispose());

const say = (payload: object) => bench.receive(payload, { topic: 'ems/all' });
const houses = [
  { solar: 2400, battery: 1500 },
  { solar: 3100, battery: 2000 },
  { solar: 0, battery: -800 },
  { solar: 900, battery: -700 },
  { solar: 2000, battery: 1100 },
];
/** A battery that counts by `sign`, and a load that leaves no doubt. */
async function day(sign: 1 | -1): Promise<void> {
  for (const { solar, battery } of houses) {
    bench.clock.advance(minutes(1));
    await say({ pv_power: solar, load_power: solar - battery, battery_power: sign * battery, battery_soc: 61 });
  }
}
/** What a moment gives of which the balance says nothing. */
async function quiet(): Promise<unknown> {
  bench.clock.advance(minutes(1));
  await say({ pv_power: 500, load_power: 490, battery_power: 30, battery_soc: 61 });
  return bench.sink.readings.at(-1)?.values.batteryPower;
}

describe('a sign that was proven', () => {
  test('is known after a start', async () => {
    await day(-1);
    expect(await quiet()).toBe(-30);
    await bench.restart(1_000_000);
    expect(await quiet()).toBe(-30);
    await bench.restart(1_000_000);
    expect(await quiet()).toBe(-30);
  });

  test('is given up when the opposite shows', async () => {
    await day(-1);
    await bench.restart(1_000_000);
    await day(1);
    expect(await quiet()).toBe(30);
  });

  test('is forgotten with its source', async () => {
    await day(-1);
    await bench.restart(1_000_000);
    await bench.deletions.at(-1)?.('s1');
    await bench.restart(1_000_000);
    expect(await quiet()).toBeUndefined();
  });
});
