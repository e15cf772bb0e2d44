/**
 * Noise that depends on the moment alone, so that a simulated day looks the same whenever it is worked out: history that
 * is written at once and live values that follow it join without a step.
 */

/** A number in 0..1 that looks random, the same for the same two integers (Wang's integer hash). */
export function hashed(n: number, seed: number): number {
  let x = (Math.imul(n | 0, 0x9e3779b1) ^ Math.imul(seed | 0, 0x85ebca6b)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
  return ((x ^ (x >>> 16)) >>> 0) / 4_294_967_296;
}

/** Smooth noise in 0..1 that changes over about `periodMs` (value noise with smoothstep). */
export function smoothNoise(timeMs: number, periodMs: number, seed: number): number {
  const at = timeMs / periodMs;
  const cell = Math.floor(at);
  const t = at - cell;
  const s = t * t * (3 - 2 * t);
  return hashed(cell, seed) * (1 - s) + hashed(cell + 1, seed) * s;
}
