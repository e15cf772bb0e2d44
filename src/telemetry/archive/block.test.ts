import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Block, type ColumnNames, DamagedBlockError, PackedBlock, type Packing, packBlock } from './block.ts';
import { packNumbers, packTimes, unpackNumbers, unpackTimes } from './numbers.ts';
import { packTexts, unpackTexts } from './texts.ts';

/** Values as devices give them, and what no device should. */
const value = fc.oneof(
  fc.integer({ min: -20_000, max: 20_000 }),
  fc.integer({ min: 0, max: 2_000_000 }).map((n) => n / 10),
  fc.integer({ min: 0, max: 99_999_999 }).map((n) => n / 1000),
  fc.double({ noNaN: true }).map((n) => n + 0),
  fc.constantFrom(21_474_836.47, 99_999.999, 1e10, 1e10 + 0.001, 2 ** 52, -(2 ** 53), 1e-300, 0.1 + 0.2),
);
const column = fc.array(fc.option(value, { nil: Number.NaN, freq: 8 }), { maxLength: 300 });

describe('a packed column', () => {
  test('gives back every number as it was, and every gap', () => {
    fc.assert(
      fc.property(column, (values) => {
        const unpacked = unpackNumbers(packNumbers(Float64Array.from(values)), values.length);
        expect([...unpacked]).toEqual(values);
      }),
      { numRuns: 500 },
    );
  });

  test('gives back lifetime counters of 99,999 kWh to the watt-hour', () => {
    const counter = Float64Array.from({ length: 1440 }, (_, i) => Math.round(99_990_000 + i * 0.6) / 1000);
    const packed = packNumbers(counter);
    expect(unpackNumbers(packed, counter.length)).toEqual(counter);
    expect(packed.length).toBeLessThan(1440 + 20);
  });

  test('keeps a strange value by itself, and the others small', () => {
    const volts = Float64Array.from({ length: 1000 }, (_, i) => (i === 500 ? 229.99999999999997 : 230 + (i % 7) / 10));
    const packed = packNumbers(volts);
    expect(unpackNumbers(packed, 1000)).toEqual(volts);
    expect(packed.length).toBeLessThan(1100);
  });

  test('gives back times at any distance', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -1e12, max: 4e12 }), { maxLength: 200 }), (given) => {
        const times = Float64Array.from(given).sort();
        expect(unpackTimes(packTimes(times), times.length)).toEqual(times);
      }),
    );
  });

  test('gives back words and where there are none', () => {
    const word = fc.option(fc.oneof(fc.constantFrom('Mains', 'Battery', ''), fc.string()), { nil: null });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 100 }), (words) => {
        expect(unpackTexts(packTexts(words), words.length)).toEqual(words);
      }),
    );
  });
});

class Names implements ColumnNames {
  private readonly list: string[] = [];
  idOf(name: string): number {
    if (!this.list.includes(name)) this.list.push(name);
    return this.list.indexOf(name) + 1;
  }
  find(name: string): number | undefined {
    return this.list.includes(name) ? this.list.indexOf(name) + 1 : undefined;
  }
  nameOf(id: number): string {
    return this.list[id - 1] ?? '';
  }
}

const packing: Packing = {
  pack: (bytes) => Bun.zstdCompressSync(bytes),
  unpack: (bytes) => Bun.zstdDecompressSync(bytes),
  checksum: (bytes) => Bun.hash.crc32(bytes),
};

const block: Block = {
  times: Float64Array.of(1000, 2500, 4000),
  numbers: new Map([
    ['solarPower', Float64Array.of(100, Number.NaN, 300)],
    ['gridPower', new Float64Array(3).fill(Number.NaN)],
  ]),
  texts: new Map([['operatingMode', ['Mains', null, 'Mains']]]),
};

describe('a packed block', () => {
  test('gives back each column by its name, and nothing for one without values', () => {
    const names = new Names();
    const packed = new PackedBlock(packBlock(block, names, packing), names, packing);
    expect(packed.count).toBe(3);
    expect(packed.times()).toEqual(block.times);
    expect([...(packed.numbers('solarPower') ?? [])]).toEqual([100, Number.NaN, 300]);
    expect(packed.numbers('gridPower')).toBeUndefined();
    expect(packed.numbers('operatingMode')).toBeUndefined();
    expect(packed.texts('operatingMode')).toEqual(['Mains', null, 'Mains']);
    expect([...packed.whole().numbers.keys()]).toEqual(['solarPower']);
    expect(packed.whole().texts.get('operatingMode')).toEqual(['Mains', null, 'Mains']);
  });

  test('is known to be damaged wherever a bit of it turned', () => {
    const names = new Names();
    const bytes = packBlock(block, names, packing);
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i] = (damaged[i] as number) ^ 16;
      expect(() => new PackedBlock(damaged, names, packing)).toThrow(DamagedBlockError);
    }
    expect(() => new PackedBlock(bytes.subarray(0, 3), names, packing)).toThrow(DamagedBlockError);
  });
});
