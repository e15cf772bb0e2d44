import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { SqliteQuarantine } from '../ingest/inbox/quarantine.sqlite.ts';
import { ada, adam, bob, olga, SourcesBench, viewer } from '../testing/sources.ts';
import type { Web } from '../web/server.ts';
import { ask, type TestRequest, testWeb } from '../web/testing.ts';

let bench: SourcesBench;
let web: Web;
let id: string;
let groupId: string;

const viewers = {
  ada,
  bob,
  olga,
  adam,
  'ada-read': viewer('ada', 'user', 'read'),
  'ada-write': viewer('ada', 'user', 'write'),
  'ada-admin': viewer('ada', 'user', 'admin'),
  'bob-write': viewer('bob', 'user', 'write'),
  'olga-write': viewer('olga', 'overseer', 'write'),
};

beforeAll(async () => {
  bench = new SourcesBench();
  const quarantine = new SqliteQuarantine(bench.db, bench.clock);
  web = testWeb(viewers, { maxBodyBytes: 8 * 1024 * 1024, clock: bench.clock });
  bench.sources.plugIn({ refused: quarantine });
  bench.sources.routes?.(web.routes);
  await bench.start();
  id = (await bench.create(ada)).source.id;
  groupId = (await call('POST', '/groups', 'ada-write', { name: 'House' })).body.id;
});
afterAll(async () => {
  await bench.sources.stop?.();
  web.stop();
  await bench.dispose();
});

async function call(method: string, path: string, token?: string, body?: unknown) {
  const request: TestRequest = { method, headers: { 'Content-Type': 'application/json' } };
  if (token) request.token = token;
  if (body !== undefined) request.body = JSON.stringify(body);
  const response = await ask(web, `/api/v1${path}`, request);
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: what the API says is what is tested
  return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : null) as any };
}

const place = { latitude: 52.52, longitude: 13.4, timeZone: 'Europe/Berlin' };
const good = { name: 'Roof', connectionType: 'mqtt', installedCapacityW: 5400, ...place };

/** Every route, and what it takes to change something with it. */
const uses: [method: string, path: () => string, body?: unknown][] = [
  ['GET', () => `/sources/${id}`],
  ['PATCH', () => `/sources/${id}`, { name: 'Taken' }],
  ['DELETE', () => `/sources/${id}`],
  ['POST', () => `/sources/${id}/rotate-keys`],
  ['GET', () => `/sources/${id}/refused`],
  ['DELETE', () => `/sources/${id}/refused`],
  ['GET', () => `/sources/${id}/prices`],
  ['POST', () => `/sources/${id}/prices`, { effectiveFrom: '2026-01-01', importPricePerKwh: 1 }],
  ['DELETE', () => `/sources/${id}/prices/2026-01-01`],
  ['GET', () => `/groups/${groupId}`],
  ['PATCH', () => `/groups/${groupId}`, { name: 'Taken' }],
  ['DELETE', () => `/groups/${groupId}`],
];

for (const [method, path, body] of uses) {
  const name = `${method} ${path().replace(/undefined/g, '{id}')}`;
  describe(name, () => {
    test('without a session or token is 401', async () => {
      expect((await call(method, path(), undefined, body)).status).toBe(401);
    });
    test('with an invented token is 401', async () => {
      expect((await call(method, path(), 'amp_invented', body)).status).toBe(401);
    });
    test('by another owner is 404, the same as for what does not exist', async () => {
      const foreign = await call(method, path(), 'bob-write', body);
      const unknown = await call(method, path().replace(/[0-9a-f-]{36}/, crypto.randomUUID()), 'bob-write', body);
      expect(foreign.status).toBe(404);
      expect({ ...foreign.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    });
    if (method !== 'GET') {
      test('with a read token is 403', async () => {
        expect((await call(method, path(), 'ada-read', body)).status).toBe(403);
      });
      test('with the session’s cookie alone, without the page’s token, is 403', async () => {
        const headers = { 'Content-Type': 'application/json' };
        const request = { method, viewer: 'ada', headers, ...(body ? { body: JSON.stringify(body) } : {}) };
        expect((await ask(web, `/api/v1${path()}`, request)).status).toBe(403);
      });
    } else {
      test('with a read token is 200', async () => {
        expect((await call(method, path(), 'ada-read')).status).toBe(200);
      });
    }
  });
}

test('after all that, nothing of Ada’s has changed', () => {
  expect(bench.sources.directory.byId(id)).toMatchObject({ name: 'Roof', version: 1 });
});

test('a new source is answered with its keys, once', async () => {
  const made = await call('POST', '/sources', 'ada-write', good);
  expect(made.status).toBe(201);
  const { mqttApiKey, webhookSecret } = made.body;
  expect(made.headers.get('Cache-Control')).toBe('no-store');
  expect(made.headers.get('Location')).toBe(`/api/v1/sources/${made.body.id}`);
  expect(made.body).toMatchObject({
    ...good,
    ownerId: 'ada',
    role: 'system',
    currency: 'EUR',
    mqttTopic: `ampra/${made.body.id}/telemetry`,
    webhookUrl: `http://192.168.1.20:8080/hooks/${made.body.id}`,
    state: 'waiting',
    isActive: true,
    version: 1,
    createdAt: '2026-06-21T10:00:00.000Z',
  });
  for (const secret of [mqttApiKey, webhookSecret]) expect(secret).toMatch(/^[0-9a-f]{64}$/);
  for (const path of ['/sources', `/sources/${made.body.id}`]) {
    const text = JSON.stringify((await call('GET', path, 'ada-write')).body);
    expect(text).not.toContain(mqttApiKey);
    expect(text).not.toContain(webhookSecret);
    expect(text).not.toMatch(/apiKey|secret|sha256/i);
  }
  const rotated = await call('POST', `/sources/${made.body.id}/rotate-keys`, 'ada-write');
  expect(rotated.body.mqttApiKey).not.toBe(mqttApiKey);
  expect(bench.sources.directory.checkApiKey(made.body.id, rotated.body.mqttApiKey)).toBe(true);
});

test('names need not be unique, and each sees only their own; an Overseer sees all, an Admin their own', async () => {
  await call('POST', '/sources', 'bob-write', good);
  const owners = async (token: string) =>
    new Set((await call('GET', '/sources', token)).body.items.map((s: { ownerId: string }) => s.ownerId));
  expect(await owners('ada-read')).toEqual(new Set(['ada']));
  expect(await owners('bob-write')).toEqual(new Set(['bob']));
  expect(await owners('olga-write')).toEqual(new Set(['ada', 'bob']));
  expect((await ask(web, '/api/v1/sources', { viewer: 'adam' }).then((r) => r.json())) as unknown).toEqual({
    items: [],
  });
});

const bad: [what: string, body: unknown, field: string][] = [
  ['no name', { ...place }, 'name'],
  ['an empty name', { ...good, name: '' }, 'name'],
  ['no place on an appliance that knows none', { name: 'Roof' }, 'latitude'],
  ['a latitude in words', { ...good, latitude: 'north' }, 'latitude'],
  ['a latitude of 91', { ...good, latitude: 91 }, 'latitude'],
  ['an unknown zone', { ...good, timeZone: 'Europe/Atlantis' }, 'timeZone'],
  ['too many watts', { ...good, installedCapacityW: 2e6 }, 'installedCapacityW'],
  ['an unknown connection', { ...good, connectionType: 'smoke' }, 'connectionType'],
  ['an unknown currency', { ...good, currency: 'QQQ' }, 'currency'],
  ['a group that is not there', { ...good, groupId: 'x' }, 'groupId'],
  ['a date that is none', { ...good, installationDate: '31.05.2024' }, 'installationDate'],
];
for (const [what, body, field] of bad) {
  test(`${what} is refused as problem+json that names ${field}`, async () => {
    const before = bench.sources.directory.all().length;
    const answer = await call('POST', '/sources', 'ada-write', body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    expect(answer.body.errors.map((e: { field: string }) => e.field)).toContain(field);
    expect(bench.sources.directory.all().length).toBe(before);
  });
}

test('a field that does not exist is named instead of being dropped', async () => {
  const answer = await call('PATCH', `/sources/${id}`, 'ada-write', { nmae: 'x' });
  expect(answer.status).toBe(400);
  expect(answer.body.detail).toContain('nmae');
});

test('broken JSON is a 400, not a 500', async () => {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await ask(web, '/api/v1/sources', { method: 'POST', token: 'ada-write', headers, body: '{"name":' });
  expect(answer.status).toBe(400);
});

test('a change names what it changes; an older version is answered with 412', async () => {
  const made = (await call('POST', '/sources', 'ada-write', { ...good, systemCost: '9000.50' })).body;
  expect(made.systemCost).toBe(9000.5);
  const changed = await call('PATCH', `/sources/${made.id}`, 'ada-write', {
    version: 1,
    description: 'South',
    groupId,
  });
  expect(changed.body).toMatchObject({ description: 'South', groupId, systemCost: 9000.5, version: 2 });
  const late = await call('PATCH', `/sources/${made.id}`, 'ada-write', { version: 1, description: 'North' });
  expect(late.status).toBe(412);
  expect(late.body.code).toBe('stale');
  const off = await call('PATCH', `/sources/${made.id}`, 'ada-write', { isActive: false });
  expect(off.body).toMatchObject({ isActive: false, state: 'deactivated', description: 'South' });
  expect((await call('GET', `/groups/${groupId}`, 'ada-read')).body.sourceIds).toContain(made.id);
});

test('panels are stated by plane with what stands before them, and a wrong angle is named', async () => {
  const arrays = [{ tiltDeg: 30, azimuthDeg: 170, peakW: 3900, horizon: [{ azimuthDeg: 90, elevationDeg: 12 }] }];
  const stated = await call('PATCH', `/sources/${id}`, 'ada-write', { arrays, inverterLimitW: 3600 });
  expect(stated.body).toMatchObject({ arrays, inverterLimitW: 3600 });
  expect((await call('GET', `/sources/${id}`, 'ada-read')).body).toMatchObject({ arrays, inverterLimitW: 3600 });
  const wrong = await call('PATCH', `/sources/${id}`, 'ada-write', { arrays: [{ ...arrays[0], tiltDeg: 120 }] });
  expect(wrong.status).toBe(400);
  expect(wrong.body.errors).toEqual([{ field: 'arrays.0.tiltDeg', message: expect.stringContaining('90') }]);
  await call('PATCH', `/sources/${id}`, 'ada-write', { arrays: [], inverterLimitW: null });
});

test('a deleted source is gone at once', async () => {
  const made = (await call('POST', '/sources', 'ada-write', good)).body;
  expect((await call('DELETE', `/sources/${made.id}`, 'ada-write')).status).toBe(204);
  expect((await call('GET', `/sources/${made.id}`, 'ada-write')).status).toBe(404);
  expect((await call('DELETE', `/sources/${made.id}`, 'ada-write')).status).toBe(404);
});

test('prices go in and out as the decimals they are', async () => {
  const price = { effectiveFrom: '2026-01-01', importPricePerKwh: '0.284651', exportPricePerKwh: 0.0811 };
  const made = await call('POST', `/sources/${id}/prices`, 'ada-write', price);
  expect(made.status).toBe(201);
  const listed = { ...price, currency: 'EUR', importPricePerKwh: 0.284651 };
  expect((await call('GET', `/sources/${id}/prices`, 'ada-read')).body).toEqual({ items: [listed] });
  const wrong = await call('POST', `/sources/${id}/prices`, 'ada-write', { effectiveFrom: '2026-13-01' });
  expect(wrong.body.errors.map((e: { field: string }) => e.field)).toEqual(['effectiveFrom', 'importPricePerKwh']);
  expect((await call('DELETE', `/sources/${id}/prices/2026-01-01`, 'ada-write')).status).toBe(204);
});

test('groups are created, changed and deleted; their sources stay', async () => {
  const group = (await call('POST', '/groups', 'ada-write', { name: 'Barn', description: 'Behind the house' })).body;
  const source = (await call('POST', '/sources', 'ada-write', { ...good, groupId: group.id })).body;
  const stale = { version: 7, name: 'Late' };
  expect((await call('PATCH', `/groups/${group.id}`, 'ada-write', stale)).status).toBe(412);
  expect((await call('DELETE', `/groups/${group.id}`, 'ada-write')).status).toBe(204);
  expect((await call('GET', `/sources/${source.id}`, 'ada-read')).body.groupId).toBeNull();
});

test('what was refused is listed by reason in pages, and dismissed', async () => {
  const quarantine = new SqliteQuarantine(bench.db, bench.clock);
  const { source } = await bench.create(ada);
  const outcome = {
    ...{ kept: 1, keptFields: ['solarPower'], isList: true, refusedInAll: 1 },
    refused: [{ index: 1, field: 'stateOfCharge', message: 'must be a number' }],
  };
  const since = bench.clock.now();
  for (const reason of ['one', 'two', 'two']) {
    const payload = new TextEncoder().encode('[1]');
    const at = { receivedAt: bench.clock.now(), channel: 'mqtt' as const, sourceId: source.id, topic: 'a/b' };
    quarantine.add({ ...at, payload, reason, outcome });
    bench.clock.advance(1000);
  }
  quarantine.flush();
  const path = `/sources/${source.id}/refused`;
  const first = await call('GET', `${path}?limit=1`, 'ada-read');
  expect(first.body).toMatchObject({ total: 2, messages: 3, since: new Date(since).toISOString(), nextCursor: '1' });
  expect(first.body.items).toEqual([
    {
      reason: 'two',
      count: 2,
      since: new Date(since + 1000).toISOString(),
      newestAt: new Date(since + 2000).toISOString(),
      example: { channel: 'mqtt', topic: 'a/b', text: '[\n  1\n]', bytes: 3, kept: 1, rejected: outcome.refused },
    },
  ]);
  const second = await call('GET', `${path}?limit=1&cursor=1`, 'ada-read');
  expect(second.body).toMatchObject({ items: [{ reason: 'one' }], nextCursor: null });
  expect((await call('GET', `${path}?cursor=x`, 'ada-read')).status).toBe(400);
  expect((await call('DELETE', path, 'ada-read')).status).toBe(403);
  expect((await call('DELETE', `${path}?reason=two`, 'ada-write')).status).toBe(204);
  expect((await call('GET', path, 'ada-read')).body).toMatchObject({ total: 1, messages: 1 });
  expect((await call('DELETE', path, 'ada-write')).status).toBe(204);
  expect((await call('GET', path, 'ada-read')).body).toMatchObject({ items: [], messages: 0, since: null });
});

test('the address for a webhook is one that a device elsewhere can use, also when asked on the machine itself', async () => {
  const answer = await ask(web, `/api/v1/sources/${id}`, {
    token: 'ada-read',
    headers: { Host: '127.0.0.1:8080' },
  });
  expect(((await answer.json()) as { webhookUrl: string }).webhookUrl).toBe(`http://192.168.1.77:8080/hooks/${id}`);
});

test('a body with everything wrong hears of everything at once, in plain English', async () => {
  const bad = {
    name: ' ',
    connectionType: 'carrier pigeon',
    latitude: 91,
    timeZone: 'Mars/Olympus',
    installedCapacityW: -5,
  };
  const more = { currency: 'XXQ', installationDate: '2024-02-31', colour: 'red' };
  const all = { ...bad, longitude: 'east', ...more };
  for (const [method, path] of [
    ['POST', '/sources'],
    ['PATCH', `/sources/${id}`],
  ] as const) {
    const { status, body } = await call(method, path, 'ada-write', all);
    expect(status).toBe(400);
    const errors = body.errors as { field: string; message: string }[];
    expect(errors.map((e) => e.field).sort()).toEqual(Object.keys(all).sort());
    const of = (field: string) => errors.find((e) => e.field === field)?.message;
    expect(of('connectionType')).toBe('must be one of mqtt, webhook');
    expect(of('latitude')).toBe('must lie between -90 and 90 degrees');
    expect(of('longitude')).toBe('must be a number');
    expect(of('colour')).toContain('is not known here');
  }
});
