/** What is said while energy is made anew by other rules than before, from the share that is, 0..1. */

/** Of the source of some that is least far; null when all energy is by today's rules. */
export function leastRemade(
  reader: { remadeShare(sourceId: string): number | null },
  sources: Iterable<{ id: string }>,
): number | null {
  const shares = Array.from(sources, ({ id }) => reader.remadeShare(id)).filter((share) => share !== null);
  return shares.length === 0 ? null : Math.min(...shares);
}

/** Of one figure or page. */
export const remakingNote = (share: number): string =>
  `Ampra counts some of this anew after a change: ${percent(share)} so far. The rest is as it was counted before.`;

/** Of the appliance, from the share of each source that is concerned. */
export function remakingWords(shares: readonly number[]): string {
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  const of = shares.length === 1 ? 'one source' : `${shares.length} sources`;
  return `The energy of ${of} is counted anew after a change of version, zone or capacity: ${percent(mean)} so far. Until then the rest is shown as it was counted before.`;
}

/** Never 100 %: it is said only while something is left. */
const percent = (share: number): string => `${Math.min(99, Math.floor(share * 100))}\u00a0%`;
