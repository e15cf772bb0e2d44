import type { MetricValues, RejectedValue } from '../core/reading.ts';
import type { SourceRole } from '../sources/source.ts';
import type { DialectMemory } from './memory/dialect-memory.ts';
import type { IncomingMessage } from './payload/incoming-message.ts';
import type { MessageView } from './payload/message-view.ts';

export type { IncomingMessage };

/** What is known about who sent a message. */
export interface DialectContext {
  /** The source's zone: devices that send local time without a zone mean this one. */
  timeZone: string;
  /** What the source measures: decides which quantity a bare meter or plug reports. `system` when absent. */
  role?: SourceRole;
  /** Whether panels can give nothing at a time, ms UTC; absent where nobody knows the place. */
  isDark?: (at: number) => boolean;
  /**
   * What earlier messages of the same device and owner said (see `dialect-memory.ts`). Dialects keep nothing
   * themselves; without a memory each message is understood as far as it goes alone.
   */
  memory?: DialectMemory;
}

/** How sure a dialect is that a message is its own, 0 (excluded) to 1, and why in a few words for people. */
export interface Recognition {
  readonly sureness: number;
  readonly reason: string;
}

/** What a dialect makes of a message. No readings and nothing rejected: understood, but without a measured value. */
export interface Interpretation {
  /** `time` is null when the device sent none: then the time of arrival counts. */
  readings: InterpretedReading[];
  rejected: RejectedValue[];
  /** True when the message said something that must be known again after a start (it is handed in again then). */
  isAnnouncement?: boolean;
}

export interface InterpretedReading {
  /** ms UTC; null when the device sent no time. */
  time: number | null;
  values: MetricValues;
  metadata?: Record<string, unknown>;
  /** Place in the batch; 0 for a single object. */
  index: number;
  /** One value of a device that spreads its reading over many messages: it goes into the reading of its second. */
  isPartial?: boolean;
}

/**
 * One device family. A pure file: recognises what it publishes and maps it to the catalogue with units and signs.
 * `recognise` answers null when the message is not its own, and must be cheap; `interpret` never throws.
 */
export interface Dialect {
  readonly name: string;
  recognise(message: MessageView, context: DialectContext): Recognition | null;
  interpret(message: MessageView, context: DialectContext): Interpretation;
  /** Asked only about messages that no other dialect takes for its own. */
  readonly isLastResort?: true;
  /** Topics the device listens on, so that it may subscribe to its commands; `+` and `#` as in MQTT. */
  readonly commandTopics?: readonly string[];
}
