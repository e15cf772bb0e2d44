import type { NumericMetric } from '../core/metrics.ts';
import type { Draft, Field } from './field-draft.ts';
import { patternOf } from './payload/message-view.ts';

/** How parts of a quantity go together: `by` to the catalogue's unit and sign, `rank` among totals and parts. */
interface PartOptions {
  by?: number;
  rank?: number;
}

/** The whole quantity. */
export const whole = (to: NumericMetric, { by = 1, rank = 2 }: PartOptions = {}): Field => ({ to, by, rank });
/** A part that is added to its like: a phase's power, a string's, an inverter's. */
export const add = (to: NumericMetric, { by = 1, rank = 1 }: PartOptions = {}): Field => ({ to, by, how: 'sum', rank });
/** One of several that cannot be added: a phase's voltage, a pack's state of charge. */
export const first = (to: NumericMetric, { by = 1, rank = 1 }: PartOptions = {}): Field => ({
  ...{ to, by, rank },
  how: 'first',
});
/** Half of a signed quantity that is split into two fields. */
export const half = (to: NumericMetric, side: 1 | -1, { by = 1, rank = 2 }: PartOptions = {}): Field => ({
  ...{ to, by, rank },
  side,
});

interface Found {
  field: Field;
  /** The numbers in the name (`2` in `pv2_power`); '' where it has none. */
  number: string;
}

const DIGITS = /\d+/g;

/** What a device's names for its values mean; `#` in a name stands for any number: `pv#_power`. */
export class FieldTable {
  private readonly fields: ReadonlyMap<string, Field>;

  constructor(fields: Record<string, Field>) {
    this.fields = new Map(Object.entries(fields));
  }

  find(name: string): Found | null {
    const exact = this.fields.get(name);
    if (exact !== undefined) return { field: exact, number: '' };
    const pattern = patternOf(name);
    const field = pattern === name ? undefined : this.fields.get(pattern);
    return field ? { field, number: (name.match(DIGITS) ?? []).join(' ') } : null;
  }

  has(name: string): boolean {
    return this.find(name) !== null;
  }

  /** Gives the draft what stands under `name`; false when the table has no such name. `owner` keeps devices apart. */
  take(draft: Draft, name: string, raw: unknown, owner = ''): boolean {
    const found = this.find(name);
    if (found === null) return false;
    const { field, number } = found;
    const order = number === '' ? 0 : number.split(' ').reduce((sum, n) => sum * 100 + Number(n), 0);
    draft.take(field, raw, { id: `${owner} ${number}`.trim(), order });
    return true;
  }

  /** The same for every name of an object. */
  takeAll(draft: Draft, values: Record<string, unknown>, owner = ''): void {
    for (const [name, raw] of Object.entries(values)) this.take(draft, name, raw, owner);
  }
}
