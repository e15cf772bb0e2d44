import { formatEnergy, formatNumber, formatPercent, type Shown } from '../../core/format.ts';
import type { EnergyQuantity } from '../energy/energy.ts';
import type { EnergySummary } from '../house/house.ts';
import type { TotalsSubject } from './totals-query.ts';

/** One amount of a period: an energy, or the share of the use that was not bought. */
export interface Amount {
  key: EnergyQuantity | 'own';
  /** "Produced". */
  label: string;
  /** "produced", as in "produced 12.3 kWh". */
  verb: string;
  /** Which entry of the palette it wears. */
  colour: 'solar' | 'load' | 'grid' | 'battery' | 'plain';
  unit: 'kWh' | '%';
  /** True for the half of a pair that goes the other way. */
  isPale: boolean;
  /** kWh, or a share of 0..1; null when it is not known. */
  of(summary: EnergySummary): number | null;
}

const energy = (
  key: EnergyQuantity,
  label: string,
  colour: Amount['colour'],
  isPale = false,
): readonly [EnergyQuantity, Amount] => [
  key,
  { key, label, verb: label.toLowerCase(), colour, unit: 'kWh', isPale, of: (summary) => summary[`${key}Kwh`] },
];

const energies: ReadonlyMap<EnergyQuantity, Amount> = new Map([
  energy('solar', 'Produced', 'solar'),
  energy('load', 'Used', 'load'),
  energy('import', 'Bought', 'grid'),
  energy('export', 'Sold', 'grid', true),
  energy('charge', 'Charged', 'battery'),
  energy('discharge', 'Discharged', 'battery', true),
]);

const own: Amount = {
  key: 'own',
  label: 'Self-sufficient',
  verb: 'self-sufficient',
  colour: 'plain',
  unit: '%',
  isPale: false,
  of: (summary) => summary.selfSufficiency,
};

/** The amounts in the order in which they are shown. */
export const amounts: readonly Amount[] = [...energies.values(), own];

/** The amount of a subject that is one. */
export const amountOf = (subject: Exclude<TotalsSubject, 'together'>): Amount =>
  subject === 'own' ? own : (energies.get(subject) as Amount);

/** As it is written: "12.3 kWh", "82 %". */
export const showAmount = (amount: Pick<Amount, 'unit'>, value: number | null): Shown =>
  amount.unit === '%' ? formatPercent(value === null ? null : value * 100) : showSum(value);

/** From here on a tenth of a kilowatt-hour is nothing. kWh. */
const WHOLE_FROM_KWH = 10_000;

/** A sum of energy: "12.3 kWh", "14,334 kWh". */
export const showSum = (kwh: number | null): Shown =>
  kwh !== null && kwh >= WHOLE_FROM_KWH ? { text: formatNumber(kwh), unit: 'kWh' } : formatEnergy(kwh);
