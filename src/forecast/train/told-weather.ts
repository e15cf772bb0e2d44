import type { WeatherTable } from '../weather-table.ts';

/** A forecast of the weather as it was told at a moment. */
export interface ToldWeather {
  /** When it was learned, ms UTC. */
  at: number;
  /** End of what it speaks of, ms UTC. */
  until: number;
  table: WeatherTable;
}
