import { formatAge, formatNumber, formatPower, joinShown } from '../../core/format.ts';
import type { ModelsView } from '../forecast-view.ts';
import type { CardFeature, ModelCard } from '../model-card.ts';
import { isWeatherColumn, type WeatherColumn } from '../weather-table.ts';

/** The sentences of the Model page. */

export function modelHeadline({ serving }: ModelsView, now: number): string {
  if (!serving) return 'Nothing learned serves yet';
  return `Learned from ${formatNumber(serving.card.window.days)} days, ${formatAge(now - serving.madeAt)}`;
}

export function modelLead({ serving, subject }: ModelsView): string {
  const alone = subject.quantity === 'solar' ? 'Physics alone' : 'What is usual';
  if (!serving) return `${alone} serves until a few days have been measured, and whenever learning does not do better.`;
  const { challenger, baselines } = serving.card.trial;
  if (!wasTried(serving.card)) return 'It could not be tried yet: too few days had been measured.';
  const share = baselines.reference > 0 ? 1 - challenger.mae / baselines.reference : 0;
  const than = `${alone.toLowerCase()} (${power(baselines.reference)})`;
  return `Tried a day ahead it was off by ${power(challenger.mae)} on average, ${
    Math.abs(share) < 0.01
      ? `as much as ${than}.`
      : `${formatNumber(Math.abs(share) * 100)} % ${share > 0 ? 'less' : 'more'} than ${than}.`
  }`;
}

/** False while there was no measured day beside those that it learned from. */
export const wasTried = ({ trial }: ModelCard): boolean => trial.challenger.intervals > 0;

/** What its trial decided. */
export function trialWords(card: ModelCard): string {
  const { quantity, trial } = card;
  const alone = quantity === 'solar' ? 'physics alone' : 'what is usual';
  if (!wasTried(card))
    return `There was no measured day left to try it on: ${trial.champion ? 'the one that serves stays' : `${alone} serves`} until there is.`;
  const own = power(trial.challenger.mae);
  const before = trial.champion ? power(trial.champion.mae) : '';
  const days = `On the last ${trial.challenger.days} days`;
  switch (trial.verdict) {
    case 'better':
      return `${days} it was off by ${own}, the one before by ${before}: it serves in its place.`;
    case 'worse':
      return `${days} it was off by ${own}, the one that serves by ${before}: that one stays.`;
    case 'onlyOne':
      return `${days} it was off by ${own}, ${alone} by ${power(trial.baselines.reference)}: it serves, as there was nothing else that had learned.`;
    case 'physics':
      return `${days} it was off by ${own}, ${alone} by ${power(trial.baselines.reference)}: ${alone} serves.`;
  }
}

export function weatherWords({ weather }: ModelCard): string {
  if (!weather) return 'none known';
  const told = Math.round(weather.toldShare * 100);
  return `${formatNumber(weather.hours)} h, ${told} % of it as forecasts had told it, the rest as it turned out`;
}

const power = (watts: number): string => joinShown(formatPower(watts)).replace('\u00a0', ' ');

/** What a column of the weather is, for whoever does not know Open-Meteo's names. */
const columnWords: Readonly<Record<WeatherColumn, string>> = {
  shortwave_radiation: 'light on the ground',
  direct_radiation: 'light straight from the sun on the ground',
  diffuse_radiation: 'light from the rest of the sky',
  direct_normal_irradiance: 'light straight from the sun',
  precipitation: 'rain and snow',
  snowfall: 'snow that falls',
  temperature_2m: 'temperature of the air',
  dew_point_2m: 'dew point of the air',
  relative_humidity_2m: 'humidity of the air',
  cloud_cover: 'how much of the sky is clouds',
  cloud_cover_low: 'how much of the sky is low clouds',
  cloud_cover_mid: 'how much of the sky is clouds of middle height',
  cloud_cover_high: 'how much of the sky is high clouds',
  wind_speed_10m: 'speed of the wind',
  wind_direction_10m: 'where the wind comes from',
  surface_pressure: 'pressure of the air there',
  pressure_msl: 'pressure of the air at sea level',
  snow_depth: 'snow that lies',
  visibility: 'how far one sees',
  weather_code: 'kind of weather',
  sunshine_duration: 'sunshine',
  is_day: 'whether it is day',
};

const unitWords: Readonly<Record<string, string>> = {
  degC: '°C',
  deg: '°',
  'W/m2': 'W/m²',
  'kW/m2': 'kW/m²',
};

/** What a feature is and is counted in, as people write it. */
export const featureWords = ({ name, meaning, unit }: CardFeature): { meaning: string; unit: string } => ({
  meaning: columnMeaning(name) ?? meaning,
  unit: unitWords[unit] ?? unit,
});

function columnMeaning(name: string): string | undefined {
  if (isWeatherColumn(name)) return columnWords[name];
  const column = name.replace(/_day$/, '');
  return isWeatherColumn(column) ? `${columnWords[column]}, mean of the day` : undefined;
}
