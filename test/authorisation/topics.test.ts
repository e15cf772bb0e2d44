import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Viewer } from '../../src/accounts/viewer.ts';
import { unwrap } from '../../src/core/result.ts';
import { ampraOutputs } from '../../src/ingest/access.mqtt.ts';
import { dialects } from '../../src/ingest/dialects.ts';
import { OPEN_SPACE } from '../../src/mqtt/spaces.ts';
import { House } from './house.ts';
import { differences, documentPath, lineOf, rowsOf } from './read-table.ts';

/** Asks the running broker every line of the topics in `docs/who-may-what.md` as each kind of client. */
type Client = 'device' | 'program, read' | 'program, write' | 'nobody';

let house: House;
let ids: Record<'own' | 'sister' | 'foreign', string>;
const clients = new Map<Client, MqttClient>();
const heard = new Map<Client, Set<string>>();
/** Everybody may read it: when it is there, whatever came before it is too, or never will be. */
const FENCE = 'homeassistant/status';

beforeAll(async () => {
  house = await House.start();
  const own = await makeSource(house.viewer('owner'));
  const [sister, foreign] = [await makeSource(house.viewer('owner')), await makeSource(house.viewer('other'))];
  ids = { own: own.id, sister: sister.id, foreign: foreign.id };
  await join('device', own.id, own.key);
  for (const scope of ['read', 'write'] as const) await join(`program, ${scope}`, 'token', house.token(scope));
  await join('nobody');
});
afterAll(async () => {
  for (const client of clients.values()) await client.endAsync(true);
  await house?.dispose();
});

async function makeSource(viewer: Viewer): Promise<{ id: string; key: string }> {
  const input = { name: 'Roof', latitude: 1, longitude: 1, timeZone: 'UTC' };
  const { source, mqttApiKey } = unwrap(await house.app.features.sources.service.create(viewer, input));
  return { id: source.id, key: mqttApiKey };
}

async function join(kind: Client, username?: string, password?: string): Promise<void> {
  const url = `mqtt://127.0.0.1:${house.app.features.broker.ports().tcp}`;
  const login = username === undefined ? {} : { username, password: password ?? '' };
  const client = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0, ...login });
  clients.set(kind, client);
  heard.set(kind, new Set());
  client.on('message', (_topic, payload) => heard.get(kind)?.add(payload.toString()));
  await client.subscribeAsync(FENCE);
}

/** What stands for the topics of a line: every one of a family has to get the same answers. */
const topicsOf: Readonly<Record<string, () => string[]>> = {
  'ampra/<own source>/telemetry': () => [`ampra/${ids.own}/telemetry`],
  'ampra/<own source>/…': () => [`ampra/${ids.own}/anything`, `ampra/${ids.own}/a/b/c`],
  ...Object.fromEntries(
    ampraOutputs.map((name) => [
      `ampra/<own source>/${name}`,
      () => [`ampra/${ids.own}/${name}`, `ampra/${ids.own}/${name}/more`],
    ]),
  ),
  'ampra/<another source of the owner>/…': () => [`ampra/${ids.sister}/telemetry`, `ampra/${ids.sister}/x`],
  'ampra/<source of somebody else>/…': () => [`ampra/${ids.foreign}/telemetry`, `ampra/${ids.foreign}/x`],
  'ampra/<no such source>/…': () => ['ampra/nothing/telemetry', 'ampra/nothing'],
  'commands of device families': () =>
    dialects.flatMap(({ commandTopics = [] }) =>
      commandTopics.map((filter) => filter.replaceAll('+', 'x').replace('#', 'y')),
    ),
  'homeassistant/status': () => ['homeassistant/status'],
  'any other topic': () => ['solar/ac/power', 'tele/plug/SENSOR', 'x'],
  '$SYS/…': () => ['$SYS/broker/uptime', '$anything'],
};

test('the document names every kind of topic, and no other', () => {
  const documented = rowsOf('Topic').map(({ about }) => about);
  const lineFor = (topic: string) => lineOf(topic, ['?', '?', '?', '?']);
  expect(differences({ thing: 'topic', documented, real: Object.keys(topicsOf), lineFor })).toEqual([]);
});

test('every client may do with every topic what the document says', async () => {
  const wrong: string[] = [];
  for (const { about, cells } of rowsOf('Topic'))
    for (const topic of topicsOf[about]?.() ?? []) {
      const readers = await readersOf(topic, spacesOf(topic));
      for (const client of clients.keys()) {
        const can = [(await mayPublish(client, topic)) && 'publish', readers.has(client) && 'read'];
        const does = can.filter(Boolean).join(', ') || '-';
        if (does !== cells[client])
          wrong.push(`${topic} for ${client}: ${documentPath} says ${cells[client]}, it is ${does}`);
      }
    }
  expect(wrong).toEqual([]);
});

/** Where such a topic is ever sent to: what is under a source's id only in its owner's space. */
function spacesOf(topic: string): string[] {
  const [owner, other] = [house.viewer('owner').userId, house.viewer('other').userId];
  const isOwn = topic.includes(ids.own) || topic.includes(ids.sister) || !topic.startsWith('ampra');
  return isOwn ? [owner, OPEN_SPACE] : [other, OPEN_SPACE];
}

test('what an owner publishes never reaches another owner, nor nobody, whatever is subscribed to', async () => {
  const secret = `secret-${crypto.randomUUID()}`;
  for (const kind of ['program, read', 'nobody'] as const) await clients.get(kind)?.subscribeAsync(['#', '+/+/+']);
  await house.app.features.broker.broker.publish(house.viewer('other').userId, 'solar/ac/power', secret);
  await fence();
  expect([...heard].filter(([, payloads]) => payloads.has(secret)).map(([kind]) => kind)).toEqual([]);
});

/** Publishes in these spaces, and says who got it: by the topic itself, and by `#` where that is granted. */
async function readersOf(topic: string, spaces: readonly string[]): Promise<Set<Client>> {
  const { broker } = house.app.features.broker;
  const payload = `m-${crypto.randomUUID()}`;
  for (const client of clients.values()) await client.subscribeAsync([topic, '#']).catch(() => undefined);
  for (const space of spaces) await broker.publish(space, topic, payload);
  await fence();
  for (const client of clients.values())
    await client.unsubscribeAsync(['#', ...(topic === FENCE ? [] : [topic])]).catch(() => undefined);
  return new Set([...heard].filter(([, payloads]) => payloads.has(payload)).map(([kind]) => kind));
}

async function fence(): Promise<void> {
  const { broker } = house.app.features.broker;
  const payload = `fence-${crypto.randomUUID()}`;
  for (const space of [house.viewer('owner').userId, OPEN_SPACE]) await broker.publish(space, FENCE, payload);
  while (![...heard.values()].every((payloads) => payloads.has(payload))) await Bun.sleep(2);
}

async function mayPublish(kind: Client, topic: string): Promise<boolean> {
  const packet = await clients
    .get(kind)
    ?.publishAsync(topic, '{"solarPower":1}', { qos: 1 })
    .catch((error) => error);
  return ![0x87, 0x90].includes(packet?.code ?? packet?.reasonCode ?? 0);
}
