import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { unwrap } from '../../src/core/result.ts';
import { signBody } from '../../src/ingest/webhook/webhook-signature.ts';
import { createLog, type LogLine } from '../../src/platform/log.ts';
import { readTarHeader } from '../../src/platform/tar.ts';
import { House, password } from './house.ts';
import { rowsOf } from './read-table.ts';
import { Paths } from './things.ts';

/**
 * Plants every kind of secret by using it, rightly and in the wrong places where people put them, and then looks through
 * everything that leaves the appliance: logs, pages, the API, the diagnostics bundle, metrics, MQTT.
 */
let house: House;
const secrets: Record<string, string> = {};
const smtpPassword = 'hunter2-smtp-Passw0rd';
const weatherApiKey = 'paid-weather-k3y';
/** What a person typed, and nothing may repeat. */
const typed = 'wrong horse battery 4711';

beforeAll(async () => {
  house = await House.start({ logLevel: 'debug', smtpUrl: `smtp://mailer:${smtpPassword}@127.0.0.1:9`, weatherApiKey });
  await plant();
}, 60_000);
afterAll(() => house?.dispose());

async function plant(): Promise<void> {
  const { accounts, sources, connections } = house.app.features;
  const owner = house.viewer('owner');
  const wish = { name: 'Roof', latitude: 1, longitude: 1, timeZone: 'UTC' };
  const made = unwrap(await sources.service.create(owner, wish));
  const token = unwrap(
    accounts.service.tokens.create(owner, { name: 'P', scope: 'write', expiresInDays: null }, 'test'),
  ).secret;
  Object.assign(secrets, { smtpPassword, weatherApiKey, typed, password, token });
  Object.assign(secrets, {
    apiKey: made.mqttApiKey,
    webhookSecret: made.webhookSecret,
    connectionPassword: 'lin3-Passw0rd!',
  });
  secrets.invite = house.makeInvite(await house.makeUser());
  secrets.cookie = (await house.browser('owner')).cookie.replace(/.*=/, '');
  for (const name of ['forms.key', 'secrets.key']) {
    const file = join(house.app.dataDir, name);
    secrets[name] = readFileSync(file, 'utf8').trim();
    expect((statSync(file).mode & 0o077).toString(8)).toBe('0');
  }
  await use(made.source.id);
  const link = { name: 'Line', host: '198.51.100.1', isOn: false, userName: 'u', password: secrets.connectionPassword };
  const input = { ...link, sourceId: made.source.id };
  unwrap(await connections.service.create(owner, input));
}

/** Rightly, wrongly, and in the wrong field. */
async function use(sourceId: string): Promise<void> {
  const { token = '', apiKey = '', webhookSecret = '', invite = '' } = secrets;
  const port = house.app.features.broker.ports().tcp;
  const logins = [
    [sourceId, apiKey],
    [sourceId, typed],
    [apiKey, apiKey],
    [token, token],
    ['token', typed],
    ['token', token],
    [typed, webhookSecret],
  ];
  for (const [username = '', word = ''] of logins) {
    house.clock.advance(10_000);
    await connectAsync(`mqtt://127.0.0.1:${port}`, { username, password: word, reconnectPeriod: 0 }).then(
      (client) => client.endAsync(),
      () => undefined,
    );
  }
  for (const secret of Object.values(secrets)) {
    const bare = encodeURIComponent(secret);
    await house.send('GET', '/api/v1/me', {
      headers: { Authorization: `Bearer ${secret.replace(/[^\x20-\x7e]/g, '')}` },
    });
    await house.send('GET', `/invite/${bare}`);
    await house.send('GET', `/reset?code=${bare}`, {
      headers: { Cookie: `ampra_session=${bare}; ampra_ticket=${bare}` },
    });
    await house.ask('nobody', 'POST', '/login', { form: { email: secret, password: secret } });
    await house.ask('nobody', 'POST', '/login', { form: { email: house.viewer('owner').email, password: secret } });
    await house.ask('nobody', 'POST', '/forgot', { form: { email: secret } });
    await house.send('POST', `/api/v1/sources`, {
      raw: `{"name":"${secret}`,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    });
    await house.send('POST', `/invite/${bare}`, { form: { next: typed } });
  }
  const timestamp = String(Math.floor(house.clock.now() / 1000));
  const body = new TextEncoder().encode('{"solarPower":5}');
  for (const key of [webhookSecret, apiKey]) {
    const signature = await signBody(key, timestamp, body);
    await house.send('POST', `/hooks/${sourceId}`, {
      raw: body,
      headers: { 'X-Ampra-Timestamp': timestamp, 'X-Ampra-Signature': signature },
    });
  }
  await house.ask('nobody', 'POST', '/reset', { form: { code: invite, next: 'short' } });
}

/** Which of the secrets a text holds, by name. */
const foundIn = (text: string): string[] =>
  Object.entries(secrets).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));

test('no log line holds a secret, at the most talkative level', () => {
  const lines = house.app.base.logLines.newest();
  expect(lines.length).toBeGreaterThan(5);
  expect(foundIn(JSON.stringify(lines))).toEqual([]);
});

test('no page and no answer of the API holds one', async () => {
  const paths = new Paths(house);
  const found: string[] = [];
  for (const { about } of [...rowsOf('Page'), ...rowsOf('API'), ...rowsOf('Operations')]) {
    const [method = '', route = ''] = about.split(' ');
    if (method !== 'GET' || route === '/invite/:code') continue;
    const { path } = await paths.about(route, false);
    for (const who of ['owner', 'Overseer'] as const) {
      const answer = await house.ask(who, 'GET', path);
      found.push(...foundIn(answer.text + JSON.stringify([...answer.headers])).map((name) => `${about}: ${name}`));
    }
  }
  expect(found).toEqual([]);
});

test('the diagnostics bundle holds none, nor who lives here', async () => {
  const tar = Bun.gunzipSync(Buffer.from(await house.app.features.admin.diagnostics.bundle()));
  const text = new TextDecoder().decode(tar);
  expect(readTarHeader(tar.subarray(0, 512))?.name).toStartWith('ampra-diagnostics/');
  expect(foundIn(text)).toEqual([]);
  for (const who of ['owner', 'Overseer'] as const) expect(text).not.toContain(house.viewer(who).email);
});

test('nothing that is published over MQTT holds one', async () => {
  const port = house.app.features.broker.ports().tcp;
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
    username: 'token',
    password: house.token('read'),
    reconnectPeriod: 0,
  });
  let heard = '';
  client.on('message', (topic, payload) => {
    heard += `${topic} ${payload}\n`;
  });
  await client.subscribeAsync('#');
  await house.app.features.broker.broker.publish(house.viewer('owner').userId, 'end/of/it', 'x');
  // What is retained comes in the broker's own time, before or after.
  while (!heard.includes('end/of/it') || !heard.includes('/latest')) await Bun.sleep(2);
  await client.endAsync();
  expect(foundIn(heard)).toEqual([]);
});

test('the databases hold hashes and sealed secrets alone, the journal no logins', () => {
  const kept = readdirSync(house.app.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.key') && !entry.name.startsWith('lock'))
    .map((entry) => join(entry.parentPath, entry.name));
  const held = kept.flatMap((file) => foundIn(readFileSync(file).toString('latin1')).map((name) => `${file}: ${name}`));
  expect(held).toEqual([]);
  expect(kept.length).toBeGreaterThan(3);
});

test('a field of a log line that is called like a secret is hidden, whatever it holds', () => {
  const lines: LogLine[] = [];
  const log = createLog({ level: 'debug', sinks: [{ write: (line) => void lines.push(line) }] });
  log.info('x', { password: 'a', apiKey: 'b', accessToken: 'c', Cookie: 'd', authorization: 'e', webhookSecret: 'f' });
  expect(new Set(Object.values(lines[0]?.fields ?? {}))).toEqual(new Set(['[hidden]']));
});
