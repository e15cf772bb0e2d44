import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../platform/log.ts';
import type { JournalRecord } from '../ports.ts';
import { FileJournal, type JournalOptions } from './journal.fs.ts';
import { crc32 } from './journal-codec.fs.ts';
import { type JournalDisk, journalDirectory } from './journal-disk.fs.ts';
import { scanSegment } from './journal-format.ts';

const opened: FileJournal[] = [];
const directories: string[] = [];
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close().catch(() => {});
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ampra-journal-'));
  directories.push(directory);
  return directory;
}

async function openJournal(directory: string, more: Partial<JournalOptions> = {}, floor = 0): Promise<FileJournal> {
  const journal = new FileJournal({
    disk: journalDirectory(directory),
    clock: { now: () => 1_000_000 },
    log: silentLog,
    windowMs: 20,
    retentionMs: 1000,
    flushedPosition: () => 0,
    ...more,
  });
  await journal.open(floor);
  opened.push(journal);
  return journal;
}

function record(text: string, sourceId: string | null = 's1', receivedAt = 1_000_000): Omit<JournalRecord, 'position'> {
  const payload = new TextEncoder().encode(text);
  return { receivedAt, channel: 'mqtt', sourceId, topic: `ampra/${sourceId}/telemetry`, payload, isRetained: false };
}

function append(journal: FileJournal, r: Omit<JournalRecord, 'position'>, isUrgent = true): Promise<number> {
  return new Promise((resolve, reject) => {
    journal.append(r, (error, position) => (error ? reject(error) : resolve(position)), isUrgent);
  });
}

async function textsAfter(journal: FileJournal, position = 0): Promise<string[]> {
  const found: string[] = [];
  await journal.replay(position, (r) => found.push(new TextDecoder().decode(r.payload)));
  return found;
}

const segmentsIn = (directory: string) => readdirSync(directory).sort();

describe('the journal', () => {
  test('gives back what was made durable, with every field, after it was opened anew', async () => {
    const directory = makeDirectory();
    const journal = await openJournal(directory);
    const full: Omit<JournalRecord, 'position'> = {
      receivedAt: 1_760_000_000_123,
      channel: 'webhook',
      sourceId: 'quelle-ä',
      topic: 'hooks/ü/☀',
      payload: Uint8Array.of(0, 255, 1),
      isRetained: true,
    };
    expect(await append(journal, full)).toBe(1);
    expect(await append(journal, { ...full, sourceId: null, receivedAt: 1_759_999_999_000 })).toBe(2);
    await journal.close();
    const again = await openJournal(directory);
    const found: JournalRecord[] = [];
    await again.replay(0, (r) => found.push({ ...r, payload: r.payload.slice() }));
    expect(found).toEqual([
      { ...full, position: 1 },
      { ...full, position: 2, sourceId: null, receivedAt: 1_759_999_999_000 },
    ]);
    expect(await append(again, full)).toBe(3);
  });

  test('keeps one topic of two sources apart within a commit', async () => {
    const journal = await openJournal(makeDirectory());
    const same = { ...record('x'), topic: 'solar/power' };
    for (const sourceId of ['a', 'b', 'a', null, 'b']) journal.append({ ...same, sourceId }, () => {});
    await journal.commit();
    const found: (string | null)[] = [];
    await journal.replay(0, (r) => found.push(r.sourceId));
    expect(found).toEqual(['a', 'b', 'a', null, 'b']);
  });

  test('gives back what is durable also while a segment ends', async () => {
    let now = 1_000_000;
    const journal = await openJournal(makeDirectory(), { clock: { now: () => now } });
    for (let round = 1; round <= 20; round++) {
      // A clock that was set makes every segment old.
      now += 10 * 365 * 86_400_000;
      const next = append(journal, record(`r${round}`));
      let isLanded = false;
      void next.then(() => {
        isLanded = true;
      });
      while (!isLanded) {
        expect((await textsAfter(journal)).length).toBeGreaterThanOrEqual(round - 1);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    expect((await textsAfter(journal)).length).toBe(20);
  });

  test('calls back only when the bytes are in the file', async () => {
    const directory = makeDirectory();
    const journal = await openJournal(directory);
    await append(journal, record('sunshine'));
    const [name = ''] = segmentsIn(directory);
    expect(readFileSync(join(directory, name)).includes('sunshine')).toBe(true);
  });

  test('writes one page for a small commit and never touches a page with acknowledged records again', async () => {
    const journal = await openJournal(makeDirectory());
    for (let i = 0; i < 5; i++) await append(journal, record(`r${i}`));
    expect(journal.statistics()).toMatchObject({ commits: 5, writtenBytes: 5 * 4096 });
  });

  test('loses nothing but the torn commit, whichever byte the tail is cut at', async () => {
    const directory = makeDirectory();
    const journal = await openJournal(directory);
    await append(journal, record('first'));
    await append(journal, record(`second ${'x'.repeat(100)}`));
    await journal.close();
    const [name = ''] = segmentsIn(directory);
    const whole = readFileSync(join(directory, name));
    const start = 4096;
    const end = start + 64 + whole.subarray(start + 64).findLastIndex((b) => b !== 0) + 1;
    for (let cut = start; cut <= end; cut++) {
      const scan = scanSegment(whole.subarray(0, cut), crc32);
      expect(scan.groups).toHaveLength(cut === end ? 2 : 1);
      expect(scan.end).toBe(cut === end ? 8192 : 4096);
      // The whole way through files for some of them.
      if (cut % 16 !== 0 && cut < end - 1) continue;
      const torn = makeDirectory();
      writeFileSync(join(torn, name), whole.subarray(0, cut));
      const again = await openJournal(torn);
      const isWhole = cut === end;
      expect(await textsAfter(again)).toHaveLength(isWhole ? 2 : 1);
      expect(await append(again, record('third'))).toBe(isWhole ? 3 : 2);
      expect((await textsAfter(again)).at(-1)).toBe('third');
      await again.close();
    }
  });

  test('passes over a damaged commit in the middle, says so, and keeps the ones around it', async () => {
    const directory = makeDirectory();
    const journal = await openJournal(directory);
    for (const text of ['one', 'two', 'three']) await append(journal, record(text));
    await journal.close();
    const [name = ''] = segmentsIn(directory);
    for (const place of [4096 + 20, 4096 + 70]) {
      const bytes = readFileSync(join(directory, name));
      bytes[place] = (bytes[place] ?? 0) ^ 0xff;
      const damaged = makeDirectory();
      writeFileSync(join(damaged, name), bytes);
      const errors: string[] = [];
      const log = { ...silentLog, error: (message: string) => void errors.push(message) };
      const again = await openJournal(damaged, { log });
      expect(await textsAfter(again)).toEqual(['one', 'three']);
      expect(errors.length).toBeGreaterThan(0);
      expect(await append(again, record('four'))).toBe(4);
    }
  });

  test('opens whatever bytes a file holds', async () => {
    const directory = makeDirectory();
    writeFileSync(join(directory, '0000000000000001.journal'), crypto.getRandomValues(new Uint8Array(20_000)));
    writeFileSync(join(directory, '0000000000000009.journal'), '');
    writeFileSync(join(directory, '0000000000000009.journal.tmp'), 'half');
    const journal = await openJournal(directory);
    expect(await textsAfter(journal)).toEqual([]);
    await append(journal, record('alive'));
    expect(await textsAfter(journal)).toEqual(['alive']);
    expect(segmentsIn(directory).some((n) => n.endsWith('.tmp'))).toBe(false);
  });

  test('never gives a position twice, even when its files are gone', async () => {
    const journal = await openJournal(makeDirectory(), {}, 500);
    expect(await append(journal, record('x'))).toBe(501);
  });

  test('begins a new segment when one is full and reads across them', async () => {
    const directory = makeDirectory();
    const journal = await openJournal(directory, { segmentBytes: 8192 });
    for (let i = 1; i <= 7; i++) await append(journal, record(`r${i}`));
    expect(segmentsIn(directory)).toHaveLength(4);
    expect(await textsAfter(journal, 3)).toEqual(['r4', 'r5', 'r6', 'r7']);
    await journal.close();
    const again = await openJournal(directory, { segmentBytes: 8192 });
    expect(await textsAfter(again, 3)).toEqual(['r4', 'r5', 'r6', 'r7']);
  });

  test('takes a record larger than a segment', async () => {
    const directory = makeDirectory();
    const journal = await openJournal(directory, { segmentBytes: 8192 });
    const large = crypto.getRandomValues(new Uint8Array(50_000)).toHex();
    await append(journal, record('small'));
    await append(journal, record(large));
    await append(journal, record('after'));
    await journal.close();
    expect(await textsAfter(await openJournal(directory))).toEqual(['small', large, 'after']);
  });

  test('removes a segment only when it is old and the database holds it', async () => {
    const directory = makeDirectory();
    let now = 1_000_000;
    let flushed = 0;
    const more = { segmentBytes: 4096, clock: { now: () => now }, flushedPosition: () => flushed };
    const journal = await openJournal(directory, more);
    for (let i = 1; i <= 4; i++) await append(journal, record(`r${i}`));
    now += 10_000;
    await journal.tidy();
    expect(await textsAfter(journal)).toHaveLength(4);
    flushed = 2;
    await journal.tidy();
    expect(await textsAfter(journal)).toEqual(['r3', 'r4']);
    flushed = 4;
    now -= 9500;
    await journal.tidy();
    expect(await textsAfter(journal)).toEqual(['r3', 'r4']);
  });

  test('packs finished segments and keeps every record and position', async () => {
    const directory = makeDirectory();
    const journal = await openJournal(directory, { segmentBytes: 40 * 4096 });
    for (let i = 1; i <= 100; i++) await append(journal, record(`reading ${i}`));
    const before = segmentsIn(directory).reduce((sum, n) => sum + statSync(join(directory, n)).blocks, 0);
    await journal.tidy();
    const after = segmentsIn(directory).reduce((sum, n) => sum + statSync(join(directory, n)).blocks, 0);
    expect(after).toBeLessThan(before / 3);
    const texts = Array.from({ length: 100 }, (_, i) => `reading ${i + 1}`);
    expect(await textsAfter(journal)).toEqual(texts);
    await journal.close();
    const again = await openJournal(directory);
    expect(await textsAfter(again)).toEqual(texts);
    expect(await append(again, record('next'))).toBe(101);
  });

  test('forgets a source everywhere and for good, and keeps positions going', async () => {
    const directory = makeDirectory();
    const journal = await openJournal(directory, { segmentBytes: 8192 });
    for (let i = 1; i <= 9; i++) await append(journal, record(`r${i}`, i % 3 === 0 || i > 6 ? 'gone' : 'stays'));
    journal.append(record('r10', 'gone'), () => {});
    await journal.forget('gone');
    expect(await textsAfter(journal)).toEqual(['r1', 'r2', 'r4', 'r5']);
    expect(await journal.newestOf('gone', 5)).toEqual([]);
    await journal.close();
    for (const name of segmentsIn(directory)) {
      expect(readFileSync(join(directory, name)).includes('gone')).toBe(false);
    }
    const again = await openJournal(directory);
    expect(await append(again, record('r11', 'stays'))).toBe(11);
  });

  test('finds the newest records of a source, newest first, across commits, segments and a restart', async () => {
    const directory = makeDirectory();
    const journal = await openJournal(directory, { segmentBytes: 8192 });
    for (let i = 1; i <= 20; i++) await append(journal, record(`r${i}`, i % 5 === 0 ? 'rare' : 'chatty'));
    const texts = (records: JournalRecord[]) => records.map((r) => new TextDecoder().decode(r.payload));
    expect(texts(await journal.newestOf('rare', 3))).toEqual(['r20', 'r15', 'r10']);
    expect(texts(await journal.newestOf('rare', 10))).toEqual(['r20', 'r15', 'r10', 'r5']);
    await journal.close();
    const again = await openJournal(directory);
    expect(texts(await again.newestOf('chatty', 2))).toEqual(['r19', 'r18']);
    expect(await again.newestOf('nobody', 2)).toEqual([]);
  });

  test('says where to begin with what came since a time, and with so many records', async () => {
    const directory = makeDirectory();
    for (const at of [10_000, 20_000, 30_000]) {
      const journal = await openJournal(directory);
      for (const i of [0, 1, 2]) await append(journal, record(`${at} ${i}`, 's1', at + i));
      await journal.close();
    }
    const journal = await openJournal(directory);
    const from = (since: number, most: number) => textsAfter(journal, journal.reach(since, most));
    expect(await from(0, 100)).toHaveLength(9);
    // A segment of which something is young enough is read whole.
    expect(await from(20_001, 100)).toEqual(['20000 0', '20000 1', '20000 2', '30000 0', '30000 1', '30000 2']);
    expect(await from(40_000, 100)).toEqual([]);
    expect(await from(0, 2)).toEqual(['30000 1', '30000 2']);
  });

  test('shares commits among messages that arrive together', async () => {
    const journal = await openJournal(makeDirectory());
    await Promise.all(Array.from({ length: 50 }, (_, i) => append(journal, record(`r${i}`))));
    expect(journal.statistics().commits).toBeLessThan(4);
  });

  test('calls the others when one callback throws', async () => {
    const journal = await openJournal(makeDirectory());
    journal.append(record('a'), () => {
      throw new Error('on purpose');
    });
    await append(journal, record('b'));
  });

  test('refuses when it is closed', async () => {
    const journal = await openJournal(makeDirectory());
    await journal.close();
    expect(append(journal, record('late'))).rejects.toThrow('closed');
  });
});

/** A disk on which writes, syncs or both fail on command. */
function failing(directory: string, mood: { write?: string; sync?: string; create?: string }): JournalDisk {
  const real = journalDirectory(directory);
  const fail = (code: string | undefined) => {
    if (code) throw Object.assign(new Error(`${code}: on purpose`), { code });
  };
  return {
    ...real,
    create: async (name) => {
      fail(mood.create);
      const file = await real.create(name);
      return {
        ...file,
        write: async (bytes, offset) => {
          // Half of it arrives, as on a real full disk.
          if (mood.write) await file.write(bytes.subarray(0, bytes.length >> 1), offset);
          fail(mood.write);
          await file.write(bytes, offset);
        },
        sync: async () => {
          fail(mood.sync);
          await file.sync();
        },
      };
    },
  };
}

describe('when the disk is full or fails, the journal', () => {
  for (const mood of [{ write: 'ENOSPC' }, { write: 'EIO' }, { sync: 'EIO' }, { create: 'ENOSPC' }]) {
    const [what = '', code = ''] = Object.entries(mood)[0] ?? [];
    test(`acknowledges nothing (${what}: ${code}) and goes on by itself afterwards`, async () => {
      const directory = makeDirectory();
      const now: { write?: string; sync?: string; create?: string } = {};
      const journal = await openJournal(directory, { disk: failing(directory, now), segmentBytes: 8192 });
      await append(journal, record('before'));
      await append(journal, record('also before'));
      Object.assign(now, mood);
      expect(append(journal, record('refused, and longer than what follows'.repeat(200)))).rejects.toThrow(code);
      await Bun.sleep(20);
      expect(append(journal, record('refused too'))).rejects.toThrow(code);
      await Bun.sleep(20);
      expect(journal.statistics().problem).toContain(code);
      for (const key of Object.keys(mood)) delete now[key as 'write'];
      await append(journal, record('after'));
      expect(journal.statistics().problem).toBeNull();
      const live = await textsAfter(journal);
      expect(live.filter((t) => !t.startsWith('refused'))).toEqual(['before', 'also before', 'after']);
      await journal.close();
      const again = await openJournal(directory);
      expect(await textsAfter(again)).toEqual(live);
    });
  }

  test('gives up old messages that the database holds before it refuses new ones', async () => {
    const directory = makeDirectory();
    const mood: { write?: string } = {};
    let flushed = 0;
    const disk = failing(directory, mood);
    const freeing: JournalDisk = {
      ...disk,
      remove: async (name) => {
        await disk.remove(name);
        delete mood.write;
      },
    };
    const more = { disk: freeing, segmentBytes: 8192, flushedPosition: () => flushed };
    const journal = await openJournal(directory, more);
    for (const text of ['a', 'b', 'c']) await append(journal, record(text));
    mood.write = 'ENOSPC';
    expect(append(journal, record('no room'))).rejects.toThrow('ENOSPC');
    await Bun.sleep(20);
    flushed = 2;
    await append(journal, record('d'));
    expect(await textsAfter(journal)).toEqual(['c', 'd']);
  });
});

test('a segment that was cut in the middle of a page still opens', async () => {
  const directory = makeDirectory();
  const journal = await openJournal(directory);
  await append(journal, record('kept'));
  await journal.close();
  const [name = ''] = segmentsIn(directory);
  truncateSync(join(directory, name), 200);
  expect(await textsAfter(await openJournal(directory))).toEqual(['kept']);
});
