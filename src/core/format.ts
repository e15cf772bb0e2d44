/**
 * How numbers, ages and times are written for people; the one place that knows the rules:
 * W below 1,000 then kW with two digits, kWh with one, percent whole, "-" for what is unknown.
 */

/** A number apart from its unit, so that a page can set the unit smaller. */
export interface Shown {
  text: string;
  unit: string;
}

export const unknownText = '-';
const unknown = (unit: string): Shown => ({ text: unknownText, unit });

const isKnown = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** Digits grouped by threes with a comma, a real minus sign, and never "-0". */
export function formatNumber(value: number, digits = 0): string {
  const fixed = Math.abs(value).toFixed(digits);
  const [whole = '0', fraction] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const isZero = Number(fixed) === 0;
  return `${value < 0 && !isZero ? '\u2212' : ''}${grouped}${fraction ? `.${fraction}` : ''}`;
}

/** Power in W as "640 W", "1.24 kW" or "2.50 MW". */
export function formatPower(watts: number | null | undefined): Shown {
  if (!isKnown(watts)) return unknown('W');
  const size = Math.abs(watts);
  if (Math.round(size) < 1000) return { text: formatNumber(watts), unit: 'W' };
  if (size < 999_995) return { text: formatNumber(watts / 1000, 2), unit: 'kW' };
  return { text: formatNumber(watts / 1e6, 2), unit: 'MW' };
}

/** Energy in kWh with one digit: "12.3 kWh". */
export function formatEnergy(kwh: number | null | undefined): Shown {
  return isKnown(kwh) ? { text: formatNumber(kwh, 1), unit: 'kWh' } : unknown('kWh');
}

/** Percent, whole: 0..100 as "82 %". */
export function formatPercent(percent: number | null | undefined): Shown {
  return isKnown(percent) ? { text: formatNumber(percent), unit: '%' } : unknown('%');
}

export type TemperatureUnit = 'celsius' | 'fahrenheit';

/** A temperature given in degrees Celsius, in the unit that the person reads, with one digit. */
export function formatTemperature(celsius: number | null | undefined, unit: TemperatureUnit = 'celsius'): Shown {
  const sign = unit === 'celsius' ? '°C' : '°F';
  if (!isKnown(celsius)) return unknown(sign);
  return { text: formatNumber(unit === 'celsius' ? celsius : celsius * 1.8 + 32, 1), unit: sign };
}

/** A value of the catalogue by its unit: powers, energies and percent by their rules, the rest with fitting digits. */
export function formatQuantity(
  value: number | null | undefined,
  unit: string | null,
  temperatureUnit: TemperatureUnit = 'celsius',
): Shown {
  if (unit === 'W') return formatPower(value);
  if (unit === 'kWh') return formatEnergy(value);
  if (unit === '%') return formatPercent(value);
  if (unit === 'degC') return formatTemperature(value, temperatureUnit);
  if (unit === 'VA') {
    const power = formatPower(value);
    return { text: power.text, unit: power.unit.replace('W', 'VA') };
  }
  if (!isKnown(value)) return unknown(unit ?? '');
  return { text: formatNumber(value, unit === 'Hz' ? 2 : 1), unit: unit ?? '' };
}

/** Number and unit with a no-break space, for sentences, titles and tables. */
export const joinShown = (shown: Shown): string =>
  shown.text === unknownText ? unknownText : `${shown.text}\u00a0${shown.unit}`;

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

/**
 * How long ago, as short as it may be said: "now", "40 s ago", "12 min ago", "3 h ago", "2 days ago".
 * Times in the future (a device whose clock runs ahead) are "now". The same words are in `views/assets/live.js`.
 */
export function formatAge(ageMs: number): string {
  if (ageMs < 5000) return 'now';
  if (ageMs < MINUTE) return `${Math.floor(ageMs / 1000)} s ago`;
  if (ageMs < HOUR) return `${Math.floor(ageMs / MINUTE)} min ago`;
  if (ageMs < DAY) return `${Math.floor(ageMs / HOUR)} h ago`;
  const days = Math.floor(ageMs / DAY);
  return days === 1 ? '1 day ago' : `${formatNumber(days)} days ago`;
}

/** A length of time in at most two units: "45 s", "12 min", "3 h 20 min", "2 d 4 h". */
export function formatDuration(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / 1000))} s`;
  const totalMinutes = Math.round(ms / MINUTE);
  if (totalMinutes < 60) return `${totalMinutes} min`;
  const two = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
    small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
  if (totalMinutes < 48 * 60) return two(Math.floor(totalMinutes / 60), 'h', totalMinutes % 60, 'min');
  const totalHours = Math.round(ms / HOUR);
  return two(Math.floor(totalHours / 24), 'd', totalHours % 24, 'h');
}

export type DateStyle =
  | 'time'
  | 'timeSeconds'
  | 'date'
  | 'dateTime'
  | 'month'
  | 'longMonth'
  | 'dayMonth'
  | 'weekday'
  | 'weekdayMonth'
  | 'year';

const styles: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  time: { hour: '2-digit', minute: '2-digit' },
  timeSeconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  date: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  dateTime: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  month: { month: 'short', year: 'numeric' },
  longMonth: { month: 'long', year: 'numeric' },
  dayMonth: { day: 'numeric', month: 'short' },
  weekday: { weekday: 'short', day: 'numeric' },
  weekdayMonth: { weekday: 'short', day: 'numeric', month: 'short' },
  year: { year: 'numeric' },
};

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A moment (ms UTC) as it reads on the wall of that zone: 24-hour clock, day before month. */
export function formatDate(time: number, timeZone: string, style: DateStyle): string {
  const key = `${style} ${timeZone}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', { ...styles[style], hourCycle: 'h23', timeZone });
    formatters.set(key, formatter);
  }
  // Some styles of the locale put a comma after the weekday and some do not: none does here.
  return formatter.format(time).replace(/^(\p{L}+),/u, '$1');
}

/** "solar power" as a sentence begins: "Solar power". */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "Solar power" within a sentence: "solar power". */
export const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** "A", "A and B", "A, B and C". */
export function listWords(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
