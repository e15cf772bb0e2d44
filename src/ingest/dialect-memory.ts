import { minutes } from '../core/durations.ts';
import { findMetric, type NumericMetric } from '../core/metrics.ts';
import { Announcements } from './announcements.ts';
import { PackMemory } from './pack-memory.ts';
import type { Part } from './quantity-part.ts';
import { ShareMemory } from './share-memory.ts';
import { SignProofs } from './sign-proof.ts';
import { TopicPatience } from './topic-patience.ts';

export type { Part };

interface Said {
  /** The topic that said it. */
  topic: string;
  value: number;
  at: number;
  order: number;
  rank: number;
}

interface Halves {
  positive: number;
  negative: number;
  /** When a half was last said, for its freshness. */
  at: number;
}

/** After this long without a word a part no longer counts (a counter's does: it cannot shrink by silence). */
const STALE_MS = minutes(15);
const MOST_PARTS = 64;
const MOST_HALVES = 64;
const MOST_BASES = 512;
const MOST_FIRST_NAMES = 1024;
const MOST_HEADERS = 32;
const MOST_TOPICS = 2048;

/**
 * What earlier messages said: the parts of sums that arrive one by one, and the base topics that proved to be a
 * dialect's. One for each source; bounded; nothing of it is lost that a few messages do not bring back.
 */
export class PartMemory {
  private readonly groups = new Map<NumericMetric, Map<string, Said>>();
  private readonly halves = new Map<string, Halves>();
  /** The names of columns that a device wrote once, by topic. */
  private readonly headers = new Map<string, readonly string[]>();
  private readonly firstNames = new Map<string, string>();
  /** Which dialect read a topic last. */
  private readonly readers = new Map<string, string>();
  private topic = '';
  readonly patience = new TopicPatience();
  readonly packs = new PackMemory();
  readonly shares = new ShareMemory();

  constructor(
    private readonly bases: Set<string> = new Set(),
    /** Which way powers count whose names do not say it. */
    readonly signs: SignProofs = new SignProofs(),
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
    if (before === undefined) return;
    for (const group of this.groups.values())
      for (const [id, said] of group) if (said.topic === topic) group.delete(id);
  }

  /**
   * Takes a part's newest value (null: the part is gone) and gives the whole quantity, or null when this part does not
   * speak for it: a higher rank does, or a part of lower order.
   */
  combine(metric: NumericMetric, part: Part, value: number | null, at: number): number | null {
    const group = this.groupOf(metric);
    if (value === null) {
      group.delete(part.id);
      return null;
    }
    if (!group.has(part.id) && group.size >= MOST_PARTS) forgetOldest(group);
    group.set(part.id, { topic: this.topic, value, at, order: part.order, rank: part.rank });
    if (group.size === 1) return value;
    const oldest = findMetric(metric)?.kind === 'gauge' ? at - STALE_MS : Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (const other of group.values()) {
      if (other.at < oldest) continue;
      if (other.rank > part.rank) return null;
      if (other.rank < part.rank) continue;
      if (part.how === 'first' && other.order < part.order) return null;
      sum += other.value;
    }
    return part.how === 'sum' ? roundOff(sum) : value;
  }

  /** What a part last said, without its sign; undefined when that is not known. */
  sizeOf(metric: NumericMetric, id: string): number | undefined {
    const said = this.groups.get(metric)?.get(id);
    return said && Math.abs(said.value);
  }

  /** True when the quantity was said in more than one part. */
  isDivided(metric: NumericMetric): boolean {
    return (this.groups.get(metric)?.size ?? 0) > 1;
  }

  /**
   * One half of a signed quantity that a device splits into two fields that are never negative (charging and
   * discharging). A half above zero says everything, for the other one is zero then; a half of zero leaves it to the
   * other one. Null while that is unknown.
   */
  half(key: string, side: 1 | -1, value: number, at: number): number | null {
    let halves = this.halves.get(key);
    if (value > 0) {
      halves = side === 1 ? { positive: value, negative: 0, at } : { positive: 0, negative: value, at };
      if (!this.halves.has(key) && this.halves.size >= MOST_HALVES) this.halves.clear();
      this.halves.set(key, halves);
      return side * value;
    }
    if (halves === undefined || halves.at < at - STALE_MS) {
      const unsaid = Number.NaN;
      this.halves.set(key, side === 1 ? { positive: 0, negative: unsaid, at } : { positive: unsaid, negative: 0, at });
      return null;
    }
    if (side === 1) halves.positive = 0;
    else halves.negative = 0;
    halves.at = at;
    const signed = halves.positive - halves.negative;
    return Number.isNaN(signed) ? null : signed;
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
  glance(): PartMemory {
    const glance = new PartMemory(new Set(this.bases), this.signs.glance());
    for (const [topic, names] of this.headers) glance.learnHeader(topic, names);
    return glance;
  }

  private groupOf(metric: NumericMetric): Map<string, Said> {
    let group = this.groups.get(metric);
    if (group === undefined) {
      group = new Map();
      this.groups.set(metric, group);
    }
    return group;
  }
}

function forgetOldest(group: Map<string, Said>): void {
  let oldest: string | undefined;
  let at = Number.POSITIVE_INFINITY;
  for (const [id, said] of group) {
    if (said.at >= at) continue;
    at = said.at;
    oldest = id;
  }
  if (oldest !== undefined) group.delete(oldest);
}

/** Takes away what adding binary fractions leaves behind (0.1 + 0.2). */
const roundOff = (value: number): number => Number(value.toPrecision(12));

/**
 * What a dialect may remember: the parts of the source's quantities, and what the owner's devices announced. Handed in
 * through the context, so that dialects stay pure and whoever calls decides how long a memory lives.
 */
export class DialectMemory {
  constructor(
    readonly parts: PartMemory = new PartMemory(),
    readonly announcements: Announcements = new Announcements(),
  ) {}

  /** For looking at messages again: knows the same devices, and leaves this memory as it is. */
  glance(): DialectMemory {
    return new DialectMemory(this.parts.glance(), this.announcements.glance());
  }
}
