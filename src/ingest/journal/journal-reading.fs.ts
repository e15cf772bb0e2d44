import type { Log } from '../../core/log.ts';
import type { JournalPosition } from '../../telemetry/ports.ts';
import type { JournalRecord } from '../ports.ts';
import { crc32 } from './journal-codec.fs.ts';
import type { JournalDisk } from './journal-disk.fs.ts';
import type { JournalFiles } from './journal-files.fs.ts';
import { scanSegment } from './journal-format.ts';
import { recordsOf, visitSegment } from './journal-segments.fs.ts';

/** What is read, and how. */
export interface JournalReading {
  files: JournalFiles;
  disk: JournalDisk;
  log: Log;
}

/** Bytes of messages, unpacked, that a look for the newest ones of a source goes through at most. */
const NEWEST_SEARCH_BYTES = 24 * 1024 * 1024;

/** Visits every record after a position in order, also those that come meanwhile; answers the last position. */
export async function replayFiles(
  { files, disk, log }: JournalReading,
  after: JournalPosition,
  visit: (record: JournalRecord) => unknown,
): Promise<JournalPosition> {
  let at = after;
  for (;;) {
    // Segments end and begin while this reads: what comes next is looked up anew each time.
    const segment = files.finished.find((s) => s.last > at);
    const { active } = files;
    if (segment) {
      const bytes = await disk.readAll(segment.name);
      await visitSegment({ bytes, log, name: segment.name, after: at }, visit);
      at = segment.last;
    } else if (active && active.last > at) {
      const { last, name } = active;
      const bytes = await active.file.read(0, active.end).catch(() => null);
      if (bytes === null && files.active === active) throw new Error(`The journal cannot be read (${name}).`);
      if (bytes === null) continue;
      await visitSegment({ bytes, log, name, after: at }, visit);
      at = last;
    } else return at;
  }
}

/** The newest records of a source, newest first, as far as they are found without reading too much. */
export async function newestRecordsOf(
  { files, disk, log }: JournalReading,
  sourceId: string,
  limit: number,
): Promise<JournalRecord[]> {
  const found: JournalRecord[] = [];
  let searched = 0;
  const take = (records: JournalRecord[]): boolean => {
    for (let i = records.length - 1; i >= 0 && found.length < limit; i--) {
      const record = records[i];
      if (record?.sourceId === sourceId) found.push({ ...record, payload: record.payload.slice() });
    }
    return found.length >= limit || searched > NEWEST_SEARCH_BYTES;
  };
  const { active } = files;
  for (const place of active ? [...active.groups].reverse() : []) {
    // Only the pages that were written are read: reading ahead would cost pages to be written twice.
    const bytes = await active?.file.read(place.offset, place.span).catch(() => null);
    if (!bytes || !active) break;
    const group = scanSegment(bytes, crc32).groups[0];
    searched += group?.header.rawBytes ?? 0;
    if (group && take(await recordsOf(group, active.name, log))) return found;
  }
  for (const segment of [...files.finished].reverse()) {
    const bytes = await disk.readAll(segment.name).catch(() => new Uint8Array());
    for (const group of scanSegment(bytes, crc32).groups.reverse()) {
      searched += group.header.rawBytes;
      if (take(await recordsOf(group, segment.name, log))) return found;
    }
  }
  return found;
}
