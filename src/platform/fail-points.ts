import { isExecutable } from './runtime.ts';

/**
 * Places at which a fault test lets the process kill itself, as a power cut or `kill -9` could. `TEST_DIE_AT` names one,
 * how often it is passed before that, and how many ms later: `journal.synced:3`, `checkpoint:1+12`.
 * Only under `NODE_ENV=test` in a checkout: an executable is built with `NODE_ENV` fixed to production, so that nothing
 * in its environment can bring it here.
 */
export const failPoints = [
  'journal.segment-made',
  'journal.written',
  'journal.synced',
  'journal.segment-ended',
  'journal.packed',
  'journal.put-in-place',
  'readings.before-commit',
  'readings.committed',
  'rollup.before-commit',
  'rollup.committed',
  'archive.before-commit',
  'archive.committed',
  'packing.before-commit',
  'packing.committed',
  'checkpoint',
  'sqlite.before-commit',
  'sqlite.committed',
  'backup.writing',
  'model.before-rename',
  'model.renamed',
  'restore.aside',
  'restore.in-place',
  'migration.before-commit',
  'migration.committed',
] as const;

export type FailPoint = (typeof failPoints)[number];

interface Death {
  at: string;
  passes: number;
  delayMs: number;
}

const death = process.env.NODE_ENV === 'test' && !isExecutable ? readDeath(process.env.TEST_DIE_AT) : null;

/** Ends the process here when a test asked for it; else nothing. */
export function failPoint(name: FailPoint): void {
  if (death === null || death.at !== name || --death.passes > 0) return;
  if (death.delayMs === 0) die();
  else setTimeout(die, death.delayMs);
}

/** What `TEST_DIE_AT` says; null when it says nothing that is known. */
export function readDeath(text: string | undefined): Death | null {
  const found = /^([\w.-]+):(\d+)(?:\+(\d+))?$/.exec(text ?? '');
  if (!found || !(failPoints as readonly string[]).includes(found[1] ?? '')) return null;
  return { at: found[1] ?? '', passes: Number(found[2]), delayMs: Number(found[3] ?? 0) };
}

/** SIGKILL cannot be caught: nothing is flushed, closed or rolled back. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
