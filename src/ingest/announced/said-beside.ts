import type { EntityDescription } from './entity-description.ts';

/** What topics beside a value say of it: its unit, and in Home Assistant's words what it is; '' for what none says. */
export type Said = Pick<EntityDescription, 'unit' | 'deviceClass' | 'stateClass'>;

export const NOTHING_SAID: Said = { unit: '', deviceClass: '', stateClass: '' };
const MOST = 2048;

/** What was said beside values, by the topic under which each stands; of too many the oldest are forgotten. */
export class SaidBeside {
  constructor(
    private readonly said: Map<string, Said> = new Map(),
    /** Under which topic a value would stand if its id were the name that people read. */
    private readonly names: Map<string, string> = new Map(),
  ) {}

  at(base: string): Said {
    return this.said.get(base) ?? NOTHING_SAID;
  }

  learn(base: string, more: Partial<Said>): Said {
    const all = { ...this.at(base), ...more };
    if (!this.said.has(base) && this.said.size >= MOST) this.said.delete(this.said.keys().next().value ?? '');
    this.said.set(base, all);
    return all;
  }

  /** Learns the topic by its name of what stands under `base`; of two with one name the first is known by it. */
  learnName(base: string, named: string): void {
    if (this.names.get(base) === named) return;
    const isTaken = [...this.names].some(([other, name]) => other !== base && name === named);
    if (isTaken || this.names.size >= MOST) return;
    this.names.set(base, named);
    this.learn(named, this.at(base));
  }

  /** True where units or classes are said at all. */
  get isHeard(): boolean {
    return this.said.size > 0;
  }

  nameOf(base: string): string | undefined {
    return this.names.get(base);
  }

  glance(): SaidBeside {
    return new SaidBeside(new Map(this.said), new Map(this.names));
  }
}
