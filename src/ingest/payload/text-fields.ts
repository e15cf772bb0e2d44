import { numberOf, unitBehind } from '../field-draft.ts';

/** Fields that a text writes by name, in their order. */
export type TextFields = ReadonlyMap<string, string>;

const [SHORTEST, LONGEST] = [7, 8192];
const [LEAST_FIELDS, MOST_FIELDS] = [2, 300];
const LONGEST_VALUE = 80;
const NAME = /^[\p{L}_][\p{L}\p{N}_ .()[\]%°*/-]{0,59}$/u;
/** A name and its value, parted by one of these. */
const PAIR = /^\s*"?([^=:"\t]{1,60}?)"?\s*[=:\t]\s*(.*?)\s*$/;
/** `pv_power 1200 W`: what follows must be a number. */
const SPACED_PAIR = /^\s*(\S.{0,58}?)\s+([+-]?\d\S*(?:\s?[a-zA-Z%°]{1,3})?)\s*$/;
const BETWEEN_PAIRS = [';', '&', '|', ','] as const;
const BETWEEN_COLUMNS = [';', '\t', '|', ','] as const;
/** `measurement,tag=x field=1,other=2i 1785000000000000000` (InfluxDB's line protocol). */
const LINE_PROTOCOL = /^([^\s,=]{1,60})(?:,[^\s,=]+=[^\s,]+)* ([^\s=,]+=\S+?)(?: \d{9,19})?$/;

/** As InfluxDB writes it (`power=2504i`). */
const WHOLE_NUMBER = /=-?\d+[iu](?=[, ]|$)/;

/** True where a text may be fields by name, or a row of columns, which is cheap to ask. */
export const looksLikeFields = (text: string | null): text is string =>
  text !== null && text.length >= SHORTEST && text.length <= LONGEST && /[=:;,|\t\n]/.test(text);

/**
 * The fields of a text: `a=1;b=2`, `a: 1, b: 2`, `a=1&b=2`, lines of either or of `a 1`, a line of column names above one of
 * values, or InfluxDB's line protocol. Null where some of it is something else: then nobody can say what the rest is.
 */
export function fieldsIn(text: string): TextFields | null {
  const lines = linesOf(text);
  const [first = '', second] = lines;
  if (second === undefined) return inOneLine(first);
  const header = lines.length === 2 ? headerIn(first) : null;
  return (header && rowIn(second, header)) ?? fromPairs(lines.map(pairIn));
}

/** The names of columns, where a line holds nothing else. */
export function headerIn(text: string): string[] | null {
  for (const sign of BETWEEN_COLUMNS) {
    const names = cellsOf(text, sign).map((cell) => cell.replace(/^#\s*/, '').replace(/\[(.{1,4})\]$/, '($1)'));
    const isHeader =
      names.length >= LEAST_FIELDS + 1 && names.length <= MOST_FIELDS && new Set(names).size === names.length;
    if (isHeader && names.every((name) => NAME.test(name) && numberOf(name) === null)) return names;
  }
  return null;
}

/** The values of a line by the names of their columns; null where it does not have as many. */
export function rowIn(line: string, names: readonly string[]): TextFields | null {
  for (const sign of BETWEEN_COLUMNS) {
    const cells = cellsOf(line.trim(), sign);
    if (cells.length !== names.length || cells.some((cell) => cell.length > LONGEST_VALUE)) continue;
    // A second header is no row.
    if (cells.filter(isNumber).length >= LEAST_FIELDS) return new Map(names.map((name, i) => [name, cells[i] ?? '']));
  }
  return null;
}

const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/, MOST_FIELDS + 1)
    .map((line) => line.trim())
    .filter((line) => line !== '');

const cellsOf = (line: string, sign: string): string[] =>
  line.split(sign).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

const isNumber = (text: string): boolean => numberOf(unitBehind(text).digits) !== null;

type Pair = readonly [name: string, value: string];

function pairIn(text: string): Pair | null {
  const [, name = '', value = ''] = PAIR.exec(text) ?? SPACED_PAIR.exec(text) ?? [];
  return NAME.test(name) && value.length <= LONGEST_VALUE ? [name.trim(), value.replace(/^"(.*)"$/, '$1')] : null;
}

function fromPairs(pairs: readonly (Pair | null)[]): TextFields | null {
  if (pairs.length < LEAST_FIELDS || pairs.length > MOST_FIELDS || pairs.includes(null)) return null;
  const fields = new Map(pairs as readonly Pair[]);
  return fields.size === pairs.length && [...fields.values()].filter(isNumber).length >= LEAST_FIELDS ? fields : null;
}

function inOneLine(line: string): TextFields | null {
  const measured = WHOLE_NUMBER.test(line) ? ofMeasurement(line) : null;
  if (measured) return measured;
  for (const sign of BETWEEN_PAIRS) {
    const pieces = line.split(sign).filter((piece) => piece.trim() !== '');
    const found = pieces.every((piece) => PAIR.test(piece)) ? fromPairs(pieces.map(pairIn)) : null;
    if (found) return sign === '&' ? new Map([...found].map(unescaped)) : found;
  }
  return fromPairs(spacedPairs(line)) ?? ofMeasurement(line);
}

/** `a=1 b=2`. */
const spacedPairs = (line: string): (Pair | null)[] =>
  line
    .replace(/\s*[=:]\s*/g, '=')
    .split(/\s+/)
    .map((piece) => (piece.includes('=') ? pairIn(piece) : null));

function ofMeasurement(line: string): TextFields | null {
  const [, measurement = '', fields = ''] = LINE_PROTOCOL.exec(line) ?? [];
  const pairs = fields.split(',').map((piece) => pairIn(piece.replace(/(=-?\d+)[iu]$/, '$1')));
  return fromPairs(pairs.map((pair) => pair && [`${measurement}.${pair[0]}`, pair[1]]));
}

/** As a form or an address writes it. */
function unescaped([name, value]: Pair): Pair {
  const plain = (text: string) => {
    try {
      return decodeURIComponent(text.replaceAll('+', ' '));
    } catch {
      return text;
    }
  };
  return [plain(name), plain(value)];
}
