/** What follows from the energy of a period. Pure arithmetic: kWh, shares of 0 to 1. */
import type { EnergyQuantity } from '../energy/energy.ts';
import type { EnergySummary } from '../house/house.ts';
import type { HousePeriod } from '../house/house-energy.ts';

export interface BatteryFacts {
  /** What the whole battery holds, kWh; null when it has not said. */
  capacityKwh: number | null;
  /** What it held at the end less what it held at the beginning, kWh; null when that is not known. */
  storedKwh: number | null;
}

export interface InstalledFacts {
  id: string;
  /** Peak power, W; null when the owner did not say. */
  installedCapacityW: number | null;
}

/** Times that the whole capacity was taken out of the battery (equivalent full cycles); null when it is not known. */
export function fullCycles(
  { dischargeKwh }: Pick<EnergySummary, 'dischargeKwh'>,
  battery: BatteryFacts,
): number | null {
  if (dischargeKwh === null || battery.capacityKwh === null || battery.capacityKwh <= 0) return null;
  return dischargeKwh / battery.capacityKwh;
}

/** Below so much charging what is stored at the ends of the period outweighs the losses. Cycles of the battery. */
const LEAST_CYCLES = 2;
const LEAST_CHARGE_KWH = 20;

/**
 * What came out of the battery for each kWh that went in, with what it holds more than before set apart:
 * discharge / (charge - stored). Null where too little went in to tell.
 */
export function roundTrip(
  { chargeKwh, dischargeKwh }: Pick<EnergySummary, 'chargeKwh' | 'dischargeKwh'>,
  { capacityKwh, storedKwh }: BatteryFacts,
): number | null {
  if (chargeKwh === null || dischargeKwh === null) return null;
  const least = capacityKwh === null ? LEAST_CHARGE_KWH : LEAST_CYCLES * capacityKwh;
  const wentThrough = chargeKwh - (storedKwh ?? 0);
  return chargeKwh < least || wentThrough <= 0 ? null : dischargeKwh / wentThrough;
}

export interface Losses {
  /** What came in and was neither used nor sold nor stored, kWh. Negative when the meters contradict each other. */
  kwh: number;
  /** As a share of all that came in, 0..1. */
  share: number;
}

/** So much energy outweighs what a battery of a house may hold more at the end than at the beginning. */
const OUTWEIGHS_STORED_KWH = 300;

/**
 * Losses of inverter and battery: solar + import - export - load - stored. Null where the load is itself the balance of
 * the others, where one of them is not known, and with a generator, whose energy is not counted.
 */
export function lossesOf(
  summary: Pick<EnergySummary, 'solarKwh' | 'importKwh' | 'exportKwh' | 'loadKwh' | 'isLoadDerived' | 'chargeKwh'>,
  facts: { hasGrid: boolean; hasGenerator: boolean; battery: BatteryFacts },
): Losses | null {
  const { solarKwh, loadKwh, isLoadDerived, chargeKwh } = summary;
  const importKwh = facts.hasGrid ? summary.importKwh : 0;
  const exportKwh = facts.hasGrid ? summary.exportKwh : 0;
  if (solarKwh === null || loadKwh === null || importKwh === null || exportKwh === null) return null;
  if (isLoadDerived || facts.hasGenerator) return null;
  const cameIn = solarKwh + importKwh;
  const { storedKwh } = facts.battery;
  const isStoredKnown = chargeKwh === null || storedKwh !== null || cameIn > OUTWEIGHS_STORED_KWH;
  if (cameIn < 1 || !isStoredKnown) return null;
  const stored = storedKwh ?? 0;
  const kwh = cameIn - exportKwh - loadKwh - stored;
  return { kwh, share: kwh / cameIn };
}

export interface SpecificYield {
  /** kWh for each kWp that was installed. */
  kwhPerKwp: number;
  /** Peak power that it is the yield of, kW: sources that came within the period count for their share of it. */
  installedKwp: number;
  /** Sources that produced and whose peak power is not known: they are left out. */
  withoutPeak: string[];
}

/** What each installed kilowatt of peak power produced. `days` tell since when each source was there. */
export function specificYield(
  days: readonly Pick<HousePeriod, 'shares'>[],
  installed: readonly InstalledFacts[],
): SpecificYield | null {
  const shares = days.flatMap((day) => (day.shares.solar ? [day.shares.solar] : []));
  let kwh = 0;
  let installedKwp = 0;
  const withoutPeak: string[] = [];
  for (const { id, installedCapacityW } of installed) {
    const own = shares.map((share) => share[id]).filter((part) => part !== undefined);
    if (own.length === 0) continue;
    if (!installedCapacityW) {
      if (own.some((part) => part > 0)) withoutPeak.push(id);
      continue;
    }
    kwh += own.reduce((sum, part) => sum + part, 0);
    installedKwp += (installedCapacityW / 1000) * (own.length / shares.length);
  }
  return installedKwp > 0 ? { kwhPerKwp: kwh / installedKwp, installedKwp, withoutPeak } : null;
}

/** One energy of a period. */
export const kwhOf = (summary: EnergySummary, quantity: EnergyQuantity): number | null => summary[`${quantity}Kwh`];
