import {
  BIGINT,
  DOUBLE as DUCK_DOUBLE,
  FLOAT as DUCK_FLOAT,
  type DuckDBDataChunk,
  DuckDBListValue,
  type DuckDBType,
  INTEGER,
  LIST,
  VARCHAR,
} from '@duckdb/node-api';

/** Columns in and out of the package's vectors as typed arrays: its per-value setters are five times slower on sparse columns. */

/** A column of numbers; NaN stands for "no value". */
export type NumberColumn = { type: 'float' | 'double' | 'integer' | 'bigint'; values: Float64Array };
/** A column of words or of lists of words. */
export type TextColumn = { type: 'text'; values: (string | null)[] };
export type ListColumn = { type: 'list'; values: (readonly string[] | null)[] };
export type Column = NumberColumn | TextColumn | ListColumn;

/** A column of an answer: numbers, or words and lists of words. */
export type AnswerColumn = { numbers: Float64Array } | { texts: (string | string[] | null)[] };

export function isNumber(type: DuckDBType): boolean {
  return type === DUCK_FLOAT || type === DUCK_DOUBLE || type.toString() === 'FLOAT' || type.toString() === 'DOUBLE';
}

export function textOf(value: unknown): string | string[] | null {
  if (value === null || value === undefined) return null;
  return value instanceof DuckDBListValue ? value.items.map(String) : String(value);
}

export function duckType(column: Column): DuckDBType {
  switch (column.type) {
    case 'float':
      return DUCK_FLOAT;
    case 'double':
      return DUCK_DOUBLE;
    case 'integer':
      return INTEGER;
    case 'bigint':
      return BIGINT;
    case 'text':
      return VARCHAR;
    case 'list':
      return LIST(VARCHAR);
  }
}

/** The parts of the package's vectors that hold the values: private by its types, the same in the pinned version. */
interface OpenVector {
  items: Float32Array | Float64Array | Int32Array | BigInt64Array;
  validity: { data: BigUint64Array | null };
  flush(): void;
}
interface OpenTextVector {
  itemCache: string[];
  itemCacheDirty: boolean[];
  validity: { data: BigUint64Array | null };
  flush(): void;
}
interface OpenListVector {
  itemCache: (DuckDBListValue | null)[];
  validity: { data: BigUint64Array | null };
  flush(): void;
}

export function copyIn(chunk: DuckDBDataChunk, index: number, column: Column, from: number, count: number): void {
  if (column.type === 'text') copyTexts(chunk, index, column.values.slice(from, from + count));
  else if (column.type === 'list') copyLists(chunk, index, column.values.slice(from, from + count));
  else copyNumbers(chunk, index, column.values.subarray(from, from + count));
}

function copyNumbers(chunk: DuckDBDataChunk, index: number, values: Float64Array): void {
  const vector = chunk.getColumnVector(index) as unknown as OpenVector;
  vector.validity.data = validityOf(values);
  if (vector.items instanceof BigInt64Array) {
    for (let i = 0; i < values.length; i++) {
      const v = values[i] as number;
      vector.items[i] = Number.isNaN(v) ? 0n : BigInt(v);
    }
  } else vector.items.set(values);
  vector.flush();
}

/** Most columns of words are empty most of the time: those cost nothing but their bits. */
function copyTexts(chunk: DuckDBDataChunk, index: number, values: readonly (string | null)[]): void {
  const vector = chunk.getColumnVector(index) as unknown as OpenTextVector;
  vector.validity.data = validityOfItems(values);
  for (let i = 0; i < values.length; i++) {
    const text = values[i];
    if (text === null || text === undefined) continue;
    vector.itemCache[i] = text;
    vector.itemCacheDirty[i] = true;
  }
  vector.flush();
}

const NO_CODES = new DuckDBListValue([]);

function copyLists(chunk: DuckDBDataChunk, index: number, lists: readonly (readonly string[] | null)[]): void {
  const vector = chunk.getColumnVector(index) as unknown as OpenListVector;
  vector.validity.data = validityOfItems(lists);
  for (let i = 0; i < lists.length; i++) {
    const list = lists[i];
    vector.itemCache[i] = list ? (list.length === 0 ? NO_CODES : new DuckDBListValue(list)) : null;
  }
  vector.flush();
}

/** A bit for each value, set where there is one; null when all are there. */
function validityOf(values: Float64Array): BigUint64Array | null {
  let words: Uint32Array | null = null;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!Number.isNaN(v)) continue;
    words ??= allValid(values.length);
    words[i >>> 5] = (words[i >>> 5] as number) & ~(1 << (i & 31));
  }
  return words && new BigUint64Array(words.buffer);
}

function validityOfItems(items: readonly unknown[]): BigUint64Array | null {
  let words: Uint32Array | null = null;
  for (let i = 0; i < items.length; i++) {
    if (items[i] !== null) continue;
    words ??= allValid(items.length);
    words[i >>> 5] = (words[i >>> 5] as number) & ~(1 << (i & 31));
  }
  return words && new BigUint64Array(words.buffer);
}

function allValid(count: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(Math.ceil(count / 64) * 2).fill(0xffffffff);
}

export function copyOut(chunk: DuckDBDataChunk, index: number, into: Float64Array, offset: number): void {
  const vector = chunk.getColumnVector(index) as unknown as OpenVector;
  const { items } = vector;
  if (items instanceof BigInt64Array) throw new TypeError('numbers() reads DOUBLE and FLOAT columns: cast the others');
  into.set(items, offset);
  const bits = vector.validity.data;
  if (!bits) return;
  const bytes = new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength);
  for (let i = 0; i < items.length; i++) {
    if (((bytes[i >>> 3] as number) & (1 << (i & 7))) === 0) into[offset + i] = Number.NaN;
  }
}
