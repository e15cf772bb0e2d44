import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ForecastQuantity } from '../src/forecast/issue.ts';
import { fieldColumns } from '../src/forecast/measured/weather-rows.ts';
import { recipeFor } from '../src/forecast/recipe/recipes.ts';
import type { WeatherTable } from '../src/forecast/weather-table.ts';
import { madeUpProduction } from '../src/testing/production.ts';

const page = readFileSync(join(import.meta.dir, '../models/README.md'), 'utf8');

describe('the page of models', () => {
  test.each(['solar', 'load'] as const)(
    'names every feature of %s with its unit and meaning, and no other',
    (quantity) => {
      const [, section = ''] = page.split(`\n## ${quantity}:`);
      const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
      expect(rows).toEqual(
        featuresOf(quantity).map(({ name, unit, meaning }) => `| \`${name}\` | ${unit} | ${meaning} |`),
      );
    },
  );
});

/** Features of a source with all the weather that forecasts take. */
function featuresOf(quantity: ForecastQuantity) {
  const { data, table } = madeUpProduction({ days: 20 });
  const columns: WeatherTable['columns'] = {};
  for (const name of fieldColumns) columns[name] = table.columns[name] ?? new Float64Array(table.times.length).fill(1);
  const recipe = recipeFor(quantity);
  const prepared = recipe.prepare({
    ...{ grid: data.grid, powerW: data.powerW, excluded: new Uint8Array(data.grid.count) },
    ...{ weather: { ...table, columns }, site: data.site, timeZone: 'Europe/Berlin' },
  });
  return recipe.about(recipe.first(prepared)).features;
}
