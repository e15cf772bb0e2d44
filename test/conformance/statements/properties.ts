import { describe, expect, test } from 'bun:test';
import { broker } from '../broker-under-test.ts';
import { type ConnectOptions, frame, text, u32, unique } from '../packet-client.ts';

const five: ConnectOptions = { version: 5 };
const publishBytes = (topic: string, properties: number[], qos = 0) => {
  const head = [...text(topic), ...(qos > 0 ? [0, 1] : []), properties.length, ...properties];
  return frame(0x30 | (qos << 1), [...head, 0x78]);
};
const pair = (name: string, value: string) => [38, ...text(name), ...text(value)];

describe.concurrent('what goes with a message (5.0)', () => {
  for (const qos of [0, 1, 2])
    test(`[MQTT-3.3.2-4], [MQTT-3.3.2-15] to [MQTT-3.3.2-18], [MQTT-3.3.2-20]: it arrives unaltered and in its order, at QoS ${qos}`, async () => {
      const topic = unique('t');
      const client = await broker.client(five);
      await client.subscribe(topic, { qos: 2 });
      const users = [...pair('b', '1'), ...pair('a', '2'), ...pair('b', '3'), ...pair('', ''), ...pair('ü', '日本')];
      const others: [string, number[]][] = [
        ['payload format', [1, 1]],
        ['content type', [3, ...text('application/json; charset=utf-8')]],
        ['response topic', [8, ...text('answers/ü')]],
        ['correlation data', [9, 0, 4, 0, 255, 0, 1]],
      ];
      client.bytes(publishBytes(topic, [...others.flatMap(([, bytes]) => bytes), ...users], qos));
      if (qos === 2) client.send({ cmd: 'pubrel', messageId: 1 });
      const [message] = await client.messages(1);
      expect(message?.raw.includes(Buffer.from(users))).toBe(true);
      for (const [name, bytes] of others)
        expect([name, message?.raw.includes(Buffer.from(bytes))]).toEqual([name, true]);
    });

  test('[MQTT-3.3.2-4]: a payload format of 0 arrives as 0 or not at all', async () => {
    const topic = unique('t');
    const client = await broker.client(five);
    await client.subscribe(topic);
    client.bytes(publishBytes(topic, [1, 0]));
    expect((await client.messages(1))[0]?.properties?.payloadFormatIndicator ?? false).toBe(false);
  });

  test('it does not reach clients of older versions, the message does', async () => {
    const topic = unique('t');
    const old = await broker.client();
    await old.subscribe(topic, { qos: 1 });
    const properties = { contentType: 'text/plain', messageExpiryInterval: 60, userProperties: { a: 'b' } };
    await (await broker.client(five)).publish(topic, 'hello', { properties });
    expect((await old.messages(1))[0]?.payload.toString()).toBe('hello');
  });

  test('section 4.10: a request and its response find each other', async () => {
    const [service, answers] = [unique('service'), unique('answers')];
    const [asks, knows] = [await broker.client(five), await broker.client(five)];
    await knows.subscribe(service, { qos: 1 });
    await asks.subscribe(answers, { qos: 1 });
    const correlationData = Buffer.from('question 7');
    await asks.publish(service, '?', { properties: { responseTopic: answers, correlationData } });
    const [request] = await knows.messages(1);
    const { responseTopic = '', correlationData: told } = request?.properties ?? {};
    await knows.publish(responseTopic, '42', { properties: { correlationData: told } });
    const [response] = await asks.messages(1);
    expect([response?.payload.toString(), response?.properties?.correlationData?.toString()]).toEqual([
      '42',
      'question 7',
    ]);
  });
});

describe.concurrent('message expiry (5.0)', () => {
  test('[MQTT-3.3.2-6]: at once it is as it was given', async () => {
    const topic = unique('t');
    const client = await broker.client(five);
    await client.subscribe(topic);
    await client.publish(topic, 'x', { properties: { messageExpiryInterval: 4_294_967_295 } });
    await client.publish(topic, 'x', { properties: { messageExpiryInterval: 60 } });
    const [longest, short] = await client.messages(2);
    expect(longest?.properties?.messageExpiryInterval).toBeWithin(4_294_967_280, 4_294_967_296);
    expect(short?.properties?.messageExpiryInterval).toBeWithin(45, 61);
  });

  test('[MQTT-3.3.2-5], [MQTT-3.3.2-6]: what waits for a client counts down, and is dropped when its time is over', async () => {
    const topic = unique('t');
    const options: ConnectOptions = {
      ...{ version: 5, clientId: unique(), clean: false, properties: { sessionExpiryInterval: 60 } },
    };
    const first = await broker.client(options);
    await first.subscribe(topic, { qos: 2 });
    await first.leave();
    const publisher = await broker.client(five);
    for (const [seconds, qos] of [
      [1, 1],
      [1, 2],
      [60, 1],
      [60, 2],
    ] as const)
      await publisher.publish(topic, String(seconds), { qos, properties: { messageExpiryInterval: seconds } });
    await Bun.sleep(2100);
    const back = await broker.client(options);
    const got = await back.sofar();
    expect(got.map((m) => [m.payload.toString(), m.qos])).toEqual([
      ['60', 1],
      ['60', 2],
    ] as never);
    for (const message of got) expect(message.properties?.messageExpiryInterval).toBeWithin(30, 59);
  });

  test('[MQTT-3.3.2-5], [MQTT-4.3.3-1]: what a client may have half of is sent again although its time is over', async () => {
    const topic = unique('t');
    const options: ConnectOptions = {
      ...{ version: 5, clientId: unique(), clean: false, properties: { sessionExpiryInterval: 60 } },
    };
    const first = await broker.client(options);
    await first.subscribe(topic, { qos: 2 });
    await (await broker.client(five)).publish(topic, 'x', { qos: 2, properties: { messageExpiryInterval: 1 } });
    const [sent] = await first.messages(1);
    first.break();
    await Bun.sleep(1500);
    const back = await broker.client(options);
    expect((await back.messages(1))[0]?.messageId).toBe(sent?.messageId);
  });
});

describe.concurrent('properties of a PUBLISH that break a rule (5.0)', () => {
  const wrong: [string, number, number[]][] = [
    ['section 3.3.2.3.2: a payload format of 2', 0x82, [1, 2]],
    ['section 3.3.2.3.2: a payload format that is there twice', 0x82, [1, 0, 1, 0]],
    ['section 3.3.2.3.3: an expiry that is there twice', 0x82, [2, ...u32(1), 2, ...u32(1)]],
    ['[MQTT-3.3.2-14]: a response topic with a wildcard', 0x82, [8, ...text('a/+')]],
    ['section 3.3.2.3.5: a response topic that is there twice', 0x82, [8, ...text('a'), 8, ...text('a')]],
    ['[MQTT-3.3.2-13]: a response topic of invalid UTF-8', 0x81, [8, 0, 2, 0xc3, 0x28]],
    ['[MQTT-3.3.2-19]: a content type with U+0000', 0x81, [3, 0, 1, 0]],
    ['[MQTT-1.5.7-1]: a user property of invalid UTF-8', 0x81, [38, 0, 1, 0x61, 0, 1, 0xff]],
    ['[MQTT-3.3.4-6]: a subscription identifier', 0x82, [11, 1]],
    ['section 2.2.2.2: a property of another packet', 0x81, [17, ...u32(1)]],
    ['section 2.2.2.2: a property that nobody knows', 0x81, [120, 1]],
    ['section 2.2.2.2: a property that is cut short', 0x81, [2, 0, 0]],
  ];
  for (const [name, code, properties] of wrong)
    test(`${name} ends with 0x${code.toString(16)}`, async () => {
      const client = await broker.client(five);
      client.bytes(publishBytes(unique('t'), properties));
      expect((await client.next('disconnect')).reasonCode).toBe(code);
      await client.closed();
    });
});
