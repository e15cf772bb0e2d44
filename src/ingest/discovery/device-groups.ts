import type { MessageView } from '../payload/message-view.ts';
import type { Understanding } from '../understand.ts';
import { deviceFilter, isWrapper } from './device-topic.ts';

/** True for a dialect that adds nothing up of different topics: of two that say the same the newest word counts. */
export const countsNewestOnly = (dialect: string | null): boolean =>
  dialect === 'plain-names' || dialect === 'plain-meter';

/** What these read may stand anywhere, and says nothing of what is a device's base topic. */
const OF_ANY_BASE = new Set(['plain-names', 'plain-meter', 'home-assistant', 'zigbee2mqtt']);
/** A message with fewer values is no whole device. */
const LEAST_IN_OBJECT = 2;
const MOST_REMEMBERED = 5000;
const LONGEST_SHAPE = 500;

/**
 * Which topics are one device's, learned from what is said there. What is understood is taken for one device with all that
 * has its first level, until two levels below say the same of themselves: `plugs/washer` and `plugs/fridge` are two devices,
 * `inverter/battery_1` and `inverter/battery_2` parts of one. Bounded.
 */
export class DeviceGroups {
  /** Bases of which each level below is a device of its own. */
  private readonly shared = new Set<string>();
  /** Which level said something first, by base and what it said. */
  private readonly first = new Map<string, string>();
  /** What two levels below a base both said first. */
  private readonly alike = new Map<string, string>();

  /** The filter of the device that sent a message on `topic`; `isKnown` when a dialect recognised it. */
  filterOf(topic: string, isKnown: boolean): string {
    const levels = topic.split('/');
    let filter = deviceFilter(topic, isKnown);
    for (let base = baseOf(filter); base !== null && this.shared.has(base); base = baseOf(filter)) {
      const child = levels[base.split('/').length];
      if (child === undefined) break;
      filter = `${base}/${child}/#`;
    }
    return filter;
  }

  /** Takes what was made of a message. */
  hear(view: MessageView, { dialect, values }: Pick<Understanding, 'dialect' | 'values'>): void {
    if (dialect === null || !OF_ANY_BASE.has(dialect)) return;
    const base = baseOf(this.filterOf(view.topic, true));
    if (base === null) return;
    const [child, ...below] = view.segments.slice(base.split('/').length);
    const metrics = Object.keys(values).filter((name) => typeof values[name as keyof typeof values] === 'number');
    if (child === undefined || metrics.length === 0) return;
    if (view.looksLikeData && view.scalar === null) this.compareObjects(base, child, below, metrics, view);
    else if (below.length > 0 && !(below.length === 1 && isWrapper(below[0])))
      this.compareValues(base, child, `${below.join('/')} ${metrics.join()}`);
  }

  /** Whole devices in one message each: the same names tell the same things. */
  private compareObjects(base: string, child: string, below: string[], metrics: string[], view: MessageView): void {
    if (metrics.length < LEAST_IN_OBJECT) return;
    const shape = Object.keys(view.json ?? {})
      .sort()
      .join();
    const other = this.firstOf(`${base}\n${below.join('/')} ${shape.slice(0, LONGEST_SHAPE)}`, child);
    if (other !== child) this.shared.add(base);
  }

  /**
   * One value a topic: levels that say two things alike are devices (one may be told twice by one device), unless they differ in their
   * numbers alone, as a device's parts do.
   */
  private compareValues(base: string, child: string, what: string): void {
    const other = this.firstOf(`${base}\n${what}`, child);
    if (withoutNumbers(other) === withoutNumbers(child)) return;
    const pair = `${base}\n${other}\n${child}`;
    const before = this.alike.get(pair);
    if (before === undefined) remember(this.alike, pair, what);
    else if (before !== what) this.shared.add(base);
  }

  private firstOf(key: string, child: string): string {
    const known = this.first.get(key);
    if (known !== undefined) return known;
    remember(this.first, key, child);
    return child;
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= MOST_REMEMBERED) map.clear();
  map.set(key, value);
}

/** The base topic that a filter stands for; null where it stands for one topic, or leaves a level open. */
const baseOf = (filter: string): string | null =>
  filter.endsWith('/#') && !filter.includes('+') ? filter.slice(0, -2) : null;
const withoutNumbers = (level: string): string => level.replaceAll(/[\d_\-\s]+/g, '');
