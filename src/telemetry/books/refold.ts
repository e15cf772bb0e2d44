import { nextTurn } from '../../core/next-turn.ts';
import { CHUNK_MS, type EnergyReadings } from '../energy/energy.ts';
import { type ChunkedFold, type ClosedChunk, chunkOf } from './chunks.ts';

/** Books stretches of time anew, and those after them only until the state is again the one that is stored. */

export interface RefoldOptions {
  /** All readings of whole chunks. */
  readings: EnergyReadings;
  /** The stored states after the chunks of that time, by chunk, ascending. */
  stored: ReadonlyMap<number, string>;
  /** The state before all of them. */
  before: string | null;
  /** True if readings of the chunk have changed. */
  isDirty: (chunk: number) => boolean;
  foldFrom: (state: string | null) => ChunkedFold;
}

export interface Refolded {
  /** Chunks that were booked anew. */
  chunks: ClosedChunk[];
  /** Chunks that have no readings any more. */
  gone: number[];
  /** True if the state at the end is the stored one: what follows stays as it is. */
  isSame: boolean;
}

export async function refoldChunks(options: RefoldOptions): Promise<Refolded> {
  const { stored, isDirty, foldFrom } = options;
  const parts = partsOf(options.readings);
  const chunks: ClosedChunk[] = [];
  const gone: number[] = [];
  let state = options.before;
  let was = options.before;
  let fold: ChunkedFold | null = null;
  for (const chunk of [...new Set([...stored.keys(), ...parts.keys()])].sort((a, b) => a - b)) {
    const known = stored.get(chunk);
    if (state === was && known !== undefined && !isDirty(chunk)) {
      state = was = known;
      fold = null;
      continue;
    }
    const part = parts.get(chunk);
    if (part) {
      fold ??= foldFrom(state);
      const closed = bookChunk(fold, part);
      chunks.push(closed);
      state = closed.state;
      await nextTurn();
    } else gone.push(chunk);
    was = known ?? was;
  }
  return { chunks, gone, isSame: state === was };
}

/** Books the readings of one chunk. */
function bookChunk(fold: ChunkedFold, readings: EnergyReadings): ClosedChunk {
  fold.take(readings);
  fold.close();
  const closed = fold.closed.pop();
  if (!closed) throw new Error('a chunk without readings cannot be closed');
  return closed;
}

/** The readings by chunk, without copying them. */
function partsOf(readings: EnergyReadings): Map<number, EnergyReadings> {
  const { times, columns } = readings;
  const parts = new Map<number, EnergyReadings>();
  for (let from = 0; from < times.length; ) {
    const chunk = chunkOf(times[from] as number);
    let to = from;
    while (to < times.length && (times[to] as number) < chunk + CHUNK_MS) to++;
    const cut = Object.entries(columns).map(([name, column]) => [name, column.subarray(from, to)]);
    parts.set(chunk, { times: times.subarray(from, to), columns: Object.fromEntries(cut) });
    from = to;
  }
  return parts;
}
