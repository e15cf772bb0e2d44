import { batterySignBy } from '../signs/maker-signs.ts';
import { UTILITY_METER } from '../words/meter-words.ts';
import {
  BATTERY,
  CHARGE,
  DAILY,
  DISCHARGE,
  GENERATOR,
  GRID,
  HOUSE,
  isInward,
  LOAD,
  LOAD_POWER,
  OUT,
  PRODUCED,
  PRODUCTION,
  SOLAR,
  TOTAL,
} from '../words/place-words.ts';
import { gauge, place } from './announced-place.ts';
import type { EntityDescription, Meaning } from './entity-description.ts';

/** What is added up is energy. */
const COUNTED = /\b(accumulated|cumulative|lifetime)\b/;

/** What an announced power is; of a battery, and of a grid, with the sign as far as the maker's is known. */
export function announcedPower(entity: EntityDescription): Meaning | null {
  const { words } = entity;
  // A day's or a lifetime's power is energy, whose unit that name does not say.
  if (
    /\b(apparent|remaining)\b/.test(words) ||
    DAILY.test(words) ||
    (TOTAL.test(words) && PRODUCED.test(words)) ||
    COUNTED.test(words)
  )
    return null;
  if (BATTERY.test(words)) return batteryFlow('batteryPower', entity);
  // A field of panels is a generator, too.
  if (GENERATOR.test(words))
    return SOLAR.test(words) || CHARGE.test(words) || /\bpower (total|day|to)$/.test(words)
      ? null
      : gauge('generatorPower', words, 'sum');
  // An inverter's "grid active power" is what it puts out; and who consumes or produces without a place is not said.
  if (
    (/\bgrid active power\b/.test(words) && !/\b(import|export)\b/.test(words)) ||
    AT_ITS_PORT.test(words) ||
    (/\b(consumed|produced)\b/.test(words) && !HOUSE.test(words)) ||
    /\bload generated\b|\bload production\b/.test(words)
  )
    return null;
  if (isSocketsInput(entity)) return null;
  if (isElsewhere(entity)) return null;
  if (GRID.test(words)) {
    const isIn = isInward(words);
    const isOut = OUT.test(words);
    if (isIn !== isOut) return { ...gauge('gridPower', words, 'sum'), side: isIn ? 1 : -1 };
    if (isIn) return null;
    // Of an SMA inverter it is what the inverter puts out.
    if (/\bsma\b/.test(entity.device)) return null;
    const grid = gauge('gridPower', words, 'sum');
    if (
      POSITIVE_EXPORTS.test(entity.device) &&
      (METER.test(`${entity.device} ${words}`) || !METERS_ALONE.test(entity.device))
    )
      return { ...grid, factor: -1 };
    return batterySignBy(entity.device) !== null
      ? grid
      : { ...grid, sign: EITHER_WAY.test(entity.device) ? 'open' : 'usual' };
  }
  const isMpptLoad = /\bmppt\d?\b/.test(words) && /\bload\b/.test(words);
  if (isMpptLoad) return gauge('loadPower', words, 'sum');
  // What is used of it, or beside a device that is called after its panels.
  if (SOLAR.test(words) && USED.test(words) && !PRODUCTION.test(words)) return null;
  const ofHome = words.replace(HOME, '');
  if (SOLAR.test(words) || (PRODUCTION.test(words) && !LOAD.test(ofHome) && !TOTAL.test(words) && !DAILY.test(words)))
    return gauge('solarPower', words, 'sum');
  // "Inverter home power" is what an inverter puts out.
  if (/\binverter\b/.test(words) && !/\b(load|loads|consum\w*|backup|eps)\b/.test(words)) return null;
  if (isSocketsOutput(entity)) return null;
  // What an inverter at the grid puts out goes to the grid and the house.
  if (/\bac out(put)?\b/.test(words) && AT_GRID.test(`${entity.device} ${words}`) && !OF_USE.test(words)) return null;
  return LOAD_POWER.test(words) && !CHARGED.test(words) ? gauge('loadPower', words, 'sum') : null;
}

/** What charges a vehicle or a battery, or flows in a device itself, is a part of what a house uses. */
const CHARGED = /\b(charge|charging|charged|discharge|discharging|internal load)\b/;
/** What a home generates it does not use. */
const HOME = /\b(house|home|haus)\b/g;
const USED = /\b(consumption|consumed)\b/;
/** Another one than at the grid. */
const SECOND_METER = /^(?!.*\bgrid\b).*\b(meter ?[2-9]|second meter)\b/;
/** A meter that is called after what flows there, of those that an inverter or a battery reads. */
const OF_ONE_FLOW = /\bmeter (production|consumption)\b|\b(production|consumption) meter\b/;

/** True for what a meter measures that does not stand at the grid. */
export const isElsewhere = ({ words, device }: EntityDescription): boolean =>
  SECOND_METER.test(words) || (OF_ONE_FLOW.test(words) && !UTILITY_METER.test(device));

/** What flows where an inverter meets the mains, beside what flows at the house's. */
const AT_ITS_PORT =
  /\bgrid (port|load)\b|\bgrid output (active )?power\b|\bon ?grid (l ?\d |phase \w |output |active )*power\b/;

/** Those of them that only work beside a mains: what they put out their house uses a part of. */
const ONLY_AT_MAINS = /\b(zendure|solarflow|marstek|solarbank|noah)\b/;

/** True for what a storage in a socket gives its house. */
const isSocketsOutput = ({ words, device }: EntityDescription): boolean =>
  ONLY_AT_MAINS.test(`${device} ${words}`) && /\b(output|out)\b/.test(words) && !OF_USE.test(words);

/** True for what a storage in a socket is charged with. */
export const isSocketsInput = ({ words, device }: EntityDescription): boolean =>
  PLUGGED_IN.test(`${device} ${words}`) &&
  (/\bfrom grid\b/.test(words) || (GRID.test(words) && /\binput\b/.test(words)));
const PLUGGED_IN = /\b(zendure|solarflow|marstek|solarbank|anker|noah|bluetti|ecoflow|jackery|power station)\b/;

/** Makers whose inverters work at the grid, and what is used whoever made the inverter. */
const AT_GRID =
  /\b(solis|ginlong|huawei|sun2000|sungrow|fronius|kostal|sma|solaredge|goodwe|sofar|enphase|hoymiles|foxess|solax)\b/;
const OF_USE = /\b(loads?|consum\w*|house|home|backup|eps|ups)\b/;

/** The same of a current. */
export function announcedCurrent(entity: EntityDescription): Meaning | null {
  const { words } = entity;
  if (BATTERY.test(words)) return batteryFlow('batteryCurrent', entity);
  if (isElsewhere(entity)) return null;
  const way = words.replace(/\b(in|out)\b/g, '');
  if (GRID.test(words) && (CHARGE.test(way) || DISCHARGE.test(way))) return null;
  return place(words, [null, 'solarCurrent', 'gridCurrent', 'outputCurrent', null]);
}

/** Makers whose meters count what is sold as positive. */
const POSITIVE_EXPORTS = /\b(huawei|sun2000|fusionsolar|solaredge|goodwe|solis|ginlong|sonnen|solax)\b/;
/** Those whose clouds count what is bought so. */
const [METERS_ALONE, METER] = [/\bsolaredge\b/, /\bmeter\b/];

/** Makers whose devices do it in both ways. */
const EITHER_WAY = /\bfox ?ess\b/;

function batteryFlow(metric: 'batteryPower' | 'batteryCurrent', entity: EntityDescription): Meaning | null {
  const { words, device } = entity;
  const isDischarge = DISCHARGE.test(words);
  const isCharge = CHARGE.test(words);
  if (isDischarge !== isCharge) return { ...gauge(metric, words, 'sum'), side: isCharge ? 1 : -1 };
  const factor = batterySignBy(device);
  if (factor !== null) return { ...gauge(metric, words, 'sum'), factor };
  return entity.takesOpen ? { ...gauge(metric, words, 'sum'), sign: 'open' } : null;
}
