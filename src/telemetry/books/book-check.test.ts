import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { bookWords } from '../../admin/book-words.ts';
import type { Reading } from '../../core/reading.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import { blockId, dayOf, stretchOf } from '../archive/levels.ts';
import { sampleDays } from './book-check.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const DAY = 86_400_000;
const START = Date.UTC(2026, 5, 1);
let t: TestTelemetry;

beforeEach(async () => {
  t = await startTelemetry({ clock: new FakeClock(START + 10 * DAY), facts: { timeZone: 'Asia/Kathmandu' } });
  const rows: Reading[] = [];
  for (let i = 0; i < 10 * 288; i++)
    rows.push({
      sourceId: ID,
      time: START + i * 300_000,
      values: { loadPower: 500 + (i % 7), totalGridImport: 10 + i / 24, dailyEnergyConsumed: (i % 288) / 24 },
    });
  await t.service.importReadings(ID, rows);
});
afterEach(async () => await t.dispose());

async function tamper(sql: string): Promise<void> {
  const connection = await t.database.connect();
  await connection.run(sql);
  await connection.close();
}
const check = async (days = 100) => {
  const found = await t.service.checkBooks(ID, days);
  if (!found) throw new Error('there is nothing to check');
  return found;
};

describe('looking at booked days again', () => {
  test('finds nothing wrong with books that were kept up', async () => {
    expect(await check()).toEqual({ days: 10, problems: [], isWaiting: false });
    expect((await check(3)).days).toBe(3);
    t.service.add([{ sourceId: ID, time: START + DAY + 1, values: { loadPower: 900 } }], 1);
    await t.service.flush();
    await t.service.energy(ID, 'day', { from: START, to: START + DAY });
    expect((await check()).problems).toEqual([]);
    await t.service.forget(ID, { level: 'readings', before: START + 2 * DAY, leavesMinutes: true });
    expect(await check()).toEqual({ days: 8, problems: [], isWaiting: false });
  });

  test('finds energy that the readings do not say, and can mend it', async () => {
    await tamper(`UPDATE energy_15m SET import_kwh = import_kwh + 1 WHERE bucket_ms = ${START + 3 * DAY}`);
    expect((await check()).problems).toEqual(['2026-06-04T00:00Z to 06:00Z holds other energy than its readings say']);
    await t.service.bookAnew(ID);
    expect((await check()).problems).toEqual([]);
  });

  test('finds readings that were changed or lost behind its back', async () => {
    await tamper(`DELETE FROM readings WHERE time_ms = ${START + 9 * DAY + 7 * 3_600_000}`);
    expect((await check()).problems[0]).toContain('2026-06-10T06:00Z to 12:00Z');
  });

  test('finds a level that is not rolled up as the readings say, and can mend it', async () => {
    const archive = new Database(join(t.dir, 'archive.db'));
    const id = blockId('hour', 1, stretchOf('hour', dayOf(START)));
    expect(archive.run('DELETE FROM blocks WHERE id = ?', [id]).changes).toBe(1);
    archive.close();
    const { problems } = await check();
    expect(problems[0]).toBe('2026-06-01 is rolled up otherwise (hour)');
    await t.service.bookAnew(ID);
    expect((await check()).problems).toEqual([]);
  });

  test('finds what is not booked, or booked without readings', async () => {
    await tamper(`DELETE FROM energy_chunks WHERE chunk_ms = ${START + DAY}`);
    expect((await check()).problems[0]).toBe('2026-06-02T00:00Z to 06:00Z is not booked');
  });

  test('waits while much is to be booked anew', async () => {
    await tamper(`INSERT INTO books_dirty VALUES (1, ${START}, ${START + DAY})`);
    expect(await check()).toEqual({ days: 0, problems: [], isWaiting: true });
  });

  test('of a source without readings is nothing', async () => {
    expect(await t.service.checkBooks('bbbbbbbb-0000-4000-8000-000000000002', 3)).toBeNull();
  });
});

test('the sample holds the first and the last booked day, and no day twice', () => {
  const days = sampleDays({ from: START + 1, to: START + 9 * DAY }, 4, Math.random);
  expect(days).toHaveLength(4);
  expect(days[0]).toEqual({ from: START, to: START + DAY });
  expect(days.at(-1)).toEqual({ from: START + 8 * DAY, to: START + 9 * DAY });
  expect(sampleDays({ from: START, to: START + DAY / 4 }, 4, Math.random)).toEqual([
    { from: START, to: START + DAY / 4 },
  ]);
});

test('the sample holds as many days as are asked for, whatever chance gives, and all where there are no more', () => {
  for (const random of [() => 0, () => 0.999999, Math.random])
    for (let count = 2; count < 12; count++)
      expect(sampleDays({ from: START, to: START + 9 * DAY }, count, random)).toHaveLength(Math.min(9, count));
});

test('the doctor says it in words', () => {
  const of = (more: object) => bookWords([{ source: 'Roof', days: 5, problems: [], isWaiting: false, ...more }])[0];
  expect(of({})).toEqual({
    what: 'figures of Roof',
    state: 'good',
    text: '5 days worked out anew from their readings: all agree',
  });
  expect(of({ problems: ['a', 'b', 'c', 'd', 'e'] })).toMatchObject({
    state: 'bad',
    text: '5 days worked out anew from their readings: a; b; c and 2 more. Work everything out anew with doctor --rebook',
  });
  expect(of({ isWaiting: true })?.state).toBe('warn');
});
