import type { Archive } from '../archive/archive.sqlite.ts';
import { DAY_MS, finestFirst } from '../archive/levels.ts';
import type { SourceRecord } from '../source-record.ts';
import { ENERGY_BYTES_A_DAY, PACE_DAYS, paceOf, type StoredLevel, type StoredPart } from './storage.ts';

/** A source that said nothing for so long takes no more room. ms. */
const SILENT_MS = 7 * DAY_MS;

/** Room that each part of the past takes, finest first and energy last, and what it grows by at the pace of the last weeks. */
export function storageOf(
  archive: Archive,
  sources: Iterable<SourceRecord>,
  { energyBytes, now }: { energyBytes: number; now: number },
): Omit<StoredLevel, 'keepDays'>[] {
  const pace: Record<StoredPart, number> = { readings: 0, minute: 0, quarter: 0, hour: 0, day: 0, energy: 0 };
  for (const { key, newestMs } of sources) {
    const first = archive.first('readings', key) ?? archive.first('day', key);
    if (first === null) continue;
    // Of today nothing is packed yet: to count its hours would make the first days look like half of what they took.
    const today = Math.floor(now / DAY_MS) * DAY_MS;
    const from = Math.max(first, today - PACE_DAYS * DAY_MS);
    if (from >= today) continue;
    const own = paceOf(archive.share(key, { from, to: today }), (today - from) / DAY_MS);
    for (const level of finestFirst) pace[level] += own[level];
    if (newestMs > now - SILENT_MS) pace.energy += ENERGY_BYTES_A_DAY;
  }
  const bytes = archive.bytes();
  return [
    ...finestFirst.map((level) => ({ part: level, bytes: bytes[level], bytesADay: pace[level] })),
    { part: 'energy', bytes: energyBytes, bytesADay: pace.energy },
  ];
}
