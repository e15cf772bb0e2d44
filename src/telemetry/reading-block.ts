import { type MetricName, metrics } from '../core/metrics.ts';
import type { MetricValues } from '../core/reading.ts';
import type { Block } from './archive/block.ts';
import { derivedNames, withDerivedPowers } from './derive.ts';
import type { PendingRow } from './writing/pending.ts';

/**
 * Readings as rows and as columns. In columns the powers that Ampra works out have their values too, and `derived` says
 * which those are; lists of codes and what else the device sent are JSON.
 */
export const DERIVED = 'derived';
export const METADATA = 'metadata';

/** All that rows say, or what they say of some metrics. */
export function blockOfRows(rows: readonly PendingRow[], of: readonly MetricName[] | 'all' = 'all'): Block {
  const count = rows.length;
  const block: Block = { times: new Float64Array(count), numbers: new Map(), texts: new Map() };
  const derived = new Float64Array(count);
  const values: MetricValues[] = new Array(count);
  for (let i = 0; i < count; i++) {
    const row = rows[i] as PendingRow;
    const withPowers = withDerivedPowers(row.values);
    block.times[i] = row.time;
    values[i] = withPowers.values;
    derived[i] = withPowers.bits;
  }
  if (count > 0) block.numbers.set(DERIVED, derived);
  for (const { name, kind } of of === 'all' ? metrics : metrics.filter((metric) => of.includes(metric.name))) {
    if (kind === 'text') addTexts(block, name, textsOf(values, name as 'operatingMode'));
    else if (kind === 'list') addTexts(block, name, listsOf(values, name as 'faultCodes'));
    else addNumbers(block, name, values);
  }
  if (of === 'all') addTexts(block, METADATA, metadataOf(rows));
  return block;
}

/** The rows of a block as they were reported: without what was worked out. */
export function rowsOfBlock(block: Block): PendingRow[] {
  const rows = Array.from(block.times, (time): PendingRow => ({ time, values: {}, metadata: null }));
  const set = (row: PendingRow | undefined, name: string, value: unknown) => {
    if (row) (row.values as Record<string, unknown>)[name] = value;
  };
  for (const { name, kind } of metrics) {
    const texts = block.texts.get(name);
    for (const [i, text] of texts?.entries() ?? [])
      if (text !== null) set(rows[i], name, kind === 'list' ? JSON.parse(text) : text);
    const numbers = block.numbers.get(name);
    for (const [i, value] of numbers?.entries() ?? []) if (!Number.isNaN(value)) set(rows[i], name, value);
  }
  for (const [i, bits] of block.numbers.get(DERIVED)?.entries() ?? [])
    if (bits > 0) for (const name of derivedNames(bits)) delete rows[i]?.values[name];
  for (const [i, text] of block.texts.get(METADATA)?.entries() ?? []) {
    const row = rows[i];
    if (row && text !== null) row.metadata = JSON.parse(text) as Record<string, unknown>;
  }
  return rows;
}

/** The columns of a block. */
export const namesOf = ({ numbers, texts }: Block): string[] => [...numbers.keys(), ...texts.keys()];

function addNumbers(block: Block, name: MetricName, rows: readonly MetricValues[]): void {
  let column: Float64Array | null = null;
  for (let i = 0; i < rows.length; i++) {
    const value = (rows[i] as MetricValues)[name];
    if (value === undefined) continue;
    column ??= new Float64Array(rows.length).fill(Number.NaN);
    column[i] = value as number;
  }
  if (column) block.numbers.set(name, column);
}

function addTexts(block: Block, name: string, values: (string | null)[]): void {
  if (values.some((value) => value !== null)) block.texts.set(name, values);
}

const metadataOf = (rows: readonly PendingRow[]): (string | null)[] =>
  rows.map((row) => (row.metadata ? JSON.stringify(row.metadata) : null));

const textsOf = (rows: readonly MetricValues[], name: 'operatingMode'): (string | null)[] =>
  rows.map((values) => values[name] ?? null);

const listsOf = (rows: readonly MetricValues[], name: 'faultCodes'): (string | null)[] =>
  rows.map((values) => (values[name] ? JSON.stringify(values[name]) : null));
