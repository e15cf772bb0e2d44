import type { SourceRole } from '../../sources/source.ts';
import { type MeterMetrics, meterMetrics } from '../meter-role.ts';
import { onceForEach } from '../once-for-each.ts';
import { toCatalogue } from '../payload/unit-conversion.ts';
import { wordsOf } from '../words/name-words.ts';
import type { PlainMeaning } from '../words/words-meaning.ts';
import type { PlainEntry } from './plain-entries.ts';

/** What a bare name (`power`, `U`, `I_L2`) says of a meter's value. */
interface Bare {
  what: keyof MeterMetrics;
  /** The number of a phase; 0 for the whole. */
  phase: number;
  by: number;
  /** True for what is called consumption: at panels that is not what they give. */
  isUse?: boolean;
  /** True for what only a meter at the grid counts so. */
  isOfGrid?: boolean;
}

const MOST_NAMES = 2000;
/** Words that change nothing of what a bare value is. */
const IGNORED = new Set([
  'active',
  'ac',
  'electric',
  'real',
  'rms',
  'actual',
  'momentary',
  'total',
  'phase',
  'system',
  'sys',
  'sum',
  'draw',
  'abs',
  'measured',
]);
/** What is drawn now: `current_power_consumption_kw`; a `current_power` may be in any unit. */
const NOW = /\bcurrent (?=power consumption\b)/;
/** What a meter says of itself; at panels or a load it may be another's. */
const OF_METER = /^(?:electricity )?meter (?=(?:total |active )*(power|energy)\b)/;
const PHASE = /^(?:[lp]?([123])|([abc]))$/;
const KINDS: Record<string, keyof MeterMetrics> = {
  ...{ power: 'power', voltage: 'voltage', current: 'current', frequency: 'frequency' },
  ...{ energy: 'total', apparent: 'apparent' },
};
/** Letters that stand alone. */
const LETTERS: Record<string, keyof MeterMetrics> = {
  ...{ u: 'voltage', v: 'voltage', i: 'current', a: 'current', p: 'power', w: 'power' },
  ...{ f: 'frequency', hz: 'frequency', e: 'total', kwh: 'total' },
};
/** With the number or letter of a phase: `U1`, `I_L2`, `ua`. */
const LETTER_OF_PHASE = /^([uvipwa])[ _]?(?:l?([123])|([abc]))$/i;
/** `vR`, `i_t`; small ones without a space are words. */
const LETTER_OF_RST = /^(?:([uvip])([RST])|([uvip])[ _]([rst]))$/;
/** The phases of a list: `vrms/1`. */
const IN_LIST = /^([^/]+)\/([123])$/;
/** What a unit at the end of a name says of its kind. */
const BY_UNIT: Record<string, keyof MeterMetrics> = { kw: 'power', kwh: 'total', wh: 'total' };
const UNITS: Record<string, number> = { w: 1, v: 1, hz: 1, kw: 1000, kwh: 1, wh: 0.001 };
const MOST_KWH = 100_000;
/** More flows in no house: it is in mA. */
const MOST_A = 200;
/** The metrics that only alternating current has, and what their names are. */
const ALTERNATING = /^(f|hz|frequency|freq|frequenz|pf|cos_?phi|power_?factor|factor)$|reactive|apparent/i;

const bareOf = onceForEach(MOST_NAMES, (name): Bare | null => {
  const [, early, upper, late, lower] = LETTER_OF_RST.exec(name) ?? [];
  const ofThree = upper?.toLowerCase() ?? lower;
  if (ofThree !== undefined)
    return { what: LETTERS[early ?? late ?? ''] ?? 'power', phase: 'rst'.indexOf(ofThree) + 1, by: 1 };
  const [, letter = '', number = 0, phase = ''] = LETTER_OF_PHASE.exec(name.toLowerCase()) ?? [];
  const lone = Object.hasOwn(LETTERS, name.toLowerCase()) ? name : letter;
  if (lone !== '')
    return {
      what: LETTERS[lone.toLowerCase()] ?? 'power',
      phase: Number(number) || ' abc'.indexOf(phase || ' '),
      by: 1,
    };
  // Tasmota's group before its value: `ENERGY_Power`.
  // What flows at present: `currentWatt`.
  const own = name.replace(/^ENERGY_(?=Power|Apparent|Voltage|Current|Frequency)|^current_?(?=Watts?$)/, '');
  const said = wordsOf([own]).replace('apparent power', 'apparent');
  if (/\b(today|daily|day)\b/.test(said)) {
    const isUse = /^(today|daily|day) consumption$/.test(said);
    return (isUse || /\benergy\b/.test(said)) && !/\bcircuit\b/.test(said)
      ? { what: 'day', phase: 0, by: 1, isUse }
      : null;
  }
  const bare = ofWords(said.replace(NOW, '').replace(OF_METER, '').split(' '));
  return bare && OF_METER.test(said) ? { ...bare, isOfGrid: true } : bare;
});

/** What a meter at the grid counts each way: `total_energy_import`, `exported_kwh`. */
const DIRECTED =
  /^(?:total )?(?:active )?(?:energy )?(import|export)(?:ed)?(?: active)?(?: energy)?(?: total)?(?: (k?wh))?$/;
const COUNTED = new Set(['energy', 'kwh', 'wh']);
const EACH_WAY =
  /^(?:((?:total|energy) consumption|total delivered)|(total production|energy return(?:ed)?))(?: l([123]))?$/;
/** What is used at present; without such a word it may be counted. */
const USED_NOW = /^(power|current|actual) consumption$|^consumption power$/;

function ofWords(all: readonly string[]): Bare | null {
  const unit = all.at(-1) ?? '';
  if (USED_NOW.test(all.join(' '))) return { what: 'power', phase: 0, by: 1, isUse: true };
  const isUse = all.includes('consumption') && Object.hasOwn(BY_UNIT, unit);
  const words = all.filter((one) => !IGNORED.has(one) && !(isUse && one === 'consumption'));
  const named = words.find((word) => Object.hasOwn(KINDS, word));
  // `lifetimekWh`, `total_kWh`.
  const isCounter = /^(total|lifetime) k?wh$/.test(all.join(' '));
  if (isCounter) return { what: 'total', phase: 0, by: UNITS[unit] ?? 1 };
  // What a meter counts each way, all phases or one.
  const [, used, given, part = 0] = EACH_WAY.exec(all.join(' ')) ?? [];
  if (used !== undefined) return { what: 'total', phase: Number(part), by: 1, isUse: true };
  if (given !== undefined) return { what: 'returned', phase: Number(part), by: 1, isOfGrid: true };
  const [, direction, unitOf = ''] = DIRECTED.exec(all.join(' ')) ?? [];
  if (direction !== undefined && all.some((one) => COUNTED.has(one)))
    return { what: direction === 'import' ? 'total' : 'returned', phase: 0, by: UNITS[unitOf] ?? 1, isOfGrid: true };
  let [what, phase, by] = [named || !isUse ? undefined : BY_UNIT[unit], 0, 1];
  for (const [i, word] of words.entries()) {
    const [, digit, letter] = PHASE.exec(word) ?? [];
    // `current_l1_a` is in A, and `voltage_l1_n_v` against the neutral wire.
    if (phase !== 0 && ((what === 'current' && word === 'a' && i === words.length - 1) || word === 'n')) continue;
    if (Object.hasOwn(KINDS, word) && what === undefined) what = KINDS[word];
    // Between two phases it is another quantity.
    else if (phase !== 0 && (digit !== undefined || letter !== undefined)) return null;
    else if (digit !== undefined || (letter !== undefined && words.some((one) => one === 'phase' || KINDS[one])))
      phase = Number(digit ?? 0) || 'abc'.indexOf(letter ?? '') + 1;
    else if (Object.hasOwn(UNITS, word) && what !== undefined) by = UNITS[word] ?? 1;
    else return null;
  }
  return what === undefined ? null : { what, phase, by, isUse };
}

const NUMBERED = /([a-z]+_?)(\d)(?=[_/]|$)/gi;
/** With the phases of an object counted from one, where they are counted from nought. */
export function fromOne(entries: readonly PlainEntry[]): PlainEntry[] {
  const zeros = new Set<string>();
  for (const { path } of entries)
    for (const [, stem = '', digit] of path.matchAll(NUMBERED)) if (digit === '0') zeros.add(stem);
  if (zeros.size === 0) return [...entries];
  const next = (all: string, stem: string, digit: string) => (zeros.has(stem) ? `${stem}${Number(digit) + 1}` : all);
  return entries.map((entry) => ({ ...entry, path: entry.path.replace(NUMBERED, next) }));
}

/** A voltage or frequency that no mains has: the device writes its registers. */
export function isRegister({ path, value, unit }: PlainEntry): boolean {
  if (unit !== '') return false;
  const what = bareOf(path.split('/').at(-1) ?? '')?.what;
  if (what === 'voltage') return value !== 0 && (value < 60 || value > 500);
  return what === 'frequency' && value !== 0 && (value < 40 || value > 70);
}

/** True where one of the names is of something that only alternating current has. */
export const isAlternating = (names: Iterable<string>): boolean => [...names].some((name) => ALTERNATING.test(name));

/** What a bare value of a source with that role is; null for any other name, and for energy that may be in Wh or kWh. */
/** A phase as a level of its own: `L1/V`. */
const IN_PHASE = /^(?:[a-z]*phase[ _]?)?l?([123]|[abc])\/([^/]+)$/i;

export function bareMeaning(path: string, { value, unit }: PlainEntry, role: SourceRole): PlainMeaning | null {
  const [, phase, own] = IN_PHASE.exec(path) ?? [];
  const [, listed, number] = IN_LIST.exec(path) ?? [];
  const inPhase = own === undefined ? path : `${own}_${/\d/.test(phase ?? '') ? 'l' : ''}${phase}`;
  const name = listed === undefined ? inPhase : `${listed}_l${number}`;
  const bare = bareOf(name);
  const to = bare && meterMetrics(role, 'load')[bare.what];
  if (
    !bare ||
    !to ||
    (bare.isUse && role !== 'load' && role !== 'grid') ||
    (bare.isOfGrid && role !== 'grid') ||
    (role === 'battery' && AT_INVERTER.test(name))
  )
    return null;
  if (bare.what === 'current' && unit === '' && Math.abs(value) > MOST_A) return null;
  // In a unit of something else it is no such thing.
  const by = bare.by === 1 ? toCatalogue(to, unit, 1) : bare.by;
  if (by === null) return null;
  const isUnitSaid = by !== 1 || unit !== '' || /kwh$/i.test(name);
  const isKwh = !Number.isInteger(value) && value < MOST_KWH;
  if (/^(total|day|returned)$/.test(bare.what) && !isUnitSaid && !isKwh) return null;
  const how = bare.what === 'voltage' || bare.what === 'frequency' ? ('first' as const) : ('sum' as const);
  return {
    ...{ metric: to, field: { to, by, how, rank: bare.phase === 0 ? 2 : 1 }, words: name, order: bare.phase },
    ...{ id: bare.phase === 0 ? '' : `L${bare.phase}`, isUnitSaid, isSignOpen: false, isBare: false },
    ...{ isEnergyGuessed: false, isKindGuessed: false, isPeriodGuessed: false },
  };
}

/** What an energy that counts both ways is called: beside one that was sold, a total is neither bought nor sold. */
export const isBothWays = ({ metric, words }: PlainMeaning): boolean =>
  metric === 'totalGridImport' && /tot|sum|gesamt/i.test(words);
/** At the other side of a battery's inverter. */
const AT_INVERTER = /\bac(?![a-z])/i;
/** Names of an energy that was sold. */
export const SOLD = /export|return|einspeis|feed|reverse|sold/i;
/** Under it is remembered where something that was sold was heard. */
export const SOLD_AT = 'plain-sold';
