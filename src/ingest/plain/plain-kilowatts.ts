import { weighedSigns } from '../signs/power-balance.ts';
import type { Named } from './plain-meaning.ts';
import { powersOf } from './plain-signs.ts';

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
 * True where a message's powers can only be in kW: one is a thousandth of its voltage times its current, or a house that buys or sells would use less than its standby, they have
 * hundredths, and they add up to what flows. What was heard in hundreds (`isInWatts`) is in W.
 */
export function areKilowatts(found: readonly Named[], isInWatts: boolean): boolean {
  const powers = found.filter(isPower);
  if (isInWatts || powers.some(({ value, isUnitSaid }) => isUnitSaid || Math.abs(value) >= MOST_KW)) return false;
  const said = powersOf(found);
  if (isThousandth(found, 'solar', said.solar) || isThousandth(found, 'battery', said.battery)) return true;
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

/** What a power and its voltages times their currents may differ by: not all is measured at once. */
const PRODUCT_SHARE = 0.12;
/** Less is measured too badly to say anything; and what has a small voltage may have a current in mA. */
const [LEAST_KW, LEAST_STRING_V] = [0.1, 80];

/** True for a power that is a thousandth of its place's voltages times their currents, string by string. */
function isThousandth(found: readonly Named[], place: 'solar' | 'battery', power: number | null): boolean {
  const size = Math.abs(power ?? 0);
  if (size < LEAST_KW || digitsOf(size) < 1) return false;
  const of = (kind: 'Voltage' | 'Current') => found.filter(({ metric }) => metric === `${place}${kind}`);
  const [volts, amperes] = [of('Voltage'), of('Current')];
  if (volts.length === 0 || volts.length !== amperes.length) return false;
  if (volts.some(({ value }) => value < LEAST_STRING_V)) return false;
  const products = amperes.map(({ value, order }) => {
    const volt = volts.find((one) => one.order === order);
    return Math.abs(value * (volt?.value ?? Number.NaN));
  });
  const product = products.reduce((sum, one) => sum + one, 0) / THOUSAND;
  return Math.abs(product - size) <= PRODUCT_SHARE * size;
}

/** Its powers in W. */
export const fromKilowatts = (found: readonly Named[]): Named[] =>
  found.map((one) =>
    isPower(one) ? { ...one, isUnitSaid: true, field: { ...one.field, by: THOUSAND * (one.field.by ?? 1) } } : one,
  );
