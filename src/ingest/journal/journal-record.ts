import type { JournalPosition } from '../../telemetry/figures.ts';

export type Channel = 'mqtt' | 'webhook';

/** What was received, as it goes to disk before it is acknowledged. */
export interface JournalRecord {
  position: JournalPosition;
  receivedAt: number;
  channel: Channel;
  /** Null while nobody knows whose it is (open access). */
  sourceId: string | null;
  topic: string;
  payload: Uint8Array;
  isRetained: boolean;
}
