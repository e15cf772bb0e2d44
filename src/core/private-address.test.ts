import { expect, test } from 'bun:test';
import { isPrivateAddress } from './private-address.ts';

test.each([
  '127.0.0.1',
  '127.9.9.9',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.7',
  '169.254.3.4',
  '::1',
  '::ffff:192.168.1.7',
  'fe80::1',
  'fe80::1%eth0',
  'febf::2',
  'fd12:3456::1',
  'fc00::1',
])('%s is of this house', (address) => expect(isPrivateAddress(address)).toBe(true));

test.each([
  '',
  '8.8.8.8',
  '172.15.0.1',
  '172.32.0.1',
  '192.169.0.1',
  '11.0.0.1',
  '256.1.1.1',
  '10.1.2',
  '2001:db8::1',
  'fec0::1',
  '::ffff:8.8.8.8',
  'localhost',
  '::',
])('%s is not', (address) => expect(isPrivateAddress(address)).toBe(false));
