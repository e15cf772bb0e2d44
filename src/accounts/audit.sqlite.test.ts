import { expect, test } from 'bun:test';
import { relationalMigrations } from '../../migrations/relational/index.ts';
import { migrateSqlite } from '../platform/migrate.ts';
import { openSqlite } from '../platform/sqlite.ts';
import { FakeClock } from '../testing/app.ts';
import { SqliteAudit } from './audit.sqlite.ts';

function record() {
  const clock = new FakeClock();
  const db = openSqlite(':memory:');
  migrateSqlite(db, relationalMigrations, () => clock.now());
  return new SqliteAudit(db, clock, { mostOfAKind: 50, most: 300, pruneEvery: 10 });
}
const ada = { userId: 'ada', email: 'ada@example.org' };

test('who floods the record pushes out lines of that kind alone, not the trace of what they did', () => {
  const audit = record();
  audit.record({ actor: null, address: 'command line', action: 'user.created', subject: { label: 'mallory' } });
  audit.record({ actor: ada, action: 'source.deleted', subject: { label: 'Roof' } });
  for (let i = 0; i < 1000; i++) audit.record({ actor: null, action: 'signIn.failed' });
  for (let i = 0; i < 1000; i++) audit.record({ actor: ada, action: 'source.activated' });
  const lines = audit.list({ limit: 1000 });
  expect(lines.some((line) => line.subjectLabel === 'mallory')).toBe(true);
  expect(lines.some((line) => line.subjectLabel === 'Roof')).toBe(true);
  expect(lines.filter((line) => line.action === 'signIn.failed').length).toBeLessThanOrEqual(60);
  expect(lines.length).toBeLessThan(130);
});

test('the record as a whole is bounded too: the oldest lines go', () => {
  const audit = record();
  for (let i = 0; i < 40; i++)
    for (let j = 0; j < 20; j++) audit.record({ actor: { userId: `user ${i}`, email: '' }, action: 'signIn' });
  const lines = audit.list({ limit: 1000 });
  expect(lines.length).toBeLessThanOrEqual(310);
  expect(lines[0]?.actorId).toBe('user 39');
});
