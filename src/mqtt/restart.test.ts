import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { FakeClock } from '../testing/app.ts';
import { publishPacket, RawClient } from './testing/raw-client.ts';
import { Inbox, TestBroker } from './testing/test-broker.ts';

let dir = '';
let open: TestBroker | null = null;
const start = async () => {
  open = await new TestBroker({ dir }).start();
  return open;
};
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ampra-mqtt-'));
});
afterEach(async () => {
  await open?.stop();
  open = null;
  rmSync(dir, { recursive: true, force: true });
});
const kept = { clientId: 'kept', clean: false };

describe('after a restart', () => {
  test('retained messages are there, per owner, with their properties', async () => {
    const before = await start();
    const anna = await before.client({ owner: 'anna', protocolVersion: 5 });
    const ben = await before.client({ owner: 'ben' });
    const properties = { contentType: 'text/plain', userProperties: { a: 'b' } };
    await anna.publishAsync('t', 'of anna', { qos: 1, retain: true, properties });
    await ben.publishAsync('t', 'of ben', { qos: 0, retain: true });
    await anna.publishAsync('gone', 'x', { qos: 1, retain: true });
    await anna.publishAsync('gone', '', { qos: 1, retain: true });
    await Bun.sleep(50);
    await before.stop();
    const after = await start();
    for (const owner of ['anna', 'ben']) {
      const client = await after.client({ owner, protocolVersion: 5 });
      const inbox = new Inbox(client);
      await client.subscribeAsync('#');
      const messages = [...(await inbox.take(1)), ...(await inbox.rest())];
      expect(messages.map((m) => m.text)).toEqual([`of ${owner}`]);
      if (owner === 'anna') expect(messages[0]?.properties).toMatchObject(properties);
    }
  });

  test('a retained message that had no room has not left the one before in its place', async () => {
    open = await new TestBroker({ dir, limits: { retainedBytes: 2000 } }).start();
    const writer = await open.client();
    for (const text of ['old', 'x'.repeat(3000)]) await writer.publishAsync('t', text, { qos: 1, retain: true });
    const reader = await open.client();
    const inbox = new Inbox(reader);
    await reader.subscribeAsync('#');
    expect(await inbox.rest()).toEqual([]);
    expect(open.broker.counters.dropped).toBe(1);
    await open.stop();
    const later = await (await start()).client();
    const again = new Inbox(later);
    await later.subscribeAsync('#');
    expect(await again.rest()).toEqual([]);
  });

  test('sessions have their subscriptions and their queue, before and after the restart', async () => {
    const before = await start();
    const client = await before.client(kept);
    await client.subscribeAsync({ 'a/#': { qos: 1 }, '$share/g/b': { qos: 2 } });
    await client.endAsync();
    const first = await before.client({ clientId: 'p' });
    await first.publishAsync('a/1', 'one', { qos: 1 });
    await before.stop();
    const after = await start();
    const second = await after.client({ clientId: 'p' });
    await second.publishAsync('a/1', 'two', { qos: 2 });
    await second.publishAsync('b', 'three', { qos: 2 });
    const back = after.connectLater(kept);
    const inbox = new Inbox(back.client);
    expect((await back.connack).sessionPresent).toBe(true);
    expect((await inbox.take(3)).map((m) => [m.text, m.qos])).toEqual([
      ['one', 1],
      ['two', 1],
      ['three', 2],
    ]);
  });

  test('a session whose time ran out meanwhile is gone', async () => {
    const before = await start();
    const options = { ...kept, protocolVersion: 5 as const, properties: { sessionExpiryInterval: 1 } };
    await (await before.client(options)).endAsync();
    await before.stop();
    await Bun.sleep(1100);
    const after = await start();
    expect((await after.connectLater(options).connack).sessionPresent).toBe(false);
  });

  test('what was sent and not acknowledged comes again as a duplicate of the same identifier', async () => {
    const before = await start();
    const raw = await RawClient.login(before.port, { isClean: false });
    raw.send([0x82, 6, 0, 1, 0, 1, 0x74, 1]);
    await raw.next(9);
    const publisher = await before.client();
    await publisher.publishAsync('t', 'x', { qos: 1 });
    const sent = await raw.next(3);
    raw.end();
    await Bun.sleep(150);
    await before.stop();
    const after = await start();
    const again = await RawClient.login(after.port, { isClean: false });
    const resent = await again.next(3);
    expect(resent.flags & 8).toBe(8);
    expect(resent.body.subarray(3, 5)).toEqual(sent.body.subarray(3, 5));
    again.end();
  });

  test('a QoS 2 publication that was received is not received again', async () => {
    const before = await start();
    const raw = await RawClient.login(before.port, { isClean: false });
    raw.send(publishPacket({ topic: 't', qos: 2, id: 4 }));
    await raw.next(5);
    raw.end();
    await before.stop();
    const after = await start();
    const again = await RawClient.login(after.port, { isClean: false });
    again.send(publishPacket({ topic: 't', qos: 2, id: 4, isDuplicate: true }));
    await again.next(5);
    expect(after.received).toEqual([]);
    again.end();
  });

  test('the will of a client that does not come back is published, that of one that does is not', async () => {
    const will = (name: string) => ({ topic: `will/${name}`, payload: Buffer.from('gone'), qos: 1 as const });
    const before = await start();
    for (const name of ['lost', 'back']) await before.client({ clientId: name, will: will(name) });
    await Bun.sleep(150);
    await before.stop();
    const clock = new FakeClock(Date.now());
    open = await new TestBroker({ dir, clock }).start();
    const watcher = await open.client({ clientId: 'watcher' });
    const inbox = new Inbox(watcher);
    await watcher.subscribeAsync('will/#');
    await open.client({ clientId: 'back', will: will('back') });
    expect(await inbox.rest(1200)).toEqual([]);
    clock.advance(31_000);
    expect((await inbox.take(1))[0]?.topic).toBe('will/lost');
    expect(await inbox.rest()).toEqual([]);
  });

  test('a damaged file is put aside and the broker serves', async () => {
    writeFileSync(join(dir, 'broker.db'), Buffer.alloc(8192, 7));
    const broker = await start();
    const client = await broker.client();
    await client.publishAsync('t', 'x', { qos: 1, retain: true });
  });
});

describe('telemetry without subscribers', () => {
  test('does not touch the disk', async () => {
    const broker = await start();
    const client = await broker.client();
    const before = Bun.file(join(dir, 'broker.db-wal')).size;
    await Promise.all(Array.from({ length: 2000 }, () => client.publishAsync('ampra/s1/telemetry', '{}', { qos: 1 })));
    await Bun.sleep(300);
    expect(Bun.file(join(dir, 'broker.db-wal')).size).toBe(before);
  });
});

describe('kill -9', () => {
  const spawn = async () => {
    const script = join(import.meta.dir, 'testing', 'serve.ts');
    const child = Bun.spawn([process.execPath, script, dir], { stdout: 'pipe', stderr: 'inherit' });
    const { value } = await child.stdout.getReader().read();
    return { child, port: Number(new TextDecoder().decode(value)) };
  };
  const login = (port: number, more: object): Promise<MqttClient> =>
    mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
      username: 'anna/s1',
      password: 'good',
      reconnectPeriod: 0,
      ...more,
    });

  test('everything that was acknowledged is delivered to the session that waits, whenever the blow falls', async () => {
    let total = 0;
    for (let round = 0; round < 3; round++) {
      const first = await spawn();
      const subscriber = await login(first.port, { ...kept, clientId: `kept${round}` });
      await subscriber.subscribeAsync('t', { qos: 1 });
      await subscriber.endAsync();
      const publisher = await login(first.port, { clientId: 'p' });
      publisher.on('error', () => {});
      const acked: string[] = [];
      let isDead = false;
      const send = async (n: number) => {
        for (let i = 0; i < 150 && !isDead; i++) {
          const text = `${round}-${n}-${i}`;
          await new Promise<void>((resolve) => {
            publisher.publish('t', text, { qos: 1 }, (error) => {
              if (!error) acked.push(text);
              resolve();
            });
            setTimeout(resolve, 1500);
          });
        }
      };
      const sending = Promise.all([0, 1, 2, 3, 4].map(send));
      await Bun.sleep(150 + Math.random() * 500);
      first.child.kill('SIGKILL');
      isDead = true;
      await first.child.exited;
      publisher.end(true);
      await sending;
      const second = await spawn();
      const back = mqtt.connect(`mqtt://127.0.0.1:${second.port}`, {
        ...{ username: 'anna/s1', password: 'good', reconnectPeriod: 0 },
        ...kept,
        clientId: `kept${round}`,
      });
      const inbox = new Inbox(back);
      const messages = await inbox.rest(700);
      const got = new Set(messages.map((m) => m.text));
      expect(acked.filter((text) => !got.has(text))).toEqual([]);
      total += acked.length;
      await back.endAsync(true);
      second.child.kill('SIGKILL');
      await second.child.exited;
    }
    expect(total).toBeGreaterThan(0);
  }, 40_000);
});
