import type { MessageView } from '../payload/message-view.ts';

interface Told {
  family: object;
  /** The name with those above it, where it tells nothing alone (`grid.delivery`). */
  path: string | null;
}

/** Which families a name tells of, whoever asks: one walk over an object's names answers all of them. */
export class TellingNames {
  private readonly byName = new Map<string, Told[]>();
  private asked: MessageView | null = null;
  private told: ReadonlySet<object> = new Set();

  /** From now on these names tell of that family. */
  add(family: object, names: Iterable<string>): void {
    for (const name of names) {
      const told = { family, path: name.includes('.') ? name : null };
      const last = name.slice(name.lastIndexOf('.') + 1);
      const known = this.byName.get(last);
      if (known) known.push(told);
      else this.byName.set(last, [told]);
    }
    this.asked = null;
  }

  /** True when an object holds one of the family's names. */
  tellOf(family: object, message: MessageView): boolean {
    if (this.asked !== message) {
      this.told = this.familiesIn(message);
      this.asked = message;
    }
    return this.told.has(family);
  }

  private familiesIn({ leaves }: MessageView): ReadonlySet<object> {
    const found = new Set<object>();
    for (const name of leaves.names)
      for (const { family, path } of this.byName.get(name) ?? [])
        if (path === null || leaves.byPath.has(path)) found.add(family);
    return found;
  }
}
