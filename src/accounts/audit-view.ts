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
 * their houses, and does not know Overseers: what others did with their things loses its name and its details, and what
 * is an Overseer's says neither who nor from where. Whoever is gone may have been one.
 */
export function auditEntryFor(
  viewer: Viewer,
  entry: AuditEntry,
  personOf: (id: string) => KnownPerson | undefined,
): AuditEntry {
  if (viewer.role === 'overseer' || entry.actorId === viewer.userId) return entry;
  const actor = whoFor(viewer, entry.actorId, personOf);
  const isAboutPeople = ABOUT_PEOPLE.test(entry.action);
  const subject = isAboutPeople ? whoFor(viewer, entry.subjectId, personOf) : hidden('');
  // A failed sign-in has no actor, but came from where its subject perhaps lives.
  const isTraceable = actor.isKnown && (subject.isKnown || entry.actorId !== null || !isAboutPeople);
  return {
    ...entry,
    ...(actor.isKnown ? {} : { actorId: null, actorLabel: actor.name }),
    ...(subject.isKnown ? {} : { subjectId: null, subjectLabel: subject.name, detail: '' }),
    ...(isTraceable ? {} : { address: '' }),
    ...(actor.isKnown || entry.subjectId !== null ? {} : { detail: '' }),
  };
}

interface Who {
  isKnown: boolean;
  /** What is said instead of the name. */
  name: string;
}

const hidden = (name: string): Who => ({ isKnown: false, name });

function whoFor(viewer: Viewer, id: string | null, personOf: (id: string) => KnownPerson | undefined): Who {
  if (id === null) return { isKnown: true, name: '' };
  const person = personOf(id);
  if (person === undefined) return hidden('somebody who is gone');
  return mayManage({ id: viewer.userId, role: viewer.role }, person)
    ? { isKnown: true, name: '' }
    : hidden('an Overseer');
}
