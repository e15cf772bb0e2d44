import type { LogLine, MemoryLogSink } from '../platform/log.ts';
import type { LogReader } from './ports.ts';
import type { LogEntry, LogLevelName } from './system.ts';

const order: Record<LogLevelName, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** The newest log lines, from memory. */
export class MemoryLogReader implements LogReader {
  constructor(
    private readonly sink: MemoryLogSink,
    readonly least: LogLevelName,
  ) {}

  newest({ level, limit }: { level: LogLevelName; limit: number }): LogEntry[] {
    const lines: LogLine[] = this.sink.newest().filter((line) => order[line.level] >= order[level]);
    return lines.slice(-limit).reverse();
  }

  onLine(listener: () => void): () => void {
    return this.sink.onLine(listener);
  }
}
