import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { metrics } from '../../../src/core/metrics.ts';
import { unwrap } from '../../../src/core/result.ts';
import { signBody } from '../../../src/ingest/webhook/webhook-signature.ts';
import { connectPacket, publishPacket, RawClient } from '../../../src/mqtt/testing/raw-client.ts';
import { hostileJson, hostileNumber, hostileText, runsOf } from '../../../src/testing/hostile.ts';
import { House } from '../../authorisation/house.ts';

/**
 * What devices may send, and what somebody on the network may send in their place: webhooks with any body and any headers,
 * MQTT packets that are damaged in any byte. Each is stored or refused in words, and honest devices notice nothing.
 */
setDefaultTimeout(3_600_000);

let house: House;
let source: { id: string; key: string; secret: string };
beforeAll(async () => {
  house = await House.start();
  const wish = { name: 'Roof', latitude: 1, longitude: 1, timeZone: 'UTC' };
  const made = unwrap(await house.app.features.sources.service.create(house.viewer('owner'), wish));
  source = { id: made.source.id, key: made.mqttApiKey, secret: made.webhookSecret };
});
afterAll(() => house?.dispose());

function expectNothingBroke(): void {
  const broken = house.app.base.logLines.newest().filter(({ level }) => level === 'error');
  expect(broken.map(({ message, fields }) => [message, fields.error])).toEqual([]);
}

describe('the webhook', () => {
  const metric = fc.constantFrom(
    ...metrics.map(({ name }) => name),
    'timestamp',
    'metadata',
    '__proto__',
    'constructor',
  );
  const reading = fc.dictionary(metric, fc.oneof(hostileNumber, hostileJson), { maxKeys: 8 });
  const body = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.oneof(reading, fc.array(fc.oneof(reading, hostileJson), { maxLength: 6 })).map(bytesOf),
    },
    { weight: 1, arbitrary: hostileJson.map(bytesOf) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 1, arbitrary: hostileText.map((text) => new TextEncoder().encode(text)) },
  );
  const header = hostileText.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 5000));

  function bytesOf(value: unknown): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(value) ?? '');
  }

  test('takes or refuses any signed body, and says which', async () => {
    const property = fc.asyncProperty(body, async (bytes) => {
      house.clock.advance(1000);
      const timestamp = String(Math.floor(house.clock.now() / 1000));
      const signature = await signBody(source.secret, timestamp, bytes);
      const headers = { 'X-Ampra-Timestamp': timestamp, 'X-Ampra-Signature': signature };
      const answer = await house.send('POST', `/hooks/${source.id}`, { raw: new Uint8Array(bytes), headers });
      const said = JSON.parse(answer.text);
      expect([202, 400]).toContain(answer.status);
      if (answer.status === 202) expect(said.accepted).toBeGreaterThan(0);
      else expect(said.errors?.length).toBeGreaterThan(0);
    });
    await fc.assert(property, runsOf('signed bodies of the webhook', 400));
    expectNothingBroke();
  });

  test('refuses any headers that do not sign', async () => {
    const property = fc.asyncProperty(body, header, header, header, async (bytes, timestamp, signature, id) => {
      house.clock.advance(60_000);
      const now = String(Math.floor(house.clock.now() / 1000));
      const headers = {
        'X-Ampra-Timestamp': timestamp.length % 2 ? timestamp : now,
        'X-Ampra-Signature': signature.length % 2 ? signature : `sha256=${'0'.repeat(64)}`,
        'Content-Encoding': bytes.length % 5 === 0 ? 'gzip' : '',
      };
      const path = id.length % 3 ? source.id : encodeURIComponent(id).replace(/^\.+$/, 'x').slice(0, 2000) || 'x';
      const answer = await house.send('POST', `/hooks/${path}`, { raw: new Uint8Array(bytes), headers });
      expect([400, 401, 404, 415, 429]).toContain(answer.status);
    });
    await fc.assert(property, runsOf('headers of the webhook', 100));
    expectNothingBroke();
  });
});

describe('the broker', () => {
  const topic = fc.oneof(
    hostileText.map((text) => text.slice(0, 200)),
    fc.constantFrom('ampra/x/telemetry', 'solar/power', '$SYS/x', '#', '+/x', 'a/'.repeat(60)),
  );
  const payload = fc.oneof(
    hostileJson.map((value) => Buffer.from(JSON.stringify(value) ?? '').subarray(0, 2000)),
    fc.uint8Array().map((b) => Buffer.from(b)),
  );
  const id = fc.integer({ min: 0, max: 65_535 });
  const properties = fc.constantFrom(
    {},
    { topicAlias: 1 },
    { topicAlias: 65_535 },
    { messageExpiryInterval: 0 },
    { userProperties: { a: ['b', 'c'] } },
    { responseTopic: '#' },
    { subscriptionIdentifier: 0 },
    { payloadFormatIndicator: true },
  );
  const packet = fc.oneof(
    fc
      .record({
        topic,
        payload,
        messageId: id,
        qos: fc.constantFrom(0, 1, 2),
        retain: fc.boolean(),
        dup: fc.boolean(),
        properties,
      })
      .map((p) => ({ cmd: 'publish', ...p })),
    fc
      .record({ messageId: id, topic, qos: fc.constantFrom(0, 1, 2) })
      .map(({ messageId, ...s }) => ({ cmd: 'subscribe', messageId, subscriptions: [s] })),
    fc
      .record({ messageId: id, topic })
      .map(({ messageId, topic: t }) => ({ cmd: 'unsubscribe', messageId, unsubscriptions: [t] })),
    fc
      .tuple(fc.constantFrom('puback', 'pubrec', 'pubrel', 'pubcomp'), id)
      .map(([cmd, messageId]) => ({ cmd, messageId })),
    fc.constantFrom({ cmd: 'pingreq' }, { cmd: 'disconnect' }, { cmd: 'auth', reasonCode: 0x18 }),
  );
  /** Bytes to overwrite, to leave out and to put in. */
  const damage = fc.array(fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), how: fc.nat(2) }), {
    maxLength: 4,
  });

  function encoded(one: unknown, version: number): Buffer {
    try {
      return mqttPacket.generate(one as Packet, { protocolVersion: version });
    } catch {
      // The library refuses to write some; those are written by hand.
      return publishPacket({ topic: String((one as { topic?: unknown }).topic ?? '').slice(0, 100), qos: 1 });
    }
  }

  function damaged(bytes: Buffer, hits: readonly { at: number; byte: number; how: number }[]): Buffer {
    const list = [...bytes];
    for (const { at, byte, how } of hits) {
      const place = at % Math.max(1, list.length);
      if (how === 0) list[place] = byte;
      else list.splice(place, how === 1 ? 1 : 0, ...(how === 2 ? [byte] : []));
    }
    return Buffer.from(list);
  }

  const port = () => house.app.features.broker.ports().tcp;

  /** Sends it, and lets the broker have it before the next one. */
  async function offer(chunks: readonly Buffer[]): Promise<void> {
    const raw = await RawClient.open(port());
    for (const chunk of chunks) raw.send(chunk);
    raw.socket.end();
    await raw.closed(20_000);
  }

  test('takes no harm from damaged packets, before and after the login, and honest devices lose nothing', async () => {
    const honest = await RawClient.open(port());
    honest.send(connectPacket({ clientId: 'honest', user: source.id, password: source.key }));
    await honest.next(2);
    let count = 0;
    const logins = { device: [source.id, source.key], program: ['token', house.token('write')], nobody: null } as const;
    const who = fc.constantFrom('device', 'program', 'nobody', 'before the login');
    const version = fc.constantFrom<4 | 5>(4, 5);
    const property = fc.asyncProperty(
      who,
      version,
      fc.array(packet, { minLength: 1, maxLength: 6 }),
      damage,
      async (kind, level, packets, hits) => {
        const bytes = damaged(Buffer.concat(packets.map((one) => encoded(one, level))), hits);
        if (kind === 'before the login') {
          const login = connectPacket({ version: level, user: source.id, password: source.key });
          await offer([damaged(login, hits), bytes]);
        } else {
          const login = logins[kind as keyof typeof logins];
          const hello = login
            ? connectPacket({ version: level, clientId: 'fuzz', user: login[0], password: login[1] })
            : anonymous(level);
          await offer([hello, bytes]);
        }
        if (++count % 20 > 0) return;
        honest.send(
          publishPacket({ topic: `ampra/${source.id}/telemetry`, payload: '{"solarPower":1}', qos: 1, id: 7 }),
        );
        await honest.next(4, 20_000);
      },
    );
    await fc.assert(property, runsOf('damaged MQTT connections', 300));
    honest.send(Buffer.from([0xc0, 0]));
    await honest.next(13, 20_000);
    honest.end();
    expectNothingBroke();
  });

  function anonymous(version: number): Buffer {
    return mqttPacket.generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: version as 4 | 5,
      clientId: 'nobody',
      clean: true,
      keepalive: 60,
    });
  }
});
