import type { Log } from '../../core/log.ts';
import { failPoint } from '../../platform/fail-points.ts';
import type { JournalPosition } from '../../telemetry/ports.ts';
import type { JournalRecord } from '../ports.ts';
import { crc32, encodeGroup, expandBody } from './journal-codec.fs.ts';
import type { JournalDisk } from './journal-disk.fs.ts';
import {
  decodeRecords,
  type FoundGroup,
  GroupEncoder,
  groupSpan,
  HEADER_BYTES,
  readHeader,
  type SegmentScan,
  scanSegment,
} from './journal-format.ts';

/** A finished segment file. */
export interface Segment {
  name: string;
  first: JournalPosition;
  /** Nothing in it is above this; it may be a little too high. */
  last: JournalPosition;
  /** Reception of its newest record, ms UTC; may be a little too late. */
  newestTime: number;
  bytes: number;
  /** Small groups, each with most of a page empty: worth to be packed. */
  isLoose: boolean;
}

const SUFFIX = '.journal';
const TEMPORARY = '.tmp';
const ARCHIVE_GROUP_BYTES = 256 * 1024;
const ARCHIVE_LEVEL = 6;
/** Groups smaller than this, unpacked, are worth to be packed together. */
export const LOOSE_GROUP_BYTES = 32 * 1024;

export const segmentName = (first: JournalPosition): string => `${String(first).padStart(16, '0')}${SUFFIX}`;

/** Finds the segments, cuts what a crash left behind, and says what it did. */
export async function recoverSegments(
  disk: JournalDisk,
  log: Log,
): Promise<{ segments: Segment[]; last: JournalPosition }> {
  await disk.makeDirectory();
  const names = await disk.list();
  for (const name of names) if (name.endsWith(TEMPORARY)) await disk.remove(name);
  const sorted = names.filter((n) => /^\d{16}\.journal$/.test(n)).sort();
  const segments: Segment[] = [];
  let last = 0;
  for (const [i, name] of sorted.entries()) {
    const isNewest = i === sorted.length - 1;
    const segment = isNewest ? await recoverNewest(disk, name, log) : await describe(disk, name);
    if (!segment) continue;
    const before = segments.at(-1);
    if (before) {
      before.last = segment.first - 1;
      before.newestTime = Math.max(before.newestTime, segment.newestTime);
    }
    segments.push(segment);
    last = Math.max(last, segment.last);
  }
  await disk.syncDirectory();
  return { segments, last };
}

/** The newest segment is read to its end, since a crash may have cut the last commit short. */
async function recoverNewest(disk: JournalDisk, name: string, log: Log): Promise<Segment | null> {
  const bytes = await disk.readAll(name);
  const scan = scanSegment(bytes, crc32);
  reportDamage(scan, name, log);
  if (scan.hasTornTail) log.info('An unfinished commit at the end of the journal was cut off', { segment: name });
  if (scan.groups.length === 0) {
    await disk.remove(name);
    return null;
  }
  if (scan.end < bytes.length) {
    const file = await disk.open(name);
    try {
      await file.truncate(scan.end);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  const newest = scan.groups.at(-1)?.header;
  const firstGroup = scan.groups[0]?.header;
  return {
    name,
    first: positionOf(name),
    last: newest?.lastPosition ?? positionOf(name),
    newestTime: Math.max(...scan.groups.map((g) => g.header.newestTime)),
    bytes: scan.end,
    isLoose: firstGroup !== undefined && !firstGroup.isArchived && firstGroup.rawBytes < LOOSE_GROUP_BYTES,
  };
}

/** Of an older segment the first header is enough; its end follows from the next one's beginning. */
async function describe(disk: JournalDisk, name: string): Promise<Segment> {
  const file = await disk.open(name);
  try {
    const header = readHeader(await file.read(0, HEADER_BYTES), crc32);
    return {
      name,
      first: positionOf(name),
      last: header?.lastPosition ?? positionOf(name),
      newestTime: header?.newestTime ?? 0,
      bytes: await disk.sizeOf(name),
      isLoose: header !== null && !header.isArchived && header.rawBytes < LOOSE_GROUP_BYTES,
    };
  } finally {
    await file.close();
  }
}

const positionOf = (name: string): JournalPosition => Number(name.slice(0, -SUFFIX.length));

function reportDamage(scan: SegmentScan, name: string, log: Log): void {
  for (const hole of scan.damaged) {
    log.error('A part of the journal cannot be read and is passed over; the rest is used', {
      segment: name,
      offset: hole.offset,
      bytes: hole.bytes,
    });
  }
}

/** Walks the records in the bytes of a segment in order; a damaged group is reported and passed over. */
export async function visitSegment(
  options: { bytes: Uint8Array; log: Log; name: string; after?: JournalPosition },
  visit: (record: JournalRecord) => unknown,
): Promise<void> {
  const { bytes, log, name } = options;
  const after = options.after ?? -1;
  const scan = scanSegment(bytes, crc32);
  reportDamage(scan, name, log);
  for (const group of scan.groups) {
    if (group.header.lastPosition <= after) continue;
    for (const record of await recordsOf(group, name, log)) {
      const pause = record.position > after ? visit(record) : undefined;
      if (pause instanceof Promise) await pause;
    }
  }
}

/** The records of a group; none, with a line in the log, when it cannot be read. */
export async function recordsOf(group: FoundGroup, name: string, log: Log): Promise<JournalRecord[]> {
  try {
    return [...decodeRecords(group.header, await expandBody(group.header.codec, group.body))];
  } catch (cause) {
    log.error('A group of the journal cannot be read and is passed over', {
      segment: name,
      offset: group.offset,
      cause,
    });
    return [];
  }
}

/**
 * Writes a segment anew with the records that `keep` wants, packed tightly, and puts it in the old one's place in one
 * step. Returns null, and leaves everything as it is, when the segment is damaged and nothing has to leave it.
 */
export async function rewriteSegment(
  options: { disk: JournalDisk; log: Log; segment: Segment; mustRewrite: boolean },
  keep: (record: JournalRecord) => boolean,
): Promise<Segment | null> {
  const { disk, log, segment } = options;
  const scan = scanSegment(await disk.readAll(segment.name), crc32);
  if (scan.damaged.length > 0 && !options.mustRewrite) return null;
  const temporary = segment.name + TEMPORARY;
  await disk.remove(temporary);
  const file = await disk.create(temporary);
  let end = 0;
  let newestTime = 0;
  const group = new GroupEncoder(ARCHIVE_GROUP_BYTES * 2);
  const write = async (lastPosition?: JournalPosition): Promise<void> => {
    const level = ARCHIVE_LEVEL;
    const encoded = await encodeGroup(group, { isArchived: true, level, ...(lastPosition && { lastPosition }) });
    await file.write(encoded.bytes, end);
    end += groupSpan(encoded.bodyBytes);
    newestTime = Math.max(newestTime, group.newestTime);
    group.reset();
  };
  try {
    let last = segment.first;
    for (const found of scan.groups) {
      last = found.header.lastPosition;
      for (const record of await recordsOf(found, segment.name, log)) {
        if (keep(record)) group.add(record, record.position);
      }
      if (group.rawBytes >= ARCHIVE_GROUP_BYTES) await write();
    }
    if (group.count === 0) {
      group.firstPosition = last;
      group.baseTime = group.newestTime = newestTime || segment.newestTime;
    }
    await write(last);
    await file.truncate(end);
    await file.sync();
  } finally {
    await file.close();
  }
  failPoint('journal.packed');
  await disk.rename(temporary, segment.name);
  failPoint('journal.put-in-place');
  await disk.syncDirectory();
  return { ...segment, bytes: end, newestTime: newestTime || segment.newestTime, isLoose: false };
}
