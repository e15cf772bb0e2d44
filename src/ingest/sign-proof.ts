import { SignBoard } from './sign-board.ts';
import type { SignedMetric, SignFinding } from './sign-evidence.ts';
import type { SaidValue } from './sign-moment.ts';

const MOST_BOARDS = 48;
const COUNTED: Record<SignedMetric, [name: string, plus: string, minus: string]> = {
  gridPower: ['the grid’s power', 'what is bought', 'what is sold'],
  batteryPower: ['the battery’s power', 'charging', 'discharging'],
  batteryCurrent: ['the battery’s current', 'charging', 'discharging'],
};

export const POWERS_ADD_UP = 'what stands there adds up as powers in W do';

/** A proof in words, for people. */
export function proofWords({ metric, sign, by, proving, moments }: SignFinding): string {
  const [name, plus, minus] = COUNTED[metric];
  const way = `${name} counts ${sign === 1 ? plus : minus} as positive`;
  if (by === 'trend') return `${proving} of ${moments} moves of levels and counters show that ${way}`;
  const what = metric === 'batteryCurrent' ? 'fit the battery’s power' : 'add up';
  return `${proving} of ${moments} moments ${what} only when ${way}`;
}

/**
 * Which way a device's powers count whose names do not say it, as far as what it says proves it (`sign-board.ts`). Kept by
 * place (a topic, or the level under which a device's topics stand), for each of which a proof stands by itself. Bounded: the
 * place that was heard first gives way.
 */
export class SignProofs {
  private readonly boards = new Map<string, SignBoard>();

  /** What was proven before, for whoever only looks. */
  constructor(
    private readonly known: ReadonlyMap<string, SignFinding> = new Map(),
    private readonly held: ReadonlySet<string> = new Set(),
  ) {}

  hear(places: readonly string[], values: readonly SaidValue[], at: number): void {
    if (values.length === 0) return;
    for (const place of places) this.boardOf(place).hear(values, at);
  }

  /** What is proven under these places; null where nothing is, or where two of them prove the opposite. */
  finding(places: readonly string[], metric: SignedMetric, rank: number): SignFinding | null {
    const found = places.flatMap(
      (place) => this.boards.get(place)?.finding(metric, rank) ?? this.known.get(`${place}\n${metric} ${rank}`) ?? [],
    );
    const [best] = found.toSorted((a, b) => b.proving - a.proving);
    return best && found.every(({ sign }) => sign === best.sign) ? best : null;
  }

  /** True where what a topic says of a metric adds up with what is said beside, again and again: it is a power in W. */
  isBalanced(places: readonly string[], metric: string, topic: string): boolean {
    const key = `${metric} ${topic}`;
    return places.some(
      (place) => this.boards.get(place)?.balanced().includes(key) || this.held.has(`${place}\n${key}`),
    );
  }

  /** For looking at messages again: knows what is proven, and changes nothing here. */
  glance(): SignProofs {
    const known = new Map(this.known);
    for (const [place, board] of this.boards)
      for (const [key, finding] of board.findings()) known.set(`${place}\n${key}`, finding);
    const held = [...this.boards].flatMap(([place, board]) => board.balanced().map((key) => `${place}\n${key}`));
    return new SignProofs(known, new Set([...this.held, ...held]));
  }

  private boardOf(place: string): SignBoard {
    let board = this.boards.get(place);
    if (board === undefined) {
      const eldest = this.boards.keys().next().value;
      if (this.boards.size >= MOST_BOARDS && eldest !== undefined) this.boards.delete(eldest);
      board = new SignBoard();
      this.boards.set(place, board);
    }
    return board;
  }
}
