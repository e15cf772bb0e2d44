import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { MetricName } from '../../core/metrics.ts';
import { silentLog } from '../../platform/log.ts';
import type { SourceChange } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import { freshnessLimits } from '../../telemetry/live/freshness.ts';
import type { LatestReading } from '../../telemetry/ports.ts';
import { FakeClock } from '../../testing/app.ts';
import { until } from '../../testing/connections.ts';
import { makeSource } from '../../testing/ingest.ts';
import { Announcer } from './announcer-service.ts';

/** The announcer between a source that speaks when the test lets it and an outlet that remembers. */
class House {
  readonly clock = new FakeClock();
  readonly said: [topic: string, payload: string][] = [];
  source: Source | undefined = makeSource('roof');
  isWanted = true;
  intervalMs = 10_000;
  latest: LatestReading | undefined;
  isDatabaseOpen = true;
  failures = 0;
  private readonly readers = new Set<(ids: ReadonlySet<string>) => void>();
  private readonly watchers = new Set<(change: SourceChange) => void>();
  readonly announcer = new Announcer({
    outlet: {
      publish: async (_owner, topic, payload) => {
        if (this.failures-- > 0) throw new Error('the line broke');
        this.said.push([topic, payload]);
      },
    },
    sources: {
      byId: () => this.source,
      onChange: (listener) => {
        this.watchers.add(listener);
        return () => void this.watchers.delete(listener);
      },
    },
    telemetry: {
      latest: () => this.latest,
      metricsOf: async () => {
        if (!this.isDatabaseOpen) throw new Error('it is closed');
        return Object.keys(this.latest?.values ?? {}) as MetricName[];
      },
      onReadings: (listener) => {
        this.readers.add(listener);
        return () => void this.readers.delete(listener);
      },
    },
    freshness: { limitsOf: () => freshnessLimits(this.intervalMs) },
    isWanted: () => this.isWanted,
    wanted: () => (this.isWanted ? ['roof'] : []),
    pageUrl: (id) => `https://ampra.example/sources/${id}`,
    version: '1.2.3',
    ...{ clock: this.clock, log: silentLog, togetherMs: 5, lookEveryMs: 10 },
  });

  say(values: LatestReading['values']): void {
    const time = this.clock.now();
    const times = Object.fromEntries(Object.keys(values).map((name) => [name, time]));
    this.latest = { time, values: { ...this.latest?.values, ...values }, times, derived: [] };
    for (const listener of this.readers) listener(new Set(['roof']));
  }
  change(kind: SourceChange['kind']): void {
    for (const listener of this.watchers) listener({ kind, source: makeSource('roof') });
  }
  get configs(): string[] {
    return this.said.flatMap(([topic, payload]) => (topic.endsWith('/config') ? [payload] : []));
  }
  get availability(): string[] {
    return this.said.flatMap(([topic, payload]) => (topic.endsWith('/availability') ? [payload] : []));
  }
}

let house: House;
beforeEach(() => {
  house = new House();
  house.announcer.start();
});
afterEach(() => house.announcer.stop());

test('a source that has said nothing yet is not announced, and then with its page', async () => {
  await Bun.sleep(20);
  expect(house.said).toEqual([]);
  house.say({ solarPower: 5 });
  await until(() => house.availability.length > 0);
  const { device } = JSON.parse(house.configs[0] ?? '');
  expect(device).toMatchObject({ sw_version: '1.2.3', configuration_url: 'https://ampra.example/sources/roof' });
  expect(house.announcer.entitiesOf('roof')).toBe(1);
});

test('a source that falls silent is offline, and online when it is heard again', async () => {
  house.say({ solarPower: 5 });
  await until(() => house.availability.at(-1) === 'online');
  house.clock.advance(179_000);
  await Bun.sleep(40);
  expect(house.availability).toEqual(['online']);
  house.clock.advance(2000);
  await until(() => house.availability.at(-1) === 'offline');
  house.say({ solarPower: 6 });
  await until(() => house.availability.at(-1) === 'online');
  expect(house.configs).toHaveLength(1);
});

test('a rhythm that turns out slower is announced again, a quicker one is not', async () => {
  const expiry = (config: string | undefined) => JSON.parse(config ?? '').components.solarPower.expire_after;
  house.say({ solarPower: 5 });
  await until(() => house.configs.length === 1);
  expect(expiry(house.configs[0])).toBe(180);
  house.intervalMs = 300_000;
  house.say({ solarPower: 6 });
  await until(() => house.configs.length === 2);
  expect(expiry(house.configs[1])).toBe(3600);
  house.intervalMs = 10_000;
  house.say({ solarPower: 7 });
  await Bun.sleep(30);
  expect(house.configs).toHaveLength(2);
});

test('while the database is closed, what came since the start is announced', async () => {
  house.isDatabaseOpen = false;
  house.say({ gridPower: 5 });
  await until(() => house.configs.length === 1);
  expect(Object.keys(JSON.parse(house.configs[0] ?? '').components)).toEqual(['gridPower']);
});

test('an announcement that could not be published is said with the next news', async () => {
  house.failures = 1;
  house.say({ solarPower: 5 });
  await until(() => house.failures < 1);
  house.say({ solarPower: 6 });
  await until(() => house.configs.length === 1 && house.availability.at(-1) === 'online');
});

test('a source that is gone is taken back, and nothing is said of what is not wanted', async () => {
  house.say({ solarPower: 5 });
  await until(() => house.availability.at(-1) === 'online');
  house.source = undefined;
  house.change('deleted');
  await until(() => house.configs.at(-1) === '' && house.availability.at(-1) === '');
  expect(house.announcer.entitiesOf('roof')).toBeNull();
  const before = house.said.length;
  house.isWanted = false;
  house.source = makeSource('roof');
  house.say({ loadPower: 5 });
  house.change('updated');
  await Bun.sleep(30);
  expect(house.said).toHaveLength(before);
});

test('a stop says that everything is offline, once', async () => {
  house.say({ solarPower: 5 });
  await until(() => house.availability.at(-1) === 'online');
  await house.announcer.stop();
  expect(house.availability).toEqual(['online', 'offline']);
  await house.announcer.stop();
  expect(house.availability).toHaveLength(2);
});
