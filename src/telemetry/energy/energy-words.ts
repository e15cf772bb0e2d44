import type { EnergyQuantity } from './energy.ts';

/** What was done with the energy of each quantity, as heads of columns and in sentences: "produced", "what was sold". */
export const energyVerbs: Readonly<Record<EnergyQuantity, string>> = {
  solar: 'produced',
  load: 'used',
  import: 'bought',
  export: 'sold',
  charge: 'charged',
  discharge: 'discharged',
};
