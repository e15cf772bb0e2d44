import { describe, expect, test } from 'bun:test';
import { broker } from '../broker-under-test.ts';
import { type ConnectOptions, frame, type PacketClient, text, unique } from '../packet-client.ts';

const five: ConnectOptions = { version: 5 };
const words = (messages: readonly { payload: string | Buffer }[]) => messages.map((m) => m.payload.toString());

async function members(count: number, filter: string, qos: 0 | 1 | 2 = 0, options = five): Promise<PacketClient[]> {
  const clients: PacketClient[] = [];
  for (let i = 0; i < count; i++) {
    const client = await broker.client(options);
    await client.subscribe(filter, { qos });
    clients.push(client);
  }
  return clients;
}

describe.concurrent('shared subscriptions (5.0, section 4.8.2)', () => {
  for (const version of [4, 5] as const)
    test(`each message goes to one of the members, and all of them get some (${version})`, async () => {
      const topic = unique('t');
      const clients = await members(3, `$share/${unique('g')}/${topic}/#`, 0, { version });
      const publisher = await broker.client(five);
      for (let i = 0; i < 30; i++) await publisher.publish(`${topic}/${i}`, String(i));
      const shares = await Promise.all(clients.map(async (client) => words(await client.sofar())));
      expect(shares.flat().sort((a, b) => Number(a) - Number(b))).toEqual(
        Array.from({ length: 30 }, (_, i) => String(i)),
      );
      for (const share of shares) expect(share.length).toBeGreaterThan(0);
    });

  test('two groups, and who is in none, each get all', async () => {
    const topic = unique('t');
    const one = await members(2, `$share/${unique('g')}/${topic}`);
    const two = await members(2, `$share/${unique('g')}/${topic}`);
    const alone = await members(1, topic);
    const publisher = await broker.client(five);
    for (let i = 0; i < 10; i++) await publisher.publish(topic);
    for (const group of [one, two, alone]) {
      const counts = await Promise.all(group.map(async (client) => (await client.sofar()).length));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
    }
  });

  test('a client in a group that also subscribes by itself gets its own besides its share', async () => {
    const topic = unique('t');
    const [client] = await members(1, `$share/${unique('g')}/${topic}`);
    await client?.subscribe(topic);
    await client?.publish(topic);
    expect(await client?.sofar()).toHaveLength(2);
  });

  test('the same group name with another filter is another group', async () => {
    const [topic, group] = [unique('t'), unique('g')];
    const [a] = await members(1, `$share/${group}/${topic}/+`);
    const [b] = await members(1, `$share/${group}/${topic}/#`);
    await (await broker.client(five)).publish(`${topic}/x`);
    expect(await a?.sofar()).toHaveLength(1);
    expect(await b?.sofar()).toHaveLength(1);
  });

  test('[MQTT-4.8.2-3]: each member gets it at its own QoS', async () => {
    const [topic, group] = [unique('t'), unique('g')];
    const clients = [];
    for (const qos of [0, 1, 2] as const) clients.push(...(await members(1, `$share/${group}/${topic}`, qos)));
    const publisher = await broker.client(five);
    for (let i = 0; i < 9; i++) await publisher.publish(topic, 'x', { qos: 2 });
    for (const [qos, client] of clients.entries())
      for (const message of await client.sofar()) expect(message.qos).toBe(qos as 0 | 1 | 2);
  });

  test('who leaves, or unsubscribes, gets none any more; the others get all', async () => {
    const [topic, group] = [unique('t'), unique('g')];
    const filter = `$share/${group}/${topic}`;
    const [stays, goes, leaves] = await members(3, filter, 1);
    goes?.send({ cmd: 'unsubscribe', messageId: 70, unsubscriptions: [filter] });
    await goes?.next('unsuback');
    await leaves?.leave();
    const publisher = await broker.client(five);
    for (let i = 0; i < 6; i++) await publisher.publish(topic, String(i));
    expect(words((await stays?.sofar()) ?? [])).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(await goes?.sofar()).toEqual([]);
  });

  test('section 4.8.2: while a member is connected, none waits for one that is away', async () => {
    const [topic, filter] = [unique('t'), `$share/${unique('g')}/`];
    const options: ConnectOptions = {
      ...{ version: 5, clientId: unique(), clean: false, properties: { sessionExpiryInterval: 60 } },
    };
    const [away] = await members(1, `${filter}${topic}`, 1, options);
    const [here] = await members(1, `${filter}${topic}`, 1);
    await away?.leave();
    const publisher = await broker.client(five);
    for (let i = 0; i < 4; i++) await publisher.publish(topic, String(i));
    expect(words((await here?.sofar()) ?? [])).toEqual(['0', '1', '2', '3']);
  });

  test('section 4.8.2: when all are away it waits for one of them', async () => {
    const [topic, filter] = [unique('t'), `$share/${unique('g')}/`];
    const options: ConnectOptions = {
      ...{ version: 5, clientId: unique(), clean: false, properties: { sessionExpiryInterval: 60 } },
    };
    const [away] = await members(1, `${filter}${topic}`, 1, options);
    await away?.leave();
    await (await broker.client(five)).publish(topic, 'waits');
    const back = await broker.client(options);
    expect(words(await back.messages(1))).toEqual(['waits']);
  });

  test('[MQTT-3.3.4-3]: its identifier comes with it', async () => {
    const topic = unique('t');
    const client = await broker.client(five);
    await client.subscribe(`$share/${unique('g')}/${topic}`, { id: 44 });
    await client.publish(topic);
    expect((await client.messages(1))[0]?.properties?.subscriptionIdentifier).toBe(44);
  });

  for (const filter of ['$share/', '$share/g', '$share//t', '$share/g/', '$share/g+/t', '$share/g#/t', '$share/#/t'])
    test(`[MQTT-4.8.2-1], [MQTT-4.8.2-2]: ${filter} is malformed`, async () => {
      const client = await broker.client(five);
      client.bytes(frame(0x82, [0, 1, 0, ...text(filter), 0]));
      expect((await client.next('disconnect')).reasonCode).toBeOneOf([0x81, 0x82, 0x8f]);
      await client.closed();
    });
});
