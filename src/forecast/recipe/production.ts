import { isDaylight } from '../daylight.ts';
import { buildRows } from '../feature-rows.ts';
import { candidateNames, featureBasis } from '../features.ts';
import { firstFrom, startOf } from '../interval-grid.ts';
import { issueLevels } from '../issue.ts';
import { startBands } from '../online/bands.ts';
import { startBlend } from '../online/blend.ts';
import { noNowcast } from '../online/nowcast.ts';
import { lightFor } from '../placed-light.ts';
import { type ExpertName, expertNames, startWeights } from '../production-experts.ts';
import { fitPanels, type ProductionView, viewOf } from '../production-model.ts';
import { artefactText, readArtefact } from './artefact-text.ts';
import { type ClearnessOdds, classAt, clearnessOdds } from './clearness-odds.ts';
import type { ProductionArtefact } from './production-artefact.ts';
import { type PreparedProduction, trainingData } from './production-data.ts';
import { energyOf, type ForecastInterval, serveProduction } from './production-serving.ts';
import { trainProduction } from './production-training.ts';
import type { Learned, Recipe, Served, ServedInterval } from './recipe.ts';

/** How much wider than usual the bands are while nobody knows what the panels really give. */
const UNSURE = 1.1;
const physicsOnly = candidateNames.map((name) => (name === 'physics' ? 1 : 0));
const levels: readonly number[] = issueLevels;
const MIDDLE = levels.indexOf(0.5);

const labels: Record<ExpertName, string> = {
  physics: 'Physics',
  yesterday: 'The day before, carried over by the sun',
  median7: 'The usual of 7 days',
  median14: 'The usual of 14 days',
  high14: 'Bright days of the last 14',
  recent: 'Physics, as far as the last two days reached it',
  anchor: 'The best of the simple ones together',
  learned: 'What was learned here',
};

/** What panels give. */
export const productionRecipe: Recipe<ProductionArtefact, PreparedProduction> = {
  quantity: 'solar',
  fewestDays: 5,
  experts: expertNames.map((name, k) => ({
    name,
    label: labels[name],
    start: startWeights[k] ?? 0,
    isReference: name === 'physics',
  })),
  parts: ['morning', 'midday', 'afternoon'],
  prepare: trainingData,
  train: ({ data }, moments, learner) => trainProduction({ data, moments, learner }),
  first: firstSteps,
  serve,
  suits: (artefact, { data, hasWeather }) => {
    const usesLight = hasWeather && artefact.model.reading?.basis !== 'none';
    const isSameHead = artefact.stepMs === data.grid.stepMs && artefact.basis.hasLight === usesLight;
    return isSameHead && data.site.arrays.every((array) => artefact.planes.some((plane) => isSamePlane(plane, array)));
  },
  about,
  store: artefactText,
  restore: (text) => readArtefact<ProductionArtefact>(text, 'production', 2),
};

type Direction = { tiltDeg: number; azimuthDeg: number };
const isSamePlane = (a: Direction, b: Direction): boolean => a.tiltDeg === b.tiltDeg && a.azimuthDeg === b.azimuthDeg;

function about(artefact: ProductionArtefact): Learned {
  const shares = new Map(artefact.importance.map(({ name, share }) => [name, share]));
  return {
    learnedUntil: artefact.learnedUntil,
    stepMs: artefact.stepMs,
    scaleW: artefact.model.scaleW,
    features: artefact.features.map((feature) => ({ ...feature, importance: shares.get(feature.name) ?? 0 })),
    weights: artefact.blend.parts,
  };
}

/**
 * What serves in the first days: physics with the panels as they are stated (or the installed watts at 30 degrees towards
 * noon), brought to size by whatever was measured, with wide bands.
 */
function firstSteps({ data }: PreparedProduction): ProductionArtefact {
  const { grid } = data;
  const placed = lightFor(data, grid.count, null);
  const { light, basis: place, reading } = placed;
  const { mix, scaleW } = fitPanels(data, placed, grid.count);
  const view = viewOf(data, light, mix, scaleW);
  const { columns } = buildRows(view.builder, new Int32Array(0), () => ({ power: 0, weather: 0 }));
  const { latitude, longitude, altitudeM } = light.site;
  const unknown = Number.NaN;
  return {
    kind: 'production',
    version: 2,
    learnedFrom: grid.from,
    learnedUntil: startOf(grid, grid.count),
    stepMs: grid.stepMs,
    ...(altitudeM === undefined ? {} : { altitudeM }),
    planes: [...light.planes],
    model: {
      place: { latitude, longitude, basis: place },
      reading,
      mix,
      scaleW,
      learned: { weights: physicsOnly, stages: [], columns },
    },
    basis: featureBasis(light, data.weather),
    features: [...view.builder.features],
    blend: startBlend(expertNames.map((name) => (name === 'physics' ? 1 : 0))),
    bands: { ...startBands(mix.limitW / scaleW), volatility: UNSURE },
    nowcast: noNowcast,
    dayErrors: { days: [], levels: { low: 0.1, high: 0.1 } },
    importance: [],
    score: {
      ...{ from: grid.from, to: grid.from, intervals: 0 },
      ...{ mae: unknown, physicsMae: unknown, persistenceMae: unknown, coverage: unknown },
    },
  };
}

const isPhysicsAlone = ({ model }: ProductionArtefact): boolean => model.learned.stages.length === 0;

function serve(artefact: ProductionArtefact, prepared: PreparedProduction, now: number, until: number): Served {
  const { data } = prepared;
  const served = serveProduction({ artefact, data, now, until });
  const { model } = artefact;
  const wantsWeather = artefact.basis.hasLight || isPhysicsAlone(artefact);
  const first = firstFrom(data.grid, served.intervals[0]?.from ?? now);
  const isDull = wantsWeather && served.intervals.some(({ hasWeather }) => !hasWeather);
  const dull = isDull ? clearnessOdds(prepared, served.view, model.scaleW, first) : null;
  const intervals = served.intervals.map((interval, at): ServedInterval => {
    const isJudged = isDaylight(served.view.light, first + at);
    const own = { ...interval, referenceW: interval.physicsW, isJudged };
    if (!wantsWeather) return { ...own, hasWeather: true };
    if (interval.hasWeather || !dull) return own;
    return { ...own, ...byClearness(interval, served.view, first + at, dull, model.mix.limitW) };
  });
  const energy: Served['energy'] = (parts) => {
    const odds = energyOf(artefact, parts);
    return (quantile) => odds(quantile) / 1000;
  };
  return { intervals, limitW: model.mix.limitW, energy };
}

/** The clear sky at the brightness of the last weeks: what is left without weather. */
function byClearness(
  { powerW }: ForecastInterval,
  view: ProductionView,
  index: number,
  dull: ClearnessOdds,
  limitW: number,
): Partial<ServedInterval> {
  const clear = view.clearW[index] ?? 0;
  const ratios = dull.classes[classAt(view, index)] ?? [];
  if (clear <= 0) return { powerW, hasWeather: false };
  const at = (place: number): number => Math.min(limitW, Math.max(0, clear * (ratios[place] ?? 0)));
  const between = (quantile: number): number => {
    const above = Math.max(
      1,
      levels.findIndex((level) => level >= quantile),
    );
    const [low, high] = [levels[above - 1] ?? 0, levels[above] ?? 1];
    return at(above - 1) + ((at(above) - at(above - 1)) * (Math.max(low, quantile) - low)) / (high - low);
  };
  return {
    powerW: at(MIDDLE),
    // The mean absolute error of a forecast that is always the median, nearly enough.
    sizeW: 0.6 * (at(MIDDLE + 1) - at(MIDDLE - 1)),
    aboveShare: 0.5,
    odds: between,
    hasWeather: false,
    reasons: () => [],
  };
}
