/** Powers of a source as people write them: kilowatts in forms and on pages, watts everywhere else. */
export const formPowers = ['installedCapacityW', 'inverterLimitW'] as const;
type FormPower = (typeof formPowers)[number];

/** What stands in the form for a power. */
export const kilowattText = (watts: number | null): string => (watts === null ? '' : String(tidy(watts / 1000)));

/** What was typed, in watts; what is no number stays as it is, to be refused by name. A comma may be the decimal point. */
export function typedWatts(text: string): string {
  const plain = text
    .trim()
    .replace(/\s*kW$/i, '')
    .replace(',', '.');
  const kilowatts = plain === '' ? Number.NaN : Number(plain);
  return Number.isFinite(kilowatts) ? String(tidy(kilowatts * 1000)) : text;
}

/** What is wrong with a power, in the unit of the form. */
export function powerProblem(field: FormPower): string {
  return field === 'installedCapacityW'
    ? 'Installed power is a number of kilowatts from 0 to 1,000, such as 5.4.'
    : 'Limit of the inverter is a number of kilowatts from 0.001 to 1,000, such as 5.';
}

export const isFormPower = (field: string): field is FormPower => (formPowers as readonly string[]).includes(field);

/** Without the dust of binary fractions. */
const tidy = (value: number): number => Number(value.toPrecision(12));
