/** What of a state of charge was heard that may be a share of one. */
interface Heard {
  values: Set<number>;
  least: number;
  most: number;
}

const MOST_PLACES = 128;
const MOST_VALUES = 8;
/** So many different ones, so far apart: below one percent no battery moves about like this. */
const [LEAST_VALUES, LEAST_SPAN] = [4, 0.1];

/** States of charge without a unit that never were above one, by where they stand: a share of one, once they moved. Bounded. */
export class ShareMemory {
  /** Null for what once was above one: it is in percent. */
  private readonly heard = new Map<string, Heard | null>();

  /** True once what was heard there, this value too, is a share of one. */
  hear(place: string, value: number): boolean {
    const before = this.heard.get(place);
    if (before === null) return false;
    if (before === undefined && this.heard.size >= MOST_PLACES) this.heard.clear();
    if (value > 1) {
      this.heard.set(place, null);
      return false;
    }
    const known = before ?? { values: new Set(), least: value, most: value };
    if (known.values.size < MOST_VALUES) known.values.add(value);
    known.least = Math.min(known.least, value);
    known.most = Math.max(known.most, value);
    this.heard.set(place, known);
    return known.values.size >= LEAST_VALUES && known.most - known.least >= LEAST_SPAN;
  }
}
