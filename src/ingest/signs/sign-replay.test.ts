import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { days, minutes, seconds } from '../../core/durations.ts';
import { IngestBench } from '../../testing/ingest.ts';
import { SqliteTunings } from '../mapping/tuning.sqlite.ts';
import { signReach } from './sign-replay-service.ts';

let bench: IngestBench;
beforeEach(async () => {
  bench = await IngestBench.started();
});
afterEach(() => bench.dispose());

const say = (topic: string, payload: number | string, channel: 'mqtt' | 'webhook' = 'mqtt') =>
  bench.receive(String(payload), { topic, channel });

const houses = [
  { solar: 2400, battery: 1500 },
  { solar: 3100, battery: 2000 },
  { solar: 0, battery: -800 },
  { solar: 900, battery: -700 },
  { solar: 2000, battery: 1100 },
  { solar: 2600, battery: 1400 },
];
/** A battery that counts by `sign`, one value a topic; gives when each moment was said. */
async function day(sign: 1 | -1, moments = houses, channel: 'mqtt' | 'webhook' = 'mqtt'): Promise<number[]> {
  const times: number[] = [];
  for (const { solar, battery } of moments) {
    bench.clock.advance(minutes(1));
    times.push(bench.clock.now());
    await say('ems/inverter/pv_power', solar);
    await say('ems/inverter/load_power', solar - battery);
    await say('ems/inverter/battery_power', sign * battery, channel);
  }
  return times;
}
/** What is stored of the battery, by time: the last word counts. */
function stored(): Map<number, unknown> {
  const found = new Map<number, unknown>();
  for (const { time, values } of bench.sink.readings)
    if (values.batteryPower !== undefined) found.set(time, values.batteryPower);
  return found;
}
const storedAt = (times: readonly number[]) => times.map((time) => stored().get(time));
async function takeProofs(): Promise<void> {
  bench.ingest.takeProofs();
  await bench.ingest.signReplays.settled();
}
/** The next process, to whom the database says that it holds all. */
const restart = () => bench.restart(bench.ingest.journal.statistics().lastPosition);
const waiting = () => bench.ingest.quarantine.newestOf('s1', 10).map(({ topic }) => topic);

describe('what waited for a sign', () => {
  test('is read in its own place in time once the sign is proven, and waits no longer', async () => {
    const times = await day(-1);
    expect(storedAt(times.slice(0, 3))).toEqual([undefined, undefined, undefined]);
    expect(waiting()).toContain('ems/inverter/battery_power');
    await takeProofs();
    expect(storedAt(times)).toEqual(houses.map(({ battery }) => battery));
    expect(waiting()).toEqual([]);
  });

  test('is that quantity alone, and arrives no second time', async () => {
    await day(-1);
    const before = bench.sink.readings.length;
    const counted = { ...bench.ingest.service.counts };
    await takeProofs();
    const late = bench.sink.readings.slice(before);
    expect(new Set(late.flatMap(({ values }) => Object.keys(values)))).toEqual(new Set(['batteryPower']));
    expect(late.every(({ receivedAt, position }) => receivedAt === undefined && position === 0)).toBe(true);
    expect(bench.ingest.service.counts).toEqual(counted);
  });

  test('is taken from the inbox where a webhook left it there alone', async () => {
    const times = await day(-1, houses, 'webhook');
    const [entry] = bench.ingest.quarantine.newestOf('s1', 1);
    expect(entry).toMatchObject({ topic: 'ems/inverter/battery_power', channel: 'webhook' });
    await takeProofs();
    // The inbox keeps the newest of alike messages.
    const newest = times.indexOf(entry?.receivedAt ?? 0);
    expect(newest).toBeGreaterThan(0);
    expect(storedAt(times)).toEqual(houses.map(({ battery }, i) => (i < newest ? undefined : battery)));
    expect(waiting()).toEqual([]);
  });

  test('leaves what waits for something else, also where that is understood by now', async () => {
    await say('attic/thing', 'hello');
    await say('shed/output', '12');
    const config = { name: 'PV power', state_topic: 'shed/output', unit_of_measurement: 'W', device_class: 'power' };
    const device = { ids: ['shed'], name: 'Shed inverter' };
    await say('homeassistant/sensor/shed/pv/config', JSON.stringify({ ...config, device, unique_id: 'pv' }));
    await day(-1);
    expect(waiting()).toContain('shed/output');
    await takeProofs();
    expect(waiting().sort()).toEqual(['attic/thing', 'shed/output']);
  });

  test('is read once, also over a start', async () => {
    await day(-1);
    await takeProofs();
    const count = bench.sink.readings.length;
    await takeProofs();
    expect(bench.sink.readings.length).toBe(count);
    await restart();
    await day(-1, houses.slice(0, 2));
    const after = bench.sink.readings.length;
    await takeProofs();
    expect(bench.sink.readings.length).toBe(after);
  });

  test('is read after a start that came between the proof and the reading', async () => {
    const times = await day(-1);
    await restart();
    expect(stored().size).toBe(0);
    await day(-1, houses.slice(0, 1));
    await takeProofs();
    expect(storedAt(times)).toEqual(houses.map(({ battery }) => battery));
  });

  test('stays as it is when the sign is given up, and the new one counts from then on', async () => {
    const times = await day(-1);
    await takeProofs();
    await restart();
    const turned = await day(1, [...houses, ...houses]);
    await takeProofs();
    expect(storedAt(times)).toEqual(times.map(() => undefined));
    expect(stored().get(turned.at(-1) ?? 0)).toBe(1400);
  });

  test('waits on when it is older than a proof reaches', async () => {
    const old = await day(-1, houses.slice(0, 1));
    // A segment is what is passed over.
    await restart();
    bench.clock.advance(signReach.ms + days(0.5));
    const times = await day(-1);
    await takeProofs();
    expect(storedAt(old)).toEqual([undefined]);
    expect(storedAt(times)).toEqual(houses.map(({ battery }) => battery));
  });

  test('of a source that is gone is not read', async () => {
    await day(-1);
    bench.ingest.takeProofs();
    bench.sources.delete('s1');
    await bench.deletions.at(-1)?.('s1');
    await bench.ingest.signReplays.settled();
    expect(stored().size).toBeLessThan(houses.length);
    expect(bench.db.query('SELECT * FROM proven_signs').all()).toEqual([]);
  });

  test('is tried again when telemetry does not take it', async () => {
    const times = await day(-1);
    bench.sink.isBroken = true;
    await takeProofs();
    bench.sink.isBroken = false;
    expect(storedAt(times.slice(0, 1))).toEqual([undefined]);
    await takeProofs();
    expect(storedAt(times)).toEqual(houses.map(({ battery }) => battery));
  });

  test('leaves the thread to others between its slices', async () => {
    for (let i = 0; i < 400; i++) {
      bench.clock.advance(seconds(10));
      await say('ems/inverter/pv_power', 100 + i);
    }
    await day(-1);
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await takeProofs();
    isDone = true;
    expect(turns).toBeGreaterThan(1);
  });
});

test('flows without a kind are read from the first on, too, once they have added up', async () => {
  const times: number[] = [];
  for (const { solar, battery } of [...houses, ...houses]) {
    bench.clock.advance(minutes(1));
    times.push(bench.clock.now());
    await say('ems/pv', solar);
    await say('ems/load', solar - battery);
    await say('ems/battery', battery);
  }
  const solarAt = (time: number) => bench.sink.readings.findLast((r) => r.time === time && 'solarPower' in r.values);
  expect(solarAt(times[0] ?? 0)).toBeUndefined();
  await takeProofs();
  expect(times.map((time) => solarAt(time)?.values.solarPower)).toEqual(
    [...houses, ...houses].map(({ solar }) => solar),
  );
});

const grids = [-700, -1500, 120, 900, -1400, -1100, 2000];
async function announceBox(): Promise<void> {
  for (const name of ['PV power', 'Load power', 'Grid power']) {
    const more = { unit_of_measurement: 'W', device_class: 'power', device: { ids: ['box'], name: 'Box' } };
    const config = { name, unique_id: name, state_topic: `box/${name}`, ...more };
    await say(`homeassistant/sensor/box/${name.replace(' ', '_')}/config`, JSON.stringify(config));
  }
}
/** An announced device that counts what is sold as positive; gives when each moment was said. */
async function boxSays(moments: readonly number[]): Promise<number[]> {
  const times: number[] = [];
  for (const grid of moments) {
    bench.clock.advance(minutes(1));
    times.push(bench.clock.now());
    await say('box/PV power', Math.max(0, 400 - grid));
    await say('box/Load power', Math.max(0, 400 - grid) + grid);
    await say('box/Grid power', -grid);
  }
  return times;
}
function gridsAt(times: readonly number[]): unknown[] {
  const said = bench.sink.readings.filter(({ values }) => values.gridPower !== undefined);
  return times.map((time) => said.findLast((reading) => reading.time === time)?.values.gridPower);
}

test('a grid that was taken as most makers count is put right from the first on, once the opposite is proven', async () => {
  await announceBox();
  const times = await boxSays(grids);
  expect(gridsAt(times)[0]).toBe(700);
  await takeProofs();
  expect(gridsAt(times)).toEqual(grids);
});

test('a grid that its owner turned by hand is not turned twice once that is proven', async () => {
  await announceBox();
  const corrections = new SqliteTunings(bench.db);
  corrections.saveCorrection('s1', 'gridPower', -1, bench.clock.now());
  await restart();
  const times = await boxSays(grids);
  expect(gridsAt(times).slice(0, 2)).toEqual(grids.slice(0, 2));
  await takeProofs();
  expect(gridsAt(times)).toEqual(grids);
  expect(corrections.corrections()).toEqual([]);
  expect(gridsAt(await boxSays([-900, 600]))).toEqual([-900, 600]);
});

test('a grid that its owner turned by hand after the proof stays turned', async () => {
  await announceBox();
  await boxSays(grids);
  await takeProofs();
  const corrections = new SqliteTunings(bench.db);
  corrections.saveCorrection('s1', 'gridPower', -1, bench.clock.now());
  await restart();
  const times = await boxSays([-900, 600]);
  await takeProofs();
  expect(gridsAt(times)).toEqual([900, -600]);
});
