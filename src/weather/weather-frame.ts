import type { TemperatureUnit } from '../core/format.ts';
import type { Source } from '../sources/source.ts';
import type { Supplier } from './supplier.ts';
import type { WeatherState } from './weather-state.ts';
import type { WeatherView } from './weather-view.ts';

/** Sources of one owner that share a place and a calendar: one weather. */
export interface WeatherChoice {
  /** `source:<id>` of the first. */
  key: string;
  label: string;
  sources: readonly Source[];
}

export interface WeatherFrame {
  choices: readonly WeatherChoice[];
  choice: WeatherChoice;
  source: Source;
  state: WeatherState;
  view: WeatherView;
  supplier: Supplier;
  /** The viewer may say whether the internet is used. */
  mayDecide: boolean;
  unit: TemperatureUnit;
  now: number;
}
