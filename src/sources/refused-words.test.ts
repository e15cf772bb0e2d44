import { describe, expect, test } from 'bun:test';
import {
  helpFor,
  isOfWholeMessage,
  isOfWholeReading,
  keptText,
  NOBODY_KNOWS,
  reasonWords,
  refusedLines,
  refusedText,
  sinceText,
} from './refused-words.ts';

const now = Date.UTC(2026, 10, 21, 3, 0);
const hours = (n: number) => now - n * 3_600_000;

describe('what was refused, in words', () => {
  test('says since when in days of the source', () => {
    expect(sinceText(hours(2), now, 'UTC')).toBe('since 01:00');
    expect(sinceText(hours(2), now, 'Europe/Lisbon')).toBe('since 01:00');
    expect(sinceText(hours(2), now, 'America/Los_Angeles')).toBe('since 17:00');
    expect(sinceText(hours(4), now, 'UTC')).toBe('since yesterday');
    expect(sinceText(hours(24 * 9), now, 'UTC')).toBe('since 12 Nov');
    expect(sinceText(hours(24 * 350), now, 'UTC')).toBe('since Dec 2025');
  });

  test('counts messages', () => {
    expect(refusedText({ count: 1, firstAt: hours(1) }, now, 'UTC')).toBe('1 message not fully understood since 02:00');
    expect(refusedText({ count: 1234, firstAt: hours(5) }, now, 'UTC')).toBe(
      '1,234 messages not fully understood since yesterday',
    );
  });

  const nothing = { kept: 0, keptFields: [], isList: false, refused: [], refusedInAll: 0 };
  test('says what was kept', () => {
    expect(keptText(nothing)).toBe('Nothing of it was stored.');
    expect(keptText({ ...nothing, kept: 1, keptFields: ['solarPower', 'loadPower'] })).toBe(
      'Stored: solarPower and loadPower.',
    );
    expect(keptText({ ...nothing, kept: 2, keptFields: ['solarPower'], isList: true })).toBe(
      'Stored: 2 entries (solarPower).',
    );
  });

  test('names the entry of a list, counted from 1, and only there', () => {
    const refused = [
      { index: 1, field: 'stateOfCharge', message: 'must be a number' },
      { index: 2, field: '', message: 'holds no value of the catalogue' },
    ];
    expect(refusedLines({ ...nothing, isList: true, refused, refusedInAll: 5 })).toEqual([
      'Entry 2: stateOfCharge must be a number',
      'Entry 3: holds no value of the catalogue',
      'and 3 more',
    ]);
    expect(refusedLines({ ...nothing, refused: refused.slice(0, 1), refusedInAll: 1 })).toEqual([
      'stateOfCharge must be a number',
    ]);
  });
});

test('a reason reads as a sentence, with the labels of metrics', () => {
  expect(reasonWords('is not valid JSON')).toBe('The message is not valid JSON');
  expect(reasonWords('solarPower must be a number; stateOfCharge must lie between 0 and 100 %')).toBe(
    'Solar power must be a number; State of charge must lie between 0 and 100 %',
  );
  expect(reasonWords('no known device writes like this')).toBe('No known device writes like this');
});

test('a reason is of one value or of the whole message', () => {
  for (const reason of ['is not valid JSON', 'holds no value of the catalogue', NOBODY_KNOWS])
    expect(isOfWholeMessage(reason)).toBe(true);
  for (const reason of ['solarPower must be a number', 'timestamp is more than 5 minutes in the future'])
    expect(isOfWholeMessage(reason)).toBe(false);
  expect(isOfWholeReading('timestamp is more than 5 minutes in the future')).toBe(true);
  expect(reasonWords('holds no value of the catalogue')).toBe('The message holds no value of the catalogue');
});

test('a reason leads to what can be done about it', () => {
  expect(helpFor('is not valid JSON')).toBe('device');
  for (const reason of [NOBODY_KNOWS, 'holds no value of the catalogue', 'solarPower must be a number'])
    expect(helpFor(reason)).toBe('mapping');
  expect(helpFor('solarPower must be a number; batteryVoltage must lie between 0 and 2000 V')).toBe('mapping');
  expect(helpFor('timestamp must not be before 2010')).toBeNull();
});
