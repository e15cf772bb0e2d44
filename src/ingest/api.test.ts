import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import mqtt, { type MqttClient } from 'mqtt';
import { minutes } from '../core/durations.ts';
import type { Source } from '../sources/source.ts';
import { until } from '../testing/connections.ts';
import { DiscoveryBench } from '../testing/discovery.ts';

let bench: DiscoveryBench;
let roof: Source;
let device: MqttClient;

beforeAll(async () => {
  bench = await DiscoveryBench.start();
  roof = await bench.source('user');
  device = await mqtt.connectAsync(`mqtt://127.0.0.1:${bench.app.features.broker.ports().tcp}`);
});
afterAll(async () => {
  await device.endAsync();
  await bench.dispose();
});

const at = (path: string) => `/sources/${roof.id}${path}`;
const publish = (topic: string, payload: string) => device.publishAsync(topic, payload, { qos: 1 });
const latestOf = (id: string) => bench.app.features.telemetry.reader.latest(id)?.values;
const rule = { topic: 'shed/{name}/w', path: '', metric: 'loadPower', adds: true };
const whole = { unit: '', factor: 1, offset: 0, ...rule };

/** What an owner may use, and nobody else may know of. */
const ofTheOwner: [method: string, path: string, body?: unknown][] = [
  ['GET', '/balance'],
  ['POST', '/balance/check'],
  ['POST', '/balance/corrections', { metric: 'gridPower', factor: -1 }],
  ['GET', '/mapping'],
  ['PUT', '/mapping', { rules: [], version: 0 }],
  ['POST', '/mapping/preview', { rules: [] }],
  ['POST', '/mapping/replay'],
  ['GET', '/mapping/file'],
  ['PUT', '/mapping/file?version=0', { format: 'ampra-mapping-1', rules: [] }],
];
describe.each(ofTheOwner)('%s /api/v1/sources/{id}%s', (method, path, body) => {
  test('without a token is 401', async () => {
    expect((await bench.api(method, at(path), undefined, body)).status).toBe(401);
  });
  test('by another owner, and by an Admin, is 404', async () => {
    for (const token of ['other:write', 'admin:admin'])
      expect((await bench.api(method, at(path), token, body)).status).toBe(404);
  });
  test(method === 'GET' ? 'with a token that reads is answered' : 'with a token that only reads is 403', async () => {
    expect((await bench.api(method, at(path), 'user:read', body)).status).toBe(method === 'GET' ? 200 : 403);
  });
  test('of a source that is not there is 404', async () => {
    expect((await bench.api(method, `/sources/nowhere${path}`, 'user:write', body)).status).toBe(404);
  });
});

/** What only an Overseer may use: devices without a login are nobody's. */
const ofOverseers: [method: string, path: string, body?: unknown][] = [
  ['GET', '/inbox'],
  ['DELETE', '/inbox?filter=x%2F%23'],
  ['GET', '/inbox/claims'],
  ['POST', '/inbox/claims', { filter: 'x/#' }],
  ['POST', '/inbox/claims/replay?filter=x%2F%23'],
  ['DELETE', '/inbox/claims?filter=x%2F%23'],
];
test.each(ofOverseers)('%s /api/v1%s is for Overseers only', async (method, path, body) => {
  expect((await bench.api(method, path, undefined, body)).status).toBe(401);
  for (const token of ['user:write', 'user:admin', 'admin:admin', 'overseer:write'])
    expect([token, (await bench.api(method, path, token, body)).status]).toEqual([token, 403]);
});

describe('the mapping over the API', () => {
  test('is written, read, and counts at once', async () => {
    await bench.publish(roof, 'shed/a/w', '300');
    const written = await bench.api('PUT', at('/mapping'), 'user:write', { rules: [rule], version: 0 });
    expect(written.status).toBe(200);
    expect(written.body).toMatchObject({ rules: [whole], version: 1 });
    expect((await bench.api('GET', at('/mapping'), 'user:read')).body.rules).toEqual([whole]);
    await bench.app.features.ingest.mappings.settled();
    expect(latestOf(roof.id)).toEqual({ loadPower: 300 });
    await bench.publish(roof, 'shed/b/w', '200');
    await bench.publish(roof, 'shed/a/w', '310');
    expect(latestOf(roof.id)).toEqual({ loadPower: 510 });
  });

  test('names each fault by its field, and refuses an edit of an older version', async () => {
    const rules = [rule, { ...rule, metric: 'nothing' }, { ...rule, path: 'a[' }];
    const wrong = await bench.api('PUT', at('/mapping'), 'user:write', { rules, version: 1 });
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors.map((e: { field: string }) => e.field)).toEqual(['rules[1].metric', 'rules[2].path']);
    const types = await bench.api('PUT', at('/mapping'), 'user:write', { rules: [{ topic: 5 }], version: 1 });
    expect(types.status).toBe(400);
    const stale = await bench.api('PUT', at('/mapping'), 'user:write', { rules: [], version: 0 });
    expect(stale.status).toBe(412);
    expect((await bench.api('GET', at('/mapping'), 'user:read')).body.version).toBe(1);
  });

  test('is tried before it is kept', async () => {
    const rules = [{ topic: 'shed/a/w', metric: 'gridPower', factor: -1 }];
    const { body } = await bench.api('POST', at('/mapping/preview'), 'user:write', { rules });
    const shown = body.items.find((item: { topic: string }) => item.topic === 'shed/a/w');
    expect(shown).toMatchObject({ dialect: 'mapping', values: { gridPower: -310 }, text: '310', problem: null });
    expect(latestOf(roof.id)).toEqual({ loadPower: 510 });
  });

  test('goes out as a file and comes in again', async () => {
    const file = await bench.api('GET', at('/mapping/file'), 'user:read');
    expect(file.body).toEqual({ format: 'ampra-mapping-1', rules: [whole] });
    const second = await bench.source('user', 'Second');
    const path = (version: number) => `/sources/${second.id}/mapping/file?version=${version}`;
    expect((await bench.api('PUT', path(3), 'user:write', file.body)).status).toBe(412);
    expect((await bench.api('PUT', path(0), 'user:write', file.body)).body.rules).toEqual([whole]);
    const foreign = { ...file.body, format: 'other-1' };
    expect((await bench.api('PUT', path(1), 'user:write', foreign)).status).toBe(400);
  });

  test('is read anew over what is kept', async () => {
    const { status, body } = await bench.api('POST', at('/mapping/replay'), 'user:write');
    expect([status, body.isReplayed]).toEqual([202, false]);
    await bench.app.features.ingest.mappings.settled();
    expect((await bench.api('GET', at('/mapping'), 'user:read')).body.isReplayed).toBe(true);
    expect(latestOf(roof.id)?.loadPower).toBe(510);
  });
});

describe('the balance over the API', () => {
  test('says what is wrong, and is put right', async () => {
    const home = await bench.source('user', 'Home', { latitude: -30 });
    const path = (end = '') => `/sources/${home.id}/balance${end}`;
    expect((await bench.api('GET', path(), 'user:read')).body).toEqual({
      ...{ checkedAt: null, result: { kind: 'unknown', reason: 'few' }, corrections: [], house: null },
    });
    const now = Date.now();
    const samples = Array.from({ length: 30 }, (_, i) => {
      const solarPower = 2400 + 40 * (i % 5);
      const timestamp = now - (30 - i) * minutes(1);
      return { timestamp, solarPower, loadPower: 600, gridPower: 20, batteryPower: 600 - solarPower };
    });
    await bench.publish(home, home.mqttTopic, JSON.stringify(samples));
    const checked = await bench.api('POST', path('/check'), 'user:write');
    expect(checked.body.result).toMatchObject({
      kind: 'wrong',
      corrections: [{ sourceId: home.id, metric: 'batteryPower', factor: -1 }],
    });
    const wish = { metric: 'batteryPower', factor: -1 };
    const corrected = await bench.api('POST', path('/corrections'), 'user:write', wish);
    expect(corrected.body).toMatchObject({
      result: { kind: 'unknown' },
      corrections: [{ sourceId: home.id, ...wish }],
    });
    await bench.publish(home, home.mqttTopic, '{"batteryPower": -900}');
    expect(latestOf(home.id)?.batteryPower).toBe(900);
    await bench.api('POST', path('/corrections'), 'user:write', { ...wish, factor: 1 });
    expect((await bench.api('GET', path(), 'user:read')).body.corrections).toEqual([]);
  });

  test.each([
    [{ metric: 'stateOfCharge', factor: -1 }],
    [{ metric: 'gridPower', factor: 7 }],
    [{ metric: 'gridPower' }],
    [{ metric: 'gridPower', factor: -1, more: 1 }],
  ])('refuses %p', async (wish) => {
    expect((await bench.api('POST', at('/balance/corrections'), 'user:write', wish)).status).toBe(400);
  });
});

describe('discovery and inbox over the API', () => {
  const filter = 'solar_assistant/#';
  const query = `filter=${encodeURIComponent(filter)}`;

  test('what one’s own sources send is listed, and what waits only for Overseers', async () => {
    await publish('solar_assistant/total/pv_power/state', '1840');
    await publish('solar_assistant/total/battery_state_of_charge/state', '77');
    const mine = await bench.api('GET', '/discovery', 'user:read');
    expect(mine.body).toMatchObject({ isOpen: true, waiting: null });
    expect(mine.body.sources.map((s: { sourceId: string }) => s.sourceId)).toContain(roof.id);
    const others = await bench.api('GET', '/discovery', 'other:read');
    expect(others.body).toEqual({ isOpen: true, sources: [], waiting: null });
    const all = await bench.api('GET', '/discovery', 'overseer:read');
    expect(all.body.waiting).toMatchObject([
      { filter, dialect: 'solar-assistant', role: 'system', values: { solarPower: 1840, stateOfCharge: 77 } },
    ]);
    expect((await bench.api('GET', '/inbox', 'overseer:admin')).body.items).toMatchObject([{ filter, messages: 2 }]);
  });

  test('a dismissed device is gone with what was kept of it, also after a start, until it sends again', async () => {
    await publish('tele/washer/SENSOR', '{"ENERGY":{"Power":42}}');
    const washer = `filter=${encodeURIComponent('+/washer/#')}`;
    expect((await bench.api('DELETE', `/inbox?${washer}`, 'overseer:admin')).status).toBe(204);
    expect((await bench.api('DELETE', `/inbox?${washer}`, 'overseer:admin')).status).toBe(404);
    await bench.app.features.ingest.inbox.stop();
    await bench.app.features.ingest.inbox.start();
    const filters = async () =>
      (await bench.api('GET', '/inbox', 'overseer:admin')).body.items.map((item: { filter: string }) => item.filter);
    expect(await filters()).toEqual([filter]);
    await publish('tele/washer/SENSOR', '{"ENERGY":{"Power":43}}');
    expect(await filters()).toEqual(['+/washer/#', filter]);
  });

  test('a device is claimed, its messages follow, once more when asked, and the claim ends', async () => {
    const wish = { filter, name: 'Assistant', role: 'system' };
    // Where the house stands is not known yet: nothing is claimed, and the answer says what to do.
    const placeless = await bench.api('POST', '/inbox/claims', 'overseer:admin', wish);
    expect(placeless.status).toBe(400);
    expect(placeless.body.detail).toContain('where the house stands');
    expect(placeless.body.hint).toContain('Add a source with its place first');
    await bench.source('overseer');
    const claimed = await bench.api('POST', '/inbox/claims', 'overseer:admin', wish);
    expect(claimed.status).toBe(201);
    const { sourceId } = claimed.body;
    await until(() => latestOf(sourceId)?.solarPower === 1840, 15_000);
    expect((await bench.api('POST', '/inbox/claims', 'overseer:admin', { filter, sourceId: roof.id })).status).toBe(
      409,
    );
    expect((await bench.api('POST', '/inbox/claims', 'overseer:admin', { filter: '#' })).status).toBe(400);
    const received = () => bench.app.features.ingest.service.counts.messages;
    await bench.app.features.ingest.claims.settled();
    const before = received();
    const again = await bench.api('POST', `/inbox/claims/replay?${query}`, 'overseer:admin');
    expect([again.status, again.body.isReplayed]).toEqual([202, false]);
    await bench.app.features.ingest.claims.settled();
    expect(received()).toBe(before + 2);
    const page = await bench.api('GET', `/sources/${sourceId}/readings`, 'overseer:read');
    expect(page.body.items.length).toBeLessThanOrEqual(2);
    const listed = await bench.api('GET', '/inbox/claims', 'overseer:admin');
    expect(listed.body.items).toMatchObject([{ filter, sourceId, isReplayed: true }]);
    expect((await bench.api('DELETE', `/inbox/claims?${query}`, 'overseer:admin')).status).toBe(204);
    expect((await bench.api('DELETE', `/inbox/claims?${query}`, 'overseer:admin')).status).toBe(404);
    expect((await bench.api('POST', `/inbox/claims/replay?${query}`, 'overseer:admin')).status).toBe(404);
  });
});
