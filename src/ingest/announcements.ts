import type { NumericMetric, TextMetric } from '../core/metrics.ts';
import type { Part } from './dialect-memory.ts';
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
  deviceId: string;
  uniqueId: string;
}

const MOST_CONFIGS = 4096;

/**
 * What an owner's devices announced under `<prefix>/<component>/.../config` (Home Assistant's MQTT discovery), by state
 * topic. Bounded: the announcement that was heard longest ago goes first. One for each owner, because the topics of an
 * owner are one space and a device may be announced by another client than the one that sends its states.
 */
export class Announcements {
  private readonly configs = new Map<string, readonly AnnouncedValue[]>();
  private readonly byTopic = new Map<string, AnnouncedValue[]>();
  /** State topics that belong to announced devices, whether or not the catalogue has a place for what they say. */
  private readonly topics = new Map<string, number>();
  private readonly topicsOf = new Map<string, readonly string[]>();

  /** Takes what one config message announced; an empty list withdraws it. */
  announce(configTopic: string, values: readonly AnnouncedValue[], stateTopics: readonly string[]): void {
    this.withdraw(configTopic);
    if (stateTopics.length === 0) return;
    const eldest = this.configs.keys().next().value;
    if (this.configs.size >= MOST_CONFIGS && eldest !== undefined) this.withdraw(eldest);
    this.configs.set(configTopic, values);
    this.topicsOf.set(configTopic, stateTopics);
    for (const topic of stateTopics) this.topics.set(topic, (this.topics.get(topic) ?? 0) + 1);
    for (const value of values) {
      const there = this.byTopic.get(value.stateTopic);
      if (there) there.push(value);
      else this.byTopic.set(value.stateTopic, [value]);
    }
  }

  withdraw(configTopic: string): void {
    const values = this.configs.get(configTopic);
    if (values === undefined) return;
    this.configs.delete(configTopic);
    for (const topic of this.topicsOf.get(configTopic) ?? []) {
      const left = (this.topics.get(topic) ?? 0) - 1;
      if (left > 0) this.topics.set(topic, left);
      else this.topics.delete(topic);
    }
    this.topicsOf.delete(configTopic);
    for (const { stateTopic } of values) {
      const left = this.byTopic.get(stateTopic)?.filter((value) => !values.includes(value));
      if (left && left.length > 0) this.byTopic.set(stateTopic, left);
      else this.byTopic.delete(stateTopic);
    }
  }

  /** True when a device announced that it publishes there. */
  knows(stateTopic: string): boolean {
    return this.topics.has(stateTopic);
  }

  /** What the catalogue has of the values under a state topic. */
  at(stateTopic: string): readonly AnnouncedValue[] {
    return this.byTopic.get(stateTopic) ?? [];
  }

  /** The same for looking only: what is announced to it changes nothing. */
  glance(): Announcements {
    return Object.assign(Object.create(this) as Announcements, { announce: () => {}, withdraw: () => {} });
  }

  get size(): number {
    return this.configs.size;
  }
}
