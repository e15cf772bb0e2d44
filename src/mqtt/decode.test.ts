import { describe, expect, test } from 'bun:test';
import { decodeSubscribe } from './decode.ts';
import { text } from './testing/raw-client.ts';
import { ProtocolError } from './wire.ts';

const packet = (...lines: number[][]) => Buffer.from([0, 1, ...lines.flat()]);
const line = (filter: string, options = 0) => [...text(filter), options];
const decode = (bytes: Buffer, most: number) => decodeSubscribe(bytes, { start: 0, end: bytes.length }, 4, most);

describe('a SUBSCRIBE of more filters than a session may have', () => {
  test('is read as far as it may be used, and the rest counted', () => {
    const bytes = packet(line('a/#', 1), line('b'), line('c'), line('d'));
    const { requests, more } = decode(bytes, 2);
    expect(requests.map((r) => [r.filter, r.qos])).toEqual([
      ['a/#', 1],
      ['b', 0],
    ]);
    expect(more).toBe(2);
    expect(decode(bytes, 9).more).toBe(0);
  });

  test('is malformed all the same where its rest is', () => {
    for (const rest of [line('c', 3), line('c', 4), [0, 5, 65], text('c')])
      expect(() => decode(packet(line('a'), rest), 1)).toThrow(ProtocolError);
  });
});
