import { type Field, numberOf, quantityOf } from '../field-draft.ts';
import { half } from '../field-table.ts';
import type { MeterMetrics } from '../meter-role.ts';
import { onceForEach } from '../once-for-each.ts';

/** What a code of IEC 62056-61 counts: the quantity, the phase (0 for all) and the tariff (0 for all). */
export interface ObisCode {
  what: 'power' | 'bought' | 'sold' | 'import' | 'export' | 'voltage' | 'current' | 'frequency';
  phase: number;
  tariff: number;
}

const MOST_NAMES = 2000;
/** The code alone, whatever stands between its numbers: `1-0:1.8.0*255`, `1_8_0`, `1-0:1_8_0__255`. */
const CODE =
  /^(?:obis[ _:]?)?(?:\d{1,2}-\d{1,3}[:._])?(?:\d:)?(\d{1,2})[._](\d{1,2})[._](\d{1,2})(?:[*_.&]{1,2}\d{1,3})?$/i;
/** The code as a meter sends it: `0100010800ff`. */
const HEX = /(?<=^|\/)0100([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})ff$/i;
const fromHex = (_: string, ...bytes: string[]): string =>
  bytes
    .slice(0, 3)
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
/** Levels behind the code. */
const BEHIND = /(?:\/(?:255|value|raw|state|reading))+$/;
/** Of all phases; those of each one are 20, 40 and 60 further. */
const INSTANT: Record<number, ObisCode['what']> = {
  1: 'import',
  2: 'export',
  16: 'power',
  11: 'current',
  12: 'voltage',
  14: 'frequency',
};
/** A mean of the last seconds or minutes. */
const MEAN = /(\d{1,2}[._])4([._]0(?:[*_.&]{1,2}\d{1,3})?)$/;
/** The code of the momentary value for that of its mean; null for any other. */
export const withoutMean = (path: string): string | null => (MEAN.test(path) ? path.replace(MEAN, '$17$2') : null);
const [INSTANTANEOUS, INTEGRAL, PHASE_STEP, PHASES, MOST_TARIFFS] = [7, 8, 20, 3, 4];

/** The code that the last level of a path, or a text, is; null where it is none that is known. */
export const obisCode = onceForEach(MOST_NAMES, (path): ObisCode | null => {
  const bare = path.replace(BEHIND, '').replace(HEX, fromHex);
  const [, c, d, e] = CODE.exec(bare.slice(bare.lastIndexOf('/') + 1)) ?? [];
  if (c === undefined) return null;
  const [quantity, kind, tariff] = [Number(c), Number(d), Number(e)];
  const phase = Math.min(PHASES, Math.floor((quantity - 1) / PHASE_STEP));
  const own = quantity - phase * PHASE_STEP;
  if (kind === INTEGRAL && phase === 0 && own <= 2 && tariff <= MOST_TARIFFS)
    return { what: own === 1 ? 'bought' : 'sold', phase, tariff };
  const what = kind === INSTANTANEOUS && tariff === 0 ? INSTANT[own] : undefined;
  return what === undefined ? null : { what, phase, tariff };
});

/** Where a code's value goes at a meter of that role; null where it has no place. */
export function obisField({ what, phase, tariff }: ObisCode, meter: MeterMetrics): Field | null {
  const isWhole = phase === 0 && tariff === 0;
  const as = { rank: isWhole ? 2 : 1, ...(!isWhole && { how: 'sum' as const }) };
  const isGrid = meter.power === 'gridPower';
  switch (what) {
    case 'bought':
      return meter.total && { to: meter.total, ...as };
    case 'sold':
      return meter.returned && { to: meter.returned, ...as };
    case 'power':
      return { to: meter.power, ...as };
    case 'import':
    case 'export':
      if (isGrid) return { ...half('gridPower', what === 'import' ? 1 : -1), ...as };
      return what === 'import' ? { to: meter.power, ...as } : null;
    case 'frequency':
      return phase === 0 && meter.frequency ? { to: meter.frequency } : null;
    default: {
      const to = meter[what];
      return to && { to, ...as, ...(what === 'voltage' && { how: 'first' as const }) };
    }
  }
}

/** Meters that count in Wh have six digits and more, and at most tenths; those that count in kWh fewer, and thousandths. */
const [LEAST_WH, LEAST_KWH, LEAST_DECIMALS] = [100_000, 100, 2];
/** More than any house's meter counts. */
const MOST_KWH = 1_000_000;

/**
 * The value with its unit, where a meter's way of writing it leaves only one; null where it does not. `isKwh` where another
 * energy of the same meter is in kWh.
 */
export function withObisUnit(
  { what }: ObisCode,
  raw: unknown,
  unit: string,
  isKwh: boolean,
): { value: number; unit: string } | null {
  const said = quantityOf(raw);
  const value = said?.value ?? numberOf(raw);
  if (value === null) return null;
  if (said || unit !== '') return { value, unit: said?.unit ?? unit };
  const isFine = decimalsOf(value) >= LEAST_DECIMALS;
  if (what === 'bought' || what === 'sold') {
    if (isKwh) return value < LEAST_WH ? { value, unit: 'kWh' } : null;
    if (value >= LEAST_WH) return isFine && value < MOST_KWH ? null : { value, unit: 'Wh' };
    return isFine && value >= LEAST_KWH ? { value, unit: 'kWh' } : null;
  }
  // Small ones with thousandths may be in kW.
  const isPower = what === 'power' || what === 'import' || what === 'export';
  return isPower && isFine && Math.abs(value) < 100 ? null : { value, unit: '' };
}

const decimalsOf = (value: number): number => /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
