import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive } from './archive.sqlite.ts';
import type { Block } from './block.ts';
import { KeptBlocks } from './kept-blocks.ts';
import { DAY_MS } from './levels.ts';

const DAY = 20_000;
const range = { from: DAY * DAY_MS, to: (DAY + 1) * DAY_MS };

const dayOf = (solarPower: number, day = DAY): Block => ({
  times: Float64Array.from({ length: 24 }, (_, hour) => day * DAY_MS + hour * 3_600_000),
  numbers: new Map([['solarPower', new Float64Array(24).fill(solarPower)]]),
  texts: new Map(),
});

describe('blocks that were read before', () => {
  let dir: string;
  let archive: Archive;
  let source: number;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'ampra-kept-'));
    archive = Archive.open(join(dir, 'archive.db'), () => 0);
    source = archive.numberOf('aaaaaaaa-0000-4000-8000-000000000001');
    await archive.putDays(source, [dayOf(100)]);
  });
  afterEach(() => {
    archive.close();
    rmSync(dir, { recursive: true });
  });

  const means = () => archive.read('hour', source, range).map((block) => block.numbers('solarPower.mean')?.[12]);
  const readings = () => archive.read('readings', source, range).map((block) => block.numbers('solarPower')?.[12]);

  test('are the same block, unpacked once', () => {
    const [first] = archive.read('readings', source, range);
    const [again] = archive.read('readings', source, range);
    expect(again).toBe(first as NonNullable<typeof first>);
    expect(again?.numbers('solarPower')).toBe(first?.numbers('solarPower') as Float64Array);
  });

  test('are the new ones once a day was written anew', async () => {
    expect([readings(), means()]).toEqual([[100], [100]]);
    await archive.putDays(source, [dayOf(250)]);
    expect([readings(), means()]).toEqual([[250], [250]]);
  });

  test('are with those that came since', async () => {
    const both = { from: range.from, to: range.to + DAY_MS };
    expect(archive.read('readings', source, both)).toHaveLength(1);
    await archive.putDays(source, [dayOf(70, DAY + 1)]);
    expect(archive.read('readings', source, both)).toHaveLength(2);
  });

  test('are gone when they were forgotten, and when their source was', async () => {
    expect(readings()).toEqual([100]);
    await archive.forgetBefore('readings', source, DAY + 1);
    expect(readings()).toEqual([]);
    expect(means()).toEqual([100]);
    await archive.deleteSource(source);
    expect(means()).toEqual([]);
  });

  test('leave the memory when others take their room', () => {
    const [block] = archive.read('readings', source, range);
    if (!block) throw new Error('there is no block');
    const kept = new KeptBlocks(2 * block.heldBytes());
    for (const id of [1, 2, 3]) kept.put(id, block);
    kept.get(1);
    kept.trim();
    expect([1, 2, 3].map((id) => kept.get(id) !== undefined)).toEqual([true, false, true]);
  });
});
