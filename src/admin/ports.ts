import type { LogEntry, LogLevelName, Part, SystemState } from './system.ts';

/** What the System page, the operations routes and the diagnostics need to know of the appliance. */

export interface SystemReader {
  state(): Promise<SystemState>;
  parts(): Part[];
  /** Prometheus text exposition. */
  metricsText(): string;
}

export interface LogReader {
  /** Nothing below this level is written down. */
  least: LogLevelName;
  /** Newest first, of that level and above. */
  newest(options: { level: LogLevelName; limit: number }): LogEntry[];
  /** Called after each line; returns the way to stop. */
  onLine(listener: () => void): () => void;
}

export interface Diagnostics {
  /** A gzipped tar of what helps to find a fault, without secrets. */
  bundle(): Promise<Uint8Array>;
}
