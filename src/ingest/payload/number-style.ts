import { numberOf, unitBehind } from '../field-draft.ts';

/** Which sign parts whole from fraction in a device's texts; `mixed` where they contradict each other. */
export type NumberStyle = 'point' | 'comma' | 'unknown' | 'mixed';

/** A number with signs between its digits, and perhaps its unit. */
const WRITTEN = /^([+-]?)(\d[\d.,'’ \u00a0\u202f]*)$/;
const LONGEST = 40;
/** Groups of three by a sign that is never a decimal one; by a plain space only before a fraction, for lists have spaces. */
const SPACED = /^\d{1,3}(?:(['’ \u00a0\u202f])\d{3})(?:\1\d{3})*(?=$|[.,])/;
const PLAIN_SPACE = /^[\d ]* [\d ]*$/;
const GROUPED = { '.': /^\d{1,3}(\.\d{3})+$/, ',': /^\d{1,3}(,\d{3})+$/ };

type Sign = '.' | ',';
/** A text's digits, and the sign that parts the fraction: null where there is none, `?` where it may be one of thousands. */
interface Digits {
  whole: string;
  fraction: string;
  sign: Sign | null;
  isOpen: boolean;
  /** The decimal sign that this text proves. */
  proves: Sign | null;
}

/** How the texts write numbers, by those that can be read one way only. */
export function styleOf(texts: Iterable<unknown>): NumberStyle {
  let [points, commas] = [false, false];
  for (const text of texts) {
    if (typeof text !== 'string' || text.length > LONGEST) continue;
    const proves = digitsOf(unitBehind(text.trim()).digits)?.proves;
    points ||= proves === '.';
    commas ||= proves === ',';
  }
  return points && commas ? 'mixed' : points ? 'point' : commas ? 'comma' : 'unknown';
}

/**
 * The number of a text, and the unit behind it. `8.123` is eight thousand where the message writes `12,3`, and nothing where
 * it writes both ways; `8,123` is a number only where the message tells which.
 */
export function quantityIn(raw: unknown, style: NumberStyle): { value: number; unit: string } | null {
  if (typeof raw !== 'string' || raw.length > LONGEST) return null;
  const { digits: written, unit } = unitBehind(raw.trim());
  const digits = digitsOf(written);
  const value = digits === null ? numberOf(written) : numberOf(plainly(digits, style, written.startsWith('-')));
  return value === null ? null : { value, unit };
}

/** As a program writes it; null where its style leaves it open. */
function plainly({ whole, fraction, sign, isOpen }: Digits, style: NumberStyle, isNegative: boolean): string | null {
  const front = isNegative ? `-${whole}` : whole;
  if (sign === null) return front;
  if (!isOpen) return `${front}.${fraction}`;
  const own = sign === '.' ? 'point' : 'comma';
  // Programs write a point; who writes for people and no fraction elsewhere is rare.
  if (style === own || (style === 'unknown' && sign === '.')) return `${front}.${fraction}`;
  return style === 'mixed' || style === 'unknown' ? null : front + fraction;
}

/** Null where it is no number that is written out (an exponent, a word, a date). */
function digitsOf(text: string): Digits | null {
  const [, , body = ''] = WRITTEN.exec(text) ?? [];
  const spaces = PLAIN_SPACE.test(body) ? null : SPACED.exec(body);
  const digits = spaces ? spaces[0].replace(/\D/g, '') + body.slice(spaces[0].length) : body;
  if (digits === '' || !/^[\d.,]+$/.test(digits)) return null;
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
  if (last < 0) return { whole: digits, fraction: '', sign: null, isOpen: false, proves: null };
  const sign = digits[last] as Sign;
  const [front, fraction] = [digits.slice(0, last), digits.slice(last + 1)];
  const other = sign === '.' ? ',' : '.';
  if (front.includes(other)) {
    const isGrouped = GROUPED[other].test(front) && fraction !== '';
    return isGrouped ? { ...parted(front, fraction), sign, isOpen: false, proves: sign } : null;
  }
  if (front.includes(sign)) {
    const isGrouped = GROUPED[sign].test(digits);
    return isGrouped ? { ...parted(digits, ''), sign: null, isOpen: false, proves: other } : null;
  }
  const isOpen = spaces === null && fraction.length === 3 && /^[1-9]\d{0,2}$/.test(front);
  return { whole: front, fraction, sign, isOpen, proves: isOpen || fraction === '' ? null : sign };
}

const parted = (front: string, fraction: string) => ({ whole: front.replace(/\D/g, ''), fraction });
