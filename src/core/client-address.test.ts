import { describe, expect, test } from 'bun:test';
import { clientAddress, isFromForeignPage } from './client-address.ts';

describe('the client address', () => {
  test('is the peer, unless a trusted proxy says otherwise', () => {
    expect(clientAddress('10.0.0.7', undefined)).toBe('10.0.0.7');
    expect(clientAddress('::ffff:10.0.0.7', null)).toBe('10.0.0.7');
    expect(clientAddress('fd00::7', '')).toBe('fd00::7');
  });

  test('is what the nearest proxy saw, not what the client claimed', () => {
    expect(clientAddress('127.0.0.1', '6.6.6.6, 203.0.113.9')).toBe('203.0.113.9');
  });
});

test.each([
  [null, '192.168.1.20:8080', false],
  ['http://192.168.1.20:8080', '192.168.1.20:8080', false],
  ['http://192.168.1.20:9000', '192.168.1.20:8080', true],
  ['https://evil.example', '192.168.1.20:8080', true],
  ['null', '192.168.1.20:8080', true],
])('a page of %p asking %s is foreign: %p', (origin, host, expected) =>
  expect(isFromForeignPage(origin, host)).toBe(expected),
);
