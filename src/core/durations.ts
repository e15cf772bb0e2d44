/** Durations in milliseconds, so that the unit is read in the code. */
export const seconds = (n: number): number => n * 1000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;

/**
 * True once `ms` went by since then. Also when the clock was set back to before it: nobody waits until a clock has caught up.
 */
export const hasPassed = (since: number, ms: number, now: number): boolean => now - since >= ms || now < since;
