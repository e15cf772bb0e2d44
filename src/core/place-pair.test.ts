import { expect, test } from 'bun:test';
import { readPlacePair, withPlacePair } from './place-pair.ts';

test.each([
  ['48.1, 11.5', '48.1', '11.5'],
  ['48.1,11.5', '48.1', '11.5'],
  [' (-12.046, \u221277.043) ', '-12.046', '-77.043'],
  ['48,1; 11,5', '48.1', '11.5'],
  ['48,1, 11,5', '48.1', '11.5'],
  ['48.1 11.5', '48.1', '11.5'],
  ['48.2082° N, 16.3738° E', '48.2082', '16.3738'],
  ['33.9249° S, 18.4241° E', '-33.9249', '18.4241'],
  ['34.6 s 58.4 w', '-34.6', '-58.4'],
  ['-33.92, 18', '-33.92', '18'],
])('%p is a place', (text, latitude, longitude) => {
  expect(readPlacePair(text)).toEqual({ latitude, longitude });
});

test.each(['', '48.1', '48,1', '-48,25', '48.1,', 'home', '1, 2, 3', '48.1 / 11.5', '1.2.3', '48.1N', '0x1, 2.5'])(
  '%p is none',
  (text) => {
    expect(readPlacePair(text)).toBeNull();
  },
);

test('a pair in one field fills both, and leaves everything else as it was typed', () => {
  const munich = { name: 'Home', latitude: '48.1', longitude: '11.5' };
  expect(withPlacePair({ ...munich, latitude: '48.1, 11.5', longitude: '' })).toEqual(munich);
  expect(withPlacePair({ ...munich, latitude: '', longitude: '48.1, 11.5' })).toEqual(munich);
  expect(withPlacePair({ ...munich, latitude: '48,1' })).toEqual({ ...munich, latitude: '48,1' });
});
