import { describe, expect, test } from 'bun:test';
import { broker } from '../broker-under-test.ts';
import { connectBytes, frame, text, u32, unique } from '../packet-client.ts';

const versions = [4, 5] as const;
const will = { topic: 'w', payload: Buffer.from('x'), qos: 0 as const, retain: false };

describe.concurrent('CONNECT', () => {
  for (const version of [3, 4, 5] as const)
    test(`3.1.1 [MQTT-3.1.4-4], 5.0 [MQTT-3.1.4-5]: level ${version} is accepted with code 0`, async () => {
      const { connack } = await broker.client({ version });
      expect([connack.returnCode ?? connack.reasonCode, connack.sessionPresent]).toEqual([0, false]);
    });

  for (const version of versions)
    test(`[MQTT-3.1.0-1]: a first packet other than CONNECT ends the connection (${version})`, async () => {
      const client = await broker.open(version);
      client.send({ cmd: 'pingreq' });
      await client.closed();
      expect(client.inbox).toEqual([]);
    });

  test('3.1.1 [MQTT-3.1.0-2]: a second CONNECT ends the connection', async () => {
    const client = await broker.client();
    client.bytes(connectBytes());
    await client.closed();
  });

  test('5.0 [MQTT-3.1.0-2]: a second CONNECT is a protocol error, 0x82', async () => {
    const client = await broker.client({ version: 5 });
    client.bytes(connectBytes({ level: 5 }));
    expect((await client.next('disconnect')).reasonCode).toBe(0x82);
    await client.closed();
  });

  for (const name of ['hj', 'mqtt', 'MQTT\u0020', ''])
    test(`[MQTT-3.1.2-1]: the protocol name "${name}" ends the connection without a session`, async () => {
      const client = await broker.open();
      client.bytes(connectBytes({ name }));
      await client.closed();
      expect(client.inbox.filter((p) => p.cmd === 'connack' && p.returnCode === 0)).toEqual([]);
    });

  for (const level of [0, 2, 6, 77])
    test(`3.1.1 [MQTT-3.1.2-2]: level ${level} is refused with return code 1, then the connection ends`, async () => {
      const client = await broker.open();
      client.bytes(connectBytes({ level }));
      expect((await client.next('connack')).returnCode).toBe(1);
      await client.closed();
    });

  for (const level of versions) {
    const payload = text(unique());
    const bad: [string, Parameters<typeof connectBytes>[0]][] = [
      ['[MQTT-3.1.2-3]: the reserved flag', { flags: 3 }],
      ['3.1.1 [MQTT-3.1.2-13], 5.0 [MQTT-3.1.2-11]: a QoS of a will that is not there', { flags: 0x0a }],
      ['3.1.1 [MQTT-3.1.2-15], 5.0 [MQTT-3.1.2-13]: a retain flag of a will that is not there', { flags: 0x22 }],
      [
        '3.1.1 [MQTT-3.1.2-14], 5.0 [MQTT-3.1.2-12]: a will of QoS 3',
        { flags: 0x1e, payload: [...payload, ...(level === 5 ? [0] : []), ...text('w'), ...text('x')] },
      ],
      ['3.1.1 [MQTT-3.1.2-9], 5.0 [MQTT-3.1.2-9]: a will flag without a will', { flags: 6 }],
      ['3.1.1 [MQTT-3.1.2-19], 5.0 [MQTT-3.1.2-17]: a user name that is not there', { flags: 0x82 }],
      [
        '3.1.1 [MQTT-3.1.2-21], 5.0 [MQTT-3.1.2-19]: a password that is not there',
        { flags: 0xc2, payload: [...payload, ...text('user')] },
      ],
      ['[MQTT-3.1.3-3]: no client identifier', { payload: [] }],
      ['3.1.1 [MQTT-3.1.2-18], 5.0 [MQTT-3.1.2-16]: fields that no flag announces', { payload: [...payload, 0, 0] }],
      [
        '3.1.1 [MQTT-1.5.3-1], 5.0 [MQTT-1.5.4-1]: a client identifier of invalid UTF-8',
        { payload: [0, 2, 0xc3, 0x28] },
      ],
      ['3.1.1 [MQTT-1.5.3-1], 5.0 [MQTT-1.5.4-1]: a surrogate in it', { payload: [0, 3, 0xed, 0xa0, 0x80] }],
      ['3.1.1 [MQTT-1.5.3-2], 5.0 [MQTT-1.5.4-2]: U+0000 in it', { payload: [0, 2, 0x61, 0] }],
      [
        '3.1.1 [MQTT-3.1.3-10], 5.0 [MQTT-3.1.3-11]: a will topic of invalid UTF-8',
        { flags: 6, payload: [...payload, ...(level === 5 ? [0] : []), 0, 2, 0xc3, 0x28, ...text('x')] },
      ],
      [
        '3.1.1 [MQTT-3.1.3-11], 5.0 [MQTT-3.1.3-12]: a user name of invalid UTF-8',
        { flags: 0x82, payload: [...payload, 0, 2, 0xc3, 0x28] },
      ],
    ];
    for (const [name, parts] of bad)
      test(`${name} ends the connection (${level})`, async () => {
        const client = await broker.open(level);
        client.bytes(connectBytes({ level, ...parts }));
        await client.closed();
        const codes = client.inbox.map((p) => (p.cmd === 'connack' ? (p.reasonCode ?? p.returnCode ?? 0) : 0));
        // MQTT 5 may say why before it closes; nobody is let in.
        expect(codes.filter((code) => code === 0)).toEqual([]);
      });
  }

  test('3.1.1 [MQTT-3.1.2-22]: a password without a user name ends the connection', async () => {
    const client = await broker.open();
    client.bytes(connectBytes({ flags: 0x42, payload: [...text(unique()), ...text('secret')] }));
    await client.closed();
    expect(client.inbox).toEqual([]);
  });

  test('5.0, section 3.1.2.9: a password without a user name is allowed', async () => {
    const client = await broker.open(5);
    client.bytes(connectBytes({ level: 5, flags: 0x42, payload: [...text(unique()), ...text('secret')] }));
    expect((await client.next('connack')).reasonCode).toBe(0);
  });

  test('3.1.1 [MQTT-3.1.4-5], 5.0 [MQTT-3.1.4-6]: what follows a refused CONNECT is not looked at', async () => {
    const topic = unique('t');
    const watcher = await broker.client();
    await watcher.subscribe(topic, { qos: 1 });
    const client = await broker.open();
    client.bytes(connectBytes({ level: 9 }), frame(0x32, [...text(topic), 0, 1, 0x78]));
    await client.closed();
    expect(await watcher.sofar()).toEqual([]);
  });

  test('[MQTT-3.2.0-1]: what follows CONNECT at once is answered after CONNACK', async () => {
    const client = await broker.open();
    client.bytes(connectBytes(), frame(0xc0, []), frame(0x32, [...text(unique('t')), 0, 7, 0x78]));
    await client.next('puback');
    expect(client.inbox.map((p) => p.cmd)).toEqual(['connack', 'pingresp']);
  });
});

describe.concurrent('CONNECT properties (5.0)', () => {
  const refused: [string, number, number[]][] = [
    ['section 3.1.2.11.3: a receive maximum of 0', 0x82, [33, 0, 0]],
    ['section 3.1.2.11.4: a maximum packet size of 0', 0x82, [39, 0, 0, 0, 0]],
    ['section 3.1.2.11.7: request problem information 2', 0x82, [23, 2]],
    ['section 3.1.2.11.6: request response information 2', 0x82, [25, 2]],
    ['section 3.1.2.11.2: a session expiry that is there twice', 0x82, [17, ...u32(1), 17, ...u32(1)]],
    ['section 3.1.2.11.10: authentication data without a method', 0x82, [22, 0, 1, 1]],
    ['section 2.2.2.2: a property of another packet', 0x81, [35, 0, 1]],
    ['section 2.2.2.2: a property that nobody knows', 0x81, [99, 0]],
    ['[MQTT-1.5.7-1]: a user property with U+0000', 0x81, [38, 0, 1, 0, 0, 1, 0x61]],
    ['[MQTT-4.12.0-1]: an unknown authentication method', 0x8c, [21, ...text('SCRAM')]],
  ];
  for (const [name, code, properties] of refused)
    test(`${name} is refused with 0x${code.toString(16)}`, async () => {
      const client = await broker.open(5);
      client.bytes(connectBytes({ level: 5, properties }));
      const connack = await client.next('connack');
      expect([connack.reasonCode, connack.sessionPresent]).toEqual([code, false]);
      await client.closed();
    });

  test('[MQTT-1.5.5-1]: a length longer than it needs to be is malformed', async () => {
    const client = await broker.open(5);
    client.bytes(frame(0x10, [...text('MQTT'), 5, 2, 0, 60, 0x80, 0, ...text(unique())]));
    await client.closed();
    expect(client.inbox.filter((p) => p.cmd === 'connack' && p.reasonCode === 0)).toEqual([]);
  });

  test('section 2.2.2: properties that run over the packet are malformed', async () => {
    const client = await broker.open(5);
    client.bytes(frame(0x10, [...text('MQTT'), 5, 2, 0, 60, 100, 17]));
    await client.closed();
  });

  test('section 3.1.3.2: a will delay among the properties of CONNECT is malformed, in the will it is not', async () => {
    const wrong = await broker.open(5);
    wrong.bytes(connectBytes({ level: 5, properties: [24, ...u32(1)] }));
    expect((await wrong.next('connack')).reasonCode).toBe(0x81);
    const right = await broker.client({ version: 5, will: { ...will, properties: { willDelayInterval: 1 } } });
    expect(right.connack.reasonCode).toBe(0);
  });

  test('[MQTT-3.1.2-28]: no response information to who did not ask for it', async () => {
    const { connack } = await broker.client({ version: 5 });
    expect(connack.properties?.responseInformation).toBeUndefined();
  });

  test('[MQTT-3.2.2-9] to [MQTT-3.2.2-14]: QoS 2, retained messages, wildcards, identifiers and sharing are there', async () => {
    const { properties } = (await broker.client({ version: 5 })).connack;
    expect(properties?.maximumQoS ?? 2).toBe(2);
    expect(properties?.retainAvailable ?? true).toBe(true);
    expect(properties?.wildcardSubscriptionAvailable ?? true).toBe(true);
    expect(properties?.subscriptionIdentifiersAvailable ?? true).toBe(true);
    expect(properties?.sharedSubscriptionAvailable ?? true).toBe(true);
  });
});

describe.concurrent('client identifiers', () => {
  test('3.1.1 [MQTT-3.1.3-6], [MQTT-3.1.3-7]: none is taken with a clean session', async () => {
    const { connack } = await broker.client({ clientId: '', clean: true });
    expect([connack.returnCode, connack.sessionPresent]).toEqual([0, false]);
  });

  test('3.1.1 [MQTT-3.1.3-8]: none is refused with return code 2 for a session that is kept', async () => {
    const client = await broker.open();
    client.bytes(connectBytes({ flags: 0, payload: text('') }));
    expect((await client.next('connack')).returnCode).toBe(2);
    await client.closed();
  });

  test('5.0 [MQTT-3.1.3-6], [MQTT-3.1.3-7], [MQTT-3.2.2-16]: none gets one of its own, which is told', async () => {
    const assigned = await Promise.all(
      [2, 0].map(async (flags) => {
        const client = await broker.open(5);
        client.bytes(connectBytes({ level: 5, flags, payload: text('') }));
        const connack = await client.next('connack');
        expect(connack.reasonCode).toBe(0);
        return connack.properties?.assignedClientIdentifier;
      }),
    );
    expect(new Set(assigned).size).toBe(2);
    for (const id of assigned) expect(id?.length).toBeGreaterThan(0);
  });

  test('5.0 [MQTT-3.1.3-7]: with the assigned one its session is found again', async () => {
    const properties = { sessionExpiryInterval: 60 };
    const first = await broker.client({ version: 5, clientId: '', properties });
    const clientId = first.connack.properties?.assignedClientIdentifier ?? '';
    await first.leave();
    const again = await broker.client({ version: 5, clientId, clean: false, properties });
    expect(again.connack.sessionPresent).toBe(true);
  });

  for (const version of versions)
    test(`[MQTT-3.1.3-5]: 23 letters and digits are taken, and more than that too (${version})`, async () => {
      for (const clientId of [`0123456789abcdefghijkl${version}`, `${unique()}-${'ü'.repeat(40)}`]) {
        const { connack } = await broker.client({ version, clientId });
        expect(connack.returnCode ?? connack.reasonCode).toBe(0);
      }
    });

  for (const version of versions)
    test(`[MQTT-3.1.3-2]: sessions belong to their identifier, letter by letter (${version})`, async () => {
      const clientId = unique('Case');
      const kept = { version, clean: false, ...(version === 5 && { properties: { sessionExpiryInterval: 60 } }) };
      await (await broker.client({ ...kept, clientId })).leave();
      expect((await broker.client({ ...kept, clientId: clientId.toLowerCase() })).connack.sessionPresent).toBe(false);
      expect((await broker.client({ ...kept, clientId })).connack.sessionPresent).toBe(true);
    });
});

describe.concurrent('keep alive', () => {
  for (const version of versions)
    test(`3.1.1 [MQTT-3.1.2-24], 5.0 [MQTT-3.1.2-22]: silence of one and a half ends it, not sooner (${version})`, async () => {
      const client = await broker.client({ version, keepalive: 2 });
      // Two packets close together: the clock runs from the second.
      await client.ping();
      await client.ping();
      const since = performance.now();
      await client.closed();
      expect(performance.now() - since).toBeGreaterThan(2990);
      if (version === 5) expect((await client.next('disconnect')).reasonCode).toBe(0x8d);
    });

  for (const version of versions)
    test(`[MQTT-3.1.2-20 or 23]: any packet counts, also one that only acknowledges (${version})`, async () => {
      const client = await broker.client({ version, keepalive: 2 });
      for (const end = Date.now() + 5000; Date.now() < end; await Bun.sleep(500))
        client.send({ cmd: 'puback', messageId: 9 });
      await client.ping();
      expect(client.isClosed).toBe(false);
    });

  test('3.1.1, section 3.1.2.10: 0 turns it off', async () => {
    const client = await broker.client({ keepalive: 0 });
    await Bun.sleep(2000);
    await client.ping();
  });

  test('[MQTT-3.12.4-1]: PINGREQ is answered', async () => {
    await (await broker.client()).ping();
  });

  test('5.0 [MQTT-3.1.2-21], [MQTT-3.2.2-22]: a longer one than the server keeps is replaced, and the client told', async () => {
    const { connack } = await broker.client({ version: 5, keepalive: 65_535 });
    const told = connack.properties?.serverKeepAlive;
    if (told !== undefined) expect(told).toBeWithin(1, 65_535);
    expect(connack.reasonCode).toBe(0);
  });
});
