import type { LightGrid } from './light-grid.ts';

const ENOUGH_MS = 3 * 3_600_000;

/** Whether an interval is one of daylight, in which odds are judged: half of it, or three hours of a long one such as a day. */
export function isDaylight({ grid, daylight }: Pick<LightGrid, 'grid' | 'daylight'>, index: number): boolean {
  return (daylight[index] ?? 0) >= Math.min(0.5, ENOUGH_MS / grid.stepMs);
}
