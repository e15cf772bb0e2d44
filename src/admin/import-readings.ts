import { minutes } from '../core/durations.ts';
import type { Reading } from '../core/reading.ts';
import type { InterpretedReading } from '../ingest/dialect.ts';
import { interpretObjects } from '../ingest/own-format.ts';
import { lastOf, withoutUnknown } from '../ingest/payload/unknown-values.ts';
import { type FileFormat, LineReader } from './reading-file.ts';

/** A line, or a value in it, that was not taken. */
export interface LineProblem {
  line: number;
  field: string;
  message: string;
  /** When it was measured, ms UTC, where the line says so. */
  time?: number | null;
}

const NAMED_LINES = 8;

/** What was not taken of a file, in one sentence a reason with its lines. */
export class ProblemSummary {
  count = 0;
  private readonly linesByReason = new Map<string, { lines: number[]; more: number }>();

  add({ line, field, message }: LineProblem): void {
    this.count++;
    const reason = `${field ? `${field} ` : ''}${message}`.replace(/\.$/, '');
    const known = this.linesByReason.get(reason) ?? { lines: [], more: 0 };
    this.linesByReason.set(reason, known);
    if (known.lines.at(-1) === line) return;
    if (known.lines.length < NAMED_LINES) known.lines.push(line);
    else known.more++;
  }

  /** `Not taken: timestamp is missing (lines 3, 7); ...`. */
  text(stored: number): string {
    const reasons = [...this.linesByReason].map(([reason, { lines, more }]) => {
      const word = lines.length + more === 1 ? 'line' : 'lines';
      return `${reason} (${word} ${lines.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
    });
    const shown = reasons.slice(0, NAMED_LINES);
    const rest = reasons.length > shown.length ? `; ${reasons.length - shown.length} more reasons` : '';
    const whole = stored === 0 ? 'Nothing in the file could be stored' : 'Not everything was taken';
    return `${whole}: ${shown.join('; ')}${rest}.`;
  }
}

const OLDEST = Date.UTC(2010, 0, 1);
const NEWEST_AHEAD_MS = minutes(5);
/** Lines that are interpreted together. */
const BATCH = 500;

/**
 * Readings out of the lines of a file. The good part of a line is taken; what is not taken is named with its line.
 * The rules are those of Ampra's own format, but each reading must have a time.
 */
export async function* readingsIn(
  lines: AsyncIterable<string>,
  options: {
    format: FileFormat;
    sourceId: string;
    timeZone: string;
    now: number;
    onProblem: (problem: LineProblem) => void;
  },
): AsyncGenerator<Reading> {
  const reader = new LineReader(options.format);
  const taken: Taken = { newest: [] };
  let batch: { line: number; object: Record<string, unknown> }[] = [];
  let line = 0;
  for await (const text of lines) {
    line++;
    const object = reader.read(text);
    if (typeof object === 'string') options.onProblem({ line, field: '', message: object });
    else if (object) batch.push({ line, object });
    if (batch.length < BATCH) continue;
    yield* interpret(batch, options, taken);
    batch = [];
  }
  yield* interpret(batch, options, taken);
}

/** The readings that were taken last: what comes next may follow from them. */
interface Taken {
  newest: readonly InterpretedReading[];
}

function* interpret(
  batch: readonly { line: number; object: Record<string, unknown> }[],
  options: { sourceId: string; timeZone: string; now: number; onProblem: (problem: LineProblem) => void },
  taken: Taken,
): Generator<Reading> {
  if (batch.length === 0) return;
  const objects = batch.map((b) => b.object);
  const after = taken.newest.at(-1)?.time ?? null;
  const { readings, rejected } = interpretObjects(objects, { timeZone: options.timeZone, after });
  const lineOf = (index: number) => batch[index]?.line ?? 0;
  const known = withoutUnknown(readings, (metric) => lastOf(metric, taken.newest), rejected);
  taken.newest = known;
  for (const { index, field, message: why, time = null } of rejected)
    options.onProblem({ line: lineOf(index), field, message: why, time: timeProblem(time, options.now) ? null : time });
  for (const { time, values, metadata, index } of known) {
    const problem = timeProblem(time, options.now);
    if (problem || time === null)
      options.onProblem({ line: lineOf(index), field: 'timestamp', message: problem ?? '' });
    else yield { sourceId: options.sourceId, time, values, ...(metadata ? { metadata } : {}) };
  }
}

function timeProblem(time: number | null, now: number): string | null {
  if (time === null) return 'is missing';
  if (time < OLDEST) return 'is before 2010';
  return time > now + NEWEST_AHEAD_MS ? 'is in the future' : null;
}
