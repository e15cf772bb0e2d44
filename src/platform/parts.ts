import type { Log } from '../core/log.ts';
import { AmpraError } from '../core/result.ts';
import type { PartHealth } from './feature.ts';

/** How each part of the appliance is. A part that fails to start is named; the others go on. */
export class Parts {
  private readonly parts = new Map<string, PartHealth>();

  constructor(private readonly log: Log) {}

  set(part: string, state: PartHealth['state'], message?: string): void {
    this.parts.set(part, message === undefined ? { part, state } : { part, state, message });
  }

  /** Runs one step of the start. True when it succeeded; else the part is broken, with what is wrong and what to do. */
  async attempt(part: string, step: () => Promise<void>, onFailure?: (error: unknown) => void): Promise<boolean> {
    const before = this.parts.get(part);
    this.set(part, 'starting');
    try {
      await step();
      this.set(part, 'ok');
      if (before?.state === 'broken') this.log.info(`${part} works now`);
      return true;
    } catch (error) {
      this.set(part, 'broken', explain(error));
      // What is tried again and again is told once.
      if (before?.message !== explain(error)) this.log.error(`${part} did not start`, { error });
      onFailure?.(error);
      return false;
    }
  }

  /** The parts, with what the features say of themselves; of two opinions about one part the worse counts. */
  merged(own: readonly PartHealth[]): PartHealth[] {
    const all = new Map(this.parts);
    for (const part of own) {
      const known = all.get(part.part);
      if (!known || severity[part.state] >= severity[known.state]) all.set(part.part, part);
    }
    return [...all.values()];
  }

  /** For a part that is no longer one, such as the start itself. */
  drop(part: string): void {
    this.parts.delete(part);
  }

  clear(): void {
    this.parts.clear();
  }
}

const severity: Record<PartHealth['state'], number> = { ok: 0, starting: 1, broken: 2 };

/** An error as sentences for the owner: what is wrong and, when it is known, what to do. */
export function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof AmpraError ? error.refusal.hint : undefined;
  return hint ? `${message} ${hint}` : message;
}
