import { capitalised } from '../core/format.ts';
import type { MetricValues } from '../core/reading.ts';
import type { SourceRole } from '../sources/source.ts';
import { deviceFilter, filterName, matchesFilter } from './device-topic.ts';
import type { IncomingMessage, Recognition } from './dialect.ts';
import type { Understanding } from './understand.ts';

/** What is kept of what one device said, for people to decide what it is. */
export interface HeardDevice {
  /** The topics that are taken to be the device's. */
  filter: string;
  /** What it is called in a proposal. */
  name: string;
  /** Null while nobody knows how it writes. */
  dialect: string | null;
  recognition: Recognition | null;
  role: SourceRole;
  /** Newest values in the catalogue's units. */
  values: MetricValues;
  /** Why something was not understood, the newest first. */
  problems: string[];
  topics: number;
  messages: number;
  firstAt: number;
  lastAt: number;
  /** The newest message as it came, its payload cut. */
  sample: { topic: string; text: string };
}

interface Entry extends Omit<HeardDevice, 'topics' | 'name' | 'role'> {
  levels: string[];
  topics: Set<string>;
}

const MOST_DEVICES = 200;
const MOST_TOPICS = 500;
const MOST_PROBLEMS = 5;
const SAMPLE_LENGTH = 300;

/** Groups messages of one topic space into devices. Bounded; the device that was silent longest goes first. */
export class Heard {
  private readonly devices = new Map<string, Entry>();

  note(message: IncomingMessage, understanding: Understanding): void {
    const { topic, receivedAt } = message;
    const entry = this.entryFor(topic, understanding.dialect !== null, receivedAt);
    entry.messages++;
    entry.lastAt = Math.max(entry.lastAt, receivedAt);
    if (entry.topics.size < MOST_TOPICS) entry.topics.add(topic);
    const { dialect, recognition, values, problem } = understanding;
    if (recognition && recognition.sureness > (entry.recognition?.sureness ?? 0)) {
      entry.dialect = dialect;
      entry.recognition = recognition;
    }
    Object.assign(entry.values, values);
    if (problem !== null && !entry.problems.includes(problem))
      entry.problems = [problem, ...entry.problems].slice(0, MOST_PROBLEMS);
    entry.sample = { topic, text: shown(message.payload) };
  }

  /** Those heard after `since`, the newest device first; the order does not change with each message. */
  since(since: number): HeardDevice[] {
    return [...this.devices.values()]
      .filter((entry) => entry.lastAt >= since)
      .sort((a, b) => b.firstAt - a.firstAt || (a.filter < b.filter ? -1 : 1))
      .map(describe);
  }

  /** Forgets devices whose topics `filter` covers: they have a place now. */
  forget(isMeant: (topic: string) => boolean): void {
    for (const [filter, entry] of this.devices) {
      for (const topic of entry.topics) if (isMeant(topic)) entry.topics.delete(topic);
      if (entry.topics.size === 0) this.devices.delete(filter);
    }
  }

  private entryFor(topic: string, isKnown: boolean, at: number): Entry {
    const filter = deviceFilter(topic, isKnown);
    const found = this.devices.get(filter) ?? this.deviceAround(topic);
    if (found) return found;
    if (this.devices.size >= MOST_DEVICES) this.forgetOldest();
    const entry: Entry = {
      ...{ filter, levels: filter.split('/'), dialect: null, recognition: null, values: {}, problems: [] },
      ...{ topics: new Set<string>(), messages: 0, firstAt: at, lastAt: at, sample: { topic, text: '' } },
    };
    this.devices.set(filter, entry);
    if (isKnown) this.takeIn(entry);
    return entry;
  }

  /** A known device that the topic stands under. */
  private deviceAround(topic: string): Entry | undefined {
    const levels = topic.split('/');
    for (const entry of this.devices.values())
      if (entry.dialect !== null && matchesFilter(entry.levels, levels)) return entry;
    return undefined;
  }

  /** What was taken for devices of their own before the device around them was known. */
  private takeIn(known: Entry): void {
    for (const [filter, entry] of this.devices) {
      if (entry === known || entry.dialect !== null) continue;
      if (![...entry.topics].every((topic) => matchesFilter(known.levels, topic.split('/')))) continue;
      known.messages += entry.messages;
      known.firstAt = Math.min(known.firstAt, entry.firstAt);
      for (const topic of entry.topics) known.topics.add(topic);
      this.devices.delete(filter);
    }
  }

  private forgetOldest(): void {
    let oldest: Entry | undefined;
    for (const entry of this.devices.values()) if (!oldest || entry.lastAt < oldest.lastAt) oldest = entry;
    if (oldest) this.devices.delete(oldest.filter);
  }
}

function describe({ levels: _, ...entry }: Entry): HeardDevice {
  const name = filterName(entry.filter);
  return { ...entry, name: capitalised(name.slice(0, 80)), role: roleOf(entry.values), topics: entry.topics.size };
}

/** What a source with these values measures: one part of the house, or all of it. */
export function roleOf(values: MetricValues): SourceRole {
  const has = (names: readonly (keyof MetricValues)[]) => names.some((name) => values[name] !== undefined);
  const parts: SourceRole[] = [];
  if (has(['solarPower', 'solarVoltage', 'totalEnergyProduced', 'dailyEnergyProduced'])) parts.push('solar');
  if (has(['stateOfCharge', 'batteryVoltage', 'batteryPower', 'batteryCurrent'])) parts.push('battery');
  if (has(['loadPower', 'totalEnergyConsumed', 'loadPercentage'])) parts.push('load');
  if (has(['gridPower', 'totalGridImport', 'totalGridExport'])) parts.push('grid');
  if (has(['generatorPower'])) parts.push('generator');
  return (parts.length === 1 && parts[0]) || 'system';
}

function shown(payload: Uint8Array): string {
  return new TextDecoder().decode(payload.subarray(0, SAMPLE_LENGTH)).replaceAll(/\p{Cc}/gu, ' ');
}
