import { fstatSync, writeSync } from 'node:fs';
import type { Log, LogFields, LogLevel } from '../core/log.ts';
import { forOneLine, forTerminal } from '../core/plain-text.ts';

/**
 * Structured logs: one JSON object a line on stderr (text when it is a terminal), and the newest kept in memory for the
 * System page. Secrets never reach a line: values of fields named like secrets are replaced.
 */
export interface LogLine {
  time: number;
  level: LogLevel;
  feature: string;
  message: string;
  fields: LogFields;
}

export interface LogSink {
  write(line: LogLine): void;
}

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };
const SECRET_FIELD = /password|secret|token|api[-_]?key|authorization|cookie/i;

export function createLog(options: { level: LogLevel; sinks: LogSink[]; now?: () => number; feature?: string }): Log {
  const now = options.now ?? Date.now;
  const at = (feature: string): Log => {
    const emit =
      (level: LogLevel) =>
      (message: string, fields: LogFields = {}) => {
        if (order[level] < order[options.level]) return;
        const line = { time: now(), level, feature, message, fields: redact(fields) };
        for (const sink of options.sinks) sink.write(line);
      };
    return { debug: emit('debug'), info: emit('info'), warn: emit('warn'), error: emit('error'), for: at };
  };
  return at(options.feature ?? 'ampra');
}

/** The newest `capacity` lines, oldest first. */
export class MemoryLogSink implements LogSink {
  private lines: LogLine[] = [];
  private readonly listeners = new Set<() => void>();
  constructor(private readonly capacity = 2000) {}
  write(line: LogLine): void {
    this.lines.push(line);
    if (this.lines.length > this.capacity * 1.25) this.lines = this.lines.slice(-this.capacity);
    for (const listener of this.listeners) listener();
  }
  /** Called after each line; returns the way to stop. */
  onLine(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
  newest(count = this.capacity): LogLine[] {
    return this.lines.slice(-count);
  }
}

/** Lines for journald and containers: JSON, or plain text for a person at a terminal. */
export function streamSink(stream: { write(text: string): unknown }, format: 'json' | 'text'): LogSink {
  return { write: (line) => void stream.write(format === 'json' ? asJson(line) : asText(line)) };
}

/**
 * Standard error, which never fails: when it is a file on a full disk, or a pipe that nobody reads any more, lines are
 * lost and nothing else.
 */
export function standardError(): { write(text: string): unknown } {
  if (fstatSync(2).isFile()) return { write: (text) => attempt(() => writeSync(2, text)) };
  process.stderr.on('error', () => undefined);
  return process.stderr;
}

function attempt(work: () => unknown): void {
  try {
    work();
  } catch {
    // There is nowhere to say it.
  }
}

export const silentLog: Log = createLog({ level: 'error', sinks: [] });

function asJson({ time, level, feature, message, fields }: LogLine): string {
  return `${JSON.stringify({ time: new Date(time).toISOString(), level, feature, message, ...fields })}\n`;
}

function asText({ time, level, feature, message, fields }: LogLine): string {
  const clock = new Date(time).toISOString().slice(11, 19);
  const rest = Object.entries(fields).map(([k, v]) => `${k}=${valueText(k, v)}`);
  const head = forOneLine(`${clock} ${level.padEnd(5)} ${feature}: ${message}`);
  return `${head}${rest.length ? ` (${rest.join(', ')})` : ''}\n`;
}

/** Only where a program broke may take several lines. */
function valueText(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return name === 'stack' ? forTerminal(text) : forOneLine(text ?? '');
}

function redact(fields: LogFields): LogFields {
  const out: LogFields = {};
  for (const [key, value] of Object.entries(fields)) {
    out[key] = SECRET_FIELD.test(key) ? '[hidden]' : value instanceof Error ? describe(value) : value;
  }
  return out;
}

function describe(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
