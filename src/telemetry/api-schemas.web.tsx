import { z } from '@hono/zod-openapi';
import { type MetricName, metrics, type NumericMetric, numericMetrics } from '../core/metrics.ts';
import type { EnergyPeriod } from './figures.ts';

/** What the telemetry API takes and gives, for validation and for the OpenAPI document alike. */

const numeric = new Set<string>(numericMetrics);
const known = new Set<string>(metrics.map((m) => m.name));
const MOST_METRICS = 16;

/** `metrics=a,b`: numeric metrics of the catalogue. */
export const metricsQuery = z
  .string({ error: 'names no metric' })
  .transform((text, context): NumericMetric[] => {
    const names = [...new Set(text.split(',').map((name) => name.trim()))].filter(Boolean);
    const wrong = names.filter((name) => !numeric.has(name));
    const say = (message: string) => context.addIssue({ code: 'custom', message });
    for (const name of wrong) say(known.has(name) ? `${name} has no numbers` : `${name} is not a metric`);
    if (names.length === 0) say('names no metric');
    if (names.length > MOST_METRICS) say(`names more than ${MOST_METRICS} metrics`);
    return names as NumericMetric[];
  })
  .openapi({ type: 'string', description: 'Names of metrics, with commas between.', example: 'solarPower,loadPower' });

const time = z.string().openapi({ format: 'date-time' });
const metricValue = z.union([z.number(), z.string(), z.array(z.string())]);
const values = z
  .record(z.string(), metricValue)
  .openapi({ description: 'By metric name, in the units of the catalogue.', example: { solarPower: 1234.5 } });
const names = metrics.map((m) => m.name) as [MetricName, ...MetricName[]];

export const latestSchema = z
  .object({
    time: time.nullable(),
    values,
    times: z.record(z.string(), time).openapi({ description: 'When each value was measured.' }),
    derived: z.array(z.enum(names)).openapi({ description: 'Metrics that Ampra worked out.' }),
  })
  .openapi('Latest');

export const readingsSchema = z
  .object({ items: z.array(z.object({ time, values })), nextCursor: z.string().nullable() })
  .openapi('Readings');

export const historySchema = z
  .object({
    times: z.array(time).openapi({ description: 'Start of each bucket.' }),
    series: z
      .record(z.string(), z.array(z.number().nullable()))
      .openapi({ description: 'Mean of each bucket (counters: last value), null where nothing was measured.' }),
  })
  .openapi('History');

const kwh = z.number().nullable();
const origin = z
  .object({
    from: z
      .enum(['counter', 'power', 'mixed'])
      .openapi({ description: 'Counted by the device, or integrated from power.' }),
    powerKwh: z.number().openapi({ description: 'The part that was integrated from power.' }),
    bridgedKwh: z
      .number()
      .openapi({ description: 'The part that a counter knew of time in which nothing was heard, spread evenly.' }),
    coverage: z
      .number()
      .min(0)
      .max(1)
      .openapi({ description: 'Share of the period of which it is known, gaps that a counter bridged left out.' }),
  })
  .optional();

export const energyStepQuery = z.enum(['hour', 'day', 'month', 'year']).default('day').openapi({
  description: 'Hours (of at most 62 days), days, months or years of the time zone.',
});

export const energyPeriodSchema = z
  .object({
    period: z
      .string()
      .openapi({ example: '2026-03-29', description: '`2026`, `2026-03`, `2026-03-29` or `2026-03-29T14:00+02:00`.' }),
    solarKwh: kwh,
    loadKwh: kwh,
    importKwh: kwh,
    exportKwh: kwh,
    chargeKwh: kwh,
    dischargeKwh: kwh,
    coverage: z.number().min(0).max(1).openapi({
      description:
        'Share of the period of which all energies that are known are known: that of the one known least. Days add up to longer periods.',
    }),
    origins: z
      .object({ solar: origin, load: origin, import: origin, export: origin, charge: origin, discharge: origin })
      .openapi({ description: 'How each energy that is known came about.' }),
  })
  .openapi('EnergyPeriod');

const share = z.record(z.string(), z.number()).optional();
const remadeShare = z.number().min(0).max(1).nullable().openapi({
  description:
    'While energy is counted anew after a change of version, zone or capacity: the share that is; the rest is as it was counted before. Null otherwise.',
});
const ratio = z.number().min(0).max(1).nullable();

export const houseEnergySchema = z
  .object({
    remadeShare,
    timeZone: z.string().openapi({ description: 'The zone whose hours, days, months and years these are.' }),
    items: z.array(
      energyPeriodSchema.extend({
        from: time,
        to: time,
        isLoadDerived: z
          .boolean()
          .openapi({ description: 'True if the load is what the balance of the others leaves.' }),
        selfSufficiency: ratio.openapi({ description: 'Share of the load that was not bought.' }),
        selfConsumption: ratio.openapi({ description: 'Share of the production that was not sold.' }),
        shares: z
          .object({ solar: share, load: share, import: share, export: share, charge: share, discharge: share })
          .openapi({ description: 'What each sum is made of: kWh by the id of the source.' }),
      }),
    ),
  })
  .openapi('HouseEnergy');

export const houseHistorySchema = historySchema
  .extend({
    madeOf: z
      .record(z.string(), z.array(z.string()))
      .openapi({ description: 'Ids of the sources that each series is made of.' }),
  })
  .openapi('HouseHistory');

export const energySchema = z.object({ items: z.array(energyPeriodSchema), remadeShare }).openapi('Energy');

/** Energy to the Wh and coverage to a ten-thousandth: what is behind that is no measurement. */
export function roundedEnergy<T extends EnergyPeriod>(energy: T): T {
  return roundedIn(energy as unknown as Record<string, unknown>) as unknown as T;
}

function roundedIn(object: Record<string, unknown>): Record<string, unknown> {
  const rounded: Record<string, unknown> = {};
  // Ten years of days are 25,000 of these: four times faster than by way of entries.
  for (const name in object) {
    const value = object[name];
    if (typeof value === 'number') {
      const scale = name === 'coverage' || name.startsWith('self') ? 10_000 : 1000;
      rounded[name] = Math.round(value * scale) / scale;
    } else if (typeof value === 'object' && value !== null) rounded[name] = roundedIn(value as typeof object);
    else rounded[name] = value;
  }
  return rounded;
}

export const metricListSchema = z
  .object({
    items: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        group: z.string(),
        kind: z.enum(['gauge', 'counter', 'dailyCounter', 'text', 'list']),
        unit: z.string().nullable(),
        min: z.number().nullable(),
        max: z.number().nullable(),
      }),
    ),
  })
  .openapi('Metrics');
