/** Shares that follow from energy, 0..1. All energies in kWh; null where it cannot be told, never a guess. */

/** Less energy than this makes a ratio of two measurements meaningless [kWh]. */
const LEAST_KWH = 0.05;

type Kwh = number | null;

/**
 * Share of the production that was used on site (also through the battery): 1 - sold / produced. Luthander et al. 2015,
 * doi:10.1016/j.apenergy.2014.12.028, eq. 4.
 */
export function selfConsumption(solarKwh: Kwh, exportKwh: Kwh): number | null {
  return oneMinus(exportKwh, solarKwh);
}

/** Share of the load that was not bought: 1 - bought / used. The same, eq. 5. */
export function selfSufficiency(loadKwh: Kwh, importKwh: Kwh): number | null {
  return oneMinus(importKwh, loadKwh);
}

function oneMinus(part: Kwh, whole: Kwh): number | null {
  if (part === null || whole === null || whole < LEAST_KWH) return null;
  return Math.min(1, Math.max(0, 1 - part / whole));
}

/**
 * Performance ratio of IEC 61724-1:2021, 10.4.1: final yield over reference yield, (E / P0) / (H / G). `referenceKwh` is
 * P0 * H / G, what the light on the plane of the modules gives at their rated power; of several plants the sum.
 */
export function performanceRatio(solarKwh: number, referenceKwh: number): number {
  return solarKwh / referenceKwh;
}
