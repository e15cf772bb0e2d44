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

test('everybody reads what they did themselves', () => {
  expect(seen('admin', {}, 'ada').subjectLabel).toBe('Roof');
});
