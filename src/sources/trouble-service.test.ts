import { expect, test } from 'bun:test';
import type { TurnedAwayNotes } from './ports.ts';
import type { Source } from './source.ts';
import { Troubles } from './trouble-service.ts';

const now = Date.UTC(2026, 5, 21, 12);
const source = { id: 'roof', timeZone: 'UTC' } as Source;
const away = { why: 'key', at: now - 60_000, address: null, topic: null, ageMs: null } as const;
const troubles = (change: { isAway?: boolean; refused?: number }) =>
  new Troubles({
    clock: { now: () => now } as never,
    turnedAway: { noteOf: () => (change.isAway ? away : null), onChange: () => () => undefined } as TurnedAwayNotes,
    refused: {
      summaryOf: () => (change.refused ? { count: change.refused, firstAt: now - 60_000, newestAt: now } : null),
    },
  });

test('a device that is not let in comes before messages that are not understood', () => {
  expect(troubles({}).troubleOf(source)).toBeNull();
  expect(troubles({ refused: 2 }).troubleOf(source)).toEqual({
    words: '2 messages not fully understood since 11:59',
    needsHand: false,
  });
  expect(troubles({ isAway: true, refused: 2 }).troubleOf(source)).toEqual({
    words: 'Turned away at 11:59: wrong password',
    needsHand: true,
  });
});
