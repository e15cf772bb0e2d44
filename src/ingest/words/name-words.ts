import { isKnownWord, partsOf, TRANSLATIONS, withoutCyrillic } from './word-list.ts';
import { PHRASES } from './word-phrases.ts';

/** Levels and wrappers that say nothing of a value. */
const EMPTY =
  /^(state|value|values|data|status|get|properties|telemetry|result|params|parameters?|payload|response|body|sensor|sensors|samples|sensordata|live|livedata|current_values|now|mqtt|json|homeassistant|energy_data|metrics|fields|readings|measurements)$/i;
export const saysNothing = (level: string): boolean => level === '' || EMPTY.test(level);
/** Longer ones are nobody's plain names, and cost time. */
export const LONGEST_NAME = 60;
const MOST_LEVELS = 12;

/** The last three levels of a topic, or names of an object, that say something; outermost first. */
export function tellingOf(names: readonly string[]): string[] {
  // Many houses' topics begin with `home`; further down it is the house that uses power.
  const own = names.length > 2 && /^(home|house)$/i.test(names[0] ?? '') ? names.slice(1) : names;
  return own
    .slice(-MOST_LEVELS)
    .filter((name) => name.length <= LONGEST_NAME && !saysNothing(name))
    .slice(-3);
}

/** They in English words. */
export const wordsOf = (names: readonly string[]): string => englishWords(tellingOf(names).join(' '));

/** A text in single words, the known ones of other languages in English: `Batteriespannung` is `battery voltage`. */
export function englishWords(text: string): string {
  const words = splitWords(text).flatMap((word) => translated(word).split(' '));
  return PHRASES.reduce((all, [phrase, meaning]) => all.replace(phrase, meaning), words.join(' '));
}

/** In English; letters with two dots are written as two letters in German alone. */
const translated = (word: string): string =>
  TRANSLATIONS.get(word) ?? TRANSLATIONS.get(word.replace(/([aou])e/g, '$1')) ?? spelledOut(word);

/** `bat0`, `akku2`. */
const NUMBERED_PLACE = /^(bat|batt|akku|batterie|speicher)(\d{1,2})$/;

/** Letters that stand for a kind of quantity, before or behind a place: `ppv`, `u_bat`, `vgrid`, `p_load`. */
const LETTERS: Record<string, string> = {
  p: 'power',
  u: 'voltage',
  v: 'voltage',
  i: 'current',
  f: 'frequency',
  e: 'energy',
  w: 'power',
  s: 'apparent power',
};
const LETTER_FIRST =
  /^([puvife])(togrid|touser|pv|ac|dc|bat|batt|battery|akku|grid|netz|load|bus|today|day|total|sum|import|export|imp|exp|l(?=[123]$))(\d*)$/;
const LETTER_LAST = /^(pv|bat|batt|battery|grid|load)(\d*)([puvif])$/;
/** `wsolar`, `sload`, `veps`: letters that stand before few places only. */
const LETTER_OF_FEW = /^(?:(w)(solar|grid|load)|(s)(load)|([pvf])(eps))$/;
/** Growatt's `etousertoday`, `plocalloadtotal`, `pactogridtotal`. */
const RAW_FLOW = /^([ep])(?:ac)?(touser|togrid|localload)(today|total)?$/;
const RAW_PLACES: Record<string, string> = { touser: 'to user', togrid: 'to grid', localload: 'load' };
/** `rvolt`: a phase's. */
const OF_RST = /^([rst])(volt|voltage|freq|frequency)$/;
/** `pv1c`: a numbered tracker's. */
const TRACKER_C = /^(pv\d)c$/;

/** `tbat`, `tinv`. */
const TEMPERATURE_OF = /^t(inverter|inv|bat|batt|battery|bms|inner|radiator\d?)$/;

/** `bvoltage`, `lpower`: a battery's and a load's. */
const CHARGE_LETTER = /^([pie])(charge|discharge)\d?$/;
const PLACE_LETTER = /^([bl])(voltage|power|current|temp|temperature|soc)$/;

/** A short form (`upv1`) in words; itself where it is none. */
function spelledOut(word: string): string {
  const [, numbered, count] = NUMBERED_PLACE.exec(word) ?? [];
  if (numbered && count) return `battery${count}`;
  const [, letter, place, number] = LETTER_FIRST.exec(word) ?? [];
  // A grid's number is a phase's.
  const phase = number && /^(grid|load)$/.test(place ?? '') ? ` l${number}` : number;
  if (letter && place) return `${TRANSLATIONS.get(place) ?? place}${phase} ${LETTERS[letter]}`;
  const [, heated] = TEMPERATURE_OF.exec(word) ?? [];
  if (heated) return `${TRANSLATIONS.get(heated) ?? heated} temperature`;
  const [, what, way] = CHARGE_LETTER.exec(word) ?? [];
  if (what && way) return `${way} ${LETTERS[what]}`;
  const [, of, kind] = PLACE_LETTER.exec(word) ?? [];
  if (of && kind) return `${of === 'b' ? 'battery' : 'load'} ${TRANSLATIONS.get(kind) ?? kind}`;
  const [, sort, at] = (LETTER_OF_FEW.exec(word) ?? []).filter((found) => found !== undefined);
  if (sort && at) return `${at} ${LETTERS[sort]}`;
  const [, flow = '', end = '', when = ''] = RAW_FLOW.exec(word) ?? [];
  if (flow !== '') return `${RAW_PLACES[end]} ${LETTERS[flow]} ${flow === 'e' ? when : ''}`.trim();
  const [, wire, quantity] = OF_RST.exec(word) ?? [];
  if (wire && quantity) return `phase ${'abc'['rst'.indexOf(wire)]} ${TRANSLATIONS.get(quantity) ?? quantity}`;
  const [, tracker] = TRACKER_C.exec(word) ?? [];
  if (tracker) return `${tracker} current`;
  const [, where, which, last] = LETTER_LAST.exec(word) ?? [];
  return where && last ? `${TRANSLATIONS.get(where) ?? where}${which} ${LETTERS[last]}` : word;
}

const UNIT_IN_BRACKETS = /[ _]*\((kWh|Wh|kW|W|V|A|Hz|VA|%|°C)\)(?:[ _]*\([A-Z0-9]+\))?$/;
const OTHER_LETTERS = /(?:(?![a-z])\p{L})+/gu;
const ARTICLES = new Set(
  'de la du des desde di del della dalla dal al alla ze do en el les le van het der die das aus dem vom ins of the'.split(
    ' ',
  ),
);
const SPANISH =
  /^(tension|voltaje|frecuencia|potencia|corriente|energia|importad[ao]|exportad[ao]|consumo|suministro|vertid[ao])$/;
const HUNGARIAN =
  /^(termeles|termelese|termelt|fogyasztas|fogyasztasa|fogyasztott|vetelezes|betaplalas|toltes|kisutes|napelem|halozat|halozati|akkumulator)$/;
const CZECH = /^(napeti|vykon|proud|spotreba|frekvence|odber|dodavka)$/;
const DUTCH = /^(spanning|spaending|frequentie|frekvens|stroom|vermogen|effekt)$/;

/** SunSpec's points of a phase (`PhVphA`, `WphB`) and of direct current (`DCV`), each a name of its own. */
const POINT_OF_PHASE = /(?<![a-z])(PhV|W|A|VA|VAR|PF)ph([ABC])(?![a-z])/gi;
const POINT_OF_DC = /(?<=^|[\s/])DC([VAW])(?=$|[\s/])/g;
const POINTS: Record<string, string> = {
  ...{ phv: 'ac voltage', w: 'power', a: 'ac current', va: 'apparent power', var: 'reactive power', pf: 'factor' },
  ...{ V: 'voltage', A: 'current', W: 'power' },
};

/** `batterySoc`, `battery_soc`, `Battery SoC` are the same; a number at a word's end stays there (`pv1`). */
function splitWords(text: string): string[] {
  // A unit in brackets ends a name: `DC_Power (W)_(PDC)`.
  const short = text.slice(0, 600).replace(UNIT_IN_BRACKETS, ' $1');
  const all = withoutCyrillic(short)
    .replace(POINT_OF_PHASE, (_, what: string, phase: string) => ` ${POINTS[what.toLowerCase()]} phase ${phase} `)
    .replace(POINT_OF_DC, (_, what: string) => ` dc ${POINTS[what]} `)
    .replace(/So([CH])(?![a-z])/g, 'SO$1')
    // An inverter's inputs: `powerDCA`.
    .replace(/(?<![A-Z])DC([A-D])(?![A-Za-z])/g, ' DC $1')
    // Units that are written out: `BatteryVoltageMilliVolt`.
    .replace(/[Mm]illi[ _]?[Vv]olts?(?![a-z])/g, ' mv ')
    .replace(/[Mm]illi[ _]?[Aa]mp(ere)?s?(?![a-z])/g, ' ma ')
    // A unit is one word: `Tagesertrag_kWh`.
    .replace(/k(W[hH]?|VA)(?![a-z])/g, (unit) => ` ${unit.toLowerCase()} `)
    .replace(/(?<![a-zA-Z])m(A[hH]?|V)(?![a-zA-Z])/g, (unit) => ` ${unit.toLowerCase()} `)
    // Tenths: `battery_voltage_dV`.
    .replace(/(?<![a-zA-Z])d([VA])(?![a-zA-Z])/g, (_, unit: string) => ` deci${unit.toLowerCase()} `)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('ı', 'i')
    .replaceAll('đ', 'd')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    // A Hungarian week; without its accent it is a Dutch article.
    .replaceAll('hét', 'heti')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    // Letters that nobody reads here.
    .replace(OTHER_LETTERS, ' unknown ')
    // `puissance d'entrée`.
    .replace(/\bd['’_ ](?=[aeiou])/g, ' ')
    .replace(/\bnet(?=spanning|spaending|frequentie|frekvens|stroom|vermogen|effekt)/g, 'netz ')
    .split(/[^a-z0-9%]+/)
    .flatMap(withoutNumber);
  const isHungarian = all.some((word) => HUNGARIAN.test(word));
  const isArticle = (word: string) => ARTICLES.has(word) && !(word === 'het' && isHungarian);
  const words = all.filter((word) => word !== '' && !isArticle(word));
  const isSpanish = words.some((word) => SPANISH.test(word));
  const isCzech = words.some((word) => CZECH.test(word));
  return withLetters(words).map((word, i, every) => {
    if (word === 'mai' && isHungarian) return 'today';
    if (word === 'het') return 'week';
    const isGrid =
      (word === 'red' && isSpanish) ||
      (/^s[ií]t[ei]$/.test(word) && isCzech) ||
      (word === 'net' && (DUTCH.test(every[i + 1] ?? '') || DUTCH.test(every[i - 1] ?? '')));
    return isGrid ? 'grid' : word;
  });
}

const PLACE_BEFORE = /^(pv\d*|grid|bat|batt|battery|load|ac|dc|l[123])$/;
const PLACE = /^(grid|battery|load|solar|house)$/;
/** Places that have a frequency and a temperature. */
const [WITH_F, WITH_T] = [/^(grid|ac|load|out|output)$/, /^(bat|batt|battery|inv|inverter|bms)$/];
/** `p_pv` and `e_today` are `ppv` and `etoday`. */
function withLetters(words: readonly string[]): string[] {
  const [letter = '', place = '', ...rest] = words;
  const [last = '', beside = '', above = ''] = words.toReversed();
  const before = /^\d{1,2}$/.test(beside) ? above : beside;
  // A level of its own: `grid/U`, `pv0/I`, `pv/1/i`.
  const isPlace = PLACE_BEFORE.test(before) || PLACE.test(TRANSLATIONS.get(before) ?? '');
  if (words.length > 1 && /^[uip]$/.test(last) && isPlace) return [...words.slice(0, -1), LETTERS[last] ?? last];
  if (words.length > 1 && ((last === 'f' && WITH_F.test(before)) || (last === 't' && WITH_T.test(before))))
    return [...words.slice(0, -1), last === 'f' ? 'frequency' : 'temperature'];
  // `a_u`, `b_i`: a phase's.
  if (words.length === 2 && /^[uip]$/.test(last) && /^[abc]$/.test(beside))
    return ['phase', beside, LETTERS[last] ?? last];
  // `p_akku`, `U_Netz`.
  if (/^[puvi]$/.test(letter) && PLACE.test(TRANSLATIONS.get(place) ?? place))
    return [place, LETTERS[letter] ?? '', ...rest];
  const isShort = letter.length === 1 && (LETTER_FIRST.test(letter + place) || LETTER_LAST.test(place + letter));
  return isShort ? [letter + place, ...rest] : [...words];
}

const COUNTED = /^(temp|temperature|power|voltage|volt|volts|current|amps|watt|watts)$/;
/** `DC Cur1`. */
const SHORT_KIND = /^(cur|pwr|amp|vol)(\d{1,2})$/;
/** `pv1power` is `pv1 power`, `power1` is `power 1`; what is written together is parted. */
function withoutNumber(word: string): string[] {
  const [, front, back] = /^([a-z]+\d{1,2})([a-z]{3,})$/.exec(word) ?? [];
  if (front && back && isKnownWord(back)) return [...withoutNumber(front), ...partsOf(back)];
  const [, short, digit] = SHORT_KIND.exec(word) ?? [];
  if (short && digit) return [short, digit];
  const [, name, number = ''] = /^([a-z]{4,})(\d{1,2})$/.exec(word) ?? [];
  if (name && COUNTED.test(name)) return [name, number];
  if (!name || isKnownWord(name)) return partsOf(word);
  const parts = partsOf(name);
  const last = parts.at(-1) ?? '';
  return parts.length > 1
    ? [...parts.slice(0, -1), ...(COUNTED.test(last) ? [last, number] : [last + number])]
    : [word];
}
