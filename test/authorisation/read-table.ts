import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The document that says who may what. It is read here, so that what it says is what is tested. */
export const documentPath = 'docs/who-may-what.md';

/** One line of a table: what it is about, and what each column says. */
export interface Row {
  about: string;
  cells: Readonly<Record<string, string>>;
}

/** Every row of the tables whose first column is called `name`, in order. Throws on a row of another width. */
export function rowsOf(name: string, text = readFileSync(join(import.meta.dir, '../..', documentPath), 'utf8')): Row[] {
  const rows: Row[] = [];
  let columns: string[] | null = null;
  for (const line of text.split('\n')) {
    const cells = cellsOf(line);
    if (cells === null) columns = null;
    else if (columns === null) columns = cells;
    else if (columns[0] === name && !/^:?-+:?$/.test(cells[0] ?? '')) rows.push(rowOf(columns, cells));
  }
  return rows;
}

function cellsOf(line: string): string[] | null {
  if (!line.startsWith('|')) return null;
  return line
    .trim()
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'));
}

function rowOf(columns: readonly string[], cells: readonly string[]): Row {
  if (cells.length !== columns.length)
    throw new Error(`${documentPath}: the line of ${cells[0]} has ${cells.length} cells instead of ${columns.length}`);
  const pairs = columns.slice(1).map((column, i) => [column, cells[i + 1] ?? ''] as const);
  return { about: cells[0] ?? '', cells: Object.fromEntries(pairs) };
}

/** A row as it stands in the document. */
export function lineOf(about: string, cells: readonly string[]): string {
  return `| \`${about}\` | ${cells.join(' | ')} |`;
}

/** What is in one list and not in the other, as sentences that say which line to add or to take out. */
export function differences(of: {
  thing: string;
  documented: readonly string[];
  real: readonly string[];
  lineFor(about: string): string;
}): string[] {
  const { thing, documented, real, lineFor } = of;
  const doubled = documented.filter((one, i) => documented.indexOf(one) !== i);
  return [
    ...real
      .filter((one) => !documented.includes(one))
      .map((one) => `${documentPath} lacks this ${thing}. Add: ${lineFor(one)}`),
    ...documented
      .filter((one) => !real.includes(one))
      .map((one) => `${documentPath} names a ${thing} that is gone. Take out the line of ${one}`),
    ...doubled.map((one) => `${documentPath} names the ${thing} ${one} twice`),
  ];
}
