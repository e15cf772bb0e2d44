import type { Clock } from '../core/clock.ts';
import { minutes } from '../core/durations.ts';
import { newSecretHex } from '../core/ids.ts';

/** What somebody typed into a form that could not be accepted, because their session had ended. */
export interface KeptForm {
  /** Path that the form was sent to. */
  action: string;
  /** Path of the page that shows the form, with its query. */
  page: string;
  /** Names and values in the order of the form. */
  fields: readonly (readonly [name: string, value: string])[];
  /** True when passwords or files were sent too, which are never kept. */
  hasLeftOut: boolean;
}

const KEEP_MS = minutes(10);
/** Characters of one form. */
const MOST_TEXT = 32_000;
const MOST_FORMS = 200;
const MOST_OF_ADDRESS = 5;
const MOST_FIELDS = 200;

interface Entry {
  form: KeptForm;
  address: string;
  until: number;
}

/**
 * Keeps such forms in memory for ten minutes, each under an id that only the browser it came from knows. Bounded in
 * size and number, and for each address: strangers cannot fill it, nor push out what others typed.
 */
export class KeptForms {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly clock: Clock) {}

  /** The id to find it by, or null when there is nothing to keep or too much. */
  keep(form: KeptForm, address: string): string | null {
    const size = form.fields.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    if (form.fields.length === 0 || form.fields.length > MOST_FIELDS || size > MOST_TEXT) return null;
    this.forgetOld();
    const own = [...this.entries].filter(([, entry]) => entry.address === address);
    if (own.length >= MOST_OF_ADDRESS) this.entries.delete(own[0]?.[0] ?? '');
    if (this.entries.size >= MOST_FORMS) return null;
    const id = newSecretHex(16);
    this.entries.set(id, { form, address, until: this.clock.now() + KEEP_MS });
    return id;
  }

  find(id: string): KeptForm | undefined {
    const entry = this.entries.get(id);
    return entry && entry.until > this.clock.now() ? entry.form : undefined;
  }

  drop(id: string): void {
    this.entries.delete(id);
  }

  private forgetOld(): void {
    for (const [id, entry] of this.entries) if (entry.until <= this.clock.now()) this.entries.delete(id);
  }
}

/** Seconds that a browser remembers the id. */
export const keptForS = KEEP_MS / 1000;

/**
 * True for fields whose value must never be kept: passwords, keys, codes, and what forms carry for themselves. `next` is
 * the new password on the page about one's own, `current` the old one.
 */
export function isNeverKept(name: string): boolean {
  return /^_|pass|secret|token|key|code|pin\b/i.test(name) || name === 'next' || name === 'current';
}
