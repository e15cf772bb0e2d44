import { type TemperatureUnit, unknownText } from '../core/format.ts';

/** The sentences of the Weather page. */

/** Of a day: what the sky looks like, and the range of its temperatures, as it is shown. */
interface DayInWords {
  words: string | null;
  lowC: number | null;
  highC: number | null;
  low: string;
  high: string;
  sunrise: string;
  sunset: string;
}

/** "Partly cloudy today, 11° to 19°C"; without weather what is known all the same. */
export function headline(today: DayInWords | null, unit: TemperatureUnit): string {
  if (!today || (today.words === null && today.highC === null))
    return !today || today.sunrise === unknownText
      ? 'The weather is not known'
      : `Sunrise at ${today.sunrise}, sunset at ${today.sunset}`;
  const sky = today.words === null ? 'Today' : `${today.words} today`;
  if (today.lowC === null || today.highC === null) return sky;
  return `${sky}, ${today.low} to ${today.high}${unit === 'celsius' ? 'C' : 'F'}`;
}

/** How tomorrow's light compares with today's; null when one of them is not known. */
export function outlook(todayKwh: number | null, tomorrowKwh: number | null): string | null {
  if (todayKwh === null || tomorrowKwh === null || todayKwh < 0.05) return null;
  const ratio = tomorrowKwh / todayKwh;
  if (ratio >= 1.9) return 'Tomorrow brings about twice as much sun or more.';
  if (ratio >= 1.15) return 'Tomorrow brings more sun.';
  if (ratio > 0.87) return 'Tomorrow brings about as much sun.';
  if (ratio > 0.55) return 'Tomorrow brings less sun.';
  return 'Tomorrow brings half as much sun or less.';
}
