import { quantile } from '../core/stats.ts';
import { type PowerDays, type PowerSeries, powerDays, strongPowerW } from './power-series.ts';

/** When production began and ended on the better days of a week or so. */
export interface DayEdges {
  /** Middle of the days looked at, ms UTC. */
  time: number;
  /** ms UTC, on the middle day. */
  firstLight: number;
  lastLight: number;
}

const DAY_MS = 86_400_000;
/** Days looked at together. */
export const WINDOW_DAYS = 8;
/** Production counts as begun at this share of what strong sun gives. */
const LIT_SHARE = 0.01;

/** First and last light by windows of eight days. */
export function dayEdges(series: PowerSeries): DayEdges[] {
  const days = powerDays(series);
  const litW = LIT_SHARE * strongPowerW(series);
  const edges: DayEdges[] = [];
  for (let day = 0; day + WINDOW_DAYS <= days.days; day += WINDOW_DAYS) {
    const found = windowEdges(envelope(days, day), litW);
    if (!found) continue;
    const middle = days.from + (day + Math.floor(WINDOW_DAYS / 2)) * DAY_MS;
    edges.push({
      time: middle + DAY_MS / 2,
      firstLight: middle + found.first * days.stepMs,
      lastLight: middle + found.last * days.stepMs,
    });
  }
  return edges;
}

/** Power of each slot on the better days of a window; 0 where nothing is ever known, which is the night of a sleeping inverter. */
function envelope(days: PowerDays, from: number): number[] | undefined {
  const inWindow = Array.from({ length: WINDOW_DAYS }, (_, index) => from + index);
  const seen = inWindow.filter((day) => isSeen(days, day));
  if (seen.length < WINDOW_DAYS / 2) return undefined;
  return Array.from({ length: days.slots }, (_, slot) => {
    const power = quantile(
      seen.map((day) => days.at(day, slot)),
      0.85,
    );
    return Number.isNaN(power) ? 0 : power;
  });
}

function isSeen(days: PowerDays, day: number): boolean {
  let known = 0;
  for (let slot = 0; slot < days.slots; slot++) if (days.at(day, slot) > 0) known++;
  return known >= days.slots / 8;
}

/** Where the envelope crosses the lit power, in slots from the start of the day; undefined when it never stays below. */
function windowEdges(power: readonly number[] | undefined, litW: number): { first: number; last: number } | undefined {
  if (!power) return undefined;
  const isLit = (slot: number): boolean => (power[slot] ?? 0) >= litW && (power[slot + 1] ?? 0) >= litW;
  const first = power.findIndex((_, slot) => isLit(slot));
  const last = power.findLastIndex((_, slot) => isLit(slot)) + 1;
  if (first < 1 || last > power.length - 2) return undefined;
  const crossing = (dark: number, lit: number): number => {
    const [below = 0, above = 0] = [power[dark], power[lit]];
    return dark + 0.5 + ((lit - dark) * (litW - below)) / (above - below);
  };
  return { first: crossing(first - 1, first), last: crossing(last + 1, last) };
}
