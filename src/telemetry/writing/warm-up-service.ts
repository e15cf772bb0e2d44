import type { TelemetryReader } from '../ports.ts';

/** Sources whose sums are kept ready, those that were heard last. */
const MOST_SOURCES = 24;

/** What warming up needs to know of each source. */
export interface WarmSource {
  sourceId: string;
  firstMs: number;
  newestMs: number;
}

/**
 * Adds up the days of all sources once, so that nobody who asks first after a start waits for it. One source after the
 * other, until `signal`; what fails is left to whoever asks.
 */
export async function warmUp(
  reader: Pick<TelemetryReader, 'energy'>,
  sources: Iterable<WarmSource>,
  signal: AbortSignal,
): Promise<void> {
  const latest = [...sources].sort((a, b) => b.newestMs - a.newestMs).slice(0, MOST_SOURCES);
  for (const { sourceId, firstMs, newestMs } of latest) {
    if (signal.aborted) return;
    await reader.energy(sourceId, 'year', { from: firstMs, to: newestMs + 1 }).catch(() => undefined);
  }
}
