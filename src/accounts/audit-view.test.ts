import { expect, test } from 'bun:test';
import { viewer } from '../testing/sources.ts';
import type { AuditEntry } from './audit.ts';
import { auditEntryFor } from './audit-view.ts';
import type { Role } from './viewer.ts';

const roles: Record<string, Role> = { olga: 'overseer', adam: 'admin', ada: 'user' };
const personOf = (id: string) => (roles[id] ? { id, role: roles[id] } : undefined);
const entry = (more: Partial<AuditEntry>): AuditEntry => ({
  ...{ id: 1, time: 0, actorId: 'ada', actorLabel: 'ada@example.org', address: '10.0.0.9' },
  ...{ action: 'source.created', subjectId: 's', subjectLabel: 'Roof', detail: 'with a barn', ...more },
});
const seen = (role: Role, more: Partial<AuditEntry> = {}, id: string = role) =>
  auditEntryFor(viewer(id, role), entry(more), personOf);

test('an Overseer reads every line as it was written', () => {
  expect(seen('overseer')).toEqual(entry({}));
});

test('an Admin reads that somebody did something with a source, but not with which', () => {
  const line = seen('admin');
  expect(line).toMatchObject({ actorLabel: 'ada@example.org', action: 'source.created', subjectLabel: '', detail: '' });
});

test('what a later feature writes down is about a house until it is said to be about people', () => {
  expect(seen('admin', { action: 'roofs.painted' }).subjectLabel).toBe('');
});

test('an Admin reads everything about people but who the Overseers are', () => {
  const made = { action: 'user.created', subjectId: 'adam', subjectLabel: 'adam@example.org' };
  expect(seen('admin', made).subjectLabel).toBe('adam@example.org');
  const byOverseer = seen('admin', { ...made, actorId: 'olga', actorLabel: 'olga@example.org' });
  expect(byOverseer.actorLabel).toBe('an Overseer');
  const aboutOverseer = seen('admin', { ...made, subjectId: 'olga', subjectLabel: 'olga@example.org' });
  expect(JSON.stringify(aboutOverseer)).not.toContain('olga@');
});

test('an Admin reads neither where an Overseer was nor what became of them', () => {
  const own = {
    actorId: 'olga',
    actorLabel: 'olga@example.org',
    subjectId: null,
    subjectLabel: '',
    address: '203.0.113.7',
  };
  for (const action of ['signIn', 'signOut', 'email.changed', 'password.changed', 'connection.created']) {
    const line = seen('admin', { ...own, action, detail: 'olga@example.com' });
    expect(line).toMatchObject({ action, actorLabel: 'an Overseer', address: '', detail: '', actorId: null });
  }
  const about = { actorId: null, actorLabel: '', subjectId: 'olga', subjectLabel: 'olga@example.org' };
  expect(seen('admin', { ...about, action: 'signIn.failed', address: '203.0.113.7' })).toMatchObject({
    ...{ subjectId: null, subjectLabel: 'an Overseer', address: '' },
  });
  const others = { ...about, actorId: 'adam', actorLabel: 'adam@example.org', action: 'user.changed', detail: 'Olga' };
  expect(seen('admin', others)).toMatchObject({ address: '10.0.0.9', actorLabel: 'adam@example.org', detail: '' });
});

test('an Admin reads nothing about somebody who is gone, for that may have been an Overseer', () => {
  const line = seen('admin', { action: 'signIn', actorId: 'gone', actorLabel: 'gone@example.org', subjectId: null });
  expect(line).toMatchObject({ actorLabel: 'somebody who is gone', address: '' });
  const about = seen('admin', { action: 'user.deleted', subjectId: 'gone', subjectLabel: 'gone@example.org' });
  expect(about).toMatchObject({ actorLabel: 'ada@example.org', subjectLabel: 'somebody who is gone' });
});

test('a sign-in that failed keeps the address of whoever is no Overseer', () => {
  const failed = {
    action: 'signIn.failed',
    actorId: null,
    actorLabel: '',
    subjectId: 'ada',
    subjectLabel: 'ada@x.org',
  };
  expect(seen('admin', failed)).toEqual(entry(failed));
});

test('everybody reads what they did themselves', () => {
  expect(seen('admin', {}, 'ada').subjectLabel).toBe('Roof');
});
