import { describe, expect, test } from 'bun:test';
import { isDue, surplus } from './settings.ts';

const NIGHT = Date.UTC(2026, 5, 1, 2, 40);
const DAY = 86_400_000;

describe('a regular backup', () => {
  const cases: [string, Parameters<typeof isDue>, boolean][] = [
    ['is not made when nobody wants it', ['off', null, NIGHT], false],
    ['is made on the first night', ['weekly', null, NIGHT], true],
    [
      'is made each night, also when the last one took until morning',
      ['daily', NIGHT - DAY + 4 * 3_600_000, NIGHT],
      true,
    ],
    ['is not made again the next night when a week is between', ['weekly', NIGHT - DAY, NIGHT], false],
    ['is made after a week', ['weekly', NIGHT - 7 * DAY, NIGHT], true],
    ['is made when the last one is of the future: the clock was set back', ['weekly', NIGHT + DAY, NIGHT], true],
  ];
  for (const [what, args, due] of cases)
    test(what, () => {
      expect(isDue(...args)).toBe(due);
    });
});

describe('old backups', () => {
  const named = (names: string) => names.split(' ').map((name) => ({ name, isWhole: name.startsWith('w') }));
  const goneOf = (names: string, keep: number) =>
    surplus(named(names), keep, (backup) => backup.isWhole).map((backup) => backup.name);

  test('go so that as many stay as are wanted, and never the last one', () => {
    expect(goneOf('w4 w3 w2 w1', 2)).toEqual(['w2', 'w1']);
    expect(goneOf('w1', 0)).toEqual([]);
  });

  test('that have everything are not pushed out by those which lack what could not be read', () => {
    expect(goneOf('b6 b5 w4 w3 w2', 2)).toEqual(['w3', 'w2']);
    expect(goneOf('b6 w5 w4', 2)).toEqual(['w4']);
    expect(goneOf('b6 b5 b4', 2)).toEqual(['b4']);
  });
});
