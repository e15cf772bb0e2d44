import type { NumericMetric, TextMetric } from '../../core/metrics.ts';
import { BATTERY, GRID, OUTPUT, SOLAR, TOTAL } from '../words/place-words.ts';
import type { Meaning } from './entity-description.ts';

type Places = [
  NumericMetric | null,
  NumericMetric | null,
  NumericMetric | null,
  NumericMetric | null,
  NumericMetric | null,
];

/** What an entity is by where it is measured: battery, solar, grid, output, bus. */
export function place(said: string, [battery, solar, grid, output, bus]: Places): Meaning | null {
  // An inverter of solar power is no panel.
  const words = said.replace(/\b(solar|pv) (?=inverter (voltage|current|v|a)\b(?!.*\b(dc|ac)\d?\b))/g, '');
  const how = /Current$/.test(solar ?? '') ? 'sum' : 'first';
  const to = (metric: NumericMetric | null) => metric && gauge(metric, words, how);
  // Between two phases it is another quantity than at one.
  if (
    /\bl ?[123] ?l ?[123]\b|\bl(12|23|31)\b|\bphase (1 2|2 3|3 1)\b|\b(a ?b|b ?c|c ?a|(a|b) phase (b|c)|c phase a|line to line|phase to phase|l ?l|rs|st|tr)\b/.test(
      words,
    )
  )
    return null;
  // Half of a bus, or one inside.
  if (/\bn ?bus\b|\bbus n\b|\b(half|llc)\b/.test(words)) return null;
  if (/\bbus\d?\b/.test(words)) return to(bus);
  // One of the modules that make a battery's voltage together.
  if (/\bmodule ?\d/.test(words) && BATTERY.test(words) && how === 'first') return null;
  // What it is held against.
  if (how === 'first' && /\b(boost|equali[sz]e|under|over|ref|reference|lower|upper)\b/.test(words)) return null;
  // What an inverter gives beside its alternating output.
  if (/\bdc out(put)? (voltage|current)\b/.test(words)) return null;
  // What a battery is to be charged with is no measurement.
  const isAsked = how === 'first' && /\b(charge|discharge)( voltage)?$|\b(charge|discharge) voltage\b/.test(words);
  // At its inverter's other side.
  if (BATTERY.test(words)) return isAsked || /\bac\b/.test(words) ? null : to(battery);
  // What a charge controller charges with is the battery's.
  if (how === 'sum' && SOLAR.test(words) && /\bcharge\b/.test(words)) return null;
  // What an inverter of panels gives is measured at the grid.
  if (SOLAR.test(words) && /\bac\d?\b/.test(words)) return how === 'first' ? to(grid) : null;
  // A charge controller's load is no panel.
  if (SOLAR.test(words) && !/\bload\b/.test(words)) return to(solar);
  if (GRID.test(words) || /\bac (in|input)\b/.test(words)) return to(grid);
  return OUTPUT.test(words) ? to(output) : null;
}

/** Phases R, S and T are A, B and C. */
const orderOf = (letter: string): number => Math.max('abcd'.indexOf(letter), 'rst'.indexOf(letter)) + 1;

/** With its number among its like, and its rank: something numbered is a part, something total the whole. */
export function gauge(metric: NumericMetric | TextMetric, words: string, how: 'sum' | 'first'): Meaning {
  const number =
    /\b(?:pv|solar|mppt|string|battery|inverter|phase|l|tracker|ch|channel|input|port|dc|ac|bus|panel|module|tariff|t)[ _]?(\d{1,2})\b|\b(?:power|voltage|current|temperature) ?(\d{1,2})$/
      .exec(words)
      ?.slice(1)
      .find(Boolean);
  const phase = /\bphase ([abc])\b|\bheatsink ([abc])\b|\b(?:voltage|current|power|string|pv|mppt|dc) ([abcdrst])$/
    .exec(words)
    ?.slice(1)
    .find(Boolean);
  // A tariff's counter is a part: low first.
  const tariff = /^(total|daily)Grid/.test(metric) ? /\b(nt|ht)\b/.exec(words)?.[1] : undefined;
  const lettered = phase !== undefined ? orderOf(phase) : tariff === undefined ? 0 : tariff === 'nt' ? 1 : 2;
  const order = number !== undefined ? Number(number) : lettered;
  const isTotal = order === 0;
  const rank = isTotal ? (TOTAL.test(words) ? 3 : 2) : 1;
  return { metric, factor: 1, side: null, part: { order, rank, how } };
}
