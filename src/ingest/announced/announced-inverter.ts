import { deviceKind } from '../words/device-words.ts';
import { BATTERY, GENERATOR, GRID, SOLAR, TOTAL } from '../words/place-words.ts';
import { meaningOf } from './announced-metric.ts';
import type { AnnouncedValue } from './announcements.ts';
import type { EntityDescription, Meaning } from './entity-description.ts';

/** Makers and words of inverters that have nothing but panels, and of those that may have a battery. */
const SOLAR_INVERTER =
  /\b(solar|pv|micro ?inverters?|wechselrichter|huawei|sun2000|ginlong|solis|growatt|sungrow|hoymiles|fronius|kostal|sma|goodwe|foxess|sofar|solax|solaredge|apsystems|enphase|samil|omnik|zeversolar|kaco|delta|aurora|fimer)\b/;
/** Inverters that only work at the grid. */
const ON_GRID = /\b(micro ?inverters?|balkon\w*|balcony)\b/;
const OF_THE_HOUSE = /\b(house|home|consum\w*|load)\b/;
const WITH_BATTERY =
  /\b(hybrid|battery|ess|storage|sph|spf|off ?grid|axpert|voltronic|mpp ?solar|deye|sunsynk|esphome)\b/;

/**
 * The same for a solar inverter's own values, which do not say of what they are: what is DC or put in comes from the panels,
 * what is AC is the grid's, and its yields are solar ones. `isBare` where that holds only without a battery.
 */
export function meaningOfInverter(entity: EntityDescription): (Meaning & { isBare: boolean }) | null {
  const { device, words } = entity;
  if (!SOLAR_INVERTER.test(device) || WITH_BATTERY.test(device) || /\b(smart )?meter\b/.test(device)) return null;
  if (BATTERY.test(words) || /\b(byd|pylontech|resu)\b/.test(words) || GRID.test(words) || OF_THE_HOUSE.test(words))
    return null;
  if (/\b(charge|discharge|packs?)\b/.test(words)) return null;
  const as = (place: string, isBare = false) => {
    const meaning = meaningOf({ ...entity, words: `${place} ${words}` });
    return meaning && { ...meaning, isBare };
  };
  const unit = entity.unit.toLowerCase();
  // An inverter's own frequency may be that of what it puts out.
  if (GENERATOR.test(words)) return null;
  if (unit === 'hz') return /\binverter\b/.test(words) && !ON_GRID.test(device) ? null : as('grid');
  if (unit === '°c') return OF_A_PART.test(words) ? null : as('inverter');
  if (/^k?v$/.test(unit)) return IN.test(words) ? as('pv') : /\b(ac\d?|phase|l[123])\b/.test(words) ? as('grid') : null;
  // What goes in from the mains, or a generator.
  if (/\bac (input|in|power in)\b|\binput ac\b|\binput power (phase|l[123])\b/.test(words)) return null;
  if (/\b(dc\d?|input( \d| total)?) power\b|\bpower dc\d?\b/.test(words)) return as('pv');
  if (unit === 'a') return IN.test(words) ? as('pv') : null;
  // `today_wh`.
  const isTime = /wh$/.test(unit) && /^(today|daily|lifetime|total)$/.test(words);
  const isOutput =
    isTime ||
    /\b(active power|ac power|output power|current power|real ?time power|energy|yield|generation)\b/.test(words);
  return isOutput ? as('pv', true) : null;
}

/** What is warm in or beside an inverter, besides what is no inverter's of whichever device (`meaningOf`). */
const OF_A_PART = /\b(room|booster|control|coil|water|chip|cpu|mcu|case|cabinet|pv ?\d+|mppt ?\d+|string ?\d+)\b/;

const IN = /\bdc\d?\b|\binput \d\b/;

/** What a meter at the grid says without the grid's name. */
export function meaningOfGridMeter(entity: EntityDescription): Meaning | null {
  if (!/\b(smart ?meter|energy meter|grid meter)\b/.test(entity.device) || SOLAR.test(entity.words)) return null;
  const meaning = meaningOf({ ...entity, words: `grid ${entity.words}` });
  return meaning && { ...meaning, isOfMeter: true };
}

/** What an inverter or a battery says of charging (`Charge power`) and of itself (`Internal temperature`) without naming a place. */
export function meaningOfStore(entity: EntityDescription): Meaning | null {
  const kind = deviceKind(entity.device);
  if (kind !== 'inverter' && kind !== 'storage') return null;
  const { words, unit } = entity;
  if (kind === 'inverter' && LINE.test(words)) return meaningOf({ ...entity, words: words.replace(LINE, 'grid $1') });
  if (kind === 'inverter' && INSIDE.test(words) && !BATTERY.test(words))
    return meaningOf({ ...entity, words: `inverter ${words}` });
  if (!/^(k?W|k?Wh)$/i.test(unit.trim()) || !WAY.test(words) || ELSEWHERE.test(words)) return null;
  const meaning = meaningOf({ ...entity, words: `battery ${words}` });
  // What only its class calls a total may start again each day.
  return meaning && (meaning.side !== null || (/^totalBattery/.test(meaning.metric) && TOTAL.test(words)))
    ? meaning
    : null;
}
const [INSIDE, WAY] = [/\b(internal|inner) temperature\b|\btemperature (internal|inner)\b/, /\b(charge|discharge)\b/];
/** The mains are the line, of one phase. */
const LINE = /(?<!\bto )\bline (voltage|current)\b(?! \d)/;
const ELSEWHERE = /\b(pv\d*|solar|grid|load|house|home|ac|dc|generator|from|to|input|output|state)\b/;

/** What an announced value is only beside others of its device. */
type Beside = Meaning & Pick<AnnouncedValue, 'needs' | 'lacks'>;

/**
 * What an inverter's own voltage and frequency are where it stands between a battery and the mains: its output's. What it puts out is the load
 * where it says what share of its power that is, too, and nothing else is called the load.
 */
export function outputOf(entity: EntityDescription): Beside | null {
  if (OWN.test(entity.words)) {
    const meaning = meaningOf({ ...entity, words: entity.words.replace('inverter', 'output') });
    return meaning?.metric.startsWith('output') ? { ...meaning, needs: ['battery', 'mains'] } : null;
  }
  if (!POWER_OUT.test(entity.words)) return null;
  const meaning = meaningOf({ ...entity, words: 'load power' });
  return meaning?.metric === 'loadPower' ? { ...meaning, needs: ['battery', 'mains', 'share'], lacks: 'load' } : null;
}

const NUMBERED_DC = /\bdc (power|voltage|current) \d$|\bdc ?\d (power|voltage|current)$/;

/** What an inverter that nobody knows by its name says of its battery and itself (`Battery` in %, `Temperature`): it has a sun and a mains beside. */
export function ownOf(entity: EntityDescription): Beside | null {
  // A battery has a name of its own, where one is: what is DC and numbered are the panels.
  if (NUMBERED_DC.test(entity.words) && deviceKind(entity.device) === 'inverter') {
    const meaning = meaningOf({ ...entity, words: `pv ${entity.words}` });
    return meaning && { ...meaning, needs: ['battery'] };
  }
  const of = { battery: 'battery soc', temperature: 'inverter temperature' }[entity.words];
  if (of === undefined || (of === 'battery soc' && entity.deviceClass !== 'battery')) return null;
  const meaning = meaningOf({ ...entity, words: of });
  return meaning && { ...meaning, needs: ['sun', 'mains'] };
}

const OWN = /\binverter (voltage|frequency)( (phase )?[abc]| (phase )?l?[123])?$/;
const POWER_OUT = /\b(ac )?output (active )?power$/;
