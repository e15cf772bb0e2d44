import type { EnergyTotals } from './figures.ts';

/**
 * What follows from energy: shares, cycles, losses, yields, records. All energies in kWh; null where it cannot be told, never
 * a guess. Shares are 0..1.
 */

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

/** Energy that a battery holds when full [kWh], from its capacity [Ah] and nominal voltage [V]. */
export function batteryEnergyKwh(capacityAh: number, nominalV: number): number {
  return (capacityAh * nominalV) / 1000;
}

/**
 * How often the battery was emptied and filled as a whole: the mean of what went in and out, over what it holds. As in
 * IEC 62933-2-1, where a cycle is a full charge and discharge.
 */
export function equivalentFullCycles(chargeKwh: Kwh, dischargeKwh: Kwh, capacityKwh: number): number | null {
  if (capacityKwh <= 0) return null;
  if (chargeKwh === null && dischargeKwh === null) return null;
  const throughput = ((chargeKwh ?? dischargeKwh ?? 0) + (dischargeKwh ?? chargeKwh ?? 0)) / 2;
  return throughput / capacityKwh;
}

/** What a battery held more at the end of a time than at its start. */
export interface StoredChange {
  /** State of charge at the start and at the end [%]. */
  socStart: number;
  socEnd: number;
  capacityKwh: number;
}

/** Cycles that a battery must have made before its efficiency can be told: the state of charge is known to a percent only. */
const LEAST_CYCLES = 0.5;

/**
 * What came out of a battery, and is still in it, of what went in: (out + change of what it holds) / in. Null where less than
 * half a capacity went in. Without `change` the whole time must be long enough that it does not matter (five capacities).
 */
export function roundTripEfficiency(
  chargeKwh: Kwh,
  dischargeKwh: Kwh,
  capacityKwh: number,
  change: StoredChange | null,
): number | null {
  if (chargeKwh === null || dischargeKwh === null || capacityKwh <= 0) return null;
  const least = (change ? LEAST_CYCLES : 10 * LEAST_CYCLES) * capacityKwh;
  if (chargeKwh < least) return null;
  const stored = change ? ((change.socEnd - change.socStart) / 100) * change.capacityKwh : 0;
  const share = (dischargeKwh + stored) / chargeKwh;
  // Beyond what measurements can be off by, the state of charge or a counter is wrong: then nothing is told.
  return share < 0 || share > 1.1 ? null : Math.min(1, share);
}

/** What was lost between where energy comes in and where it goes out. */
export interface Losses {
  /** Negative where the measurements do not agree. */
  kwh: number;
  /** Of all that came in. */
  share: number | null;
}

/**
 * What came in (sun, grid, battery, generator) less what went out (load, grid, battery): conversion, cables and the devices
 * themselves. Null unless production, load and both directions of a grid that is there are known.
 */
export function conversionLosses(
  totals: EnergyTotals,
  options: { hasGrid: boolean; generatorKwh?: number },
): Losses | null {
  const { solarKwh, loadKwh, importKwh, exportKwh, chargeKwh, dischargeKwh } = totals;
  const isGridKnown = !options.hasGrid || (importKwh !== null && exportKwh !== null);
  if (solarKwh === null || loadKwh === null || !isGridKnown) return null;
  if ((chargeKwh === null) !== (dischargeKwh === null)) return null;
  const into = solarKwh + (importKwh ?? 0) + (dischargeKwh ?? 0) + (options.generatorKwh ?? 0);
  const out = loadKwh + (exportKwh ?? 0) + (chargeKwh ?? 0);
  return { kwh: into - out, share: into < LEAST_KWH ? null : (into - out) / into };
}

/** Yield of a plant by its size [kWh/kWp]: the final yield of IEC 61724-1:2021, 10.3.2. */
export function specificYield(solarKwh: Kwh, installedW: number | null): number | null {
  return solarKwh === null || !installedW ? null : solarKwh / (installedW / 1000);
}

/**
 * Performance ratio of IEC 61724-1:2021, 10.4.1: the yield over the one that the same light gives at standard test
 * conditions (1 kW/m2). `irradiationKwhM2` is that on the plane of the modules, of the time that was measured.
 */
export function performanceRatio(
  solarKwh: Kwh,
  installedW: number | null,
  irradiationKwhM2: number | null,
): number | null {
  const finalYield = specificYield(solarKwh, installedW);
  return finalYield === null || irradiationKwhM2 === null || irradiationKwhM2 < LEAST_KWH
    ? null
    : finalYield / irradiationKwhM2;
}

export interface EnergyRecord {
  period: string;
  value: number;
}

/** The best of days (or months): what was produced, used, bought and sold most, and the shares. */
export interface EnergyRecords {
  mostSolar: EnergyRecord | null;
  mostLoad: EnergyRecord | null;
  mostImport: EnergyRecord | null;
  mostExport: EnergyRecord | null;
  mostCharge: EnergyRecord | null;
  bestSelfSufficiency: EnergyRecord | null;
  /** Days in a row, up to the last, on which less than a twentieth of the load was bought. */
  longestOwnSupply: { from: string; to: string; days: number } | null;
}

/** Days that were measured less than this share of the time are no records. */
const LEAST_COVERAGE = 0.9;
const OWN_SUPPLY = 0.95;

/** Records of periods in order; of equal ones the first counts. A period that was hardly measured is none. */
export function recordsOf(periods: readonly (EnergyTotals & { period: string })[]): EnergyRecords {
  const measured = periods.filter((p) => p.coverage >= LEAST_COVERAGE);
  const most = (of: (p: EnergyTotals) => Kwh): EnergyRecord | null => {
    let best: EnergyRecord | null = null;
    for (const p of measured) {
      const value = of(p);
      if (value !== null && value > 0 && (best === null || value > best.value)) best = { period: p.period, value };
    }
    return best;
  };
  return {
    mostSolar: most((p) => p.solarKwh),
    mostLoad: most((p) => p.loadKwh),
    mostImport: most((p) => p.importKwh),
    mostExport: most((p) => p.exportKwh),
    mostCharge: most((p) => p.chargeKwh),
    bestSelfSufficiency: most((p) => selfSufficiency(p.loadKwh, p.importKwh)),
    longestOwnSupply: longestOwnSupply(periods),
  };
}

function longestOwnSupply(periods: readonly (EnergyTotals & { period: string })[]): EnergyRecords['longestOwnSupply'] {
  let best: EnergyRecords['longestOwnSupply'] = null;
  let from: string | null = null;
  let days = 0;
  for (const p of periods) {
    const share = p.coverage >= LEAST_COVERAGE ? selfSufficiency(p.loadKwh, p.importKwh) : null;
    if (share === null || share < OWN_SUPPLY) {
      from = null;
      days = 0;
      continue;
    }
    from ??= p.period;
    days++;
    if (days > (best?.days ?? 0)) best = { from, to: p.period, days };
  }
  return best;
}

/** The highest of a series and when it was; null without any value. `times` are the starts of its steps [ms]. */
export function peakOf(
  times: readonly number[],
  highs: readonly (number | null)[],
): { time: number; value: number } | null {
  let peak: { time: number; value: number } | null = null;
  for (const [i, value] of highs.entries())
    if (value !== null && (peak === null || value > peak.value)) peak = { time: times[i] ?? 0, value };
  return peak;
}
