import type { MetricName } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import { AmpraError } from '../core/result.ts';

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
    if (name === 'faultCodes' || name === 'warningCodes') return cell.replace(/^'(?='*[=+\-@\t\r])/, '').split('|');
    // Files with semicolons come from places where the decimal sign is a comma.
    if (this.separator === ';' && /^[+-]?\d+,\d+$/.test(cell)) return cell.replace(',', '.');
    return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
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

/** What a spreadsheet would take for a formula, with what was put before such text already. */
const FORMULA = /^'*[=+\-@\t\r]/;

/** Text that a device made up must not be run by the spreadsheet that opens the file: an apostrophe goes before it. */
function csvCell(value: number | string | string[] | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const plain = Array.isArray(value) ? value.join('|') : value;
  const text = FORMULA.test(plain) ? `'${plain}` : plain;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""').replace(/[\r\n]+/g, ' ')}"` : text;
}

/** Characters of the longest line that a file of readings may have. */
export const LONGEST_LINE = 1_000_000;

/** Lines of a stream of UTF-8 bytes, without their ends. Throws `AmpraError` (invalid) when one does not end. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let length = 0;
  const add = (part: string) => {
    length += part.length;
    if (length > LONGEST_LINE)
      throw new AmpraError({
        code: 'invalid',
        message: 'A line is longer than any of readings: this is another file.',
      });
    if (part !== '') parts.push(part);
  };
  const take = () => {
    const line = parts.join('');
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      add(text.slice(from, end));
      yield take();
      from = end + 1;
    }
    add(text.slice(from));
  }
  add(decoder.decode());
  if (length > 0) yield take();
}
