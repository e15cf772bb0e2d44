import { ok, type Result, refuse } from '../core/result.ts';

/** Columns of numbers over time, as a CSV file holds them. */
export interface TimeColumns {
  /** ms UTC, in the order of the file. */
  times: Float64Array;
  /** By header; NaN where the cell is empty. */
  columns: Map<string, Float64Array>;
  notes: string[];
}

const UNKNOWN = new Set(['', 'nan', 'null', 'na', 'n/a', '-']);
const ZONED = /(?:z|[+-]\d\d:?\d\d)$/i;
const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Reads a CSV with a header, a `time` column in ISO 8601 and columns of numbers; comma, semicolon or tab. Lines about the file
 * before the header are passed over, units in brackets behind a name taken off. Times without a zone are UTC. `name` is what the file is called in a refusal.
 */
export function readTimeColumns(text: string, name: string): Result<TimeColumns> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const headLine = headLineOf(lines);
  if (headLine < 0)
    return refuse('invalid', `${name} is empty.`, { hint: 'It needs a header and a row for each interval.' });
  const head = lines[headLine] ?? '';
  const separator = separatorOf(head);
  const names = head.split(separator).map(columnName);
  const timeAt = names.indexOf('time');
  if (timeAt < 0)
    return refuse('invalid', `${name}, line ${headLine + 1}: there is no column "time" (found: ${names.join(', ')}).`, {
      hint: 'Name the column with the start of each row "time".',
    });
  const rows = lines.length - headLine - 1;
  const times = new Float64Array(rows);
  const values = names.map(() => new Float64Array(rows).fill(Number.NaN));
  let [count, unzoned] = [0, 0];
  for (let line = headLine + 1; line < lines.length; line++) {
    const content = lines[line] ?? '';
    if (content.trim() === '') continue;
    const cells = content.split(separator);
    const where = `${name}, line ${line + 1}`;
    if (cells.slice(names.length).some((cell) => cell.trim() !== ''))
      return refuse('invalid', `${where}: ${cells.length} cells under ${names.length} columns.`, {
        hint: 'Each row needs one cell a column; numbers have a point, not a comma, and no separators.',
      });
    const stamp = clean(cells[timeAt]);
    const time = ISO.test(stamp) ? Date.parse(isoOf(stamp)) : Number.NaN;
    if (Number.isNaN(time))
      return refuse('invalid', `${where}: "${stamp}" is not a time.`, {
        hint: 'Write times in ISO 8601 UTC, like 2026-03-29T12:00:00Z.',
      });
    if (!ZONED.test(stamp)) unzoned++;
    times[count] = time;
    for (let column = 0; column < names.length; column++) {
      if (column === timeAt) continue;
      const cell = clean(cells[column]);
      if (UNKNOWN.has(cell.toLowerCase())) continue;
      const value = Number(cell);
      if (Number.isNaN(value))
        return refuse('invalid', `${where}: "${cell}" under "${names[column]}" is not a number.`, {
          hint: 'Leave a cell empty where nothing is known.',
        });
      const series = values[column];
      if (series) series[count] = value;
    }
    count++;
  }
  if (count === 0)
    return refuse('invalid', `${name} has a header and no rows.`, { hint: 'It needs a row for each interval.' });
  const columns = new Map(
    names.flatMap((column, at) => (at === timeAt ? [] : [[column, (values[at] ?? times).subarray(0, count)]])),
  );
  const notes = unzoned > 0 ? [`${name}: ${unzoned} times have no zone and were taken as UTC.`] : [];
  return ok({ times: times.subarray(0, count), columns, notes });
}

/** A header may come after some lines about the file, as Open-Meteo writes them. */
const MOST_LINES_BEFORE = 20;

/** Number of the line with the column `time`, else of the first that is not empty; -1 when there is none. */
function headLineOf(lines: readonly string[]): number {
  const withTime = lines
    .slice(0, MOST_LINES_BEFORE)
    .findIndex((line) => line.split(separatorOf(line)).some((cell) => columnName(cell) === 'time'));
  return withTime >= 0 ? withTime : lines.findIndex((line) => line.trim() !== '');
}

const separatorOf = (head: string): string => [',', ';', '\t'].find((mark) => head.includes(mark)) ?? ',';

const clean = (cell: string | undefined): string => (cell ?? '').trim().replace(/^"(.*)"$/, '$1');

/** `Temperature_2m (°C)` is `temperature_2m`. */
const columnName = (cell: string): string =>
  clean(cell)
    .replace(/\s*[([].*$/, '')
    .trim()
    .toLowerCase();

/** ISO 8601 as `Date.parse` takes it, UTC where nothing is said. */
function isoOf(stamp: string): string {
  const withT = stamp.replace(' ', 'T');
  const full = withT.length === 10 ? `${withT}T00:00` : withT;
  return ZONED.test(full) ? full : `${full}Z`;
}
