/** In what detail the past is kept: every reading, and rolled up more and more coarsely. */
export type Level = 'readings' | 'minute' | 'quarter' | 'hour' | 'day';
export type RolledLevel = Exclude<Level, 'readings'>;

export const finestFirst: readonly Level[] = ['readings', 'minute', 'quarter', 'hour', 'day'];

const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

interface LevelShape {
  /** Place in ids of blocks; never changes. */
  number: number;
  /** Days that one block holds: a few thousand rows, which pack well and are quickly read. */
  daysABlock: number;
  /** Time that a row stands for. ms. */
  widthMs: number;
}

export const levels: Record<Level, LevelShape> = {
  readings: { number: 0, daysABlock: 1, widthMs: 1 },
  minute: { number: 1, daysABlock: 1, widthMs: MINUTE_MS },
  quarter: { number: 2, daysABlock: 32, widthMs: 15 * MINUTE_MS },
  hour: { number: 3, daysABlock: 128, widthMs: 60 * MINUTE_MS },
  day: { number: 4, daysABlock: 4096, widthMs: DAY_MS },
};

export const dayOf = (time: number): number => Math.floor(time / DAY_MS);

/** Stretch of time of a level's block, as a number: that of `day` (days since 1970). */
export const stretchOf = (level: Level, day: number): number => Math.floor(day / levels[level].daysABlock);

const STRETCHES = 2 ** 20;
const SOURCES = 2 ** 24;
/** Ids of a level lie closer together than this. */
export const MOST_ID = SOURCES * STRETCHES;

export function blockId(level: Level, source: number, stretch: number): number {
  return (levels[level].number * SOURCES + source) * STRETCHES + stretch;
}

export const stretchOfId = (id: number): number => id % STRETCHES;

/** The time of a level's stretch. */
export function timeOfStretch(level: Level, stretch: number): { from: number; to: number } {
  const span = levels[level].daysABlock * DAY_MS;
  return { from: stretch * span, to: (stretch + 1) * span };
}
