import { localDayOf } from '../../core/zone.ts';
import type { ConsumptionData } from '../consumption/consumption-model.ts';
import { startOf } from '../interval-grid.ts';
import type { LeftOut } from '../model-card.ts';
import type { SubjectData } from '../serve/subject-data.ts';
import { layWeather } from '../weather-grid.ts';
import type { Prepared } from './recipe.ts';

/** A house's consumption as its learner takes it. */
export interface PreparedConsumption extends Prepared {
  data: ConsumptionData;
}

/** Lays a subject's data out for a learner and says what is left out. */
export function consumptionData(subject: SubjectData): PreparedConsumption {
  const { grid, powerW, excluded, weather, site, timeZone } = subject;
  const leftOut: LeftOut = { gaps: 0, curtailed: 0, clipped: 0 };
  const days = new Set<number>();
  for (let index = 0; index < grid.count; index++) {
    if (Number.isNaN(powerW[index] ?? Number.NaN)) leftOut.gaps++;
    else if (excluded[index]) leftOut.curtailed++;
    else days.add(localDayOf(startOf(grid, index), timeZone));
  }
  const hasWeather = weather?.columns.temperature_2m?.some(Number.isFinite) ?? false;
  const { latitude, longitude } = site;
  const place = latitude === undefined || longitude === undefined ? null : { latitude, longitude };
  return {
    subject,
    excluded,
    data: {
      ...{ grid, powerW, excluded, timeZone, place },
      weather: hasWeather && weather ? layWeather(weather, grid) : null,
    },
    hasWeather,
    leftOut,
    clipW: null,
    days: days.size,
  };
}
