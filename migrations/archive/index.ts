import type { Migration } from '../../src/platform/migrate.ts';
import blocks from './0001_blocks.sql' with { type: 'text' };

/** Every migration of the archive (SQLite), in order, embedded as those beside it. */
export const archiveMigrations: readonly Migration[] = [{ name: '0001_blocks', sql: blocks }];
