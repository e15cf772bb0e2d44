/** Where a backup lies: in the data directory, or in the folder that the owner chose. */
export type Place = 'here' | 'chosen';

/** A backup in a folder. */
export interface BackupFile {
  place: Place;
  name: string;
  bytes: number;
  /** ms UTC, by its name. */
  createdAt: number;
  isSealed: boolean;
  /** What is known of it since it was verified; null for one that was only put there. */
  facts: BackupFacts | null;
}

/** Kept beside a backup, so that nobody has to open it to know. */
export interface BackupFacts {
  version: string;
  /** Readings in it; null for a backup without the telemetry database. */
  readings: number | null;
  verifiedAt: number;
  /** Restored on trial; else only its checksums were compared, for want of room. */
  isOpened: boolean;
}

/** What was moved aside by a restore. */
export interface ReplacedFolder {
  name: string;
  bytes: number;
}
