import type { Database } from 'bun:sqlite';
import { inTransaction } from '../platform/sqlite.ts';
import { createDayStore } from './days.sqlite.ts';
import { createIssueStore } from './issues.sqlite.ts';
import { createPanelLightStore } from './panel-light.sqlite.ts';
import { createPastStore } from './past.sqlite.ts';
import { createPlaceStore } from './places.sqlite.ts';
import type { WeatherStores } from './ports.ts';

/** Everything that weather keeps, in the relational database. Why there: docs/decisions/weather.md. */
export function createWeatherStores(db: Database): WeatherStores {
  return {
    places: createPlaceStore(db),
    past: createPastStore(db),
    issues: createIssueStore(db),
    days: createDayStore(db),
    panelLight: createPanelLightStore(db),
    atomically: (work) => inTransaction(db, work),
  };
}
