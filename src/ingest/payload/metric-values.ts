import { type Metric, metrics } from '../../core/metrics.ts';
import { isUnknownBeyond } from '../../core/register-limits.ts';
import { STANDS_FOR_UNKNOWN } from '../../sources/refused-words.ts';

/**
 * Takes one value for a metric as a device wrote it. On the way of every value of every reading, so it is written for
 * speed: one look-up, no allocation for a number that is fine.
 */
export type ValueCheck = (value: unknown) => number | string | string[] | Refused | null;

/** Why a value was not taken. The sentence holds no part of the value, so that equal troubles count as one. */
export class Refused {
  constructor(readonly message: string) {}
}

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
const LONGEST_TEXT = 200;
const MOST_CODES = 100;

function numberCheck(metric: Metric): ValueCheck {
  const min = metric.min ?? Number.NEGATIVE_INFINITY;
  const max = metric.max ?? Number.POSITIVE_INFINITY;
  const unit = metric.unit ?? '';
  const unknown = new Refused(STANDS_FOR_UNKNOWN);
  const wrongType = new Refused('must be a number');
  const outOfRange = new Refused(`must lie between ${min} and ${max} ${unit}`.trim());
  return (value) => {
    let number = value;
    if (typeof value === 'string') {
      const text = value.trim();
      if (!DECIMAL.test(text)) return wrongType;
      number = Number(text);
    }
    if (typeof number !== 'number') return value === null ? null : wrongType;
    if (number >= min && number <= max) return number;
    if (!Number.isFinite(number)) return wrongType;
    return isUnknownBeyond(number, metric.unit) ? unknown : outOfRange;
  };
}

const NO_TEXT = new Refused('must be a word or a number');
const LONG_TEXT = new Refused(`must have at most ${LONGEST_TEXT} characters`);
const NO_LIST = new Refused('must be a list of codes (words or numbers)');
const LONG_LIST = new Refused(`must have at most ${MOST_CODES} codes`);

function textCheck(value: unknown): string | Refused | null {
  if (value === null) return null;
  if (typeof value !== 'string' && typeof value !== 'number') return NO_TEXT;
  const text = String(value);
  return text.length <= LONGEST_TEXT ? text : LONG_TEXT;
}

function listCheck(value: unknown): string[] | Refused | null {
  if (value === null) return null;
  const list = Array.isArray(value) ? value : [value];
  if (list.length > MOST_CODES) return LONG_LIST;
  const codes: string[] = [];
  for (const item of list) {
    const code = textCheck(item);
    if (typeof code !== 'string') return NO_LIST;
    codes.push(code);
  }
  return codes;
}

/** How to take a value, by metric name. `null` from a check means: the device does not know the value now. */
export const valueChecks: ReadonlyMap<string, ValueCheck> = new Map(
  metrics.map((m) => [m.name, m.kind === 'text' ? textCheck : m.kind === 'list' ? listCheck : numberCheck(m)]),
);
