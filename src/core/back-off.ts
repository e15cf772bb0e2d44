/**
 * How long to wait before attempt `failures` + 1, ms: doubled with each failure up to `mostMs`, less a random part of
 * up to a half, so that many who lost the same broker do not come back at one moment.
 */
export function backOff(failures: number, firstMs: number, mostMs: number, random: () => number = Math.random): number {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 20));
  return Math.round(whole * (1 - random() / 2));
}
