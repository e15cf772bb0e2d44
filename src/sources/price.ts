import { minorDigits, PRICE_DIGITS, parseDecimal } from '../core/money.ts';
import type { Result } from '../core/result.ts';
import { isCalendarDate } from './calendar.ts';
import { Problems } from './problems.ts';

/** What a kWh costs and earns from a day on. Millionths of the currency's major unit; null means "not known". */
export interface Price {
  /** First day on which it counts, YYYY-MM-DD in the source's time zone. */
  effectiveFrom: string;
  /** ISO 4217; kept with the price, so that a later change of the source's currency does not rewrite history. */
  currency: string;
  /** What one pays for a kWh from the grid. */
  importMicrosPerKwh: number | null;
  /** What one earns for a kWh sold; may be negative. */
  exportMicrosPerKwh: number | null;
}

export interface PriceInput {
  effectiveFrom?: string | undefined;
  currency?: string | null | undefined;
  /** Decimals in the currency's major unit per kWh, at most six digits after the point. */
  importPricePerKwh?: string | number | null | undefined;
  exportPricePerKwh?: string | number | null | undefined;
}

/** Checks a price; the currency is the source's unless it names another. */
export function readPrice(input: PriceInput, sourceCurrency: string): Result<Price> {
  const problems = new Problems();
  const effectiveFrom = (input.effectiveFrom ?? '').trim();
  if (!effectiveFrom) problems.add('effectiveFrom', 'is missing: give the first day of this price, such as 2026-01-01');
  else if (!isCalendarDate(effectiveFrom) || effectiveFrom < '1950-01-01' || effectiveFrom > '2100-12-31')
    problems.add('effectiveFrom', 'is not a date between 1950 and 2100: write it as 2026-01-01');
  const currency = (input.currency || sourceCurrency).trim().toUpperCase();
  if (minorDigits(currency) === undefined) problems.add('currency', 'is not a currency code of ISO 4217');
  const importMicrosPerKwh = readMicros('importPricePerKwh', input.importPricePerKwh, problems);
  const exportMicrosPerKwh = readMicros('exportPricePerKwh', input.exportPricePerKwh, problems);
  if (isEmpty(input.importPricePerKwh) && isEmpty(input.exportPricePerKwh))
    problems.add('importPricePerKwh', 'is missing: give what a kWh costs, what it earns, or both');
  return problems.or(() => ({ effectiveFrom, currency, importMicrosPerKwh, exportMicrosPerKwh }));
}

function readMicros(field: string, value: string | number | null | undefined, problems: Problems): number | null {
  if (isEmpty(value)) return null;
  const read = parseDecimal(value as string | number, PRICE_DIGITS);
  if (read.ok) return read.value;
  problems.add(field, read.error.message.replace('12500.50', '0.2846'));
  return null;
}

function isEmpty(value: string | number | null | undefined): boolean {
  return value === undefined || value === null || value === '';
}
