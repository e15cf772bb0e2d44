import { expect, test } from 'bun:test';
import { placeOf, plainForm } from './target.ts';

const places: Record<string, string[]> = {
  open: [
    '192.168.1.30',
    '10.0.0.2',
    '172.20.1.1',
    '100.64.0.7',
    '93.184.216.34',
    'fd12::1',
    '2001:db8::1',
    '::ffff:10.0.0.1',
  ],
  guarded: [
    ...[
      '127.0.0.1',
      '127.8.8.8',
      '0.0.0.0',
      '0.1.2.3',
      '169.254.169.254',
      '169.254.1.1',
      '168.63.129.16',
      '100.100.100.200',
    ],
    ...['::1', '::', '0:0:0:0:0:0:0:1', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254'],
    ...[
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:a9fe:a9fe',
      '::127.0.0.1',
      '64:ff9b::169.254.169.254',
      '64:ff9b::7f00:1',
    ],
    ...['2002:7f00:1::1', '0:0:0:0:0:ffff:7f00:1', '0000:0000:0000:0000:0000:ffff:7f00:0001', '::0:ffff:7f00:1'],
    ...['::ffff:0:127.0.0.1', '::ffff:0:7f00:1', '::7f00:1', '64:ff9b:0:0:0:0:a9fe:a9fe', '64:ff9b:1::7f00:1'],
    ...['2001:0:7f00:1::', '2001:0:5db8:d822:0:0:80ff:fffe', 'fe80::5efe:127.0.0.1', 'fd12::5efe:7f00:1'],
    ...[
      'fd20:ce::254',
      'fd20:00ce::0254',
      'FD00:C1::A9FE:A9FE',
      'fd00:c1::169.254.169.254',
      'fd00:42::42',
      'fd00:42:0:0::42',
    ],
    ...['64:ff9b::168.63.129.16', '64:ff9b::6464:64c8', '::ffff:192.0.0.192', '::ffff:a83f:8110', '2002:6464:64c8::1'],
    ...['fd00:0ec2::254', 'FD00:EC2:0:0:0:0:0:0254', '192.0.0.192', '::ffff:100.100.100.200', '0:0:0:0:0:0:0.0.0.1'],
  ],
  never: [
    '224.0.0.1',
    '255.255.255.255',
    'ff02::1',
    'no address',
    '1.2.3',
    '1.2.3.4.5',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '::fffff',
    '::1.2.3.256',
  ],
};

for (const [place, addresses] of Object.entries(places))
  for (const address of addresses)
    test(`${address} is ${place}`, () => {
      expect(String(placeOf(address))).toBe(place);
    });

test('what the machine itself is called in the house is guarded, in every spelling', () => {
  const own = new Set(['192.168.1.20', 'fd12:0:0:0:0:0:0:20'].map(plainForm));
  for (const address of ['192.168.1.20', '::ffff:192.168.1.20', '::ffff:c0a8:114', 'fd12::20', 'fd12::0020'])
    expect(String(placeOf(address, own))).toBe('guarded');
  expect(placeOf('192.168.1.21', own)).toBe('open');
});
