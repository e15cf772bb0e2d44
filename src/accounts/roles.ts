import type { Role } from './viewer.ts';

interface Person {
  id: string;
  role: Role;
}

/** True if `actor` may see and change the account of `target`: an Admin everyone but Overseers, an Overseer everyone. */
export function mayManage(actor: Person, target: Person): boolean {
  if (actor.role === 'overseer') return true;
  return actor.role === 'admin' && target.role !== 'overseer';
}

/** Roles that `actor` may give. Nobody makes somebody mightier than themselves. */
export function rolesToGive(actor: Role): readonly Role[] {
  if (actor === 'overseer') return ['user', 'admin', 'overseer'];
  return actor === 'admin' ? ['user', 'admin'] : [];
}

export function isRole(text: string): text is Role {
  return text === 'overseer' || text === 'admin' || text === 'user';
}
