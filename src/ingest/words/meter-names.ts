import { onceForEach } from '../once-for-each.ts';
import { englishWords } from './name-words.ts';
import { obisCode } from './obis-codes.ts';

/** What the owner of a smart meter's reader calls one of its values: `Total_in`, `Einspeisung_Summe`, `pwr_imp`, `Volt_L1_curr`. */
export interface MeterName {
  what: 'power' | 'energy' | 'voltage' | 'current' | 'frequency';
  /** 1 for what goes in, -1 for what goes out, 0 where the name does not say it. */
  way: 1 | 0 | -1;
  /** The number of a phase, 0 for the whole. */
  phase: number;
  /** The number of a tariff, 0 for all. */
  tariff: number;
  /** Counts since midnight. */
  isDay: boolean;
  /** Its name says that it is the whole. */
  isTotal: boolean;
  /** What makes W or kWh of it, where its name says the unit; null where it does not. */
  by: number | null;
  /** Says that it is an energy, and not only a total. */
  isNamed: boolean;
  /** `delivered`: by a meter to its house, or by a house to its meter. */
  isDelivered: boolean;
}

const MOST_NAMES = 2000;
const wordsIn = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const IN = wordsIn('in import imported plus pos positive consumed consumption bought purchased used');
const OUT = wordsIn(
  'out export exported minus neg negative feed supply supplied production generated returned delivered',
);
const TOTAL = wordsIn('total sum summ all lifetime cumulative overall');
const ENERGY = wordsIn('energy e counter count kwh wh meter');
const POWER = wordsIn('power p w kw watt');
const NOW = wordsIn('current cur actual act now momentary instantaneous load');
/** Words that change nothing of what it is. */
const NEUTRAL = wordsIn('active real grid reading value val mains electricity phase tariflos wirk arbeit a ac dj tp');
const KINDS: Record<string, MeterName['what']> = {
  ...{ voltage: 'voltage', u: 'voltage', v: 'voltage', amperage: 'current', i: 'current' },
  ...{ frequency: 'frequency', hz: 'frequency' },
};
const PHASE = /^(?:[lp]|phase)?([123])$/;
const TARIFF = /^(?:t|tarif|tariff|tarief)([1-4])$/;
const NAMED_TARIFFS: Record<string, number> = { nt: 1, ht: 2, night: 3 };
const UNITS: Record<string, number> = { w: 1, kw: 1000, kwh: 1, wh: 0.001 };
/** What stands before a code of IEC 62056-61. */
const BEFORE_CODE = /^.*?(?=\d{1,2}[._]\d{1,2}[._]\d{1,2}$)/;
const WAYS: Record<string, 1 | -1> = { bought: 1, import: 1, sold: -1, export: -1 };
const CODED: Record<string, MeterName['what']> = {
  ...{ bought: 'energy', sold: 'energy', import: 'power', export: 'power', power: 'power' },
  ...{ voltage: 'voltage', current: 'current', frequency: 'frequency' },
};
/** Kept through the words: `+A`, `zaehler_a-`. */
const [PLUS, MINUS] = [/^\+|\+$/, /^-|-$/];
/** `TPWRIN`, `U1`. */
const inFull = (name: string): string =>
  name.replace(/TPWR(?=IN|OUT|CURR)/i, 'total_power_').replace(/^([uip])([123])$/i, '$1_$2');

/** What a name says; null where a word of it is unknown, or tells of something else (a month, a mean, reactive power). */
export const meterName = onceForEach(MOST_NAMES, (name): MeterName | null => {
  const code = obisCode(name.replace(BEFORE_CODE, ''));
  if (code !== null)
    return { ...NOTHING, ...code, what: CODED[code.what] ?? 'power', way: WAYS[code.what] ?? 0, isNamed: true };
  const sign = PLUS.test(name) ? ' plus' : MINUS.test(name) ? ' minus' : '';
  const words = `${englishWords(inFull(name))}${sign}`
    .replace(/\btariff (?=\d$)/, 't')
    .split(' ')
    .filter(Boolean);
  const said = { ...NOTHING };
  let [isEnergy, isPower, isNow, isUsed, kinds] = [false, false, false, false, 0];
  for (const word of words) {
    const [, phase] = PHASE.exec(word) ?? [];
    const tariff = TARIFF.exec(word)?.[1] ?? NAMED_TARIFFS[word];
    const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
    if (Object.hasOwn(UNITS, word)) said.by = UNITS[word] ?? 1;
    if (IN.has(word) || OUT.has(word)) {
      const way = IN.has(word) ? 1 : -1;
      if (said.way === -way) return null;
      said.way = way;
      isUsed ||= word === 'consumption';
      said.isDelivered ||= word === 'delivered';
    } else if (tariff !== undefined) said.tariff = Number(tariff);
    else if (phase !== undefined && said.phase === 0) said.phase = Number(phase);
    else if (kind !== undefined) {
      said.what = kind;
      kinds++;
    } else if (TOTAL.has(word)) said.isTotal = true;
    else if (word === 'today' || word === 'daily' || word === 'day') said.isDay = true;
    else if (ENERGY.has(word)) isEnergy = true;
    else if (POWER.has(word)) {
      // `Power_L1_p` is its highest.
      if (isPower && !Object.hasOwn(UNITS, word)) return null;
      isPower = true;
    } else if (NOW.has(word)) isNow = true;
    else if (!NEUTRAL.has(word)) return null;
  }
  if (kinds > 1 || (kinds === 1 && (isEnergy || isPower || said.way !== 0))) return null;
  if (kinds === 1) return said;
  if (isNow && !isPower && !isEnergy && !isUsed && said.way === 0) return { ...said, what: 'current' };
  // What is used at present has the meter's sign.
  if (isNow ? isPower || isUsed : isPower)
    return isEnergy ? null : { ...said, what: 'power', way: isUsed ? 0 : said.way };
  return isEnergy || said.isTotal || said.way !== 0 ? { ...said, what: 'energy', isNamed: isEnergy } : null;
});

const NOTHING: MeterName = {
  ...{ what: 'power', way: 0, phase: 0, tariff: 0 },
  ...{ isDay: false, isTotal: false, isNamed: false, by: null, isDelivered: false },
};
