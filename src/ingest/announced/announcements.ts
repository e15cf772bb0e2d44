import type { NumericMetric, TextMetric } from '../../core/metrics.ts';
import type { SourceRole } from '../../sources/source.ts';
import type { Part } from '../memory/quantity-part.ts';
import type { ValueTemplate } from './value-template.ts';

/** A value that a device announced: where in which message it is, and what of the catalogue it is. */
export interface AnnouncedValue {
  stateTopic: string;
  template: ValueTemplate;
  metric: NumericMetric | TextMetric;
  /** From the device's unit to the catalogue's, sign included. */
  factor: number;
  part: Omit<Part, 'id'>;
  /** One half of a signed quantity (`charge power`), null for a whole one. */
  side: 1 | -1 | null;
  /** `open` where nobody knows the maker's sign: it must be proven. `usual` where most makers' is taken, unless the opposite is proven. */
  sign?: 'open' | 'usual';
  /** True for a capacity without a unit: in Ah, where what its battery says beside leaves no other reading. */
  isUnitOpen?: boolean;
  deviceId: string;
  uniqueId: string;
  /** True for what only a solar inverter's name makes solar: with a battery, its output holds the battery's share. */
  isBare?: boolean;
  /** True for a battery's value of a device that may be anything with a battery: a phone has one, too. */
  needsCompany?: boolean;
  /** What its device must have announced beside. */
  needs?: readonly Kind[];
  /** And what not. */
  lacks?: Kind;
  /** True for panels’ voltage or current that may as well be measured at the socket of a balcony’s inverter. */
  isBareOfPanels?: boolean;
  /** True for all that flows at a meter, which its name calls load or consumption. */
  isDraw?: boolean;
  /** Of two values of one device that seem to be the same thing, the one with the lower figure is meant. */
  remoteness: number;
  /** What it is instead at a meter of the grid: a panel may be one of circuits. */
  orBare?: AnnouncedBare;
  /** Where only a source of that role has it. */
  onlyAt?: SourceRole;
  /** True for what only its device's name, a meter's, places at the grid: where its owner says otherwise, it is `orBare`. */
  isOfMeter?: boolean;
}

/** A value whose name says of no place: `Power`, `Phase A voltage`. */
export interface AnnouncedBare {
  stateTopic: string;
  template: ValueTemplate;
  name: string;
  unit: string;
  deviceId: string;
  /** Where only a source of that role has it, and where it has something surer. */
  onlyAt?: SourceRole;
  notAt?: SourceRole;
}

/** What one config message announces. */
export interface Announced {
  values: readonly AnnouncedValue[];
  bare?: readonly AnnouncedBare[];
  /** All state topics. */
  topics: Iterable<string>;
  /** Topics that hold nothing but what somebody sets. */
  settings?: Iterable<string>;
  /** By what the message is known again (`textMark`). */
  mark?: number;
}

const MOST_CONFIGS = 4096;
/** Fewer may have a word in common by chance. */
const LEAST_IN_COMMON = 3;

/**
 * What an owner's devices announced under `<prefix>/<component>/.../config` (Home Assistant's MQTT discovery), by state
 * topic. Bounded: the announcement that was heard longest ago goes first. One for each owner, because the topics of an
 * owner are one space and a device may be announced by another client than the one that sends its states.
 */
export class Announcements {
  private readonly configs = new Map<string, readonly AnnouncedValue[]>();
  private readonly marks = new Map<string, number>();
  private readonly byTopic = new Map<string, AnnouncedValue[]>();
  private readonly bares = new Map<string, readonly AnnouncedBare[]>();
  private readonly bareByTopic = new Map<string, AnnouncedBare[]>();
  private readonly bareByDevice = new Map<string, AnnouncedBare[]>();
  /** State topics that belong to announced devices, whether or not the catalogue has a place for what they say. */
  private readonly topics = new TopicsOfConfigs();
  /** Topics of what somebody sets: a power there is what is wanted, not what flows. */
  private readonly settings = new TopicsOfConfigs();
  /** How many values of a battery, and of the rest of a house's supply, each device announced. */
  private readonly counts = new Map<string, number>();
  /** Values of one device that seem to be the same thing. */
  private readonly rivals = new Map<string, AnnouncedValue[]>();

  /** Takes what one config message announced; one without topics withdraws it. */
  announce(configTopic: string, { values, bare = [], topics, settings = [], mark }: Announced): void {
    this.withdraw(configTopic);
    const known = new Set([...topics, ...settings]);
    if (known.size === 0) return;
    const eldest = this.configs.keys().next().value;
    if (this.configs.size >= MOST_CONFIGS && eldest !== undefined) this.withdraw(eldest);
    this.configs.set(configTopic, values);
    if (mark !== undefined) this.marks.set(configTopic, mark);
    this.topics.put(configTopic, known);
    this.settings.put(configTopic, new Set(settings));
    this.bares.set(configTopic, bare);
    for (const one of bare) {
      put(this.bareByTopic, one.stateTopic, one);
      put(this.bareByDevice, one.deviceId, one);
    }
    for (const value of values) {
      put(this.byTopic, value.stateTopic, value);
      put(this.rivals, rivalry(value), value);
      for (const kind of kindsOf(value)) countUp(this.counts, kindKey(value.deviceId, kind), 1);
    }
  }

  /** True for what was announced just so before: devices repeat it at each of their starts. */
  isAgain(configTopic: string, mark: number): boolean {
    const values = this.configs.get(configTopic);
    if (values === undefined || this.marks.get(configTopic) !== mark) return false;
    this.configs.delete(configTopic);
    this.configs.set(configTopic, values);
    return true;
  }

  withdraw(configTopic: string): void {
    const values = this.configs.get(configTopic);
    if (values === undefined) return;
    this.configs.delete(configTopic);
    this.marks.delete(configTopic);
    this.topics.remove(configTopic);
    this.settings.remove(configTopic);
    for (const one of this.bares.get(configTopic) ?? []) {
      remove(this.bareByTopic, one.stateTopic, one);
      remove(this.bareByDevice, one.deviceId, one);
    }
    this.bares.delete(configTopic);
    for (const value of values) {
      remove(this.byTopic, value.stateTopic, value);
      remove(this.rivals, rivalry(value), value);
      for (const kind of kindsOf(value)) countUp(this.counts, kindKey(value.deviceId, kind), -1);
    }
  }

  /** True when what the device announced beside leaves no doubt about a value that alone would not be taken. */
  isSure({ metric, deviceId, isBare, needsCompany, needs = [], lacks }: AnnouncedValue): boolean {
    if (isBare && this.has(deviceId, 'battery')) return false;
    const [, place] = DIRECT.exec(metric) ?? [];
    if (place !== undefined && this.isAlternating(deviceId, place)) return false;
    if (!needs.every((kind) => this.has(deviceId, kind)) || (lacks && this.has(deviceId, lacks))) return false;
    return !needsCompany || this.has(deviceId, 'house');
  }

  /** True when a device announced that it publishes there. */
  knows(stateTopic: string): boolean {
    return this.topics.has(stateTopic);
  }

  /** True where what a topic holds alone is set, whoever shows it, too. */
  isSetting(topic: string): boolean {
    return this.settings.has(topic);
  }

  /** What the catalogue has of the values under a state topic. */
  at(stateTopic: string): readonly AnnouncedValue[] {
    return this.byTopic.get(stateTopic) ?? [];
  }

  /** Values under a state topic of which nothing says the place. */
  bareAt(stateTopic: string): readonly AnnouncedBare[] {
    return this.bareByTopic.get(stateTopic) ?? [];
  }

  /** What a device's values are called after, all of them (`Rack power`, `Rack voltage`); '' where they are not. */
  commonWordOf(deviceId: string): string {
    const bares = this.bareByDevice.get(deviceId) ?? [];
    const [word = ''] = bares[0]?.name.split(' ') ?? [];
    return bares.length >= LEAST_IN_COMMON && bares.every(({ name }) => name.startsWith(`${word} `)) ? word : '';
  }

  /** False when the device has another value that is more plainly the same thing (load power, backup load power). */
  leads(value: AnnouncedValue): boolean {
    const rivals = this.rivals.get(rivalry(value)) ?? [];
    return !rivals.some(
      (other) => other !== value && other.onlyAt === value.onlyAt && isCloser(other, value) && this.isSure(other),
    );
  }

  /** The same for looking only: what is announced to it changes nothing. */
  glance(): Announcements {
    const still = { announce: () => {}, withdraw: () => {}, isAgain: () => false };
    return Object.assign(Object.create(this) as Announcements, still);
  }

  /** True where a device says a frequency of its panels or battery: what it measures of them is their inverter's AC side. */
  private isAlternating(deviceId: string, place: string): boolean {
    const bares = this.bareByDevice.get(deviceId) ?? [];
    return bares.some(({ name, unit }) => unit === 'Hz' && name.endsWith(`${place} frequency`));
  }

  private has(deviceId: string, kind: Kind): boolean {
    return this.counts.has(kindKey(deviceId, kind));
  }

  get size(): number {
    return this.configs.size;
  }
}

/** Topics by the config that named them: each is known as long as one of them stands. */
class TopicsOfConfigs {
  private readonly counts = new Map<string, number>();
  private readonly byConfig = new Map<string, ReadonlySet<string>>();

  has(topic: string): boolean {
    return this.counts.has(topic);
  }

  put(configTopic: string, topics: ReadonlySet<string>): void {
    this.byConfig.set(configTopic, topics);
    for (const topic of topics) countUp(this.counts, topic, 1);
  }

  remove(configTopic: string): void {
    for (const topic of this.byConfig.get(configTopic) ?? []) countUp(this.counts, topic, -1);
    this.byConfig.delete(configTopic);
  }
}

const DIRECT = /^(battery|solar)(?:Voltage|Current)$/;

/** Of what kinds a device announced something: a battery, the rest of a house's supply, and more closely. */
export type Kind = 'battery' | 'house' | 'mains' | 'share' | 'load' | 'sun';
const kindsOf = ({ metric, lacks }: AnnouncedValue): readonly Kind[] => {
  if (/^(battery|stateOf|totalBattery)/.test(metric)) return ['battery'];
  if (/^grid(Voltage|Frequency)$/.test(metric)) return ['house', 'mains'];
  if (metric.startsWith('solar')) return ['house', 'sun'];
  if (/^(loadPercentage|apparentPower)$/.test(metric)) return ['house', 'share'];
  return metric === 'loadPower' && lacks === undefined ? ['house', 'load'] : ['house'];
};
const kindKey = (deviceId: string, kind: Kind): string => `${deviceId}\n${kind}`;

const rivalry = ({ deviceId, metric, side, part }: AnnouncedValue) =>
  `${deviceId}\n${metric}\n${side}\n${part.rank} ${part.order}`;

function isCloser(a: AnnouncedValue, b: AnnouncedValue): boolean {
  return a.remoteness < b.remoteness || (a.remoteness === b.remoteness && a.uniqueId < b.uniqueId);
}

function countUp(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

function put<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function remove<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const left = lists.get(key)?.filter((other) => other !== value) ?? [];
  if (left.length > 0) lists.set(key, left);
  else lists.delete(key);
}
