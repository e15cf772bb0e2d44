/**
 * What a backup is: one archive that begins with a manifest, then the files of the data directory as they lay at one
 * moment. Everything that reads or writes backups agrees on this.
 */
export interface BackupManifest {
  format: 1;
  /** Of the Ampra that made it. */
  version: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  files: { name: string; size: number; sha256: string }[];
  /** What each database holds, to compare with when it is read again; absent in a copy of a broken one. */
  databases?: Record<string, DatabaseContents>;
}

export interface DatabaseContents {
  /** Migrations that it has been through. */
  migrations: string[];
  /** Rows of each table, and a checksum of what is in them where one was made. */
  tables: Record<string, TableContents>;
  /** Readings of packed days; of the archive alone. */
  packedReadings?: number;
  /** Which program made the checksums: another's may differ. */
  engine?: string;
}

export interface TableContents {
  rows: number;
  sum?: string;
}

export const MANIFEST = 'manifest.json';
export const TELEMETRY = 'telemetry.duckdb';
/** Days of telemetry that are over. Backups of older versions have none. */
export const ARCHIVE = 'archive.db';
/** It is run at each start: a program, which a backup may bring along but not put in force. */
export const CONFIG = 'ampra.config.ts';
export const CONFIG_ASIDE = `${CONFIG}.from-backup`;

/** Where a restore is prepared, and the folders that mark how far it is: see `platform/put-restored.ts`. */
export const STAGING = 'restore.part';
/** Where scheduled backups lie when no other folder was chosen. */
export const BACKUPS = 'backups';

/** Never part of a backup: locks, sockets, what is made anew, other backups, what a restore left. */
export const NEVER_IN_A_BACKUP =
  /^(lock\.db.*|ampra\.pid|control\.sock|clock\.json|tmp|backups|backup\.part|restore\.\w+|replaced-.*|server\.log)$/;
/** What stands beside a database for the moment, or was put aside for people to look at. */
export const BESIDE_A_DATABASE =
  /\.(db-(wal|shm|journal)|duckdb\.(wal|guard)|wal\.damaged)(\.\w+)?$|\.(new|part)$|\.damaged-\d+$/;

/** True for what a backup may bring: inside the data directory, and nothing that the running appliance holds. */
export function isFileName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file of ours has one in its name
  if (/[\u0000-\u001f\\]/.test(name)) return false;
  const parts = name.split('/');
  return parts.every((part) => part !== '' && part !== '.' && part !== '..') && !NEVER_IN_A_BACKUP.test(parts[0] ?? '');
}

/** How a restored database differs from what its backup says; null when it does not. */
export function contentsDifference(expected: DatabaseContents, found: DatabaseContents): string | null {
  for (const [table, { rows, sum }] of Object.entries(expected.tables)) {
    const there = found.tables[table];
    if (!there) return `the table ${table} is missing`;
    if (there.rows !== rows) return `the table ${table} has ${there.rows} rows instead of ${rows}`;
    const isComparable = sum !== undefined && there.sum !== undefined && expected.engine === found.engine;
    if (isComparable && there.sum !== sum) return `the content of the table ${table} is another`;
  }
  return null;
}

/** `ampra-2026-06-21-1034.tar`; sorted by name is sorted by age. */
export function backupName(createdAtMs: number, isSealed: boolean): string {
  const [day = '', time = ''] = new Date(createdAtMs).toISOString().split('T');
  return `ampra-${day}-${time.slice(0, 8).replaceAll(':', '')}.${isSealed ? 'tar.sealed' : 'tar'}`;
}

/** Names that this Ampra gives to backups; others in a folder are left alone. */
export const BACKUP_NAME = /^(ampra|uploaded)-\d{4}-\d{2}-\d{2}-\d{4,6}\.(tar|tar\.sealed)$/;
