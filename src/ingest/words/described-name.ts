import type { EntityDescription } from '../announced/entity-description.ts';
import { isMaker } from './device-words.ts';

const UNIT_WORDS: Record<string, string> = {
  ...{
    w: 'W',
    kw: 'kW',
    wh: 'Wh',
    kwh: 'kWh',
    mwh: 'MWh',
    v: 'V',
    mv: 'mV',
    a: 'A',
    ma: 'mA',
    hz: 'Hz',
    va: 'VA',
    deciv: 'dV',
    decia: 'dA',
  },
  ...{ ah: 'Ah', mah: 'mAh', degc: '°C', celsius: '°C', percent: '%', pptt: '‱' },
};
/** Phases R, S and T are A, B and C. */
const PHASES: Record<string, string> = { r: 'a', s: 'b', t: 'c' };
/** In front of a kind they are R, S and T, or red, yellow and blue. */
const RYB: Record<string, string> = { r: 'a', s: 'b', t: 'c', y: 'b', b: 'c' };
const PHASE_IN_FRONT = /^((?:.* )?(?:ac|grid|line|electrical) |)([rstyb]) (voltage|current|active power|power)$/;
/** `rGridVolt`. */
const PHASE_FIRST = /^((?:.* )?)([rst]) (grid|output|load|ac) (voltage|current|active power|power|frequency)$/;
const KIND_UNITS: [RegExp, string][] = [
  [/\b(soc|soh|percent)\b|\bbattery level\b/, '%'],
  [/\bapparent power\b|\bva\b/, 'VA'],
  // `power/meter/l1_voltage`: what stands last says the kind.
  [/\b(power\b.*|soc) voltage\b/, 'V'],
  [/\b(power\b.*|soc) temperature\b/, '°C'],
  [/\bsoc power\b/, 'W'],
  [/\bpower\b.* frequency\b/, 'Hz'],
  [/\bpower\b/, 'W'],
  [/\bvoltage\b/, 'V'],
  [/\bfrequency\b/, 'Hz'],
  [/\btemperature\b/, '°C'],
  [/\bcurrent\b/, 'A'],
];

/** Units that are known, as they are written beside a value. */
export const knownUnits: readonly string[] = [...new Set(Object.values(UNIT_WORDS))];

/** What a value is called, in English words, and its unit. */
export interface NamedValueWords extends EntityDescription {
  /** True when the name itself says the unit (`pv_power_w`); else it is what such a thing is usually written in. */
  isUnitSaid: boolean;
  /** True for energy whose name says neither Wh nor kWh. */
  isEnergyGuessed: boolean;
  /** True for a total that may be energy or power, and for a flow that may be either. */
  isKindGuessed: boolean;
}

const TEMPERATURE = /\btemperature$/;

/** Kinds of quantity whose unit the name does not say, and what they are usually written in. */
const ENERGY = /\b(energy|yield|lifetime)\b/;
const ENERGY_OF_DAY =
  /\b(production|import|imported|export|exported|load|consumption|consumed|charge|discharge|pv|solar|grid)\b/;
/** What flows, in words of the place alone: `{"pv": 2210, "grid": -300, "load": 690}`. */
const BARE_FLOW =
  /^(current |actual |instantaneous )?(pv\d?|solar|load|house|home|consumption|(home|house) (load|consumption)|(load|consumption) (home|house)|grid|battery|production|(pv|solar) (production|output)|production (pv|solar)|grid (import|export)|ac consumption|consumption ac)( now| l[123])?$/;
/** What flows, is drawn or was asked for at present, is held or so today, is no electric current, wherever in a topic it stands. */
const AT_PRESENT =
  /^current\b.*\b(yield|import|export|charge|discharge)\b|\bcurrent (\w+ )*(capacity|energy)\b|\bcurrent (accumulated|electricity|delivery|usage|demand|draw|generation|consumption|production|load|today|day|week|month|year|hour|mode|state)\b/;
/** A house's load is a power; an inverter's may be a share. */
const HOUSE_LOAD = /^(current |actual )?((house|home) (load|consumption)|consumption house)( now)?$/;
const GENERATED =
  /^((pv|solar) )?power (production|generation) (today|day|total)$|^(today|daily|day|total) ((pv|solar) )?power (production|generation)$|^(pv|solar|load|consumption|house) power (today|accumulated)$|^accumulated (pv|solar|load|house|consumption) power$/;
/** No power is called so. */
const COUNTED = /\b(today|daily|day|accumulated)\b/;
const PANELS_IN_ALL = /^(pv|solar) total$|^total (pv|solar)$/;
const ENERGY_IN_ALL = /\b(production|import|imported|export|exported|load|consumption|consumed|charge|discharge)\b/;

/**
 * A name with the unit that it says, or that such a thing usually has; null when it says of no kind of quantity. What ends
 * with a, b or c and is no current is a phase; `isPhased` where currents are, too.
 */
export function describeName(name: string, isPhased = false): NamedValueWords | null {
  const nothingElse = { device: '', deviceClass: '', stateClass: '', isEnergyGuessed: false, isKindGuessed: false };
  const energy = /\b(k?wh)\b/.exec(name)?.[1];
  if (energy !== undefined)
    return { ...nothingElse, words: name.replace(` ${energy}`, ''), unit: UNIT_WORDS[energy] ?? '', isUnitSaid: true };
  const list = name.split(' ');
  const last = list.at(-1) ?? '';
  const rest = list.slice(0, -1).join(' ');
  // `ImpA` is what was imported, active.
  if (/(?<!grid )\b(import|export) a$/.test(name)) return null;
  const usual = KIND_UNITS.find(([kind]) => kind.test(rest))?.[1];
  // `inv_temp_c` is in degrees; Fahrenheit's are left to the owner.
  if (TEMPERATURE.test(rest) && /^[cf]$/.test(last))
    return last === 'f' ? null : { ...nothingElse, words: rest, unit: '°C', isUnitSaid: true };
  if (/^[abcrst]$/.test(last) && usual !== undefined && (usual !== 'A' || last !== 'a' || isPhased))
    return { ...nothingElse, words: `${rest} phase ${PHASES[last] ?? last}`, unit: usual, isUnitSaid: false };
  const [, place = '', phase = '', kind = ''] = PHASE_IN_FRONT.exec(name) ?? [];
  if (phase !== '') return describeName(`${place}${kind} phase ${RYB[phase] ?? phase}`, true);
  const [, before = '', letter = '', of = '', what = ''] = PHASE_FIRST.exec(name) ?? [];
  if (letter !== '') return describeName(`${before}${of} ${what} phase ${PHASES[letter]}`, true);
  const said = rest !== '' && Object.hasOwn(UNIT_WORDS, last) ? UNIT_WORDS[last] : undefined;
  // `r_voltage_v`.
  const [, inFront = '', ofPhase = '', sort = ''] = said === undefined ? [] : (PHASE_IN_FRONT.exec(rest) ?? []);
  if (ofPhase !== '') return describeName(`${inFront}${sort} phase ${RYB[ofPhase] ?? ofPhase} ${last}`, true);
  if (
    said !== undefined &&
    (usual === undefined || said.endsWith(usual) || said === '‱' || usual === 'W' || /^current /.test(rest))
  )
    return { ...nothingElse, words: said === '%' ? name : rest, unit: said, isUnitSaid: true };
  const guess = { ...nothingElse, words: name, unit: 'kWh', isUnitSaid: false, isEnergyGuessed: true };
  // The power that was generated on a day is energy, and what was in all may be.
  if (GENERATED.test(name))
    return {
      ...guess,
      words: name.replace('power ', ''),
      isKindGuessed: !COUNTED.test(name),
    };
  const unit = KIND_UNITS.find(([kind]) => kind.test(name))?.[1];
  // A power's current, or the current power.
  if (/\bpower current$/.test(name)) return null;
  // What is so at present, of something that is no current.
  if (unit === 'A' && /\bcurrent (\w+ )+(charge|discharge)$/.test(name)) return null;
  if (unit === 'A' && AT_PRESENT.test(name)) return null;
  if (unit !== undefined) return { ...nothingElse, words: name, unit, isUnitSaid: false };
  if (ENERGY.test(name) || (/\b(today|daily|day)\b/.test(name) && ENERGY_OF_DAY.test(name))) return guess;
  if (/\b(grid|meter) (imported|exported)$/.test(name)) return guess;
  // Ampere hours that went through a battery are called so, too.
  if (/\bcapacity\b/.test(name)) return null;
  if ((/\b(total|cumulative|accumulated)\b/.test(name) && ENERGY_IN_ALL.test(name)) || PANELS_IN_ALL.test(name))
    return { ...guess, isKindGuessed: true };
  const isFlow = BARE_FLOW.test(withoutMaker(name));
  if (!isFlow) return null;
  const isKindGuessed = !HOUSE_LOAD.test(withoutMaker(name));
  return { ...guess, words: `${name} power`, unit: 'W', isEnergyGuessed: false, isKindGuessed };
}

/** `solax house load`: without who made it, and what he is told apart by (`givtcp sa2114g047 load`). */
function withoutMaker(name: string): string {
  const [first = '', ...others] = name.split(' ');
  if (others.length === 0 || !isMaker(first)) return name;
  return (/[a-z]+\d{3,}|^\d{4,}$/.test(others[0] ?? '') ? others.slice(1) : others).join(' ');
}
