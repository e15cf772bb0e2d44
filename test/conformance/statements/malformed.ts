import { describe, expect, test } from 'bun:test';
import { broker } from '../broker-under-test.ts';
import { frame, text, unique } from '../packet-client.ts';

const t = text('malformed');

/** Packets that end the connection, for each version; `none` stands for where MQTT 5 has its properties. */
const cases = (none: number[]): [name: string, code: number, bytes: Buffer | number[]][] => [
  ['[MQTT-2.2.2-2], [MQTT-2.1.3-1]: PINGREQ with a reserved bit', 0x81, [0xc1, 0]],
  ['[MQTT-3.8.1-1]: SUBSCRIBE without its bits', 0x81, frame(0x80, [0, 1, ...none, ...t, 0])],
  ['[MQTT-3.10.1-1]: UNSUBSCRIBE without its bits', 0x81, frame(0xa0, [0, 1, ...none, ...t])],
  ['[MQTT-3.6.1-1]: PUBREL without its bits', 0x81, frame(0x60, [0, 1])],
  ['[MQTT-2.2.2-2]: PUBACK with a reserved bit', 0x81, frame(0x42, [0, 1])],
  ['[MQTT-3.14.1-1]: DISCONNECT with a reserved bit', 0x81, [0xe1, 0]],
  ['section 2.1.2: packet type 0', 0x81, [0x00, 0]],
  ['section 2.1.2: CONNACK, which only servers send', 0x82, [0x20, 2, 0, 0]],
  ['section 2.1.2: SUBACK, which only servers send', 0x82, frame(0x90, [0, 1, ...none, 0])],
  ['section 2.1.2: PINGRESP, which only servers send', 0x82, [0xd0, 0]],
  ['section 2.2.3, 2.1.4: a remaining length of five bytes', 0x81, [0x30, 0x80, 0x80, 0x80, 0x80, 1]],
  ['section 3.12: PINGREQ with something in it', 0x81, [0xc0, 1, 0]],
  ['section 3.4: PUBACK that is too short', 0x81, frame(0x40, [0])],
  ['[MQTT-2.3.1-1], [MQTT-2.2.1-3]: SUBSCRIBE with identifier 0', 0x82, frame(0x82, [0, 0, ...none, ...t, 0])],
  ['[MQTT-2.3.1-1], [MQTT-2.2.1-3]: UNSUBSCRIBE with identifier 0', 0x82, frame(0xa2, [0, 0, ...none, ...t])],
  ['[MQTT-3.8.3-3], [MQTT-3.8.3-2]: SUBSCRIBE without a filter', 0x82, frame(0x82, [0, 1, ...none])],
  ['[MQTT-3.10.3-2]: UNSUBSCRIBE without a filter', 0x82, frame(0xa2, [0, 1, ...none])],
  ['[MQTT-3.8.3-4], section 3.8.3.1: QoS 3 of a subscription', 0x82, frame(0x82, [0, 1, ...none, ...t, 3])],
  ['[MQTT-3.8.3-4], [MQTT-3.8.3-5]: a reserved bit of its options', 0x81, frame(0x82, [0, 1, ...none, ...t, 0xc0])],
  ['section 3.8.3: a filter without its options', 0x81, frame(0x82, [0, 1, ...none, ...t])],
  ['section 3.8.3: a filter longer than its packet', 0x81, frame(0x82, [0, 1, ...none, 0, 200, 0x61, 0])],
  ['[MQTT-4.7.3-1]: an empty filter', 0x81, frame(0x82, [0, 1, ...none, 0, 0, 0])],
  ['[MQTT-4.7.3-1]: an empty filter to unsubscribe', 0x81, frame(0xa2, [0, 1, ...none, 0, 0])],
  ...['a/#/b', 'a#', '#a', '##', 'a+', '+a/b', 'a/b+/c'].map((filter): [string, number, Buffer] => [
    `[MQTT-4.7.1-1], [MQTT-4.7.1-2]: the filter ${filter}`,
    ...([0x81, frame(0x82, [0, 1, ...none, ...text(filter), 0])] as const),
  ]),
  ['[MQTT-3.8.3-1]: a filter of invalid UTF-8', 0x81, frame(0x82, [0, 1, ...none, 0, 2, 0xc3, 0x28, 0])],
  ['[MQTT-3.8.3-1]: a surrogate in a filter', 0x81, frame(0x82, [0, 1, ...none, 0, 3, 0xed, 0xbf, 0xbf, 0])],
  ['[MQTT-4.7.3-2]: U+0000 in a filter', 0x81, frame(0x82, [0, 1, ...none, 0, 2, 0x61, 0, 0])],
  ['[MQTT-3.10.3-1]: U+0000 in a filter to unsubscribe', 0x81, frame(0xa2, [0, 1, ...none, 0, 2, 0x61, 0])],
  ['[MQTT-3.3.2-2]: a wildcard in a topic', 0x90, frame(0x30, [...text('a/#'), ...none])],
  ['[MQTT-3.3.2-2]: the other wildcard in a topic', 0x90, frame(0x30, [...text('a/+/b'), ...none])],
  ['[MQTT-4.7.3-1]: an empty topic', 0x82, frame(0x30, [0, 0, ...none])],
  ['[MQTT-3.3.2-1]: a topic of invalid UTF-8', 0x81, frame(0x30, [0, 2, 0xc3, 0x28, ...none])],
  ['[MQTT-1.5.3-1], [MQTT-1.5.4-1]: a surrogate in a topic', 0x81, frame(0x30, [0, 3, 0xed, 0xa0, 0x80, ...none])],
  ['[MQTT-4.7.3-2]: U+0000 in a topic', 0x81, frame(0x30, [0, 2, 0x61, 0, ...none])],
  ['section 3.3.2: a topic longer than its packet', 0x81, frame(0x30, [0, 200, 0x61])],
  ['section 3.3.2: QoS 1 without an identifier', 0x81, frame(0x32, [...t])],
];

for (const version of [4, 5] as const)
  describe.concurrent(`packets that break a rule end the connection, and nothing else (${version})`, () => {
    for (const [name, code, bytes] of cases(version === 5 ? [0] : []))
      test(name, async () => {
        const other = await broker.client({ version });
        const client = await broker.client({ version });
        client.bytes(bytes);
        if (version === 5) {
          const { reasonCode } = await client.next('disconnect');
          expect(`0x${reasonCode?.toString(16)}`).toBe(`0x${code.toString(16)}`);
        }
        await client.closed();
        await other.ping();
      });
  });

describe.concurrent('only in one version', () => {
  for (const level of [3, 4] as const)
    test(`3.1.1, section 2.2.1: AUTH is no packet of level ${level}`, async () => {
      const client = await broker.client({ version: level });
      client.bytes([0xf0, 0]);
      await client.closed();
    });

  const five: [string, number, Buffer][] = [
    ['section 4.12: AUTH without a method in CONNECT', 0x82, frame(0xf0, [0x18, 0])],
    ['[MQTT-1.5.5-1]: a length of properties longer than it needs to be', 0x81, frame(0x30, [...t, 0x80, 0])],
    ['section 3.8.3.1: retain handling 3', 0x82, frame(0x82, [0, 1, 0, ...t, 0x30])],
    ['section 3.8.2.1.2: subscription identifier 0', 0x82, frame(0x82, [0, 1, 2, 11, 0, ...t, 0])],
    ['section 3.8.2.1.2: two subscription identifiers', 0x82, frame(0x82, [0, 1, 4, 11, 1, 11, 2, ...t, 0])],
    ['section 2.2.2.2: a reason string in SUBSCRIBE', 0x81, frame(0x82, [0, 1, 4, 31, 0, 1, 0x61, ...t, 0])],
    ['section 2.2.2.2: a subscription identifier in UNSUBSCRIBE', 0x81, frame(0xa2, [0, 1, 2, 11, 1, ...t])],
    ['section 2.2.2.2: a session expiry in PUBACK', 0x81, frame(0x40, [0, 1, 0, 5, 17, 0, 0, 0, 1])],
    ['section 2.2.2.2: a receive maximum in DISCONNECT', 0x81, frame(0xe0, [0, 3, 33, 0, 1])],
    ['section 3.4.2: PUBACK longer than its properties', 0x81, frame(0x40, [0, 1, 0, 0, 9])],
  ];
  for (const [name, code, bytes] of five)
    test(`5.0, ${name} ends with 0x${code.toString(16)}`, async () => {
      const client = await broker.client({ version: 5 });
      client.bytes(bytes);
      expect((await client.next('disconnect')).reasonCode).toBe(code);
      await client.closed();
    });

  test('5.0, section 2.2.2: an acknowledgement may be as short or as long as the standard allows', async () => {
    const topic = unique('t');
    const client = await broker.client({ version: 5 });
    await client.subscribe(topic, { qos: 1 });
    for (const more of [[], [0], [0, 0], [0x10, 4, 31, 0, 1, 0x61]]) {
      await client.publish(topic);
      const id = (await client.messages(1))[0]?.messageId ?? 0;
      client.bytes(frame(0x40, [id >> 8, id & 255, ...more]));
    }
    await client.ping();
  });
});
