import { minutes } from '../core/durations.ts';
import type { Source } from './source.ts';

/**
 * How a source is doing, by the age of its newest reading: `reporting` up to 5 minutes, `late` up to 15 (the gap that
 * still counts as covered), `silent` beyond, `asleep` instead of both where the sun is down and it lives of nothing else;
 * `waiting` before the first one; `deactivated` by its owner; `unknown` while nobody can say when it was heard.
 */
export const sourceStates = ['waiting', 'reporting', 'late', 'silent', 'asleep', 'deactivated', 'unknown'] as const;
export type SourceState = (typeof sourceStates)[number];

const LATE_AFTER_MS = minutes(5);
const SILENT_AFTER_MS = minutes(15);

export function sourceState(
  source: Pick<Source, 'isActive'>,
  lastReadingAt: number | null,
  now: number,
  { isReadable = true, isAsleep = false } = {},
): SourceState {
  if (!source.isActive) return 'deactivated';
  if (lastReadingAt === null) return isReadable ? 'waiting' : 'unknown';
  const age = now - lastReadingAt;
  if (age <= LATE_AFTER_MS) return 'reporting';
  if (isAsleep) return 'asleep';
  return age <= SILENT_AFTER_MS ? 'late' : 'silent';
}
