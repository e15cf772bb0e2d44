import { ok, type Result, refuse } from './result.ts';

/**
 * Money without floating point: amounts are integers in the currency's minor unit, prices are integers in millionths of
 * the major unit per kWh. Active codes and minor-unit digits: ISO 4217:2015, list one (as amended up to 2026);
 * funds codes, metals and testing codes are left out, since nobody pays for a roof in them.
 */
const TWO_DIGITS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP ' +
  'CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES ' +
  'KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK ' +
  'NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB ' +
  'TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG';
const NO_DIGITS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const THREE_DIGITS = 'BHD IQD JOD KWD LYD OMR TND';

const digitsByCode: ReadonlyMap<string, number> = new Map([
  ...TWO_DIGITS.split(' ').map((code): [string, number] => [code, 2]),
  ...NO_DIGITS.split(' ').map((code): [string, number] => [code, 0]),
  ...THREE_DIGITS.split(' ').map((code): [string, number] => [code, 3]),
]);

/** Active ISO 4217 codes, sorted. */
export const currencies: readonly string[] = [...digitsByCode.keys()].sort();

/** Digits after the point of the currency's minor unit (EUR 2, JPY 0, KWD 3); undefined for an unknown code. */
export function minorDigits(currency: string): number | undefined {
  return digitsByCode.get(currency);
}

/** Digits after the point of a price per kWh: millionths of the major unit. */
export const PRICE_DIGITS = 6;

/** Largest amount, in minor units: far from where a double stops counting exactly (2^53). */
const MAX_UNITS = 1_000_000_000_000;

/**
 * Reads a decimal ("12,500.50" is refused, "12500.50" and "12500,50" are not) into an integer with `digits` digits
 * after the point. A number is read by the decimal it prints as, so that nothing is computed in floating point.
 */
export function parseDecimal(input: string | number, digits: number): Result<number> {
  const text = (typeof input === 'number' ? String(input) : input).trim();
  const match = /^([+-]?)(\d{1,15})(?:[.,](\d{1,20}))?$/.exec(text);
  if (!match) return refuse('invalid', 'is not an amount: write digits with at most one point, such as 12500.50');
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > digits)
    return refuse(
      'invalid',
      digits === 0 ? 'must be a whole number' : `has more than ${digits} digits after the point`,
    );
  const units = Number(`${match[2]}${fraction.padEnd(digits, '0')}`);
  if (units > MAX_UNITS) return refuse('invalid', 'is too large');
  return ok(match[1] === '-' && units !== 0 ? -units : units);
}

/** The integer as a plain decimal with exactly `digits` digits after the point: (1250050, 2) gives "12500.50". */
export function formatDecimal(units: number, digits: number): string {
  const text = String(Math.abs(units)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${units < 0 ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''}`;
}

/** As `formatDecimal`, without zeros at the end beyond `atLeast` digits: (250000, 6, 2) gives "0.25". */
export function formatPrice(units: number, digits = PRICE_DIGITS, atLeast = 2): string {
  const text = formatDecimal(units, digits);
  const least = text.indexOf('.') + 1 + atLeast;
  let end = text.length;
  while (end > least && text[end - 1] === '0') end -= 1;
  return text.slice(0, end);
}
