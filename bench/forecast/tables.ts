import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { fromLocalInput } from '../../src/core/wall-clock.ts';

/** A table of the test data: comma separated, packed. */
export interface Table {
  rows: string[][];
  /** A column as numbers; empty cells are NaN. */
  numbers(name: string): number[];
  texts(name: string): string[];
}

/** Local stamps that run over 25 hours in one day of the year, as a clock without the repeated hour shows them. */
export function localTimes(stamps: readonly string[], timeZone: string): number[] {
  return stamps.map((text) => fromLocalInput(text.replace(' ', 'T'), timeZone) ?? Number.NaN);
}

const tables = new Map<string, Table>();

/** Reads a table once. */
export function read(path: string): Table {
  const known = tables.get(path);
  if (known) return known;
  const [head = '', ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  const rows = lines.map((line) => line.split(','));
  const column = (name: string): number => {
    const index = names.indexOf(name);
    if (index < 0) throw new Error(`${path} has no column ${name}`);
    return index;
  };
  const table: Table = {
    rows,
    texts: (name) => ((at) => rows.map((row) => row[at] ?? ''))(column(name)),
    numbers: (name) => ((at) => rows.map((row) => (row[at] ? Number(row[at]) : Number.NaN)))(column(name)),
  };
  tables.set(path, table);
  return table;
}
