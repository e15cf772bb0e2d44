import type { EnergyOrigin, EnergyOrigins } from '../figures.ts';
import { type EnergyQuantity, energyQuantities } from './energy.ts';

/** How a sum became known, from how its parts did: those of several sources, or of times that follow each other. */

/** Of several sources in the same time: it is known as long as all of them know their part. */
export function combineOrigins(parts: readonly (EnergyOrigin | undefined)[]): EnergyOrigin | undefined {
  const known = parts.filter((part) => part !== undefined);
  return summed(known, Math.min(...known.map((part) => part.coverage)));
}

/** What one of several times that follow each other says, and its part of them, in any unit. */
export interface TimedOrigins {
  origins: EnergyOrigins | undefined;
  length: number;
}

/** Of times that follow each other, which are `whole` long with those of which nothing is known. */
export function followOrigins(parts: readonly TimedOrigins[], whole: number): EnergyOrigins {
  const origins: EnergyOrigins = {};
  for (const quantity of energyQuantities) {
    const known: EnergyOrigin[] = [];
    let time = 0;
    for (const part of parts) {
      const origin = part.origins?.[quantity];
      if (!origin) continue;
      known.push(origin);
      time += origin.coverage * part.length;
    }
    const sum = summed(known, shareOf(time, whole));
    if (sum) origins[quantity] = sum;
  }
  return origins;
}

/** Share of a whole, to a ten-thousandth, 0..1. */
export const shareOf = (part: number, whole: number): number =>
  whole > 0 ? Math.min(1, Math.round((part / whole) * 1e4) / 1e4) : 0;

/** Coverage of the quantity that is known least; null where none is known. */
export function leastCoverage(origins: EnergyOrigins): number | null {
  let least: number | null = null;
  for (const quantity of energyQuantities) {
    const coverage = origins[quantity]?.coverage;
    if (coverage !== undefined) least = Math.min(least ?? 1, coverage);
  }
  return least;
}

/** The same origins where nothing is known for sure of some quantities. */
export function doubted(origins: EnergyOrigins, quantities: readonly EnergyQuantity[]): EnergyOrigins {
  const known = { ...origins };
  for (const quantity of quantities) {
    const origin = known[quantity];
    if (origin) known[quantity] = { ...origin, coverage: 0 };
  }
  return known;
}

function summed(known: readonly EnergyOrigin[], coverage: number): EnergyOrigin | undefined {
  const [first] = known;
  if (!first) return undefined;
  let [powerKwh, bridgedKwh] = [0, 0];
  for (const part of known) {
    powerKwh += part.powerKwh;
    bridgedKwh += part.bridgedKwh;
  }
  return {
    from: known.every((part) => part.from === first.from) ? first.from : 'mixed',
    powerKwh,
    bridgedKwh,
    coverage,
  };
}
