import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import mqtt, { type MqttClient } from 'mqtt';
import type { Role, Viewer } from '../../accounts/viewer.ts';
import { viewerOf } from '../../accounts/viewer-service.ts';
import { unwrap } from '../../core/result.ts';
import { startTestApp, type TestApp } from '../../testing/app.ts';
import type { Web } from '../../web/server.ts';
import { ask, type TestRequest, testWeb } from '../../web/testing.ts';

let app: TestApp;
let web: Web;
let device: MqttClient;
const viewers: Record<string, Viewer> = {};

beforeAll(async () => {
  app = await startTestApp({ config: { mqttAccess: 'open' } });
  for (const role of ['overseer', 'admin', 'user'] as Role[]) {
    const user = unwrap(
      await app.features.accounts.service.addUser({
        email: `${role}@example.org`,
        password: 'a long enough test password',
        role,
      }),
    );
    viewers[role] = viewerOf(user, { kind: 'session', sessionId: role });
  }
  const place = { latitude: 52.5, longitude: 13.4, timeZone: 'Europe/Berlin' };
  for (const who of ['overseer', 'user'])
    unwrap(
      await app.features.sources.service.create(viewer(who), {
        name: `Roof of ${who}`,
        connectionType: 'mqtt',
        ...place,
      }),
    );
  web = testWeb(viewers);
  for (const feature of app.features.inOrder) feature.routes?.(web.routes);
  device = await mqtt.connectAsync(`mqtt://127.0.0.1:${app.features.broker.ports().tcp}`);
});
afterAll(async () => {
  await device.endAsync();
  await app.dispose();
});

const viewer = (name: string) => viewers[name] as Viewer;
const page = async (path: string, who?: string) => {
  const answer = await ask(web, path, who ? { viewer: who } : {});
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};
async function post(path: string, who: string, form: Record<string, string>) {
  const { text, headers } = await page('/sources/discover', who);
  const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const body = new URLSearchParams({ ...form, _csrf: token }).toString();
  const request: TestRequest = {
    method: 'POST',
    viewer: who,
    body,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Cookie: cookie },
  };
  return ask(web, path, request);
}
const publish = (topic: string, payload: string) => device.publishAsync(topic, payload, { qos: 1 });

describe('the page of what is heard', () => {
  test('is for whoever signed in', async () => {
    expect((await page('/sources/discover')).status).toBe(303);
    expect((await page('/sources/discover/events')).status).toBe(303);
    expect((await page('/sources/discover', 'user')).status).toBe(200);
  });

  test('says that open access is on', async () => {
    expect((await page('/sources/discover', 'user')).text).toContain('Open access is on');
  });

  test('shows a new device to an Overseer, with its dialect, why, and values with units', async () => {
    await publish('solar_assistant/inverter_1/pv_power/state', '1840');
    await publish('solar_assistant/total/battery_state_of_charge/state', '76');
    const { text } = await page('/sources/discover', 'overseer');
    for (const word of ['SolarAssistant', 'certain', 'Solar power', '1.84', '76', 'Add as', 'solar_assistant/#'])
      expect(text).toContain(word);
  });

  test('shows what is left out of a message that is understood in part', async () => {
    await publish('attic/box', '{"pv_power":1840,"battery_soc":55,"wobble":17}');
    const { text } = await page('/sources/discover', 'overseer');
    expect(text).toContain('wobble');
    expect(text).toContain('under Mapping');
    await post('/sources/discover/dismiss', 'overseer', { filter: 'attic/#' });
    expect((await page('/sources/discover', 'overseer')).text).not.toContain('wobble');
  });

  test('shows the beginning of a topic that is longer than a page wants', async () => {
    const topic = `z${'y'.repeat(400)}`;
    await publish(topic, '840');
    const { text } = await page('/sources/discover', 'overseer');
    expect(text).toContain(`>${topic.slice(0, 160)} …</span>`);
    await post('/sources/discover/dismiss', 'overseer', { filter: topic });
  });

  test('folds away, and does not announce, what is known by its writing and says nothing about energy', async () => {
    await publish(
      'tele/lamp/STATE',
      '{"Time":"2026-06-21T10:00:00","Uptime":"0T05:05:17","POWER":"OFF","Wifi":{"AP":1}}',
    );
    const { text } = await page('/sources/discover', 'overseer');
    expect(text).toContain('1 device that says nothing about energy so far');
    expect(text.indexOf('+/lamp/#')).toBeGreaterThan(text.indexOf('mute-devices'));
    expect(text.indexOf('solar_assistant/#')).toBeLessThan(text.indexOf('mute-devices'));
    await post('/sources/discover/dismiss', 'overseer', { filter: '+/lamp/#' });
    expect((await page('/sources/discover', 'overseer')).text).not.toContain('mute-devices');
  });

  test('offers first what can be added as it is', async () => {
    await publish('aaa/boiler', '41.5');
    const { text } = await page('/sources/discover', 'overseer');
    expect(text.indexOf('solar_assistant/#')).toBeLessThan(text.indexOf('aaa/#'));
    expect(text.match(/button-primary/g)).toHaveLength(1);
    // Nobody knows what a boiler's number is: no role is proposed for it.
    expect(text).toContain('Say what it is …');
    expect(text).not.toContain('Add as “Aaa”');
    await post('/sources/discover/dismiss', 'overseer', { filter: 'aaa/#' });
  });

  test('is announced on Sources to those who may add what is heard, and counts what is understood', async () => {
    await publish('aaa/boiler', '41.5');
    expect((await page('/sources', 'overseer')).text).toContain('A device was heard and waits to be added');
    for (const who of ['user', 'admin']) expect((await page('/sources', who)).text).not.toContain('to be added');
    await post('/sources/discover/dismiss', 'overseer', { filter: 'aaa/#' });
  });

  test('keeps a device that speaks seldom in the list for as long as its messages are kept', async () => {
    const ago = (hours: number) => Date.now() - hours * 3_600_000;
    const hear = (topic: string, receivedAt: number) =>
      new Promise<Error | null>((resolve) => {
        const message = { topic, payload: new TextEncoder().encode('840'), receivedAt, isRetained: false };
        app.features.ingest.inbox.receive(message, resolve);
      });
    await hear('barn/meter/power', ago(3));
    await hear('gone/meter/power', ago(7.1 * 24));
    const { text } = await page('/sources/discover', 'overseer');
    expect(text).toContain('New device, heard 3 h ago');
    expect(text).not.toContain('gone/meter');
    await post('/sources/discover/dismiss', 'overseer', { filter: 'barn/meter/#' });
  });

  test('shows what an own source sent an hour ago', async () => {
    const [source] = app.features.sources.directory.ownedBy(viewer('overseer').userId);
    if (!source) throw new Error('no source');
    const receivedAt = Date.now() - 3_600_000;
    const payload = new TextEncoder().encode('{"solarPower":1234}');
    await new Promise((resolve) =>
      app.features.ingest.service.receive(
        source,
        'mqtt',
        { topic: source.mqttTopic, payload, receivedAt, isRetained: false },
        resolve,
      ),
    );
    const { text } = await page('/sources/discover', 'overseer');
    expect(text).toContain('Your source, inverter, heard 1 h ago');
    expect(text).toContain('1.23');
  });

  test('shows it to nobody else: what a house uses when is not an Admin’s business', async () => {
    for (const who of ['admin', 'user']) expect((await page('/sources/discover', who)).text).not.toContain('pv_power');
    for (const who of ['admin', 'user'])
      expect((await page('/sources/discover/add?filter=solar_assistant/%23', who)).status).toBe(403);
  });

  test('shows what is not understood of one’s own sources, and not of others’', async () => {
    const [source] = app.features.sources.directory.ownedBy(viewer('user').userId);
    if (!source) throw new Error('no source');
    app.features.ingest.service.receive(
      source,
      'mqtt',
      { topic: 'odd/box', payload: new TextEncoder().encode('{"x":1}'), receivedAt: Date.now(), isRetained: false },
      () => {},
    );
    const { text } = await page('/sources/discover', 'user');
    expect(text).toContain('odd/box');
    expect(text).toContain('No known device writes like this');
    expect((await page('/sources/discover', 'admin')).text).not.toContain('odd/box');
    expect((await page('/sources/discover', 'overseer')).text).toContain('odd/box');
  });

  test('warns where two devices of a source take turns in what it shows', async () => {
    const place = { latitude: 52.5, longitude: 13.4, timeZone: 'Europe/Berlin' };
    const made = await app.features.sources.service.create(viewer('user'), {
      name: 'Roofs',
      connectionType: 'mqtt',
      ...place,
    });
    const source = app.features.sources.directory.byId(unwrap(made).source.id);
    if (!source) throw new Error('no source');
    const say = (topic: string, value: object) =>
      new Promise((resolve) => {
        const message = { topic, payload: new TextEncoder().encode(JSON.stringify(value)), isRetained: false };
        app.features.ingest.service.receive(source, 'mqtt', { ...message, receivedAt: Date.now() }, resolve);
      });
    await say('roofs/barn', { pv_power: 1840, battery_soc: 55 });
    await say('roofs/house', { pv_power: 900, battery_soc: 80 });
    const { text } = await page('/sources/discover', 'user');
    expect(text).toContain('More than one device says the same');
    expect(text).toContain('Solar power and state of charge: the newest word counts');
  });
});

describe('adding a device', () => {
  test('is refused without a session, to users and to admins', async () => {
    const form = { filter: 'solar_assistant/#', name: 'House', role: 'system' };
    const anonymous = await ask(web, '/sources/discover/add', { method: 'POST', body: '' });
    expect([303, 403]).toContain(anonymous.status);
    for (const who of ['user', 'admin']) expect((await post('/sources/discover/add', who, form)).status).toBe(403);
    expect(app.features.ingest.claims.all()).toEqual([]);
  });

  test('says what is wrong with its topics and keeps what was typed', async () => {
    const answer = await post('/sources/discover/add', 'overseer', { filter: '#', name: 'All', role: 'system' });
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain('must name at least one level');
    expect(text).toContain('value="All"');
  });

  test('makes a source that has what was kept, and gets what comes', async () => {
    const form = { filter: 'solar_assistant/#', name: 'House', role: 'system' };
    const answer = await post('/sources/discover/add', 'overseer', form);
    expect(answer.status).toBe(303);
    const id = answer.headers.get('Location')?.split('/').at(-1) ?? '';
    await app.features.ingest.claims.settled();
    expect(app.features.telemetry.reader.latest(id)?.values).toMatchObject({ solarPower: 1840, stateOfCharge: 76 });
    await publish('solar_assistant/inverter_1/pv_power/state', '1900');
    expect(app.features.telemetry.reader.latest(id)?.values.solarPower).toBe(1900);
    const { text } = await page('/sources/discover', 'overseer');
    expect(text).toContain('Added without a login');
    expect(text).not.toContain('New device');
  });

  test('can be ended: then its topics wait here again', async () => {
    const answer = await post('/sources/discover/release', 'overseer', { filter: 'solar_assistant/#' });
    expect(answer.status).toBe(303);
    await publish('solar_assistant/inverter_1/pv_power/state', '2000');
    expect((await page('/sources/discover', 'overseer')).text).toContain('New device');
  });
});

test('where no source says where the house stands, adding a device says what to do instead of asking for what the page cannot take', async () => {
  await using fresh = await startTestApp({ config: { mqttAccess: 'open' } });
  const account = { email: 'new@example.org', password: 'a long enough test password', role: 'overseer' as const };
  const user = unwrap(await fresh.features.accounts.service.addUser(account));
  const freshWeb = testWeb({ overseer: viewerOf(user, { kind: 'token', tokenId: 'new', scope: 'admin' }) });
  for (const feature of fresh.features.inOrder) feature.routes?.(freshWeb.routes);
  const answer = await ask(freshWeb, '/api/v1/inbox/claims', {
    method: 'POST',
    viewer: 'overseer',
    body: JSON.stringify({ filter: 'attic/#', name: 'Attic', role: 'system' }),
    headers: { 'Content-Type': 'application/json' },
  });
  expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('where the house stands') });
});
