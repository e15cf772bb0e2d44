import type { MetricValues, RejectedValue } from '../core/reading.ts';

/** A message as it came in, before anybody knows what it means. */
export interface IncomingMessage {
  topic: string;
  payload: Uint8Array;
  /** ms UTC by the appliance's clock. */
  receivedAt: number;
  isRetained: boolean;
}

export interface DialectContext {
  /** The source's zone: devices that send local time without a zone mean this one. */
  timeZone: string;
}

/** What a dialect makes of a message. */
export interface Interpretation {
  /** `time` is null when the device sent none: then the time of arrival counts. */
  readings: InterpretedReading[];
  rejected: RejectedValue[];
}

export interface InterpretedReading {
  /** ms UTC; null when the device sent no time. */
  time: number | null;
  values: MetricValues;
  metadata?: Record<string, unknown>;
  /** Place in the batch; 0 for a single object. */
  index: number;
}

/**
 * One device family. A pure file: recognises what it publishes and maps it to the catalogue with units and signs.
 * `recognise` answers 0 (not mine) to 1 (certain) and must be cheap; `interpret` never throws.
 */
export interface Dialect {
  readonly name: string;
  recognise(message: IncomingMessage): number;
  interpret(message: IncomingMessage, context: DialectContext): Interpretation;
  /** Topics the device listens on, so that it may subscribe to its commands; `+` and `#` as in MQTT. */
  readonly commandTopics?: readonly string[];
}
