import type { Named } from './plain-meaning.ts';
import { powersOf } from './plain-signs.ts';
import { weighedSigns } from './power-balance.ts';

/** A house at the grid never uses less in W, nor more than the other in kW. */
const [LEAST_HOUSE_W, MOST_KW] = [20, 100];
/** Who writes kW writes hundredths; in W they say nothing. */
const LEAST_DIGITS = 2;
const THOUSAND = 1000;

/** Under it is remembered where a power was heard that no house has in kW: those beside it are in W, too. */
export const WATTS = 'plain-watts';
const LEAST_WATTS = 100;

const isPower = ({ metric }: Named): boolean => /Power$/.test(metric);
export const isHundreds = (one: Named): boolean =>
  isPower(one) && one.metric !== 'apparentPower' && Math.abs(one.value) >= LEAST_WATTS;
const digitsOf = (value: number): number => String(value).split('.')[1]?.length ?? 0;

/**
 * True where a message's powers can only be in kW: a house that buys or sells would use less than its standby, they have
 * hundredths, and they add up to what flows. What was heard in hundreds (`isInWatts`) is in W.
 */
export function areKilowatts(found: readonly Named[], isInWatts: boolean): boolean {
  const powers = found.filter(isPower);
  if (isInWatts || powers.some(({ value, isUnitSaid }) => isUnitSaid || Math.abs(value) >= MOST_KW)) return false;
  const said = powersOf(found);
  if (said.load === null || said.load <= 0 || said.load >= LEAST_HOUSE_W || !said.grid || said.solar === null)
    return false;
  if (!powers.some(({ value }) => digitsOf(value) >= LEAST_DIGITS)) return false;
  const kilo = (value: number | null) => (value === null ? null : value * THOUSAND);
  const inWatts = {
    solar: kilo(said.solar),
    load: kilo(said.load),
    grid: kilo(said.grid),
    battery: kilo(said.battery),
  };
  return weighedSigns(inWatts).holds;
}

/** Its powers in W. */
export const fromKilowatts = (found: readonly Named[]): Named[] =>
  found.map((one) =>
    isPower(one) ? { ...one, isUnitSaid: true, field: { ...one.field, by: THOUSAND * (one.field.by ?? 1) } } : one,
  );
