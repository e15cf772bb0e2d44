import type { Reading, RejectedValue } from '../core/reading.ts';

/** What came of a message that was not wholly understood. */
export interface MessageOutcome {
  /** Readings that were stored of it. */
  kept: number;
  /** Names of the values stored, at most `MOST_NAMED`. */
  keptFields: string[];
  /** True for a list of entries; then `index` of what was refused means something. */
  isList: boolean;
  /** The first `MOST_NAMED` of what was refused, by place. */
  refused: { index: number; field: string; message: string }[];
  refusedInAll: number;
}

const MOST_NAMED = 20;
const LONGEST_NAME = 64;
const OPENING_BRACKET = 0x5b;

/** Says it of a message from what its dialect made of it, in a size that may be kept for each. */
export function messageOutcome(of: {
  payload: Uint8Array;
  readings: readonly Pick<Reading, 'values'>[];
  rejected: readonly RejectedValue[];
}): MessageOutcome {
  const fields = new Set<string>();
  for (const { values } of of.readings) {
    for (const name of Object.keys(values)) fields.add(name);
    if (fields.size >= MOST_NAMED) break;
  }
  const inOrder = of.rejected.toSorted((a, b) => a.index - b.index).slice(0, MOST_NAMED);
  return {
    kept: of.readings.length,
    keptFields: [...fields].slice(0, MOST_NAMED),
    isList: of.payload.find((byte) => byte > 0x20) === OPENING_BRACKET,
    refused: inOrder.map(({ index, field, message }) => ({ index, field: field.slice(0, LONGEST_NAME), message })),
    refusedInAll: of.rejected.length,
  };
}
