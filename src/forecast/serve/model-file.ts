import type { ForecastQuantity } from '../issue.ts';
import type { AnyRecipe } from '../recipe/recipes.ts';

/** What a model was tried on, forecast day ahead by a model that had not seen it: against this a challenger is held. */
export interface TriedPast {
  /** Start of the first interval, ms UTC. */
  from: number;
  stepMs: number;
  /** Median, p10 and p90, W; NaN where none was made. */
  medianW: Float64Array;
  lowW: Float64Array;
  highW: Float64Array;
}

/** What lies in a model's file. */
export interface ModelFile {
  quantity: ForecastQuantity;
  /** It knows nothing that was measured from here on, ms UTC. */
  knownUntil: number;
  stepMs: number;
  artefact: unknown;
  past: TriedPast;
}

const FORM = 1;
const numbers = (series: Float64Array): (number | null)[] =>
  Array.from(series, (value) => (Number.isNaN(value) ? null : Math.round(value)));
const series = (values: readonly (number | null)[]): Float64Array =>
  Float64Array.from(values, (value) => value ?? Number.NaN);

export function modelText(recipe: AnyRecipe, file: ModelFile): string {
  const { past, artefact, ...head } = file;
  return JSON.stringify({
    form: FORM,
    ...head,
    past: { ...past, medianW: numbers(past.medianW), lowW: numbers(past.lowW), highW: numbers(past.highW) },
    model: recipe.store(artefact),
  });
}

/** The model of a text; null when an Ampra of another form wrote it, or it is broken. */
export function readModel(recipe: AnyRecipe, text: string | null | undefined): ModelFile | null {
  if (!text) return null;
  try {
    const { form, quantity, knownUntil, stepMs, past, model } = JSON.parse(text);
    if (form !== FORM || quantity !== recipe.quantity || typeof model !== 'string') return null;
    return {
      ...{ quantity, knownUntil, stepMs },
      artefact: recipe.restore(model),
      past: { ...past, medianW: series(past.medianW), lowW: series(past.lowW), highW: series(past.highW) },
    };
  } catch {
    return null;
  }
}
