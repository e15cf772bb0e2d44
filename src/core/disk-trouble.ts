/** What a disk may have: no room left, no right to write any more, or errors of its own. */
export type DiskTrouble = 'full' | 'read-only' | 'failing';

const byCode: readonly [RegExp, DiskTrouble][] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)$/, 'full'],
  [/^(SQLITE_READONLY\w*|EROFS)$/, 'read-only'],
  [/^(SQLITE_IOERR\w*|EIO)$/, 'failing'],
];
/** DuckDB has no codes, but passes on what the system said. */
const byMessage: readonly [RegExp, DiskTrouble][] = [
  [/no space left on device|disk quota exceeded|database or disk is full/i, 'full'],
  [/read-only file system|attempt to write a readonly database/i, 'read-only'],
  [/input\/output error|disk i\/o error/i, 'failing'],
];

/** The disk's part in an error, or in what caused it; null when it has none. */
export function diskTrouble(error: unknown): DiskTrouble | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  const found =
    byCode.find(([pattern]) => typeof code === 'string' && pattern.test(code)) ??
    byMessage.find(([pattern]) => typeof message === 'string' && pattern.test(message));
  return found?.[1] ?? diskTrouble(cause);
}

/** What is wrong with the disk and what helps, as sentences for the owner. */
export const diskWords: Record<DiskTrouble, { message: string; hint: string }> = {
  full: {
    message: 'The disk of this Ampra is full.',
    hint: 'Free some space on it; everything goes on by itself then.',
  },
  'read-only': {
    message: 'The disk of this Ampra can only be read, as happens when a memory card begins to fail.',
    hint: 'Make a backup, restart the computer, and replace the card if it happens again.',
  },
  failing: {
    message: 'The disk of this Ampra reports errors.',
    hint: 'Make a backup while it can be read, and replace it.',
  },
};

/**
 * Does what is good to have but not worth to fail for, such as "last seen". False when the disk did not let it; other
 * errors go on.
 */
export function unlessDiskTrouble(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (diskTrouble(error) === null) throw error;
    return false;
  }
}
