import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import mqtt, { type MqttClient } from 'mqtt';
import type { Viewer } from '../../src/accounts/viewer.ts';
import { viewerOf } from '../../src/accounts/viewer-service.ts';
import type { NumericMetric } from '../../src/core/metrics.ts';
import { unwrap } from '../../src/core/result.ts';
import type { Source } from '../../src/sources/source.ts';
import type { Freshness } from '../../src/telemetry/live/freshness.ts';
import { FakeClock, startTestApp, type TestApp } from '../../src/testing/app.ts';

/**
 * How old each value is, through the whole appliance: devices that send one value a message at different rates, values that
 * stop, values that come back unchanged. Time is moved by hand; what the Live page shows is looked at.
 */
const START = Date.UTC(2026, 5, 21, 9);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const clock = new FakeClock(START);
let app: TestApp;
let viewer: Viewer;
const clients: MqttClient[] = [];

beforeAll(async () => {
  app = await startTestApp({ clock, config: { commitWindowMs: 5 } });
  const wish = { email: 'ada@example.org', password: 'a long pass phrase 42', role: 'user' };
  viewer = viewerOf(unwrap(await app.features.accounts.service.addUser(wish)), { kind: 'session', sessionId: 'ada' });
});
afterAll(async () => {
  for (const client of clients) await client.endAsync(true);
  await app.dispose();
});

async function device(name: string) {
  const place = { latitude: 52.52, longitude: 13.4, timeZone: 'Europe/Berlin' };
  const made = unwrap(await app.features.sources.service.create(viewer, { name, ...place }));
  const { source, mqttApiKey } = made;
  const url = `mqtt://127.0.0.1:${app.features.broker.ports().tcp}`;
  const client = await mqtt.connectAsync(url, { username: source.id, password: mqttApiKey, reconnectPeriod: 0 });
  clients.push(client);
  const { reader } = app.features.telemetry;
  return {
    source,
    /** Publishes all of it within a second, as its device would, and waits until the pages know. */
    async say(values: Record<string, string>, options: { retain?: boolean } = {}) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const end = reader.onReadings((ids) => ids.has(source.id) && resolve());
      const { retain = false } = options;
      await Promise.all(Object.entries(values).map(([at, text]) => client.publishAsync(at, text, { qos: 1, retain })));
      await promise;
      end();
    },
    latest: () => reader.latest(source.id),
    readings: async () => (await reader.readings(source.id, { from: 0, to: START * 2 }, { limit: 1000 })).items,
  };
}

/** The Live page's picture of one source: its nodes, its state of charge, its line in the list. */
async function live(source: Source) {
  const alone = { sources: [{ id: source.id, role: source.role }], timeZone: source.timeZone };
  const view = await app.features.telemetry.freshness.view({ sources: [source], scope: alone, today: alone }, 0);
  const node = (name: string) => view.nodes.find((one) => one.name === name);
  return { node, soc: view.soc, source: view.sources[0], sentence: view.sentence };
}

/** Goes on to the next full second of a rhythm. */
const wait = (ms: number) => clock.set(Math.floor((clock.now() + ms) / SECOND) * SECOND);

describe('a device that sends one value a message, each at its own rate', () => {
  test('makes one reading a window, and each value keeps its own age', async () => {
    const dtu = await device('OpenDTU');
    const serial = '116180214069';
    for (let minute = 0; minute < 11; minute++) {
      await dtu.say({
        'solar/ac/power': String(500 + minute),
        'solar/ac/yieldtotal': String(1500 + minute / 100),
        [`solar/${serial}/0/frequency`]: '50.01',
        ...(minute % 5 === 0 && { [`solar/${serial}/0/temperature`]: String(40 + minute) }),
      });
      wait(MINUTE);
    }
    const readings = await dtu.readings();
    expect(readings).toHaveLength(11);
    expect(readings[0]?.values).toEqual({
      ...{ solarPower: 500, totalEnergyProduced: 1500, gridFrequency: 50.01, inverterTemperature: 40 },
    });
    const { freshness } = app.features.telemetry;
    const rhythm = (metric: NumericMetric) => freshness.intervalOf(dtu.source.id, metric);
    expect(rhythm('solarPower')).toBe(MINUTE);
    expect(rhythm('inverterTemperature')).toBe(5 * MINUTE);
    // Four minutes after its last word the temperature is as fresh as it ever is; the power would be old by then.
    expect(freshness.limitsOf(dtu.source.id, 'inverterTemperature').ageingMs).toBe(15 * MINUTE);
    expect(freshness.limitsOf(dtu.source.id, 'solarPower').ageingMs).toBe(3 * MINUTE);
    expect((await live(dtu.source)).node('solar')).toMatchObject({ value: 510, freshness: 'fresh' });

    // The power stops; the rest goes on. The device is heard, its power is not.
    const spokeAt = dtu.latest()?.times.solarPower ?? 0;
    const expected: [minutes: number, freshness: Freshness][] = [
      [1, 'fresh'],
      [2, 'fresh'],
      [3, 'ageing'],
      [9, 'ageing'],
      [10, 'stale'],
      [11, 'stale'],
    ];
    for (const [minutes, freshnessThen] of expected) {
      clock.set(spokeAt + minutes * MINUTE);
      await dtu.say({ 'solar/ac/yieldtotal': String(1501 + minutes / 100) });
      const { node, source } = await live(dtu.source);
      expect([minutes, node('solar')?.freshness]).toEqual([minutes, freshnessThen]);
      expect(source).toMatchObject({ freshness: 'fresh', text: 'now' });
    }
    const { node, sentence } = await live(dtu.source);
    expect(node('solar')).toMatchObject({ freshness: 'stale', age: '11 min ago' });
    expect(sentence).not.toContain('sun');
    expect(dtu.latest()?.times.solarPower).toBeLessThan(dtu.latest()?.times.totalEnergyProduced ?? 0);

    // It is back: plain at once.
    await dtu.say({ 'solar/ac/power': '480' });
    expect((await live(dtu.source)).node('solar')).toMatchObject({ value: 480, freshness: 'fresh' });
  }, 60_000);

  test('a part that went silent leaves its sum, and the sum keeps the age of those that speak', async () => {
    const gx = await device('Victron');
    const phase = (n: number) => `N/c0619ba4d2e1/system/0/Ac/Consumption/L${n}/Power`;
    await gx.say({ [phase(1)]: '{"value":100}', [phase(2)]: '{"value":40}' });
    expect((await live(gx.source)).node('load')).toMatchObject({ value: 140 });
    wait(16 * MINUTE);
    await gx.say({ [phase(1)]: '{"value":90}' });
    expect((await live(gx.source)).node('load')).toMatchObject({ value: 90, freshness: 'fresh' });
  });

  test('a device that is gone takes its values along: an empty payload is no news', async () => {
    const gx = await device('Victron 2');
    const soc = 'N/c0619ba4d2e2/system/0/Dc/Battery/Soc';
    await gx.say({ [soc]: '{"value":80}', 'N/c0619ba4d2e2/system/0/Dc/Pv/Power': '{"value":500}' });
    const heardAt = gx.latest()?.time ?? 0;
    wait(5 * MINUTE);
    const [client] = clients.slice(-1);
    await client?.publishAsync(soc, '', { qos: 1 });
    await client?.publishAsync(soc, '{"value":null}', { qos: 1 });
    expect(gx.latest()?.time).toBe(heardAt);
    wait(6 * MINUTE);
    expect((await live(gx.source)).soc).toMatchObject({ freshness: 'stale', age: '11 min ago' });
  });
});

describe('what comes again', () => {
  test('what is kept on the broker is handed to subscribers, and to nobody as a reading', async () => {
    const plug = await device('Retaining');
    const topic = 'solar_assistant/total/battery_state_of_charge/state';
    await plug.say({ [topic]: '47' }, { retain: true });
    const heardAt = plug.latest()?.time;
    wait(12 * MINUTE);
    // A dashboard, and the device itself, connect anew: the value is delivered again, as old as it is.
    const token = unwrap(
      app.features.accounts.service.addToken({ email: 'ada@example.org', name: 'n', scope: 'read' }),
    );
    const url = `mqtt://127.0.0.1:${app.features.broker.ports().tcp}`;
    const dashboard = await mqtt.connectAsync(url, { username: 'token', password: token, reconnectPeriod: 0 });
    clients.push(dashboard);
    const kept = Promise.withResolvers<string>();
    dashboard.on('message', (at, payload) => at === topic && kept.resolve(payload.toString()));
    await dashboard.subscribeAsync('solar_assistant/#');
    expect(await kept.promise).toBe('47');
    expect(plug.latest()?.time).toBe(heardAt as number);
    expect((await live(plug.source)).soc).toMatchObject({ freshness: 'stale', age: '12 min ago' });
  });

  test('a bridge that repeats the last values of an inverter it lost is told from a live one', async () => {
    const assistant = await device('SolarAssistant');
    const figures = (power: number) => ({
      'solar_assistant/total/load_power/state': '612',
      'solar_assistant/inverter_1/pv_power/state': String(power),
      'solar_assistant/inverter_1/battery_voltage/state': '52.3',
      'solar_assistant/inverter_1/grid_voltage/state': '231.4',
    });
    for (let minute = 0; minute < 3; minute++) {
      await assistant.say(figures(1800 + minute));
      wait(MINUTE);
    }
    expect((await live(assistant.source)).source).toMatchObject({ repeatsFor: null, freshness: 'fresh' });
    // The cable to the inverter comes off; the bridge goes on with what it knew.
    for (let i = 0; i < 11; i++) {
      await assistant.say(figures(1802));
      wait(2 * MINUTE);
    }
    const { source } = await live(assistant.source);
    expect(source?.repeatsFor).toBe('21 min');
    await assistant.say(figures(1200));
    expect((await live(assistant.source)).source?.repeatsFor).toBeNull();
  }, 60_000);

  test('a late record does not make an old value young, nor a young one old', async () => {
    const meter = await device('Late');
    const topic = `ampra/${meter.source.id}/telemetry`;
    const at = (ms: number) => new Date(clock.now() - ms).toISOString();
    await meter.say({ [topic]: JSON.stringify({ timestamp: at(0), gridPower: 300 }) });
    wait(2 * MINUTE);
    await meter.say({ [topic]: JSON.stringify({ timestamp: at(90 * MINUTE), gridPower: 900, stateOfCharge: 20 }) });
    const { node, soc } = await live(meter.source);
    expect(node('grid')).toMatchObject({ value: 300, freshness: 'fresh' });
    expect(soc).toMatchObject({ freshness: 'stale' });
  });
});
