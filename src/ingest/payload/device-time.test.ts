import { describe, expect, test } from 'bun:test';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { parseDeviceTime } from './device-time.ts';

/** Berlin puts its clock back on 25 October 2026 at 01:00 UTC. */
const BERLIN = 'Europe/Berlin';
const MIN = 60_000;
const at = (hour: number, minute: number): number => Date.UTC(2026, 9, 25, hour, minute);

describe('a local time in the hour that comes twice', () => {
  test('is the one near to which it was heard', () => {
    const heard = (time: number) => parseDeviceTime('2026-10-25T02:30:00', BERLIN, time);
    expect(heard(at(0, 30) + 2000)).toBe(at(0, 30));
    expect(heard(at(1, 30) + 2000)).toBe(at(1, 30));
    // A device whose clock is a few minutes ahead of ours or behind it.
    expect(heard(at(1, 26))).toBe(at(1, 30));
    expect(heard(at(0, 38))).toBe(at(0, 30));
  });

  test('is the first where it was kept somewhere, or nobody heard it', () => {
    expect(parseDeviceTime('2026-10-25T02:30:00', BERLIN, at(6, 0))).toBe(at(0, 30));
    expect(parseDeviceTime('2026-10-25T02:30:00', BERLIN)).toBe(at(0, 30));
  });

  test('goes on from the row before, also where the clock is put back by half an hour', () => {
    const read = (zone: string, rows: string[]): number[] => {
      const times: number[] = [];
      for (const row of rows) times.push(parseDeviceTime(row, zone, times.at(-1) ?? null) as number);
      return times;
    };
    const rows = (hour: string, minutes: number[]) => minutes.map((m) => `${hour}:${String(m).padStart(2, '0')}`);
    const fives = Array.from({ length: 12 }, (_, i) => i * 5);
    const night = ['01', '02', '02', '03'].flatMap((hour) => rows(`2026-10-25T${hour}`, fives));
    expect(read(BERLIN, night)).toEqual(Array.from({ length: 48 }, (_, i) => at(-1, 0) + i * 5 * MIN));
    // Lord Howe Island: at two in the morning of 5 April 2026 it is half past one once more.
    const tens = [0, 10, 20, 30, 40, 50];
    const howe = [
      ...rows('2026-04-05T01', tens),
      ...rows('2026-04-05T01', [30, 40, 50]),
      ...rows('2026-04-05T02', tens),
    ];
    const from = Date.UTC(2026, 3, 4, 14);
    expect(read('Australia/Lord_Howe', howe)).toEqual(Array.from({ length: 15 }, (_, i) => from + i * 10 * MIN));
  });

  test('changes no other time', () => {
    for (const near of [null, at(12, 0), 0]) {
      expect(parseDeviceTime('2026-10-25T03:30:00', BERLIN, near)).toBe(at(2, 30));
      expect(parseDeviceTime('2026-10-25T01:30:00', BERLIN, near)).toBe(at(-1, 30));
      expect(parseDeviceTime('2026-03-29T02:30:00', BERLIN, near)).toBe(Date.UTC(2026, 2, 29, 1, 30));
      expect(parseDeviceTime('2026-10-25T02:30:00+01:00', BERLIN, near)).toBe(at(1, 30));
    }
  });
});

describe('devices that write local times', () => {
  const timeOf = (topic: string, payload: object, receivedAt: number) =>
    interpretMessage(
      { topic, payload: new TextEncoder().encode(JSON.stringify(payload)), receivedAt, isRetained: false },
      { timeZone: BERLIN, role: 'system', memory: new DialectMemory() },
    )?.interpretation.readings[0]?.time;
  const grott = (time: string, buffered: 'yes' | 'no') => ({ device: 'X', time, buffered, values: { pvpowerin: 100 } });

  test('Grott #606: both hours of two o’clock arrive at their own time, from a logger and from a plug', () => {
    for (const hour of [0, 1]) {
      const heardAt = at(hour, 10) + 15_000;
      expect(timeOf('energy/growatt', grott('2026-10-25T02:10:13', 'no'), heardAt)).toBe(at(hour, 10) + 13_000);
      const plug = { Time: '2026-10-25T02:10:13', ENERGY: { Power: 5 } };
      expect(timeOf('tele/x/SENSOR', plug, heardAt)).toBe(at(hour, 10) + 13_000);
      expect(timeOf('ampra/x/telemetry', { timestamp: '2026-10-25T02:10:13', loadPower: 5 }, heardAt)).toBe(
        at(hour, 10) + 13_000,
      );
    }
  });

  test('Grott #22: a date that cannot be gives way to the time of arrival', () => {
    for (const time of ['2000-00-00T00:00:00', '2026-13-25T02:10:13', '2165-85-45T12:00:00'])
      expect(timeOf('energy/growatt', grott(time, 'no'), at(9, 0))).toBeNull();
  });

  test('Grott #30: what a logger kept and dates to 2001 is no reading, for it is not of now either', () => {
    expect(timeOf('energy/growatt', grott('2001-01-08T08:36:00', 'yes'), at(9, 0))).toBeUndefined();
  });
});
