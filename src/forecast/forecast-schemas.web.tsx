import { z } from '@hono/zod-openapi';
import { round } from '../core/round.ts';
import { iso, isoOrNull, moment } from '../web/describe.ts';
import { jobFields, jobJson } from '../web/job-schema.ts';
import type { AccuracyView, DayView, ForecastView, ModelsView, ModelView, StepView } from './forecast-view.ts';
import { quantileAt } from './issue.ts';
import { panelsJson, panelsSchema } from './panels-schema.web.ts';
import type { WaitingView } from './ports.ts';

/** What the forecast API gives, for the OpenAPI document, and how it is written. */

const figure = z.number().nullable();
const watts = z.number().openapi({ description: 'W' });
const kwh = z.number().openapi({ description: 'kWh' });
export const quantity = z
  .enum(['solar', 'load'])
  .openapi({ description: '`solar`: what the panels give. `load`: what the house takes.' });

const reason = z.object({
  topic: z.string().openapi({ example: 'clouds' }),
  effectW: watts.openapi({ description: 'How far it moved the forecast from the usual, W.' }),
});

const step = z.object({
  from: moment,
  to: moment,
  quantilesW: z.array(watts).openapi({ description: 'Mean power by `quantiles`, W.' }),
  referenceW: watts.openapi({ description: 'Physics alone; for `load` what is usual then, W.' }),
  hasWeather: z.boolean().openapi({ description: 'False where no weather was known: less sure.' }),
  because: z.array(reason).openapi({ description: 'The three things that moved it most; the next 72 hours by day.' }),
});

const day = z.object({
  date: z.string().openapi({ example: '2026-03-29', description: "Day of the source's time zone." }),
  from: moment,
  to: moment,
  quantilesKwh: z.array(kwh).openapi({ description: 'Energy of the whole day by `quantiles`, kWh.' }),
  soFarKwh: kwh.openapi({ description: 'Had come when the forecast was issued, kWh.' }),
  cameKwh: figure.openapi({ description: 'Has come by now, kWh; null for days that lie ahead.' }),
});

const state = z.object({
  basis: z.enum(['learned', 'physics']).openapi({
    description: '`physics`: panels and sun alone (for `load` usual values), until enough was measured to learn from.',
  }),
  isWithoutWeather: z.boolean(),
  weatherAt: moment.nullable().openapi({ description: 'When the weather that it rests on was learned.' }),
  weatherUntil: moment.nullable(),
  isLearning: z.boolean(),
  problem: z.string().nullable(),
});

export const forecastSchema = z
  .object({
    quantity,
    isLearning: z.boolean(),
    problem: z.string().nullable().openapi({ description: 'Why the last try gave no forecast.' }),
    forecast: z
      .object({
        issuedAt: moment,
        previousIssueAt: moment.nullable(),
        nextIssueAt: moment.nullable(),
        isNewest: z.boolean(),
        isReplayed: z.boolean().openapi({ description: 'It was worked out later, from what was known then.' }),
        state,
        quantiles: z.array(z.number()),
        steps: z.array(step),
        days: z.array(day),
        came: z.array(z.object({ from: moment, to: moment, powerW: watts })).openapi({
          description: 'What was measured from the first midnight to the end of the forecast, or now.',
        }),
      })
      .nullable(),
  })
  .openapi('Forecast');

const lead = z.object({
  label: z.string().openapi({ example: '6 to 12 h' }),
  fromH: z.number(),
  toH: z.number(),
  intervals: z.number().int(),
  errorW: watts.openapi({ description: 'Mean absolute error of the median, W.' }),
  biasW: watts,
  referenceErrorW: watts.openapi({ description: 'Of physics alone; for `load` of what is usual.' }),
  persistenceErrorW: figure.openapi({ description: 'Of the same time on the last known day.' }),
  clearPersistenceErrorW: figure.openapi({ description: 'The same, carried over by the clear sky.' }),
  coverage: figure.openapi({ description: 'Share of what came between p10 and p90.' }),
  judged: z.number().int(),
});
const coverage = z.object({ share: figure, judged: z.number().int(), wanted: z.number() });
const judgedDay = z.object({
  date: z.string(),
  actualKwh: kwh,
  p10Kwh: kwh,
  p50Kwh: kwh,
  p90Kwh: kwh,
  persistenceKwh: figure,
  isInside: z.boolean(),
  errorKwh: kwh,
  because: z.array(z.string()),
});

export const accuracySchema = z
  .object({
    quantity,
    first: z.string(),
    last: z.string(),
    dayCount: z.number().int(),
    leads: z.array(lead),
    coverage: coverage.openapi({ description: 'Of steps up to two days ahead.' }),
    dayCoverage: coverage.openapi({ description: 'Of day totals, told the evening before.' }),
    days: z.array(judgedDay).openapi({ description: 'Days as they were told the evening before, newest first.' }),
    worst: z.array(judgedDay),
  })
  .openapi('ForecastAccuracy');

const trialScore = z.object({ mae: watts, bias: watts, coverage: z.number(), width: watts, days: z.number().int() });
const model = z.object({
  version: z.string(),
  state: z.enum(['serving', 'challenger', 'retired']),
  madeAt: moment,
  knownUntil: moment,
  canBePutBack: z.boolean(),
  card: z.object({
    window: z.object({ from: moment, to: moment, days: z.number().int() }),
    stepSeconds: z.number().int(),
    leftOut: z.object({ gaps: z.number().int(), curtailed: z.number().int(), clipped: z.number().int() }),
    clipW: figure,
    features: z.array(z.object({ name: z.string(), unit: z.string(), meaning: z.string(), importance: z.number() })),
    trial: z.object({
      from: moment,
      to: moment,
      challenger: trialScore,
      champion: trialScore.nullable(),
      baselines: z.object({ reference: watts, persistence: figure }),
      verdict: z.enum(['better', 'worse', 'onlyOne', 'physics']),
    }),
    panels: panelsSchema.nullable(),
    tookMs: z.number(),
  }),
});
export const jobSchema = z.object(jobFields).openapi('TrainingJob');

export const modelsSchema = z
  .object({
    quantity,
    isAutomatic: z.boolean().openapi({ description: 'Trained each night by itself.' }),
    parts: z.array(z.string()).openapi({ description: 'Parts of the day with weights of their own.' }),
    blend: z.array(z.object({ name: z.string(), label: z.string(), start: z.number(), weights: z.array(z.number()) })),
    job: jobSchema.nullable(),
    items: z.array(model).openapi({ description: 'Newest first.' }),
  })
  .openapi('ForecastModels');

const roundOrNull = (value: number | null, digits: number): number | null =>
  value === null ? null : round(value, digits);
/** NaN has no word in JSON: what nothing was compared with is 0. */
const score = (value: number): number => (Number.isFinite(value) ? round(value, 3) : 0);

export function forecastJson(
  view: ForecastView | null,
  waiting: WaitingView,
  of: { quantity: 'solar' | 'load'; quantiles: readonly number[] },
) {
  const { quantiles } = of;
  const forecast = view && {
    issuedAt: iso(view.issuedAt),
    previousIssueAt: isoOrNull(view.previousIssueAt),
    nextIssueAt: isoOrNull(view.nextIssueAt),
    isNewest: view.isNewest,
    isReplayed: view.isReplayed,
    state: {
      ...view.state,
      weatherAt: isoOrNull(view.state.weatherAt),
      weatherUntil: isoOrNull(view.state.weatherUntil),
    },
    quantiles: [...quantiles],
    steps: view.steps.map((one) => stepJson(one, quantiles)),
    days: view.days.map((one) => dayJson(one, quantiles)),
    came: view.came.map(({ from, to, powerW }) => ({ from: iso(from), to: iso(to), powerW: round(powerW, 1) })),
  };
  return { quantity: of.quantity, ...waiting, forecast };
}

function stepJson({ from, to, quantilesW, referenceW, hasWeather, reasons }: StepView, quantiles: readonly number[]) {
  return {
    from: iso(from),
    to: iso(to),
    quantilesW: quantiles.map((level) =>
      round(
        quantileAt(level, (place) => quantilesW[place] ?? 0),
        1,
      ),
    ),
    referenceW: round(referenceW, 1),
    hasWeather,
    because: reasons.map(({ topic, effectW }) => ({ topic, effectW: round(effectW, 1) })),
  };
}

function dayJson({ date, from, to, quantilesKwh, soFarKwh, cameKwh }: DayView, quantiles: readonly number[]) {
  return {
    date,
    from: iso(from),
    to: iso(to),
    quantilesKwh: quantiles.map((level) =>
      round(
        quantileAt(level, (place) => quantilesKwh[place] ?? 0),
        3,
      ),
    ),
    soFarKwh: round(soFarKwh, 3),
    cameKwh: roundOrNull(cameKwh, 3),
  };
}

export function accuracyJson({ subject, first, last, dayCount, coverage, dayCoverage, ...view }: AccuracyView) {
  const dayOf = (one: AccuracyView['days'][number]) => ({
    date: one.date,
    actualKwh: round(one.actualKwh, 3),
    p10Kwh: round(one.p10Kwh, 3),
    p50Kwh: round(one.p50Kwh, 3),
    p90Kwh: round(one.p90Kwh, 3),
    persistenceKwh: roundOrNull(one.persistenceKwh, 3),
    isInside: one.isInside,
    errorKwh: round(one.errorKwh, 3),
    because: [...one.because],
  });
  return {
    ...{ quantity: subject.quantity, first, last, dayCount, coverage, dayCoverage },
    leads: view.leads.map((one) => ({
      ...one,
      errorW: round(one.errorW, 1),
      biasW: round(one.biasW, 1),
      referenceErrorW: round(one.referenceErrorW, 1),
      persistenceErrorW: roundOrNull(one.persistenceErrorW, 1),
      clearPersistenceErrorW: roundOrNull(one.clearPersistenceErrorW, 1),
    })),
    days: view.days.map(dayOf),
    worst: view.worst.map(dayOf),
  };
}

export function modelsJson({ subject, isAutomatic, parts, blend, job, serving, others }: ModelsView) {
  const all = [...(serving ? [serving] : []), ...others].sort((a, b) => b.madeAt - a.madeAt);
  return {
    ...{ quantity: subject.quantity, isAutomatic, parts: [...parts] },
    blend: blend.map((part) => ({ ...part, weights: part.weights.map((weight) => round(weight, 4)) })),
    job: job && jobJson(job),
    items: all.map(modelJson),
  };
}

function modelJson({ version, state: modelState, madeAt, knownUntil, canBePutBack, card }: ModelView) {
  const { window, trial } = card;
  const scoreOf = ({ mae, bias, coverage: share, width, days }: typeof trial.challenger) => ({
    ...{ mae: score(mae), bias: score(bias), coverage: score(share), width: score(width), days },
  });
  return {
    ...{ version, state: modelState, madeAt: iso(madeAt), knownUntil: iso(knownUntil), canBePutBack },
    card: {
      window: { from: iso(window.from), to: iso(window.to), days: window.days },
      stepSeconds: card.stepMs / 1000,
      leftOut: card.leftOut,
      clipW: card.clipW,
      features: card.features.map((feature) => ({ ...feature, importance: round(feature.importance, 4) })),
      trial: {
        ...{ from: iso(trial.from), to: iso(trial.to), verdict: trial.verdict },
        challenger: scoreOf(trial.challenger),
        champion: trial.champion && scoreOf(trial.champion),
        baselines: {
          reference: score(trial.baselines.reference),
          persistence: roundOrNull(trial.baselines.persistence, 3),
        },
      },
      panels: card.panels ? panelsJson(card.panels) : null,
      tookMs: card.tookMs,
    },
  };
}
