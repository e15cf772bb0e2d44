import { minutes, seconds } from '../../core/durations.ts';
import { type BoardMetric, type Moment, type SaidValue, type Watch, type Whole, wholeOf } from './sign-moment.ts';

export interface SaidPart extends SaidValue {
  at: number;
  /** When it was said the time before; null for the first. */
  before: number | null;
  /** Of which moments it was not a part yet. */
  newFor: Set<Watch>;
  /** In how many moments it was a part of a balance that means something. */
  held: number;
}

/** What a device says topic by topic comes in one go. */
export const ONE_MOMENT_MS = seconds(5);
const STALE_MS = minutes(15);
const MOST_PARTS = 48;
/** The rank of what is plainly all of a quantity. */
const WHOLE = 2;
/** What a value is called on a topic of its own. */
const nameOf = (topic: string): string => topic.slice(topic.lastIndexOf('/') + 1);

/** What one device said last of each of its values, and which of that belongs to one moment. */
export class SaidParts {
  private readonly parts = new Map<string, SaidPart>();

  /** What several names of one device say, and none of them plainly. */
  private readonly disputed = new Set<string>();

  constructor(private readonly watches: readonly Watch[]) {}

  /**
   * `odd` where another topic said the same thing before, or where there are too many; `known` what was heard already, and what
   * is no whole and has several names: none of those is taken.
   */
  put(value: SaidValue, at: number): 'new' | 'known' | 'odd' {
    const key = `${value.metric} ${value.rank} ${value.id}`;
    const known = this.parts.get(key);
    if (known?.at === at && known.value === value.value) return 'known';
    if (this.disputed.has(key)) return 'known';
    const isSecondName = known !== undefined && nameOf(known.from) !== nameOf(value.from);
    // The battery's own electronics measure its voltage, too.
    if (isSecondName && value.metric === 'batteryVoltage') return 'known';
    if (isSecondName && value.rank < WHOLE) {
      this.parts.delete(key);
      if (this.disputed.size < MOST_PARTS) this.disputed.add(key);
      return 'known';
    }
    if (known ? known.from !== value.from : this.parts.size >= MOST_PARTS) return 'odd';
    this.parts.set(key, {
      ...value,
      at,
      before: known?.at ?? null,
      held: known?.held ?? 0,
      newFor: new Set(this.watches),
    });
    return 'new';
  }

  all(): SaidPart[] {
    return [...this.parts.values()];
  }

  clear(): void {
    this.parts.clear();
    this.disputed.clear();
  }

  /** Of what was said of late the highest rank, and of a quantity's whole and its halves what has a sure sign. */
  of(metric: BoardMetric, at: number): SaidPart[] {
    const fresh = this.all().filter((part) => part.metric === metric && at - part.at <= STALE_MS);
    const rank = Math.max(...fresh.map((part) => part.rank));
    const top = fresh.filter((part) => part.rank === rank);
    const wholes = top.filter(({ isHalf }) => !isHalf);
    if (wholes.length === 0 || wholes.length === top.length) return top;
    return wholes.some(({ isSignOpen }) => isSignOpen) ? top.filter(({ isHalf }) => isHalf) : wholes;
  }

  /** What is watched, if all of it that the device says is new. */
  momentOf(watch: Watch, at: number): Moment | null {
    const moment = new Map<BoardMetric, Whole>();
    const used: SaidPart[] = [];
    for (const metric of watch.metrics) {
      const top = this.of(metric, at);
      if (!top.every((part) => part.newFor.has(watch) && at - part.at <= ONE_MOMENT_MS)) return null;
      if (top.length === 0) continue;
      const whole = wholeOf(top);
      if (whole === null) return null;
      moment.set(metric, whole);
      used.push(...top);
    }
    const [first] = used.toSorted((a, b) => a.at - b.at);
    if (first && used.some((part) => isOfRoundBefore(first, part))) {
      first.newFor.delete(watch);
      return null;
    }
    for (const part of used) part.newFor.delete(watch);
    return moment;
  }

  /** Counts a balance that held in each part of it. */
  noteHeld(moment: Moment): void {
    for (const part of this.parts.values()) if (moment.get(part.metric)?.rank === part.rank) part.held++;
  }
}

/** True where what was said first stands nearer to what the other topic said the time before. */
const isOfRoundBefore = (first: SaidPart, { at, before }: SaidPart): boolean =>
  before !== null && Math.abs(first.at - before) < at - first.at;
