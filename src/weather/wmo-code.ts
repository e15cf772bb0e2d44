/** How the sky looks, as far as pictures tell it apart. */
export type SkyLook =
  | 'clear'
  | 'mostlyClear'
  | 'partlyCloudy'
  | 'overcast'
  | 'fog'
  | 'drizzle'
  | 'rain'
  | 'freezingRain'
  | 'snow'
  | 'showers'
  | 'snowShowers'
  | 'thunder';

interface Sky {
  look: SkyLook;
  words: string;
}

/** The codes that weather models give, of WMO code table 4677. */
const skies: Readonly<Record<number, Sky>> = {
  0: { look: 'clear', words: 'Clear' },
  1: { look: 'mostlyClear', words: 'Mostly clear' },
  2: { look: 'partlyCloudy', words: 'Partly cloudy' },
  3: { look: 'overcast', words: 'Overcast' },
  45: { look: 'fog', words: 'Fog' },
  48: { look: 'fog', words: 'Freezing fog' },
  51: { look: 'drizzle', words: 'Light drizzle' },
  53: { look: 'drizzle', words: 'Drizzle' },
  55: { look: 'drizzle', words: 'Heavy drizzle' },
  56: { look: 'freezingRain', words: 'Light freezing drizzle' },
  57: { look: 'freezingRain', words: 'Freezing drizzle' },
  61: { look: 'rain', words: 'Light rain' },
  63: { look: 'rain', words: 'Rain' },
  65: { look: 'rain', words: 'Heavy rain' },
  66: { look: 'freezingRain', words: 'Light freezing rain' },
  67: { look: 'freezingRain', words: 'Freezing rain' },
  71: { look: 'snow', words: 'Light snow' },
  73: { look: 'snow', words: 'Snow' },
  75: { look: 'snow', words: 'Heavy snow' },
  77: { look: 'snow', words: 'Snow grains' },
  80: { look: 'showers', words: 'Light showers' },
  81: { look: 'showers', words: 'Showers' },
  82: { look: 'showers', words: 'Violent showers' },
  85: { look: 'snowShowers', words: 'Snow showers' },
  86: { look: 'snowShowers', words: 'Heavy snow showers' },
  95: { look: 'thunder', words: 'Thunderstorm' },
  96: { look: 'thunder', words: 'Thunderstorm with hail' },
  99: { look: 'thunder', words: 'Thunderstorm with heavy hail' },
};

/** Picture and words of a WMO code; null for one that no weather model gives. */
export function skyOf(code: number | null): Sky | null {
  return code === null ? null : (skies[code] ?? null);
}

/**
 * The code that stands for several hours: the worst that at least a quarter of them reach. One shower at noon does not
 * make a sunny day a wet one, three grey hours do count. Null for no hours.
 */
export function codeOfHours(codes: readonly number[]): number | null {
  const worstFirst = [...codes].sort((a, b) => b - a);
  return worstFirst[Math.max(0, Math.ceil(codes.length / 4) - 1)] ?? null;
}
