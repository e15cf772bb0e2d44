import { ByteReader, ByteWriter } from './bytes.ts';
import { packNumbers, packTimes, unpackNumbers, unpackTimes } from './numbers.ts';
import { packTexts, unpackTexts } from './texts.ts';

/**
 * Rows of one source by column, packed into one run of bytes in which each column can be read without the others. Columns
 * are called by small numbers; who stores blocks keeps the names.
 *
 *     version  count of rows  count of columns  (id  kind  length) for each  columns, compressed  checksum
 */
export interface Block {
  /** Ascending, each once. ms UTC. */
  times: Float64Array;
  /** NaN where a row has no value. Columns without any are left out. */
  numbers: Map<string, Float64Array>;
  texts: Map<string, (string | null)[]>;
}

/** How bytes are made smaller and proved whole. */
export interface Packing {
  pack(bytes: Uint8Array): Uint8Array;
  unpack(bytes: Uint8Array): Uint8Array;
  /** 32 bits. */
  checksum(bytes: Uint8Array): number;
}

/** Numbers from 1 that stand for names of columns, the same for ever. */
export interface ColumnNames {
  /** The number of a name, a new one for one that has none. */
  idOf(name: string): number;
  /** Undefined for a name that no block has. */
  find(name: string): number | undefined;
  nameOf(id: number): string;
}

/** A block whose bytes are not what was written. */
export class DamagedBlockError extends Error {
  constructor(why: string) {
    super(`packed readings cannot be read: ${why}`);
    this.name = 'DamagedBlockError';
  }
}

const VERSION = 1;
const CHECKSUM_BYTES = 4;
/** The times have the first place and no name. */
const TIMES = 0;
const NOWHERE = -1;
type Kind = 0 | 1;
const NUMBERS: Kind = 0;
const TEXTS: Kind = 1;

export function packBlock(block: Block, names: ColumnNames, packing: Packing): Uint8Array {
  const columns = [
    { id: TIMES, kind: NUMBERS, bytes: packing.pack(packTimes(block.times)) },
    ...[...block.numbers]
      .filter(([, values]) => values.some((value) => !Number.isNaN(value)))
      .map(([name, values]) => ({ id: names.idOf(name), kind: NUMBERS, bytes: packing.pack(packNumbers(values)) })),
    ...[...block.texts]
      .filter(([, values]) => values.some((value) => value !== null))
      .map(([name, values]) => ({ id: names.idOf(name), kind: TEXTS, bytes: packing.pack(packTexts(values)) })),
  ];
  const out = new ByteWriter();
  out.byte(VERSION);
  out.count(block.times.length);
  out.count(columns.length);
  for (const { id, kind, bytes } of columns) {
    out.count(id);
    out.byte(kind);
    out.count(bytes.length);
  }
  for (const { bytes } of columns) out.append(bytes);
  const sum = new Uint8Array(CHECKSUM_BYTES);
  new DataView(sum.buffer).setUint32(0, packing.checksum(out.done()), true);
  out.append(sum);
  return out.done().slice();
}

interface Place {
  kind: number;
  bytes: Uint8Array;
}

/** A packed block whose columns are unpacked when they are asked for; numbers once, for all who ask: nobody changes them. */
export class PackedBlock {
  readonly count: number;
  private readonly places = new Map<number, Place>();
  private readonly unpacked = new Map<number, Float64Array>();
  private readonly packedBytes: number;

  /** Throws `DamagedBlockError` when the bytes are not whole. */
  constructor(
    bytes: Uint8Array,
    private readonly columnNames: ColumnNames,
    private readonly packing: Packing,
  ) {
    this.packedBytes = bytes.length;
    const body = bytes.subarray(0, bytes.length - CHECKSUM_BYTES);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length <= CHECKSUM_BYTES || view.getUint32(body.length, true) !== packing.checksum(body))
      throw new DamagedBlockError('their checksum is wrong');
    const reader = new ByteReader(body);
    const version = reader.byte();
    if (version !== VERSION)
      throw new DamagedBlockError(`they are of version ${version}, which this Ampra does not know`);
    this.count = reader.count();
    const heads = Array.from({ length: reader.count() }, () => ({
      id: reader.count(),
      kind: reader.byte(),
      length: reader.count(),
    }));
    for (const { id, kind, length } of heads) this.places.set(id, { kind, bytes: reader.take(length) });
  }

  /** Memory that it takes with what was unpacked so far. */
  heldBytes(): number {
    return this.packedBytes + 8 * this.count * this.unpacked.size;
  }

  times(): Float64Array {
    const known = this.unpacked.get(TIMES);
    if (known) return known;
    const place = this.places.get(TIMES);
    if (!place) throw new DamagedBlockError('they have no times');
    const times = unpackTimes(this.packing.unpack(place.bytes), this.count);
    this.unpacked.set(TIMES, times);
    return times;
  }

  /** The column, or undefined when no row has a value. */
  numbers(name: string): Float64Array | undefined {
    const id = this.columnNames.find(name) ?? NOWHERE;
    const known = this.unpacked.get(id);
    if (known) return known;
    const place = this.places.get(id);
    if (place?.kind !== NUMBERS) return undefined;
    const numbers = unpackNumbers(this.packing.unpack(place.bytes), this.count);
    this.unpacked.set(id, numbers);
    return numbers;
  }

  texts(name: string): (string | null)[] | undefined {
    const place = this.places.get(this.columnNames.find(name) ?? NOWHERE);
    return place?.kind === TEXTS ? unpackTexts(this.packing.unpack(place.bytes), this.count) : undefined;
  }

  /** The columns that have values. */
  names(): string[] {
    return [...this.places.keys()].filter((id) => id !== TIMES).map((id) => this.columnNames.nameOf(id));
  }

  /** The times with some of the columns. */
  columns(names: readonly string[]): Block {
    const block: Block = { times: this.times(), numbers: new Map(), texts: new Map() };
    for (const name of names) {
      const numbers = this.numbers(name);
      const texts = numbers ? undefined : this.texts(name);
      if (numbers) block.numbers.set(name, numbers);
      if (texts) block.texts.set(name, texts);
    }
    return block;
  }

  /** All of it. */
  whole(): Block {
    const block: Block = { times: this.times(), numbers: new Map(), texts: new Map() };
    for (const [id, { kind, bytes }] of this.places) {
      if (id === TIMES) continue;
      const name = this.columnNames.nameOf(id);
      const unpacked = this.packing.unpack(bytes);
      if (kind === TEXTS) block.texts.set(name, unpackTexts(unpacked, this.count));
      else block.numbers.set(name, unpackNumbers(unpacked, this.count));
    }
    return block;
  }
}
