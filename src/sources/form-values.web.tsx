import type { Context } from 'hono';
import type { FormProblem } from '../../views/parts/index.ts';
import { differences } from '../../views/parts/index.ts';
import type { SourceFormValues } from '../../views/sources/source-form-props.ts';
import { currencies, formatDecimal, minorDigits } from '../core/money.ts';
import { withPlacePair } from '../core/place-pair.ts';
import type { Refusal } from '../core/result.ts';
import type { AppEnv } from '../web/routes.ts';
import { panelsProblem, panelsText, typedPanels } from './form-panels.ts';
import { formPowers, isFormPower, kilowattText, powerProblem, typedWatts } from './form-power.ts';
import type { Source } from './source.ts';
import { DEFAULT_CURRENCY, type SourceDetails, type SourceInput } from './source-rules.ts';

export interface PostedForm {
  text(name: string): string;
  /** Undefined when the form did not have it, so that a change leaves it alone. */
  optional(name: string): string | undefined;
  /** The upload: bytes, null to take the present one away, undefined to leave it. */
  picture(name: string): Promise<Uint8Array | null | undefined>;
  /** The version the editor saw. */
  version: number | undefined;
}

/** Reads a form as it was posted; a field that came twice counts once. */
export async function readForm(c: Context<AppEnv>): Promise<PostedForm> {
  const form = await c.req.parseBody();
  const optional = (name: string) => {
    const value = form[name];
    return typeof value === 'string' ? value : undefined;
  };
  const version = Number(optional('version'));
  return {
    optional,
    text: (name) => optional(name) ?? '',
    picture: async (name) => {
      const file = form[name];
      if (file instanceof File && file.size > 0) return new Uint8Array(await file.arrayBuffer());
      return optional(`remove-${name}`) ? null : undefined;
    },
    version: Number.isInteger(version) && version > 0 ? version : undefined,
  };
}

/** Names of the form's fields, in its order, with the words for people. */
export const fieldWords: Readonly<Record<keyof SourceFormValues, string>> = {
  name: 'Name',
  connectionType: 'How it connects',
  role: 'What it counts as',
  latitude: 'Latitude',
  longitude: 'Longitude',
  timeZone: 'Time zone',
  groupId: 'Group',
  description: 'Description',
  installedCapacityW: 'Installed power',
  inverterLimitW: 'Limit of the inverter',
  panels: 'Panels',
  installationDate: 'Installed on',
  currency: 'Currency',
  systemCost: 'Cost of the system',
  maintenancePerYear: 'Maintenance a year',
};
const fieldNames = Object.keys(fieldWords) as (keyof SourceFormValues)[];

/** What an empty form starts with. */
export function newSourceValues(start: Partial<SourceDetails>): SourceFormValues {
  const text = (value: number | undefined) => (value === undefined ? '' : String(value));
  return {
    name: '',
    description: '',
    role: 'system',
    connectionType: 'mqtt',
    groupId: '',
    latitude: text(start.latitude),
    longitude: text(start.longitude),
    timeZone: start.timeZone ?? '',
    installedCapacityW: '',
    inverterLimitW: '',
    panels: '',
    currency: start.currency ?? DEFAULT_CURRENCY,
    systemCost: '',
    maintenancePerYear: '',
    installationDate: '',
  };
}

/** A source as its form shows it. */
export function valuesOf(source: Source): SourceFormValues {
  const digits = minorDigits(source.currency) ?? 2;
  const money = (minor: number | null) => (minor === null ? '' : formatDecimal(minor, digits));
  return {
    name: source.name,
    description: source.description,
    role: source.role,
    connectionType: source.connectionType,
    groupId: source.groupId ?? '',
    latitude: String(source.latitude),
    longitude: String(source.longitude),
    timeZone: source.timeZone,
    installedCapacityW: kilowattText(source.installedCapacityW),
    inverterLimitW: kilowattText(source.inverterLimitW),
    panels: panelsText(source.arrays),
    currency: source.currency,
    systemCost: money(source.systemCostMinor),
    maintenancePerYear: money(source.maintenancePerYearMinor),
    installationDate: source.installationDate ?? '',
  };
}

/** What was typed, laid over what the form started with. */
export function typedValues(form: PostedForm, start: SourceFormValues): SourceFormValues {
  const values = { ...start };
  for (const name of fieldNames) values[name] = form.optional(name) ?? start[name];
  return withPlacePair(values);
}

/** The form as the rules read it: powers in watts, panels plane by plane; `was` is the source as it is. */
export function wishOf({ panels, ...values }: SourceFormValues, was?: Source): SourceInput {
  const watts = Object.fromEntries(formPowers.map((name) => [name, typedWatts(values[name])]));
  const arrays = was?.arrays ?? [];
  const isSame = panels.replaceAll('\r\n', '\n') === panelsText(arrays);
  return { ...values, ...watts, ...(isSame ? {} : { arrays: typedPanels(panels, arrays) }) };
}

/** What is wrong, by field, as whole sentences. */
export function fieldErrors(error: Refusal, words: Readonly<Record<string, string>>): Record<string, string> {
  const fields = error.fields ?? (error.field ? [{ field: error.field, message: error.message }] : []);
  return Object.fromEntries(
    fields.map(({ field, message }) => {
      if (isFormPower(field)) return [field, powerProblem(field)];
      const ofPanels = panelsProblem(field, message);
      if (ofPanels) return ['panels', ofPanels];
      const isPart = /^[a-z]/.test(message);
      return [field, isPart ? `${words[field] ?? field} ${message}.` : [message, error.hint].filter(Boolean).join(' ')];
    }),
  );
}

/** The sentence above the form: only for what no field can say. */
export function formProblem(error: Refusal, typed: SourceFormValues, now: Source | undefined): FormProblem | null {
  if (error.code === 'stale' && now)
    return { message: error.message, differences: differences(fieldWords, valuesOf(now), typed) };
  if (error.fields || error.field) return null;
  return { message: error.message, hint: error.hint };
}

const names = new Intl.DisplayNames('en', { type: 'currency' });
/** For the choice of a currency. */
export const currencyOptions: readonly (readonly [string, string])[] = currencies.map(
  (code) => [code, `${code} (${names.of(code) ?? code})`] as const,
);
