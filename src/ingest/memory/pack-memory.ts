/** What a battery said of itself last, as it was written. */
export interface PackSaid {
  volts?: number;
  /** %. */
  charge?: number;
  /** Its capacities, whose unit nobody said. */
  remaining?: number;
}

const MOST_PACKS = 64;

/** What batteries said topic by topic, by where it stands: together it tells in what their capacities are. Bounded. */
export class PackMemory {
  private readonly packs = new Map<string, PackSaid>();

  note(base: string, said: PackSaid): void {
    if (!this.packs.has(base) && this.packs.size >= MOST_PACKS) this.packs.clear();
    this.packs.set(base, { ...this.packs.get(base), ...said });
  }

  at(base: string): PackSaid {
    return this.packs.get(base) ?? {};
  }
}
