import { formatBytes } from '../../src/core/bytes.ts';
import {
  daysUntilFull,
  type KeptCopies,
  type StoredLevel,
  type StoredPart,
  storedIn,
} from '../../src/telemetry/storage/storage.ts';
import { Card, Table } from '../parts/index.ts';

export interface StorageCardProps {
  /** Finest first. */
  storage: readonly StoredLevel[];
  /** Backups on the same disk. */
  copies: KeptCopies;
  /** Null where the system does not say. */
  freeBytes: number | null;
}

const YEAR_DAYS = 365;

const partLabels: Record<StoredPart, string> = {
  readings: 'Readings',
  minute: 'Minutes of removed readings',
  quarter: 'Quarter hours',
  hour: 'Hours',
  day: 'Days',
  energy: 'Energy and today',
};

interface Row {
  label: string;
  kept: string;
  bytes: number;
  bytesADay: number;
}

/** How much room the past takes in each detail, how long it is kept, and when the disk would be full. */
export function StorageCard({ storage, copies, freeBytes }: StorageCardProps) {
  const rows = rowsOf(storage, copies);
  if (rows.length === 0) return null;
  return (
    <Card title="How the past grows" lead={forecastWords(storage, freeBytes, copies)}>
      <Table
        caption="Room that each detail of the past takes"
        columns={[
          { label: 'Detail', isHeader: true, cell: (one: Row) => one.label },
          { label: 'Kept', cell: (one) => one.kept },
          { label: 'Now', isNumber: true, cell: (one) => formatBytes(one.bytes) },
          { label: 'A day', isNumber: true, cell: (one) => formatBytes(one.bytesADay) },
        ]}
        rows={rows}
        phone="scroll"
      />
      <p class="hint">
        How long each is kept is set by <code>retentionDays</code> and its neighbours in <code>ampra.config.ts</code>.
        Nothing is removed unless you say so. Each backup on this disk holds all of it once more.
      </p>
    </Card>
  );
}

function rowsOf(storage: readonly StoredLevel[], { bytes, keep }: KeptCopies): Row[] {
  // Minutes are there only once readings were removed.
  const shown = storage.filter((one) => one.part !== 'minute' || one.bytes > 0);
  if (shown.length === 0) return [];
  const rows = shown.map((one) => ({ ...one, label: partLabels[one.part], kept: keptWords(one.keepDays) }));
  if (bytes === 0 && keep === 0) return rows;
  const bytesADay = keep * shown.reduce((sum, one) => sum + one.bytesADay, 0);
  const kept = keep === 0 ? 'until removed' : keep === 1 ? 'the last' : `the last ${keep}`;
  return [...rows, { label: 'Backups on this disk', kept, bytes, bytesADay }];
}

function keptWords(keepDays: number): string {
  if (keepDays === 0) return 'for ever';
  return keepDays === 1 ? '1 day' : `${keepDays} days`;
}

/** What becomes of the disk at the pace of the last weeks. */
export function forecastWords(storage: readonly StoredLevel[], freeBytes: number | null, copies: KeptCopies): string {
  const now = storedIn(storage, 0, copies);
  const isKnown = storage.some(({ part, bytesADay }) => part === 'readings' && bytesADay > 0);
  if (!isKnown) return 'How much it grows is known once a whole day is over.';
  const more = storedIn(storage, YEAR_DAYS, copies) - now;
  const growth =
    more > 0
      ? `At the pace of the last weeks it grows by ${formatBytes(more)} in a year, to ${formatBytes(now + more)}.`
      : 'At the pace of the last weeks as much goes as comes.';
  if (freeBytes === null) return growth;
  const days = daysUntilFull(storage, freeBytes, copies);
  return `${growth} ${days === null ? 'The free space lasts for more than 30 years.' : `The free space lasts for ${lastingWords(days)}.`}`;
}

function lastingWords(days: number): string {
  if (days < 60) return days === 1 ? 'one day' : `${days} days`;
  if (days < 2 * YEAR_DAYS) return `${Math.floor(days / 30.44)} months`;
  return `${Math.floor(days / YEAR_DAYS)} years`;
}
