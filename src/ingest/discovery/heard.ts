import { capitalised } from '../../core/format.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import type { MetricValues } from '../../core/reading.ts';
import type { SourceRole } from '../../sources/source.ts';
import type { Recognition } from '../dialect.ts';
import { familyName } from '../dialect-name.ts';
import type { MessageView } from '../payload/message-view.ts';
import type { Understanding } from '../understand.ts';
import { countsNewestOnly, DeviceGroups } from './device-groups.ts';
import { filterName, matchesFilter } from './device-topic.ts';

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

/** What came on one topic. */
interface HeardTopic extends Pick<HeardDevice, 'dialect' | 'recognition' | 'values' | 'problems' | 'messages'> {
  topic: string;
  firstAt: number;
  lastAt: number;
  text: string;
}

const MOST_DEVICES = 200;
const MOST_TOPICS = 5000;
const MOST_PROBLEMS = 5;
const SAMPLE_LENGTH = 300;

/** Groups messages of one topic space into devices. Bounded; the topic that was silent longest goes first. */
export class Heard {
  /** The one that was heard last stands last. */
  private readonly topics = new Map<string, HeardTopic>();

  constructor(private readonly groups = new DeviceGroups()) {}

  note(view: MessageView, understanding: Understanding): void {
    const { topic, receivedAt } = view;
    const known = this.topics.get(topic) ?? newTopic(topic, receivedAt);
    this.topics.delete(topic);
    this.topics.set(topic, known);
    if (this.topics.size > MOST_TOPICS) this.topics.delete(this.topics.keys().next().value ?? '');
    known.messages++;
    known.lastAt = Math.max(known.lastAt, receivedAt);
    const { dialect, recognition, values, problem } = understanding;
    if (recognition && recognition.sureness > (known.recognition?.sureness ?? 0)) {
      known.dialect = dialect;
      known.recognition = recognition;
    }
    Object.assign(known.values, values);
    known.problems = together(known.problems, problem === null ? [] : [problem]);
    known.text = shown(view.payload);
    this.groups.hear(view, understanding);
  }

  /** The filter of the device that a topic is taken to be of, as far as is known by now. */
  filterOf(topic: string): string {
    return this.groups.filterOf(topic, true);
  }

  /** Those heard after `since`, the newest device first; the order does not change with each message. */
  since(since: number): HeardDevice[] {
    return [...this.grouped()]
      .map(([filter, topics]) => describe(filter, topics))
      .filter(({ lastAt }) => lastAt >= since)
      .sort((a, b) => b.lastAt - a.lastAt)
      .slice(0, MOST_DEVICES)
      .sort((a, b) => b.firstAt - a.firstAt || (a.filter < b.filter ? -1 : 1));
  }

  /** Forgets topics: they have a place now. */
  forget(isMeant: (topic: string) => boolean): void {
    for (const topic of this.topics.keys()) if (isMeant(topic)) this.topics.delete(topic);
  }

  /** Topics by the filter of their device. What nobody knows belongs to a known device that it stands under. */
  private grouped(): Map<string, HeardTopic[]> {
    const filters = new Map<HeardTopic, string>();
    for (const one of this.topics.values()) filters.set(one, this.groups.filterOf(one.topic, one.dialect !== null));
    const known = new Map<string, { levels: string[]; dialects: Set<string> }>();
    for (const [{ dialect }, filter] of filters) {
      if (dialect === null) continue;
      const one = known.get(filter) ?? { levels: filter.split('/'), dialects: new Set() };
      known.set(filter, { ...one, dialects: one.dialects.add(dialect) });
    }
    const around = ({ topic, dialect }: HeardTopic, own: string): string => {
      const levels = topic.split('/');
      for (const [filter, device] of known)
        if (filter.length < own.length && (dialect === null || device.dialects.has(dialect)))
          if (matchesFilter(device.levels, levels)) return filter;
      return own;
    };
    return Map.groupBy(this.topics.values(), (one) => around(one, filters.get(one) ?? one.topic));
  }
}

const newTopic = (topic: string, at: number): HeardTopic => ({
  ...{ topic, dialect: null, recognition: null, values: {}, problems: [], messages: 0 },
  ...{ firstAt: at, lastAt: at, text: '' },
});

const together = (older: readonly string[], newer: readonly string[]): string[] =>
  [...new Set([...newer, ...older])].slice(0, MOST_PROBLEMS);

/** What several topics of a device said, in the order in which they were heard last. */
function describe(filter: string, topics: readonly HeardTopic[]): HeardDevice {
  const surest = topics.reduce((a, b) => ((b.recognition?.sureness ?? 0) > (a.recognition?.sureness ?? 0) ? b : a));
  const newest = topics.at(-1) ?? surest;
  const values: MetricValues = Object.assign({}, ...topics.map((one) => one.values));
  const name = filterName(filter, familyName(surest.dialect));
  return {
    ...{ filter, name: capitalised(name.slice(0, 80)), role: roleOf(values), values },
    ...{ dialect: surest.dialect, recognition: surest.recognition, topics: topics.length },
    problems: topics.reduce<string[]>((all, one) => together(all, one.problems), []),
    messages: topics.reduce((sum, { messages }) => sum + messages, 0),
    firstAt: Math.min(...topics.map(({ firstAt }) => firstAt)),
    lastAt: Math.max(...topics.map(({ lastAt }) => lastAt)),
    sample: { topic: newest.topic, text: newest.text },
  };
}

/** Programs and makers whose lamps and thermometers write as their meters do. */
const OF_ANYTHING = new Set([
  ...[
    'tasmota',
    'zigbee2mqtt',
    'zwave-js',
    'shelly',
    'shelly-gen1',
    'openbeken',
    'kasa',
    'meross',
    'domoticz',
    'ccu-jack',
  ],
  ...['home-assistant', 'plain-names', 'plain-meter'],
]);

/** True for what is known by its writing, and said nothing about energy so far: a lamp or a thermometer. */
export const isMute = ({ dialect, values }: Pick<HeardDevice, 'dialect' | 'values'>): boolean =>
  dialect !== null && OF_ANYTHING.has(dialect) && !Object.values(values).some((value) => typeof value === 'number');

/** What several devices of one source all say, so that the newest word of any of them counts. */
export function saidTwice(devices: readonly HeardDevice[]): NumericMetric[] {
  const said = new Map<NumericMetric, number>();
  for (const { values } of devices.filter(({ dialect }) => countsNewestOnly(dialect)))
    for (const [name, value] of Object.entries(values) as [NumericMetric, unknown][])
      if (typeof value === 'number') said.set(name, (said.get(name) ?? 0) + 1);
  return [...said].flatMap(([name, count]) => (count > 1 ? [name] : []));
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
