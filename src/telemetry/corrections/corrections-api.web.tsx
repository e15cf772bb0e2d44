import { z } from '@hono/zod-openapi';
import { findMetric, type NumericMetric, numericMetrics } from '../../core/metrics.ts';
import { unwrap } from '../../core/result.ts';
import { instant } from '../../web/api-times.ts';
import { viewerOf } from '../../web/asking.ts';
import { body, describing, idParams, iso, isoOrNull, json, list, moment } from '../../web/describe.ts';
import type { WebRoutes } from '../../web/routes.ts';
import { energyPeriodSchema, roundedEnergy } from '../api-schemas.web.tsx';
import type { AskedCorrection, Correction } from './correction.ts';
import type { CorrectionEffect, ValueChange } from './correction-effect.ts';
import type { CorrectionService } from './correction-service.ts';

const route = describing('Corrections');
const params = idParams('source');
const oneParams = params.extend({ correctionId: z.string().openapi({ description: 'Id of the correction.' }) });

const kind = z.enum(['remove', 'set', 'scale', 'offset', 'jump']).openapi({
  description:
    '`remove` values or, without a metric, whole readings; `set` them to the amount; `scale` them by it; `offset` them by it; ' +
    '`jump`: up to its first value at or after `from` the counter counted the amount (0 when left out), whatever it shows.',
});
const metric = z.enum(numericMetrics as [NumericMetric, ...NumericMetric[]], { error: 'is not a metric with numbers' });
const number = z.number({ error: 'must be a number' });

const askedSchema = z
  .object({
    kind,
    metric: metric.optional().openapi({ description: 'May be left out with `remove`: whole readings.' }),
    from: instant('First moment that is corrected; with `jump` when it happened.'),
    to: instant('First moment that is no longer corrected; not for `jump`.').optional(),
    amount: number
      .optional()
      .openapi({ description: 'Value, factor or addend in the unit of the metric; kWh with `jump`.' }),
    above: number.optional().openapi({ description: 'Only values above this.' }),
    below: number.optional().openapi({ description: 'Only values below this.' }),
    note: z.string().max(500, 'must have at most 500 characters').optional().openapi({ description: 'Why.' }),
  })
  .openapi('NewCorrection');

const correctionSchema = z
  .object({
    id: z.string(),
    kind,
    metric: metric.nullable(),
    from: moment,
    to: moment,
    amount: z.number().nullable(),
    above: z.number().nullable(),
    below: z.number().nullable(),
    note: z.string(),
    madeAt: moment,
    madeBy: z.string(),
    undoneAt: moment.nullable().openapi({ description: 'Null while it is in force.' }),
    undoneBy: z.string().nullable(),
  })
  .openapi('Correction');

const shown = z.union([z.number(), z.string(), z.array(z.string())]);
const changeSchema = z.object({
  ...{ time: moment, metric: z.string(), before: shown.nullable(), after: shown.nullable() },
});
const effectSchema = z
  .object({
    values: z.number().int().openapi({ description: 'Values that become others.' }),
    isMore: z.boolean().openapi({ description: 'True if there are more than were counted.' }),
    samples: z
      .array(changeSchema)
      .openapi({ description: 'The first of them; null stands for what is removed, or was until now.' }),
    last: changeSchema.nullable().openapi({ description: 'The last of them.' }),
    least: z.number().nullable().openapi({ description: 'What the numbers were until now, at least.' }),
    most: z.number().nullable().openapi({ description: 'And at most.' }),
    period: z.enum(['day', 'month']),
    items: z
      .array(z.object({ period: z.string(), before: energyPeriodSchema, after: energyPeriodSchema }))
      .openapi({ description: 'Periods whose energy or coverage becomes another.' }),
    isWhole: z.boolean().openapi({ description: 'False if energy was not looked at to the end.' }),
  })
  .openapi('CorrectionEffect');

const routes = {
  list: route('get /api/v1/sources/{id}/corrections', 'listCorrections', {
    summary: 'List what was corrected by hand, newest first, also what was undone',
    request: { params },
    responses: { 200: list(correctionSchema, 'The corrections.') },
  }),
  preview: route('post /api/v1/sources/{id}/corrections/preview', 'previewCorrection', {
    summary: 'Tell what a correction would do; nothing is stored',
    request: { params, body: body(askedSchema) },
    responses: { 200: json(effectSchema, 'What would become of values and energy.') },
  }),
  apply: route('post /api/v1/sources/{id}/corrections', 'addCorrection', {
    summary: 'Correct readings of a range, or say what a counter counted over a jump',
    request: { params, body: body(askedSchema) },
    responses: { 201: json(correctionSchema, 'The correction; charts and energy follow.') },
  }),
  previewUndo: route('post /api/v1/sources/{id}/corrections/{correctionId}/undo/preview', 'previewUndoCorrection', {
    summary: 'Tell what undoing a correction would do; nothing is changed',
    request: { params: oneParams },
    responses: { 200: json(effectSchema, 'What would become of values and energy.') },
  }),
  undo: route('post /api/v1/sources/{id}/corrections/{correctionId}/undo', 'undoCorrection', {
    summary: 'Undo a correction; what was received is read again',
    request: { params: oneParams },
    responses: { 200: json(correctionSchema, 'The correction as it is now.') },
  }),
};

/** `/api/v1/sources/{id}/corrections`. */
export function registerCorrectionsApi(web: WebRoutes, { service }: { service: CorrectionService }): void {
  web.api('user', routes.list, (c) => {
    const items = unwrap(service.list(viewerOf(c), c.req.valid('param').id)).map(correctionJson);
    return c.json({ items }, 200);
  });
  web.api('user', routes.preview, async (c) => {
    const asked = c.req.valid('json') as AskedCorrection;
    const effect = unwrap(await service.preview(viewerOf(c), c.req.valid('param').id, asked));
    return c.json(effectJson(effect), 200);
  });
  web.api('user', routes.apply, async (c) => {
    const asked = c.req.valid('json') as AskedCorrection;
    const made = unwrap(await service.apply(viewerOf(c), c.req.valid('param').id, asked));
    return c.json(correctionJson(made), 201);
  });
  web.api('user', routes.previewUndo, async (c) => {
    const { id, correctionId } = c.req.valid('param');
    return c.json(effectJson(unwrap(await service.previewUndo(viewerOf(c), id, correctionId))), 200);
  });
  web.api('user', routes.undo, async (c) => {
    const { id, correctionId } = c.req.valid('param');
    return c.json(correctionJson(unwrap(await service.undo(viewerOf(c), id, correctionId))), 200);
  });
}

function correctionJson(c: Correction) {
  return { ...c, from: iso(c.from), to: iso(c.to), madeAt: iso(c.madeAt), undoneAt: isoOrNull(c.undoneAt) };
}

function effectJson(effect: CorrectionEffect) {
  const samples = effect.samples.map(changeJson);
  const last = effect.last && changeJson(effect.last);
  const items = effect.items.map(({ period, before, after }) => ({
    ...{ period, before: roundedEnergy(before), after: roundedEnergy(after) },
  }));
  return { ...effect, samples, last, items };
}

const changeJson = (change: ValueChange) => ({
  ...{ ...change, time: iso(change.time), unit: findMetric(change.metric)?.unit ?? null },
});
