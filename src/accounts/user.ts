import type { Role } from './viewer.ts';

export type TemperatureUnit = 'celsius' | 'fahrenheit';

/** What each person sets for themselves. */
export interface UserSettings {
  temperatureUnit: TemperatureUnit;
  /** Weather for their sources is fetched by itself. */
  weatherAutoUpdate: boolean;
  /** Predictions for their sources are made by themselves. */
  predictionAutoRun: boolean;
}

/** A person with an account. Secrets are never part of it. Times are ms UTC. */
export interface User extends UserSettings {
  id: string;
  name: string;
  /** As typed. */
  email: string;
  role: Role;
  isActive: boolean;
  /** False until an invited person chose a password. */
  hasPassword: boolean;
  /** Null until the address was proved, or an admin vouched for it. */
  verifiedAt: number | null;
  /** The new address while it waits for its code. */
  pendingEmail: string | null;
  createdAt: number;
  updatedAt: number;
  lastSeenAt: number | null;
  /** Set while what is theirs is being removed. */
  deletedAt: number | null;
  /** Grows by one with each change; an edit that names an older one is refused as stale. */
  version: number;
}

export const roleNames: Record<Role, string> = { overseer: 'Overseer', admin: 'Admin', user: 'User' };
export const longestName = 100;

/** The name with spaces in order, or undefined when it is empty, too long or has control characters. */
export function parseName(text: string): string | undefined {
  const name = text.normalize('NFC').trim().replace(/\s+/g, ' ');
  return name === '' || name.length > longestName || /\p{Cc}/u.test(name) ? undefined : name;
}
