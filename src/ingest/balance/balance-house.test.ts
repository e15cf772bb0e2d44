import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { minutes } from '../../core/durations.ts';
import type { MetricValues } from '../../core/reading.ts';
import type { Source, SourceRole } from '../../sources/source.ts';
import { DiscoveryBench } from '../../testing/discovery.ts';
import { housesOf } from './balance-subject.ts';

let bench: DiscoveryBench;
const house: Record<string, Source> = {};
const NOW = Date.now();
const MORNING_MINUTES = 36;

const member = (name: string): Source => house[name] as Source;
const at = (name: string) => `/sources/${member(name).id}/balance`;

/** What flows at a minute of a morning: clouds come and go, somebody cooks, the battery takes what it can. */
function flow(minute: number) {
  const solar = 3600 + 500 * Math.sin(minute / 6);
  const load = 500 + (minute % 20 < 8 ? 1500 : 0);
  const battery = Math.min(1200, solar - load);
  return { solar, load, battery, grid: load + battery - solar };
}

type Sample = MetricValues & { timestamp: number };

beforeAll(async () => {
  bench = await DiscoveryBench.start();
  const roles: Record<string, SourceRole> = { Roof: 'solar', Meter: 'grid', Pack: 'battery', Plug: 'load' };
  for (const [name, role] of Object.entries(roles)) house[name] = await bench.source('user', name, { role });
  // Somebody else's, and one's own far away, are of other houses.
  house.Foreign = await bench.source('other', 'Foreign', { role: 'grid' });
  house.Cabin = await bench.source('user', 'Cabin', { role: 'grid', latitude: 47, longitude: 11 });
  const said: Record<string, Sample[]> = { Roof: [], Meter: [], Pack: [], Plug: [], Foreign: [], Cabin: [] };
  for (let minute = 0; minute < MORNING_MINUTES; minute++) {
    const timestamp = NOW - (MORNING_MINUTES - minute) * minutes(1);
    const { solar, load, battery, grid } = flow(minute);
    said.Roof?.push({ timestamp, solarPower: solar });
    // The meter counts what is sold as positive; the pack is quicker than the others.
    said.Meter?.push({ timestamp: timestamp + 7000, gridPower: -grid });
    for (const late of [0, 20_000, 40_000]) said.Pack?.push({ timestamp: timestamp + late, batteryPower: battery });
    said.Plug?.push({ timestamp: timestamp + 3000, loadPower: load });
    said.Foreign?.push({ timestamp, gridPower: 5000 });
    said.Cabin?.push({ timestamp, gridPower: 4000 });
  }
  for (const [name, samples] of Object.entries(said))
    await bench.publish(member(name), member(name).mqttTopic, JSON.stringify(samples), NOW);
});
afterAll(() => bench.dispose());

const job = () => bench.app.features.ingest.balance?.job();
const runJob = () =>
  job()?.run({ payload: {}, attempt: 1, signal: new AbortController().signal, progress: () => {} } as never);

describe('a house of several sources', () => {
  test('is checked by itself, and says whose figure is wrong on the page of each', async () => {
    await runJob();
    for (const name of ['Roof', 'Meter', 'Pack', 'Plug']) {
      const { text } = await bench.page(at(name), 'user');
      const correct = `action="/sources/${member('Meter').id}/balance/correct"`;
      const found = ['Grid power of “Meter” has the wrong sign', correct, 'Cabin', 'Foreign'].filter((w) =>
        text.includes(w),
      );
      expect([name, ...found]).toEqual([name, 'Grid power of “Meter” has the wrong sign', correct]);
    }
  });

  test('the page of the source at fault says so, those of the others do not', async () => {
    const saysSo: string[] = [];
    for (const name of ['Roof', 'Meter', 'Pack', 'Plug']) {
      const { text } = await bench.page(`/sources/${member(name).id}`, 'user');
      if (text.includes('Grid power has the wrong sign')) saysSo.push(name);
    }
    expect(saysSo).toEqual(['Meter']);
  });

  test('is nobody else’s', async () => {
    for (const who of ['other', 'admin']) expect((await bench.page(at('Meter'), who)).status).toBe(404);
    const { text } = await bench.page(at('Foreign'), 'other');
    expect(text).not.toContain('The house together');
    expect(text).not.toContain('Meter');
    const { status } = await bench.post(`${at('Meter')}/correct`, 'other', { metric: 'gridPower', factor: '-1' });
    expect(status).toBe(404);
  });

  test('adds up once the sign is turned', async () => {
    expect((await bench.post(`${at('Meter')}/correct`, 'user', { metric: 'gridPower', factor: '-1' })).status).toBe(
      303,
    );
    // What was found before is void, for the whole house.
    expect((await bench.page(at('Roof'), 'user')).text).not.toContain('has the wrong sign');
    expect((await bench.page(at('Roof'), 'user')).text).toContain('Grid power of “Meter”: the sign turned');
    await bench.publish(member('Meter'), member('Meter').mqttTopic, '{"gridPower": 700}');
    expect(bench.app.features.telemetry.reader.latest(member('Meter').id)?.values.gridPower).toBe(-700);
  });

  test('forgets what was found when a source leaves it', async () => {
    await bench.post(`${at('Roof')}/check`, 'user', {});
    const kept = () =>
      bench.app.base.db
        .query<{ n: number }, []>("SELECT count(*) AS n FROM balance_checks WHERE source_id LIKE 'house:%'")
        .get()?.n;
    expect(kept()).toBe(1);
    bench.app.features.sources.service.remove(bench.viewer('user'), member('Plug').id);
    for (let i = 0; i < 500 && kept() !== 0; i++) await Bun.sleep(10);
    expect(kept()).toBe(0);
  });
});

test('a house is what stands at one place and is active', () => {
  const source = (id: string, latitude: number, longitude: number, isActive = true) =>
    ({ id, latitude, longitude, isActive }) as Source;
  const all = [
    ...[source('a', 52.5, 13.4), source('b', 52.501, 13.401), source('c', 48, 11), source('d', 52.5, 13.4, false)],
    ...[source('e', 10, 179.999), source('f', 10, -179.999)],
  ];
  expect(housesOf(all).map(({ key }) => key)).toEqual(['house:a+b', 'house:e+f']);
});
