import { expect, test } from 'bun:test';
import { madeUpProduction } from '../../testing/production.ts';
import { productionRecipe } from './production.ts';
import { trainingData } from './production-data.ts';

test('a model that has left out light of other days goes on serving, with that weather and without', () => {
  const { data, table } = madeUpProduction({ days: 40 });
  const { grid, site } = data;
  const best = Array.from({ length: 24 }, (_, hour) => Math.max(...data.powerW.filter((_, at) => at % 24 === hour)));
  const steadyW = data.powerW.map((_, index) => (best[index % 24] ?? 0) * (1 - 0.01 * (index % 7)));
  const prepared = (powerW: Float64Array, hasWeather: boolean) =>
    trainingData({
      ...{ grid, powerW, site, timeZone: 'Europe/Zurich', excluded: new Uint8Array(grid.count) },
      weather: hasWeather ? table : null,
    });
  const artefact = productionRecipe.first(prepared(steadyW, true));
  expect(artefact.model.reading?.basis).toBe('none');
  expect(productionRecipe.suits(artefact, prepared(steadyW, true))).toBe(true);
  expect(productionRecipe.suits(artefact, prepared(steadyW, false))).toBe(true);
  const usual = productionRecipe.first(prepared(data.powerW, true));
  expect(productionRecipe.suits(usual, prepared(data.powerW, true))).toBe(true);
  expect(productionRecipe.suits(usual, prepared(data.powerW, false))).toBe(false);
});
