import { z } from '@hono/zod-openapi';
import { formatDecimal, minorDigits, PRICE_DIGITS } from '../core/money.ts';
import { iso, moment } from '../web/describe.ts';
import { ARRAY_MAX_W, MOST_ARRAYS, MOST_HORIZON_POINTS } from './panels.ts';
import type { Price } from './price.ts';
import { type PowerGroup, type Source, sourceRoles } from './source.ts';
import { CAPACITY_MAX_W, DESCRIPTION_MAX, NAME_MAX, readSourceDetails, type SourceInput } from './source-rules.ts';
import { sourceStates } from './source-state.ts';

/**
 * What goes over the wire. Types are checked here; ranges, zones, currencies and dates by `source-rules.ts`, which names
 * every field at fault at once and says what to do. The limits stand here too, so that the description shows them.
 */
const money = z.union([z.number(), z.string()]).openapi({
  description: 'Decimal in the major unit of `currency`, with at most its minor-unit digits. Text or number.',
  example: '12500.50',
});
const pricePerKwh = z.union([z.number(), z.string()]).openapi({
  description: 'Decimal in the major unit of the currency per kWh, at most six digits after the point.',
  example: '0.2846',
});
const moneyOut = z.number().nullable().openapi({ description: 'In the major unit of `currency`; null when unknown.' });
const version = z.int().min(1).openapi({ description: 'Grows by one with each change.' });
const calendarDate = z.string().openapi({ format: 'date', example: '2024-05-31' });

/**
 * Lets a rule of `source-rules.ts` speak while the body is read, so that a wrong enum, a wrong range and an unknown key are
 * named in one answer.
 */
const ruled =
  (field: keyof SourceInput) =>
  (value: unknown, context: z.core.$RefinementCtx): void => {
    const read = readSourceDetails({ [field]: value }, sound);
    for (const one of read.ok ? [] : (read.error.fields ?? []))
      if (one.field === field) context.addIssue({ code: 'custom', message: one.message });
  };
/** A source with which nothing is wrong; its currency has the most digits, so that those are left to the service. */
const sound = { name: 'x', latitude: 0, longitude: 0, timeZone: 'UTC', currency: 'BHD' } as const;

const degrees = (least: number, most: number) => z.number().min(least).max(most);
const arraysSchema = z
  .array(
    z.strictObject({
      tiltDeg: degrees(0, 90).openapi({ description: 'From horizontal.', example: 30 }),
      azimuthDeg: degrees(0, 360).openapi({ description: 'From north, clockwise: east 90, south 180.', example: 180 }),
      peakW: z.number().min(1).max(ARRAY_MAX_W).openapi({ example: 3900 }),
      horizon: z
        .array(z.strictObject({ azimuthDeg: degrees(0, 360), elevationDeg: degrees(0, 90) }))
        .max(MOST_HORIZON_POINTS)
        .default([])
        .openapi({ description: 'What stands before the sky, by direction; between the points on straight lines.' }),
    }),
  )
  .max(MOST_ARRAYS)
  .openapi({ description: 'The panels, one entry for each plane; empty while nobody said.' });

const fields = {
  name: z
    .string()
    .superRefine(ruled('name'))
    .openapi({ minLength: 1, maxLength: NAME_MAX, example: 'Roof', description: 'Need not be unique.' }),
  description: z.string().superRefine(ruled('description')).openapi({ maxLength: DESCRIPTION_MAX }),
  groupId: z.string().nullable().openapi({ description: 'Null: it stands alone.' }),
  role: z.enum(sourceRoles).openapi({ description: 'What it measures in the house; `system` is a whole inverter.' }),
  connectionType: z.enum(['mqtt', 'webhook']),
  latitude: z.number().superRefine(ruled('latitude')).openapi({ minimum: -90, maximum: 90, example: 52.52 }),
  longitude: z.number().superRefine(ruled('longitude')).openapi({ minimum: -180, maximum: 180, example: 13.4 }),
  timeZone: z.string().superRefine(ruled('timeZone')).openapi({ description: 'IANA name.', example: 'Europe/Berlin' }),
  installedCapacityW: z
    .number()
    .nullable()
    .superRefine(ruled('installedCapacityW'))
    .openapi({ minimum: 0, maximum: CAPACITY_MAX_W, example: 5400 }),
  inverterLimitW: z
    .number()
    .nullable()
    .superRefine(ruled('inverterLimitW'))
    .openapi({ minimum: 1, maximum: CAPACITY_MAX_W, example: 5000, description: 'The most that the inverter gives.' }),
  arrays: arraysSchema,
  currency: z.string().superRefine(ruled('currency')).openapi({ description: 'ISO 4217.', example: 'EUR' }),
  systemCost: money.nullable().superRefine(ruled('systemCost')),
  maintenancePerYear: money.nullable().superRefine(ruled('maintenancePerYear')),
  installationDate: calendarDate.nullable().superRefine(ruled('installationDate')),
};

const required = { name: fields.name };
/** Latitude, longitude and time zone may be left out where the set-up said where the house stands; the currency is that of the owner's newest source, or EUR. */
export const newSourceSchema = z
  .strictObject({ ...z.object(fields).partial().shape, ...required })
  .openapi('NewSource');

export const sourceChangeSchema = z
  .strictObject({
    ...z.object(fields).partial().shape,
    isActive: z.boolean().optional().openapi({ description: 'False: the history stays, the device is not let in.' }),
    version: version.optional().openapi({ description: 'The version you saw; another one now is answered with 412.' }),
  })
  .openapi('SourceChange');

export const sourceSchema = z
  .object({
    id: z.uuid(),
    ownerId: z.string(),
    ...fields,
    systemCost: moneyOut,
    maintenancePerYear: moneyOut,
    mqttTopic: z.string().openapi({ description: "Publish here; the user name is the source's id." }),
    webhookUrl: z.url(),
    iconUrl: z.string().nullable(),
    isActive: z.boolean(),
    state: z.enum(sourceStates),
    lastReadingAt: moment.nullable(),
    createdAt: moment,
    updatedAt: moment,
    version,
  })
  .openapi('Source');

const secrets = {
  mqttApiKey: z.string().openapi({ description: 'MQTT password, 64 hex digits. In this answer only.' }),
  webhookSecret: z.string().openapi({ description: 'Key of X-Ampra-Signature, as UTF-8. In this answer only.' }),
};
export const sourceWithSecretsSchema = sourceSchema.extend(secrets).openapi('SourceWithSecrets');

export const newGroupSchema = z
  .strictObject({ name: fields.name, description: fields.description.optional() })
  .openapi('NewGroup');
export const groupChangeSchema = z
  .strictObject({
    name: fields.name.optional(),
    description: fields.description.optional(),
    version: version.optional(),
  })
  .openapi('GroupChange');
export const groupSchema = z
  .object({
    id: z.uuid(),
    ownerId: z.string(),
    name: z.string(),
    description: z.string(),
    logoUrl: z.string().nullable(),
    sourceIds: z.array(z.string()),
    createdAt: moment,
    updatedAt: moment,
    version,
  })
  .openapi('PowerGroup');

export const newPriceSchema = z
  .strictObject({
    effectiveFrom: calendarDate.openapi({ description: "First day of the price, in the source's time zone." }),
    currency: fields.currency.optional().openapi({ description: "ISO 4217; the source's unless given." }),
    importPricePerKwh: pricePerKwh.nullable().optional(),
    exportPricePerKwh: pricePerKwh.nullable().optional(),
  })
  .openapi('NewPrice');
export const priceSchema = z
  .object({
    effectiveFrom: calendarDate,
    currency: z.string(),
    importPricePerKwh: z.number().nullable(),
    exportPricePerKwh: z.number().nullable(),
  })
  .openapi('Price');

/** What a source looks like outside, given how it is doing and where it is reached. */
export interface SourceFacts {
  state: (typeof sourceStates)[number];
  lastReadingAt: number | null;
  webhookUrl: string;
}

export function sourceJson(source: Source, facts: SourceFacts): z.infer<typeof sourceSchema> {
  const { iconFile, systemCostMinor, maintenancePerYearMinor, ...plain } = source;
  const digits = minorDigits(source.currency) ?? 2;
  return {
    ...plain,
    arrays: source.arrays.map((array) => ({ ...array, horizon: [...array.horizon] })),
    systemCost: decimal(systemCostMinor, digits),
    maintenancePerYear: decimal(maintenancePerYearMinor, digits),
    iconUrl: iconUrl(source),
    webhookUrl: facts.webhookUrl,
    state: facts.state,
    lastReadingAt: facts.lastReadingAt === null ? null : iso(facts.lastReadingAt),
    createdAt: iso(source.createdAt),
    updatedAt: iso(source.updatedAt),
  };
}

export function groupJson(group: PowerGroup, sources: readonly Source[]): z.infer<typeof groupSchema> {
  const { logoFile, ...plain } = group;
  return {
    ...plain,
    logoUrl: logoUrl(group),
    sourceIds: sources.filter((s) => s.groupId === group.id).map((s) => s.id),
    createdAt: iso(group.createdAt),
    updatedAt: iso(group.updatedAt),
  };
}

export function priceJson(price: Price): z.infer<typeof priceSchema> {
  return {
    effectiveFrom: price.effectiveFrom,
    currency: price.currency,
    importPricePerKwh: decimal(price.importMicrosPerKwh, PRICE_DIGITS),
    exportPricePerKwh: decimal(price.exportMicrosPerKwh, PRICE_DIGITS),
  };
}

/** The file's name is in the address, so that a new picture is a new address and may be cached for long. */
export function iconUrl({ id, iconFile }: Pick<Source, 'id' | 'iconFile'>): string | null {
  return iconFile ? `/sources/${id}/icon?v=${iconFile.slice(0, 8)}` : null;
}
export function logoUrl({ id, logoFile }: Pick<PowerGroup, 'id' | 'logoFile'>): string | null {
  return logoFile ? `/groups/${id}/logo?v=${logoFile.slice(0, 8)}` : null;
}

/** Exact: the number prints as the very decimal that is stored (at most 15 digits). */
function decimal(units: number | null, digits: number): number | null {
  return units === null ? null : Number(formatDecimal(units, digits));
}
