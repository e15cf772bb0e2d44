import { type LoadExpertName, loadExpertNames, loadStartWeights } from '../consumption/experts.ts';
import { artefactText, readArtefact } from './artefact-text.ts';
import type { ConsumptionArtefact } from './consumption-artefact.ts';
import { consumptionData, type PreparedConsumption } from './consumption-data.ts';
import { serveConsumption } from './consumption-serving.ts';
import { trainConsumption, usualConsumption } from './consumption-training.ts';
import type { Recipe } from './recipe.ts';

const labels: Record<LoadExpertName, string> = {
  yesterday: 'The day before',
  weekAgo: 'The same day of the week before',
  median7: 'The usual of 7 days',
  sameKind: 'The usual of working days, or of weekends',
  anchor: 'The best of the simple ones together',
  learned: 'What was learned here',
};

/** What a house takes. */
export const consumptionRecipe: Recipe<ConsumptionArtefact, PreparedConsumption> = {
  quantity: 'load',
  fewestDays: 10,
  experts: loadExpertNames.map((name, k) => ({
    name,
    label: labels[name],
    start: loadStartWeights[k] ?? 0,
    isReference: name === 'sameKind',
  })),
  parts: ['midnight to 8', '8 to 16', '16 to midnight'],
  prepare: consumptionData,
  train: ({ data }, moments, learner) => trainConsumption({ data, moments, learner }),
  first: ({ data }) => usualConsumption(data),
  serve: (artefact, { data }, now, until) => serveConsumption({ artefact, data, now, until }),
  suits: ({ stepMs, basis }, { data, hasWeather }) =>
    stepMs === data.grid.stepMs && basis.columns.includes('temperature_2m') === hasWeather,
  about: (artefact) => {
    const shares = new Map(artefact.importance.map(({ name, share }) => [name, share]));
    return {
      learnedUntil: artefact.learnedUntil,
      stepMs: artefact.stepMs,
      scaleW: artefact.model.scaleW,
      features: artefact.features.map((feature) => ({ ...feature, importance: shares.get(feature.name) ?? 0 })),
      weights: artefact.blend.parts,
    };
  },
  store: artefactText,
  restore: (text) => readArtefact<ConsumptionArtefact>(text, 'consumption', 2),
};
