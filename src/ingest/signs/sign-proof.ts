import type { NumericMetric } from '../../core/metrics.ts';
import { SignBoard } from './sign-board.ts';
import type { SignedMetric, SignFinding, Trust } from './sign-evidence.ts';
import type { SaidValue } from './sign-moment.ts';
import type { SettledValue } from './sign-now.ts';

const MOST_BOARDS = 48;
const COUNTED: Record<SignedMetric, [name: string, plus: string, minus: string]> = {
  gridPower: ['the grid’s power', 'what is bought', 'what is sold'],
  batteryPower: ['the battery’s power', 'charging', 'discharging'],
  batteryCurrent: ['the battery’s current', 'charging', 'discharging'],
};

const WAYS = ['the battery charges', 'the battery discharges'];

export const POWERS_ADD_UP = 'what stands there adds up as powers in W do';

/** A proof in words, for people. */
export function proofWords({ metric, sign, by, proving, moments }: SignFinding): string {
  const [name, plus, minus] = COUNTED[metric];
  const way = `${name} counts ${sign === 1 ? plus : minus} as positive`;
  if (by === 'supply')
    return `${proving} of ${moments} moments in which the battery was alone with the load show that ${way}`;
  if (by === 'trend') return `${proving} of ${moments} moves of levels and counters show that ${way}`;
  const what = metric === 'batteryCurrent' ? 'fit the battery’s power' : 'add up';
  return `${proving} of ${moments} moments ${what} only when ${way}`;
}

/** What a moment proves for itself alone, in words. */
export function nowWords({ metric, sign, value }: SettledValue): string {
  const [inward, outward] = metric === 'gridPower' ? ['something is bought', 'something is sold'] : WAYS;
  return `what is said at this moment adds up only when ${sign * value > 0 ? inward : outward}`;
}

/** What is proven: signs by place, metric and rank; and what adds up, by place, metric and topic. */
export interface Proven {
  findings: readonly (readonly [key: string, finding: SignFinding])[];
  held: readonly string[];
}

/** What is proven, one by one: each by its place, and by its metric with a rank or topic. */
export const proofKeys = ({ findings, held }: Proven): string[] => [...findings.map(([key]) => key), ...held];

/** The quantity that such a proof is about. */
export const provenMetric = (key: string): NumericMetric => key.split('\n')[1]?.split(' ')[0] as NumericMetric;

const NOTHING: Proven = { findings: [], held: [] };
const MOST_PROVEN = 200;

/**
 * Which way a device's powers count whose names do not say it, as far as what it says proves it (`sign-board.ts`). Kept by
 * place (a topic, or the level under which a device's topics stand), for each of which a proof stands by itself. Bounded: the
 * place that was heard first gives way.
 */
export class SignProofs {
  private readonly boards = new Map<string, SignBoard>();

  private readonly known: ReadonlyMap<string, SignFinding>;
  private readonly held: ReadonlySet<string>;

  /** With what was proven before; it counts until something speaks against it. */
  constructor(before: Proven = NOTHING) {
    this.known = new Map(before.findings);
    this.held = new Set(before.held);
  }

  /** `isDark` tells whether panels can give nothing at a time, where that is known. */
  hear(places: readonly string[], values: readonly SaidValue[], at: number, isDark?: (at: number) => boolean): void {
    if (values.length === 0) return;
    for (const place of places) this.boardOf(place).hear(values, at, isDark);
  }

  /** Open values that belong to the moment which a message completed, and which way they flow then; none where places disagree. */
  settled(places: readonly string[], at: number): SettledValue[] {
    const all = places.flatMap((place) => this.boards.get(place)?.settled(at) ?? []);
    const byValue = Map.groupBy(all, ({ metric, rank, id, from }) => [metric, rank, id, from].join('\n'));
    return [...byValue.values()].flatMap(([first, ...others]) =>
      first && others.every(({ sign }) => sign === first.sign) ? [first] : [],
    );
  }

  /** What is proven under these places; null where nothing is, or where two of them prove the opposite. */
  finding(places: readonly string[], metric: SignedMetric, rank: number): SignFinding | null {
    const found = places.flatMap((place) => this.findingAt(place, metric, rank) ?? []);
    const [best] = found.toSorted((a, b) => b.proving - a.proving);
    return best && found.every(({ sign }) => sign === best.sign) ? best : null;
  }

  /** True where what a topic says of a metric adds up with what is said beside, again and again: it is a power in W. */
  isBalanced(places: readonly string[], metric: string, topic: string): boolean {
    const key = `${metric} ${topic}`;
    return places.some((place) => {
      const board = this.boards.get(place);
      return board?.balanced().includes(key) || (!board?.isBroken && this.held.has(`${place}\n${key}`));
    });
  }

  /** True for a topic whose value has no sign yet and gets it with the rest of its round, as it did of late. */
  isAwaited(places: readonly string[], topic: string, at: number): boolean {
    return places.some((place) => this.boards.get(place)?.isAwaited(topic, at));
  }

  /** Whether what is said in one message at a place adds up for a reason. */
  trust(place: string, metric: SignedMetric, rank: number): Trust {
    return this.boards.get(place)?.trust(metric, rank) ?? 'unknown';
  }

  /** What is proven now, for a start or for whoever looks. */
  proven(): Proven {
    const findings = new Map<string, SignFinding>();
    for (const [key, { metric }] of this.known) {
      const [place = '', rest = ''] = key.split('\n');
      const finding = this.findingAt(place, metric, Number(rest.split(' ')[1]));
      if (finding) findings.set(key, finding);
    }
    for (const [place, board] of this.boards)
      for (const [key, finding] of board.findings()) findings.set(`${place}\n${key}`, finding);
    const before = [...this.held].filter((key) => !this.boards.get(key.split('\n')[0] ?? '')?.isBroken);
    const now = [...this.boards].flatMap(([place, board]) => board.balanced().map((key) => `${place}\n${key}`));
    return { findings: [...findings].slice(-MOST_PROVEN), held: [...new Set([...before, ...now])].slice(-MOST_PROVEN) };
  }

  /** For looking at messages again: knows what is proven, and changes nothing here. */
  glance(): SignProofs {
    return new SignProofs(this.proven());
  }

  /** Knows of no proof, and never will: for telling what only a proof gives. */
  static none(): SignProofs {
    return Object.assign(new SignProofs(), { hear: () => {} });
  }

  private findingAt(place: string, metric: SignedMetric, rank: number): SignFinding | null {
    const board = this.boards.get(place);
    const known = this.known.get(`${place}\n${metric} ${rank}`);
    return board?.finding(metric, rank) ?? (known && !board?.opposes(known, rank) ? known : null);
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
