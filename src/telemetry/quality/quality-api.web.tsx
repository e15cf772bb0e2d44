import { z } from '@hono/zod-openapi';
import type { Clock } from '../../core/clock.ts';
import { days } from '../../core/durations.ts';
import { findMetric } from '../../core/metrics.ts';
import { unwrap } from '../../core/result.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import { instant } from '../../web/api-times.ts';
import { viewerOf } from '../../web/asking.ts';
import { describing, idParams, iso, list, moment } from '../../web/describe.ts';
import { unavailableProblem } from '../../web/problem-schema.ts';
import type { WebRoutes } from '../../web/routes.ts';
import { readRange, wrong } from '../asked-range.ts';
import { energyQuantities } from '../energy/energy.ts';
import type { TelemetryReader } from '../ports.ts';
import { lateShare, type QualityDay } from './quality.ts';

export interface QualityApiDeps {
  reader: Pick<TelemetryReader, 'quality'>;
  sources: Pick<SourceDirectory, 'findFor'>;
  clock: Clock;
}

const USUAL = days(30);
const LONGEST = days(400);

const ms = (description: string) => z.number().openapi({ description: `${description} [ms].` });
const daySchema = z
  .object({
    day: z.string().openapi({ example: '2026-03-29' }),
    readings: z.number().int(),
    coverage: z.number().min(0).max(1),
    intervalMs: ms('Mean time between readings that follow each other without a gap').nullable(),
    known: z
      .partialRecord(z.enum(energyQuantities), z.number())
      .openapi({ description: 'Share of the day for which each energy is known, 0..1.' }),
    duplicates: z.number().int().openapi({ description: 'Readings that came again and said nothing new; merged.' }),
    late: z
      .object({
        readings: z.number().int(),
        share: z.number().min(0).max(1),
        meanMs: ms('How much after their time they came'),
        mostMs: ms('The most of that'),
      })
      .openapi({ description: 'Readings that came more than five minutes after their time; sorted into their place.' }),
    clock: z
      .object({ readings: z.number().int(), meanMs: ms('Mean'), leastMs: ms('Least'), mostMs: ms('Most') })
      .nullable()
      .openapi({
        description: "Arrival minus the device's own time, of readings that came at once; null without any.",
      }),
    refused: z
      .array(z.object({ reason: z.string(), values: z.number().int() }))
      .openapi({ description: 'Values that were not taken, by reason; kept with the message they came in.' }),
    events: z.array(
      z.object({
        time: moment,
        metric: z.string(),
        kind: z.string().openapi({ example: 'reset' }),
        times: z.number().int().openapi({ description: 'How often in the hours around.' }),
        before: z
          .number()
          .openapi({ description: 'Of a power that was left out: what is believed at most, or was last.' }),
        after: z.number(),
        unit: z.string().openapi({ description: 'Of before and after: kWh of a counter, W of a power.' }),
        beforeKwh: z.number().nullable().openapi({ description: 'Null for a power.' }),
        afterKwh: z.number().nullable(),
        kwh: z.number().openapi({ description: 'Energy that was booked for it.' }),
        done: z.string().openapi({ description: 'What was done about it.' }),
      }),
    ),
  })
  .openapi('QualityDay');

const route = describing('Telemetry');
const routes = {
  quality: route('get /api/v1/sources/{id}/quality', 'getQuality', {
    summary: 'How well readings came, by day: coverage, duplicates, lateness, clock, refused values, odd counters',
    request: {
      params: idParams('source'),
      query: z.object({
        from: instant('First moment that counts; when left out 30 days before `to`.').optional(),
        to: instant('First moment that no longer counts; now when left out.').optional(),
      }),
    },
    responses: { 200: list(daySchema, 'Every local day that shares time with the range.'), ...unavailableProblem },
  }),
};

/** `/api/v1/sources/{id}/quality`. */
export function registerQualityApi(web: WebRoutes, { reader, sources, clock }: QualityApiDeps): void {
  web.api('user', routes.quality, async (c) => {
    const { id } = unwrap(sources.findFor(viewerOf(c), c.req.valid('param').id));
    const range = readRange(c.req.valid('query'), USUAL, clock.now());
    if (range.to - range.from > LONGEST) throw wrong('from', 'is more than 400 days before to');
    return c.json({ items: (await reader.quality(id, range)).map(dayJson) }, 200);
  });
}

function dayJson(day: QualityDay) {
  const { again, late, lateMs, latestMs, timed, delayMs, leastDelayMs, mostDelayMs } = day.arrivals;
  const meanOf = (sum: number, count: number) => (count > 0 ? Math.round(sum / count) : 0);
  return {
    ...{ day: day.day, readings: day.readings, coverage: day.coverage, intervalMs: day.intervalMs, duplicates: again },
    known: day.known,
    late: {
      readings: late,
      share: Math.round(lateShare(day) * 1e4) / 1e4,
      meanMs: meanOf(lateMs, late),
      mostMs: latestMs,
    },
    clock:
      timed > 0
        ? { readings: timed, meanMs: meanOf(delayMs, timed), leastMs: leastDelayMs, mostMs: mostDelayMs }
        : null,
    refused: day.refused,
    events: day.events.map(eventJson),
  };
}

function eventJson({ time, metric, kind, times, before, after, kwh, done }: QualityDay['events'][number]) {
  const unit = findMetric(metric)?.unit ?? 'kWh';
  const [beforeKwh, afterKwh] = unit === 'kWh' ? [before, after] : [null, null];
  return { time: iso(time), metric, kind, times, before, after, unit, beforeKwh, afterKwh, kwh, done };
}
