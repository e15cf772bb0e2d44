import type { ForecastQuantity } from '../issue.ts';
import { consumptionRecipe } from './consumption.ts';
import { productionRecipe } from './production.ts';
import type { Prepared, Recipe } from './recipe.ts';

/** A recipe whose own kinds nobody outside needs to know: what it prepared and learned goes back to it alone. */
export type AnyRecipe = Recipe<unknown, Prepared>;

const recipes: Record<ForecastQuantity, AnyRecipe> = {
  solar: productionRecipe as unknown as AnyRecipe,
  load: consumptionRecipe as unknown as AnyRecipe,
};

export const recipeFor = (quantity: ForecastQuantity): AnyRecipe => recipes[quantity];
