import type { MetricName } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';

/**
 * Readings as files: CSV with a header (`timestamp` and catalogue names), or one JSON object a line (NDJSON). What is
 * exported can be imported again.
 */
export type FileFormat = 'csv' | 'ndjson';

/** Turns the lines of a file into objects of Ampra's own format; a line that is none gives a sentence. */
export class LineReader {
  private header: string[] | null = null;
  private separator = ',';

  constructor(private readonly format: FileFormat) {}

  /** The object of a line, a sentence that says what is wrong with it, or null for a line without a reading. */
  read(line: string): Record<string, unknown> | string | null {
    const text = line.replace(/^\uFEFF/, '').trim();
    if (text === '') return null;
    return this.format === 'ndjson' ? jsonLine(text) : this.csvLine(text);
  }

  private csvLine(text: string): Record<string, unknown> | string | null {
    if (!this.header) return this.takeHeader(text);
    const cells = splitCsv(text, this.separator);
    if (cells.length > this.header.length) return `has ${cells.length} cells, but the header has ${this.header.length}`;
    const object: Record<string, unknown> = {};
    for (const [i, cell] of cells.entries()) {
      const name = this.header[i] ?? '';
      if (cell !== '' && name !== '') object[name] = this.value(name, cell);
    }
    return object;
  }

  private takeHeader(text: string): string | null {
    this.separator =
      [',', ';', '\t'].map((s) => ({ s, n: text.split(s).length })).sort((a, b) => b.n - a.n)[0]?.s ?? ',';
    this.header = splitCsv(text, this.separator).map((name) => (name === 'time' ? 'timestamp' : name));
    if (this.header.includes('timestamp')) return null;
    return 'is the header, and names no column "timestamp"';
  }

  private value(name: string, cell: string): unknown {
    if (name === 'faultCodes' || name === 'warningCodes') return cell.split('|');
    // Files with semicolons come from places where the decimal sign is a comma.
    return this.separator === ';' && /^[+-]?\d+,\d+$/.test(cell) ? cell.replace(',', '.') : cell;
  }
}

function jsonLine(text: string): Record<string, unknown> | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'is not valid JSON';
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'is not a JSON object';
  const { time, values, ...rest } = json as Record<string, unknown>;
  // Items of the API have their values one level down.
  if (typeof values === 'object' && values !== null) return { timestamp: time, ...values, ...rest };
  return time === undefined || 'timestamp' in rest ? (json as Record<string, unknown>) : { timestamp: time, ...rest };
}

/** Cells of one line (RFC 4180; a quoted cell may hold separators and doubled quotes, but no line break). */
export function splitCsv(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i] ?? '';
    if (isQuoted && c === '"' && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (c === '"') isQuoted = !isQuoted;
    else if (c === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += c;
  }
  return [...cells, cell.trim()];
}

export function csvHeader(columns: readonly MetricName[]): string {
  return `timestamp,${columns.join(',')}\n`;
}

/** One reading as a line; the time is ISO 8601 UTC. */
export function readingLine(
  reading: { time: number; values: MetricValues },
  format: FileFormat,
  columns: readonly MetricName[],
): string {
  const timestamp = new Date(reading.time).toISOString();
  if (format === 'ndjson') return `${JSON.stringify({ timestamp, ...reading.values })}\n`;
  return `${[timestamp, ...columns.map((name) => csvCell(reading.values[name]))].join(',')}\n`;
}

function csvCell(value: number | string | string[] | undefined): string {
  if (value === undefined) return '';
  const text = Array.isArray(value) ? value.join('|') : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""').replace(/[\r\n]+/g, ' ')}"` : text;
}

/** Lines of a stream of UTF-8 bytes, without their ends. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
