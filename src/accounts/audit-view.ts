import type { AuditEntry } from './audit.ts';
import { mayManage } from './roles.ts';
import type { Role, Viewer } from './viewer.ts';

/** What is about people and the appliance, which Admins look after; everything else is about somebody's house. */
const ABOUT_PEOPLE = /^(user|signIn|signOut|session|sessions|password|email|setUp|settings)(\.|$)/;

export interface KnownPerson {
  id: string;
  role: Role;
}

/**
 * A line of the record as this viewer may read it. An Overseer reads all of it. An Admin looks after people, not after
 * their houses, and does not know Overseers: what others did with their things loses its name and its details.
 */
export function auditEntryFor(
  viewer: Viewer,
  entry: AuditEntry,
  personOf: (id: string) => KnownPerson | undefined,
): AuditEntry {
  if (viewer.role === 'overseer' || entry.actorId === viewer.userId) return entry;
  const mayKnow = (id: string | null): boolean => {
    const person = id === null ? undefined : personOf(id);
    return person === undefined || mayManage({ id: viewer.userId, role: viewer.role }, person);
  };
  const actorLabel = mayKnow(entry.actorId) ? entry.actorLabel : 'an Overseer';
  if (!ABOUT_PEOPLE.test(entry.action)) return { ...entry, actorLabel, subjectId: null, subjectLabel: '', detail: '' };
  return { ...entry, actorLabel, subjectLabel: mayKnow(entry.subjectId) ? entry.subjectLabel : 'an Overseer' };
}
