import type { NumericMetric } from '../../core/metrics.ts';
import { Announcements } from '../announced/announcements.ts';
import { SaidBeside } from '../announced/said-beside.ts';
import { SignProofs } from '../signs/sign-proof.ts';
import { SignedHalves } from '../signs/signed-halves.ts';
import { LeadingName } from '../words/leading-name.ts';
import { PackMemory } from './pack-memory.ts';
import type { Part } from './quantity-part.ts';
import { QuantityParts } from './quantity-parts.ts';
import { ShareMemory } from './share-memory.ts';
import { TopicPatience } from './topic-patience.ts';

export type { Part };

const MOST_BASES = 512;
const MOST_FIRST_NAMES = 1024;
const MOST_HEADERS = 32;
const MOST_TOPICS = 2048;

/**
 * What earlier messages said: the parts of sums that arrive one by one, and the base topics that proved to be a
 * dialect's. One for each source; bounded; nothing of it is lost that a few messages do not bring back.
 */
export class PartMemory {
  private readonly quantities = new QuantityParts();
  private readonly halves = new SignedHalves();
  /** The names of columns that a device wrote once, by topic. */
  private readonly headers = new Map<string, readonly string[]>();
  private readonly firstNames = new Map<string, string>();
  /** Which dialect read a topic last. */
  private readonly readers = new Map<string, string>();
  private topic = '';
  readonly patience = new TopicPatience();
  readonly packs = new PackMemory();
  readonly shares = new ShareMemory();
  /** Whose bare values a source with a role says. */
  readonly leading = new LeadingName();

  constructor(
    private readonly bases: Set<string> = new Set(),
    /** Which way powers count whose names do not say it. */
    readonly signs: SignProofs = new SignProofs(),
    readonly said: SaidBeside = new SaidBeside(),
  ) {}

  /**
   * What comes now was said on `topic`, and is read by `dialect`. Where another one read the topic before (it was not announced yet,
   * or nobody knew whose it is), what that made of it counts no more: the same value would count twice.
   */
  turnTo(topic: string, dialect: string): void {
    this.topic = topic;
    const before = this.readers.get(topic);
    if (before === dialect) return;
    if (before === undefined && this.readers.size >= MOST_TOPICS) this.readers.clear();
    this.readers.set(topic, dialect);
    if (before !== undefined) this.quantities.forgetTopic(topic);
  }

  /** Takes a part's newest value, and gives the whole quantity where this part speaks for it (`QuantityParts`). */
  combine(metric: NumericMetric, part: Part, value: number | null, at: number): number | null {
    return this.quantities.combine(metric, part, value, at, this.topic);
  }

  /** What a part last said, without its sign; undefined when that is not known. */
  sizeOf(metric: NumericMetric, id: string): number | undefined {
    return this.quantities.sizeOf(metric, id);
  }

  /** True when the quantity was said in more than one part. */
  isDivided(metric: NumericMetric): boolean {
    return this.quantities.isDivided(metric);
  }

  /** The signed quantity of which a half was said; null while that is unknown (`SignedHalves`). */
  half(key: string, side: 1 | -1, value: number, at: number): number | null {
    return this.halves.signed(key, side, value, at);
  }

  /** Remembers that `base` is the base topic of a dialect's device. */
  learnBase(dialect: string, base: string): void {
    const key = `${dialect} ${base}`;
    if (this.bases.has(key)) return;
    if (this.bases.size >= MOST_BASES) this.bases.clear();
    this.bases.add(key);
  }

  /** Takes back what was remembered so. */
  forgetBase(dialect: string, base: string): void {
    this.bases.delete(`${dialect} ${base}`);
  }

  knowsBase(dialect: string, base: string): boolean {
    return this.bases.has(`${dialect} ${base}`);
  }

  /** Remembers which name said a quantity first. */
  learnFirstName(quantity: string, name: string): void {
    if (this.firstNames.size < MOST_FIRST_NAMES && !this.firstNames.has(quantity)) this.firstNames.set(quantity, name);
  }

  /** The name that said a quantity first. */
  firstNameOf(quantity: string): string | undefined {
    return this.firstNames.get(quantity);
  }

  /** Remembers what the columns of a topic's rows are called. */
  learnHeader(topic: string, names: readonly string[]): void {
    if (!this.headers.has(topic) && this.headers.size >= MOST_HEADERS) this.headers.clear();
    this.headers.set(topic, names);
  }

  headerOf(topic: string): readonly string[] | undefined {
    return this.headers.get(topic);
  }

  /** With the same base topics and proofs, but no parts: for looking at old messages again without mixing them into the present. */
  glance(signs = this.signs.glance()): PartMemory {
    const glance = new PartMemory(new Set(this.bases), signs, this.said.glance());
    for (const [topic, names] of this.headers) glance.learnHeader(topic, names);
    return glance;
  }
}

/**
 * What a dialect may remember: the parts of the source's quantities, and what the owner's devices announced. Handed in
 * through the context, so that dialects stay pure and whoever calls decides how long a memory lives.
 */
export class DialectMemory {
  constructor(
    readonly parts: PartMemory = new PartMemory(),
    readonly announcements: Announcements = new Announcements(),
  ) {}

  /** For looking at messages again: knows the same devices, and leaves this memory as it is; `signs` where others are to count. */
  glance(signs?: SignProofs): DialectMemory {
    return new DialectMemory(this.parts.glance(signs), this.announcements.glance());
  }
}
