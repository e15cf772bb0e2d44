import type { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { relationalMigrations } from '../../../migrations/relational/index.ts';
import { migrateSqlite } from '../../platform/migrate.ts';
import { openSqlite } from '../../platform/sqlite.ts';
import { FakeClock } from '../../testing/app.ts';
import { defaultQuarantineLimits, SqliteQuarantine } from './quarantine.sqlite.ts';

let db: Database;
let clock: FakeClock;
beforeEach(() => {
  db = openSqlite(':memory:');
  clock = new FakeClock();
  migrateSqlite(db, relationalMigrations, () => 0);
});
afterEach(() => db.close());

const make = (more = {}) => new SqliteQuarantine(db, clock, { ...defaultQuarantineLimits, ...more });
const junk = (topic: string, more: { sourceId?: string | null; bytes?: number; reason?: string } = {}) => ({
  receivedAt: clock.now(),
  channel: 'mqtt' as const,
  sourceId: more.sourceId === undefined ? 's1' : more.sourceId,
  topic,
  payload: new Uint8Array(more.bytes ?? 10).fill(65),
  reason: more.reason ?? 'is not valid JSON',
});
const rows = () => db.query<{ n: number }, []>('SELECT count(*) AS n FROM quarantine').get()?.n;

describe('the quarantine', () => {
  test('counts the same trouble on the same topic as one, and shows the newest payload', () => {
    const quarantine = make();
    for (let i = 1; i <= 3; i++) quarantine.add(junk('a', { bytes: i }));
    quarantine.flush();
    quarantine.add(junk('a', { bytes: 4 }));
    expect(quarantine.newestOf('s1', 10)).toMatchObject([{ topic: 'a', count: 4, payloadBytes: 4 }]);
  });

  test('keeps the beginning of a large payload and says how large it was', () => {
    const quarantine = make();
    quarantine.add(junk('a', { bytes: 100_000 }));
    const [kept] = quarantine.newestOf('s1', 1);
    expect([kept?.payload.length, kept?.payloadBytes]).toEqual([4096, 100_000]);
  });

  test('keeps what belongs to nobody yet apart', () => {
    const quarantine = make();
    quarantine.add(junk('a', { sourceId: null }));
    expect(quarantine.newestOf(null, 5)).toHaveLength(1);
    expect(quarantine.newestOf('s1', 5)).toEqual([]);
  });

  test('is bounded in memory: a flood of different junk is counted, not kept', () => {
    const quarantine = make({ pending: 10 });
    for (let i = 0; i < 10_000; i++) quarantine.add(junk(`t${i}`));
    quarantine.flush();
    expect(rows()).toBe(10);
    expect(quarantine.droppedCount).toBe(9990);
  });

  test('is bounded in rows, rows of a source, bytes and age', () => {
    const quarantine = make({ rows: 8, rowsPerSource: 5, totalBytes: 1000, ageMs: 1000 });
    for (let i = 0; i < 20; i++) quarantine.add({ ...junk(`t${i}`), receivedAt: clock.now() + i });
    quarantine.flush();
    expect(quarantine.newestOf('s1', 100).map((m) => m.topic)).toEqual(['t19', 't18', 't17', 't16', 't15']);
    for (let i = 0; i < 20; i++) quarantine.add(junk(`t${i}`, { sourceId: `s${i}` }));
    quarantine.flush();
    expect(rows()).toBe(8);
    for (let i = 0; i < 4; i++)
      quarantine.add({ ...junk(`big${i}`, { bytes: 400 }), receivedAt: clock.now() + 100 + i });
    quarantine.flush();
    expect(quarantine.newestOf('s1', 100).map((m) => m.topic)).toEqual(['big3', 'big2']);
    clock.advance(2000);
    quarantine.add(junk('fresh'));
    expect(quarantine.newestOf('s1', 100).map((m) => m.topic)).toEqual(['fresh']);
  });

  test('forgets a source, also what was not written yet', () => {
    const quarantine = make();
    quarantine.add(junk('a'));
    quarantine.flush();
    quarantine.add(junk('b'));
    quarantine.forget('s1');
    expect(quarantine.newestOf('s1', 5)).toEqual([]);
  });

  test('sums up what a source sent in vain, also what was not written yet', () => {
    const quarantine = make();
    const since = clock.now();
    expect(quarantine.summaryOf('s1')).toBeNull();
    quarantine.add(junk('a'));
    quarantine.flush();
    clock.advance(1000);
    quarantine.add(junk('a'));
    quarantine.add(junk('b', { reason: 'other' }));
    quarantine.add(junk('a', { sourceId: 's2' }));
    expect(quarantine.summaryOf('s1')).toEqual({ count: 3, firstAt: since, newestAt: since + 1000 });
    quarantine.flush();
    expect(quarantine.summaryOf('s1')).toEqual({ count: 3, firstAt: since, newestAt: since + 1000 });
  });

  test('groups by reason over topics, the newest first, with the newest example, in pages', () => {
    const quarantine = make();
    const since = clock.now();
    for (const [topic, reason] of [
      ['a', 'one'],
      ['b', 'one'],
      ['c', 'two'],
      ['d', 'one'],
    ] as const) {
      quarantine.add(junk(topic, { reason }));
      clock.advance(1000);
    }
    const all = quarantine.groupsOf('s1', { offset: 0, limit: 10 });
    expect(all).toMatchObject({
      total: 2,
      groups: [
        { reason: 'one', count: 3, firstAt: since, newestAt: since + 3000, example: { topic: 'd', payloadBytes: 10 } },
        { reason: 'two', count: 1, firstAt: since + 2000, example: { topic: 'c' } },
      ],
    });
    expect(quarantine.groupsOf('s1', { offset: 1, limit: 1 }).groups.map((g) => g.reason)).toEqual(['two']);
  });

  test('forgets one reason or all when the owner has seen to it, and tells who watches', () => {
    const quarantine = make();
    const told: string[] = [];
    const end = quarantine.onRefused((id) => told.push(id));
    for (const reason of ['one', 'one', 'two']) quarantine.add(junk('a', { reason }));
    quarantine.add(junk('a', { sourceId: 's2' }));
    expect(quarantine.dismiss('s1', 'one')).toBe(2);
    expect(quarantine.groupsOf('s1', { offset: 0, limit: 9 }).groups.map((g) => g.reason)).toEqual(['two']);
    expect(quarantine.dismiss('s1')).toBe(1);
    expect(quarantine.dismiss('s1')).toBe(0);
    expect(quarantine.summaryOf('s1')).toBeNull();
    expect(quarantine.summaryOf('s2')?.count).toBe(1);
    end();
    quarantine.add(junk('a'));
    expect(told).toEqual(['s1', 's1', 's1', 's2', 's1', 's1']);
  });

  test('writes nothing when there is nothing', () => {
    const before = db.query<{ n: number }, []>('SELECT total_changes() AS n').get()?.n;
    make().flush();
    expect(db.query<{ n: number }, []>('SELECT total_changes() AS n').get()?.n).toBe(before);
  });
});
