import type { Block } from './block.ts';

/** Blocks as rows: some of them, several together. */

export const noRows = (): Block => ({ times: new Float64Array(), numbers: new Map(), texts: new Map() });

/** First place whose time is at least `time`. */
export function placeOf(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows from `from` (ms) to before `to`; shares memory. */
export function rowsBetween(block: Block, from: number, to: number): Block {
  const first = placeOf(block.times, from);
  const end = placeOf(block.times, to);
  return {
    times: block.times.subarray(first, end),
    numbers: new Map([...block.numbers].map(([name, values]) => [name, values.subarray(first, end)])),
    texts: new Map([...block.texts].map(([name, values]) => [name, values.slice(first, end)])),
  };
}

/** Blocks whose times follow each other as one. */
export function joinRows(blocks: readonly Block[]): Block {
  const filled = blocks.filter((block) => block.times.length > 0);
  const [only] = filled;
  if (!only) return noRows();
  if (filled.length === 1) return only;
  const count = filled.reduce((sum, block) => sum + block.times.length, 0);
  const joined: Block = { times: new Float64Array(count), numbers: new Map(), texts: new Map() };
  let at = 0;
  for (const block of filled) {
    joined.times.set(block.times, at);
    for (const [name, values] of block.numbers) numbersOf(joined, name).set(values, at);
    for (const [name, values] of block.texts) {
      const into = textsOf(joined, name);
      for (const [i, value] of values.entries()) into[at + i] = value;
    }
    at += block.times.length;
  }
  return joined;
}

/** The rows ascending, where stretches of them may stand in any order. */
export function inOrder(block: Block): Block {
  const { times } = block;
  if (isAscending(times)) return block;
  const order = new Uint32Array(times.length);
  for (let row = 0; row < order.length; row++) order[row] = row;
  order.sort((a, b) => (times[a] as number) - (times[b] as number));
  return {
    times: picked(times, order),
    numbers: new Map([...block.numbers].map(([name, values]) => [name, picked(values, order)])),
    texts: new Map([...block.texts].map(([name, values]) => [name, Array.from(order, (row) => values[row] ?? null)])),
  };
}

function isAscending(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if ((times[i] as number) < (times[i - 1] as number)) return false;
  return true;
}

function picked(values: Float64Array, order: Uint32Array): Float64Array {
  const result = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) result[i] = values[order[i] as number] as number;
  return result;
}

/** Rows of both, ascending. Where both have a time they are one row, in which the second's values count. */
export function layOver(under: Block, over: Block): Block {
  if (over.times.length === 0) return under;
  if (under.times.length === 0) return over;
  const last = under.times[under.times.length - 1] as number;
  if (last < (over.times[0] as number)) return joinRows([under, over]);
  const { times, unders, overs } = interleave(under.times, over.times);
  const names = (kind: 'numbers' | 'texts') => [...new Set([...under[kind].keys(), ...over[kind].keys()])];
  return {
    times,
    numbers: new Map(
      names('numbers').map((name) => {
        const values = new Float64Array(times.length).fill(Number.NaN);
        scatter(values, under.numbers.get(name), unders, Number.isNaN);
        scatter(values, over.numbers.get(name), overs, Number.isNaN);
        return [name, values];
      }),
    ),
    texts: new Map(
      names('texts').map((name) => {
        const values = new Array<string | null>(times.length).fill(null);
        scatter(values, under.texts.get(name), unders, isNull);
        scatter(values, over.texts.get(name), overs, isNull);
        return [name, values];
      }),
    ),
  };
}

const isNull = (value: string | null): boolean => value === null;

/**
 * Rows of both lists, ascending, each of which holds blocks one after the other. Blocks that share time become one, in which
 * the second list's values count; what stands alone is not copied.
 */
export function layOverEach(unders: readonly Block[], overs: readonly Block[]): Block[] {
  const filled = [
    ...unders.map((block) => ({ block, isOver: false })),
    ...overs.map((block) => ({ block, isOver: true })),
  ].filter(({ block }) => block.times.length > 0);
  filled.sort((a, b) => firstOf(a.block) - firstOf(b.block));
  const laid: Block[] = [];
  for (let at = 0; at < filled.length; ) {
    const from = at;
    let last = Number.NEGATIVE_INFINITY;
    do last = Math.max(last, lastOf((filled[at++] as (typeof filled)[number]).block));
    while (at < filled.length && firstOf((filled[at] as (typeof filled)[number]).block) <= last);
    const shared = filled.slice(from, at);
    const of = (isOver: boolean) => joinRows(shared.flatMap((one) => (one.isOver === isOver ? [one.block] : [])));
    laid.push(layOver(of(false), of(true)));
  }
  return laid;
}

const firstOf = ({ times }: Block): number => times[0] as number;
const lastOf = ({ times }: Block): number => times[times.length - 1] as number;

/** All times once, and where those of each list are among them. */
function interleave(under: Float64Array, over: Float64Array) {
  const times: number[] = [];
  const unders = new Int32Array(under.length);
  const overs = new Int32Array(over.length);
  for (let a = 0, b = 0; a < under.length || b < over.length; ) {
    const x = under[a] ?? Number.POSITIVE_INFINITY;
    const y = over[b] ?? Number.POSITIVE_INFINITY;
    if (x <= y) unders[a++] = times.length;
    if (y <= x) overs[b++] = times.length;
    times.push(Math.min(x, y));
  }
  return { times: Float64Array.from(times), unders, overs };
}

function scatter<T>(
  into: { [place: number]: T },
  values: ArrayLike<T> | undefined,
  places: Int32Array,
  isNothing: (value: T) => boolean,
): void {
  if (!values) return;
  for (let i = 0; i < places.length; i++) {
    const value = values[i] as T;
    if (!isNothing(value)) into[places[i] as number] = value;
  }
}

function numbersOf(block: Block, name: string): Float64Array {
  let values = block.numbers.get(name);
  if (!values) {
    values = new Float64Array(block.times.length).fill(Number.NaN);
    block.numbers.set(name, values);
  }
  return values;
}

function textsOf(block: Block, name: string): (string | null)[] {
  let values = block.texts.get(name);
  if (!values) {
    values = new Array<string | null>(block.times.length).fill(null);
    block.texts.set(name, values);
  }
  return values;
}
