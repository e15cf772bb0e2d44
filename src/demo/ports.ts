import type { MetricValues } from '../core/reading.ts';
import type { HouseState } from './house-model.ts';

/** A device at work: sends what the house shows when asked to, until it is stopped. */
export interface DemoDevice {
  /** Resolves when the appliance has acknowledged. */
  send(values: MetricValues): Promise<void>;
  stop(): Promise<void>;
}

/** Fills in what a house that had fetched its weather for a year would know. */
export interface DemoWeather {
  fill(sourceIds: readonly string[], now: number): void;
}

/** What the demo must remember between two starts. */
export interface DemoMemory {
  load(): DemoRecord | null;
  save(record: DemoRecord): void;
}

export interface DemoRecord {
  email: string;
  password: string;
  inverter: { id: string; mqttApiKey: string };
  garage: { id: string; webhookSecret: string };
  house: HouseState;
}
