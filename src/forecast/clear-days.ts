import { quantile } from '../core/stats.ts';
import type { PowerDays } from './power-series.ts';

const NEAR_DAYS = 15;
/** A clear day gives at least this share of what the best days around it give ... */
const ENERGY_SHARE = 0.85;
/** ... and its power rises and falls about once: the way it goes over twice its highest. */
const MAX_WANDER = 1.15;
const BRIGHT_SHARE = 0.6;
const MIN_KNOWN = 0.85;

/** Days that look cloudless by their power alone, from the smoothest on, at most `limit`. */
export function clearDays(days: PowerDays, limit: number): number[] {
  return shares(days)
    .map((share, day) => ({ day, wander: share >= ENERGY_SHARE ? wander(days, day) : Number.POSITIVE_INFINITY }))
    .filter(({ wander: way }) => way <= MAX_WANDER)
    .sort((a, b) => a.wander - b.wander)
    .slice(0, limit)
    .map(({ day }) => day)
    .sort((a, b) => a - b);
}

/** Days that give most of what the best days around them give, clouds or not, at most `limit`: what weather can explain. */
export function brightDays(days: PowerDays, limit: number): number[] {
  return shares(days)
    .map((share, day) => ({ day, share }))
    .filter(({ share }) => share > BRIGHT_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, limit)
    .map(({ day }) => day)
    .sort((a, b) => a - b);
}

/** Energy of each day over that of the best days around it; NaN where it is not known. */
function shares(days: PowerDays): number[] {
  const energy = Array.from({ length: days.days }, (_, day) => dayEnergy(days, day));
  return energy.map(
    (sum, day) => sum / quantile(energy.slice(Math.max(0, day - NEAR_DAYS), day + NEAR_DAYS + 1), 0.95),
  );
}

/** Sum over the slots, NaN when too much of the day between its first and last light is unknown. */
function dayEnergy(days: PowerDays, day: number): number {
  const power = Array.from({ length: days.slots }, (_, slot) => days.at(day, slot));
  const first = power.findIndex((value) => value > 0);
  const last = power.findLastIndex((value) => value > 0);
  if (last - first < 4) return Number.NaN;
  const lit = power.slice(first, last + 1).filter(Number.isFinite);
  // A day that begins or ends in full power shows a frozen reading, not the sun.
  if (Math.max(power[0] || 0, power.at(-1) || 0) > 0.05 * Math.max(...lit)) return Number.NaN;
  if (lit.length < MIN_KNOWN * (last - first + 1)) return Number.NaN;
  return lit.reduce((sum, value) => sum + value, 0);
}

/** How far the smoothed power travels up and down over the day, over twice its highest: 1 for one smooth hump. */
function wander(days: PowerDays, day: number): number {
  const width = Math.max(0, Math.round((20 * 60_000) / days.stepMs));
  const power = Array.from({ length: days.slots }, (_, slot) => days.at(day, slot)).map((v) =>
    Number.isNaN(v) ? 0 : v,
  );
  const smooth = power.map((_, slot) => {
    const near = power.slice(Math.max(0, slot - width), slot + width + 1);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
  const way = smooth.reduce((sum, value, slot) => sum + Math.abs(value - (smooth[slot - 1] ?? 0)), 0);
  return way / (2 * Math.max(...smooth));
}
