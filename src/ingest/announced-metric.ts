import type { NumericMetric, TextMetric } from '../core/metrics.ts';
import { deviceKind } from './device-words.ts';
import type { EntityDescription, Meaning } from './entity-description.ts';
import { inItsWords } from './meter-words.ts';
import { FOREIGN, isShareOfFlow, NOT_MEASURED } from './not-measured.ts';
import {
  BATTERY,
  BOUGHT,
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
  OUTPUT,
  PRODUCED,
  PRODUCTION,
  SOLAR,
  TOTAL,
  withoutDevice,
} from './place-words.ts';

const FACTORS: Record<string, Record<string, number>> = {
  power: { w: 1, kw: 1000, mw: 1_000_000 },
  apparent_power: { va: 1, kva: 1000 },
  energy: { kwh: 1, wh: 0.001, mwh: 1000 },
  voltage: { v: 1, dv: 0.1, mv: 0.001, kv: 1000 },
  current: { a: 1, da: 0.1, ma: 0.001 },
  frequency: { hz: 1 },
  temperature: { '°c': 1, '℃': 1, c: 1 },
  battery: { '%': 1 },
  percent: { '%': 1, '‱': 0.01 },
  capacity: { ah: 1, mah: 0.001 },
};
const KINDS_BY_UNIT: Record<string, string> = {
  ...{
    w: 'power',
    kw: 'power',
    va: 'apparent_power',
    kva: 'apparent_power',
    kwh: 'energy',
    wh: 'energy',
    mwh: 'energy',
  },
  ...{
    v: 'voltage',
    mv: 'voltage',
    dv: 'voltage',
    da: 'current',
    a: 'current',
    ma: 'current',
    hz: 'frequency',
    '°c': 'temperature',
    '℃': 'temperature',
    c: 'temperature',
    ah: 'capacity',
    mah: 'capacity',
  },
  '%': 'percent',
  '‱': 'percent',
};

/** Units as some write them out. */
const WRITTEN_OUT: Record<string, string> = {
  ...{ celsius: '°c', degc: '°c', 'deg c': '°c', 'º c': '°c', ºc: '°c', '° c': '°c' },
  ...{ volt: 'v', volts: 'v', amp: 'a', amps: 'a', ampere: 'a', amperes: 'a', watt: 'w', watts: 'w' },
  ...{ kilowatt: 'kw', kilowatts: 'kw', hertz: 'hz', percent: '%' },
};
/** A unit that says of what kind of current it is. */
const CURRENT_KIND = /^(k?[vaw]|hz)[ _-]?(dc|ac)\b.*$/;

/**
 * What of the catalogue an announced entity is, from its unit, device class and words; null where that leaves a doubt.
 * The sign of a battery's power is known for a few makers only, and for others open where that is wanted.
 */
export function meaningOf(said: EntityDescription): Meaning | null {
  const entity = inItsWords({ ...said, words: withoutDevice(said.words) });
  // `Vdc`, `Aac`, `Vdc-batt`.
  const written = entity.unit.toLowerCase().trim().replace(CURRENT_KIND, '$1');
  const unit = Object.hasOwn(WRITTEN_OUT, written) ? (WRITTEN_OUT[written] ?? '') : written;
  const kind = FACTORS[entity.deviceClass] ? entity.deviceClass : (KINDS_BY_UNIT[unit] ?? '');
  const factor = FACTORS[kind]?.[unit];
  if (factor === undefined || !isMeasuredThere(entity) || isShareOfFlow(entity.words) || isShareOfFlow(said.words))
    return null;
  // A unit that is also said in capitals: mWh is not MWh, mW is not MW.
  if (/^m(w|wh)$/.test(unit) && entity.unit.trim().startsWith('m')) return null;
  const meaning = byKind(kind, entity);
  return meaning && { ...meaning, factor: meaning.factor * factor };
}

/** False for settings, limits and forecasts, and for what has only words in common with a house's supply. */
export const isMeasured = (said: EntityDescription): boolean => isMeasuredThere(inItsWords(said));

/** What a battery was built to hold is its capacity. */
const BUILT_FOR = /\b(nominal|rated|design|designed) (?=(battery )?capacity\b)/g;
const AMPERE_HOURS = /^m?ah$/i;

const isMeasuredThere = ({ words, device, unit }: EntityDescription) =>
  !NOT_MEASURED.test(AMPERE_HOURS.test(unit) ? words.replace(BUILT_FOR, '') : words) &&
  !FOREIGN.test(words) &&
  !FOREIGN.test(device) &&
  !isUps(device);

/** What bridges a computer over; an inverter may be called so, too. */
const isUps = (device: string) =>
  /\b(ups|usv|nut|apc)\b/.test(device) && !/\b(inverter|solar|hybrid|battery|ess|power station)\b/.test(device);

function byKind(kind: string, entity: EntityDescription): Meaning | null {
  const { words } = entity;
  switch (kind) {
    case 'power':
      return power(entity);
    case 'apparent_power':
      return SOLAR.test(words) || BATTERY.test(words) || GRID.test(words) ? null : gauge('apparentPower', words, 'sum');
    case 'energy':
      return energy(entity);
    case 'voltage':
      return place(words, ['batteryVoltage', 'solarVoltage', 'gridVoltage', 'outputVoltage', 'busVoltage']);
    case 'current':
      return current(entity);
    case 'frequency':
      if (GENERATOR.test(words)) return null;
      if (GRID.test(words) || /\b(ac in|ac input|line)\b/.test(words)) return gauge('gridFrequency', words, 'first');
      return OUTPUT.test(words) ? gauge('outputFrequency', words, 'first') : null;
    case 'temperature':
      if (
        /\b(dtu temperature|components?|mos|mosfet|fet|fets|panel|room|outside|outdoor|ambient|environment|env|balancer|board|power tube|boost|buck|transformer|controller|logger|data ?logger|stick|dongle|wifi|esp(32)?|charge|charger)\b/.test(
          words,
        )
      )
        return null;
      if (BATTERY.test(words))
        return /\b(internal|heat ?sink|actuator|converter|inverter|radiator)\b/.test(words)
          ? null
          : gauge('batteryTemperature', words, 'first');
      return /\b(inverter|heat ?sink|radiator\d?|igbt|module|dc temperature)\b/.test(words)
        ? gauge('inverterTemperature', words, 'first')
        : null;
    case 'capacity':
      // What went through it so far.
      if (/\bdischarge\b|\b(total|lifetime|cumulative|accumulated) charge\b/.test(words)) return null;
      if (/\b(remain|remaining|residual)\b/.test(words)) return gauge('remainingCapacity', words, 'sum');
      return /\bcapacity\b/.test(words) &&
        !SOLAR.test(words) &&
        (/\bbattery( \d+)?( battery)? capacity\b/.test(words) || !/\b(system|inverter|output)\b/.test(words))
        ? gauge('batteryCapacity', words, 'sum')
        : null;
    case 'battery':
    case 'percent':
      return percent(entity, kind);
    default:
      return null;
  }
}

function percent({ words, device }: EntityDescription, kind: string): Meaning | null {
  if (/\b(soh|health)\b/.test(words)) return gauge('stateOfHealth', words, 'first');
  if (/\b(charge|discharge|grid) soc\b/.test(words)) return null;
  if (kind === 'battery' && /^battery$/.test(words) && /^(inverter|storage)$/.test(deviceKind(device)))
    return gauge('stateOfCharge', words, 'first');
  const isCharge = /\b(soc|state of charge|battery (percent|percentage|level|capacity))\b/.test(words);
  if (
    isCharge ||
    (kind === 'percent' && /^(battery charge|charge battery)$/.test(words)) ||
    (kind === 'battery' && /\bcharge\b/.test(words) && /\b(powerwall|battery)\b/.test(`${device} ${words}`))
  )
    return gauge('stateOfCharge', words, 'first');
  return kind === 'percent' && /\bload (percent|percentage|level)\b|\boutput load\b/.test(words)
    ? gauge('loadPercentage', words, 'first')
    : null;
}

/** What is added up is energy. */
const COUNTED = /\b(accumulated|cumulative|lifetime)\b/;

function power(entity: EntityDescription): Meaning | null {
  const { words } = entity;
  // A day's or a lifetime's power is energy, whose unit that name does not say.
  if (
    /\bapparent\b/.test(words) ||
    DAILY.test(words) ||
    (TOTAL.test(words) && PRODUCED.test(words)) ||
    COUNTED.test(words)
  )
    return null;
  if (BATTERY.test(words)) return battery('batteryPower', entity);
  // A field of panels is a generator, too.
  if (GENERATOR.test(words))
    return SOLAR.test(words) || /\bpower (total|day|to)$/.test(words) ? null : gauge('generatorPower', words, 'sum');
  // An inverter's "grid active power" is what it puts out; and who consumes or produces without a place is not said.
  if (
    (/\bgrid active power\b/.test(words) && !/\b(import|export)\b/.test(words)) ||
    (/\b(consumed|produced)\b/.test(words) && !HOUSE.test(words)) ||
    /\bload generated\b|\bload production\b/.test(words)
  )
    return null;
  // What a storage in a socket is charged with.
  if (GRID.test(words) && PLUGGED_IN.test(entity.device) && /\binput\b/.test(words)) return null;
  if (GRID.test(words)) {
    const isIn = isInward(words);
    const isOut = OUT.test(words);
    if (isIn !== isOut) return { ...gauge('gridPower', words, 'sum'), side: isIn ? 1 : -1 };
    if (isIn) return null;
    // Of an SMA inverter it is what the inverter puts out.
    if (/\bsma\b/.test(entity.device)) return null;
    const grid = gauge('gridPower', words, 'sum');
    if (POSITIVE_EXPORTS.test(entity.device)) return { ...grid, factor: -1 };
    const isKnown = POSITIVE_CHARGES.test(entity.device) || POSITIVE_DISCHARGES.test(entity.device);
    return isKnown ? grid : { ...grid, sign: EITHER_WAY.test(entity.device) ? 'open' : 'usual' };
  }
  const isMpptLoad = /\bmppt\d?\b/.test(words) && /\bload\b/.test(words);
  if (isMpptLoad) return gauge('loadPower', words, 'sum');
  if (SOLAR.test(words) || (PRODUCTION.test(words) && !LOAD.test(words) && !TOTAL.test(words) && !DAILY.test(words)))
    return gauge('solarPower', words, 'sum');
  // "Inverter home power" is what an inverter puts out.
  if (/\binverter\b/.test(words) && !/\b(load|loads|consum\w*|backup|eps)\b/.test(words)) return null;
  // What an inverter at the grid puts out goes to the grid and the house.
  if (/\bac out(put)?\b/.test(words) && AT_GRID.test(`${entity.device} ${words}`) && !OF_USE.test(words)) return null;
  // What one device of several gives to the house is not what the house uses.
  if (/\boutput (to )?(home|house)\b|\b(home|house) output\b/.test(words)) return null;
  return LOAD_POWER.test(words) ? gauge('loadPower', words, 'sum') : null;
}

/** Storages that stand in a socket. */
const PLUGGED_IN = /\b(zendure|solarflow|marstek|solarbank|anker|noah|bluetti|ecoflow|jackery|power station)\b/;

/** Makers whose inverters work at the grid, and what is used whoever made the inverter. */
const AT_GRID =
  /\b(solis|ginlong|huawei|sun2000|sungrow|fronius|kostal|sma|solaredge|goodwe|sofar|enphase|hoymiles|foxess|solax)\b/;
const OF_USE = /\b(loads?|consum\w*|house|home|backup|eps|ups)\b/;

function current(entity: EntityDescription): Meaning | null {
  const { words } = entity;
  if (BATTERY.test(words)) return battery('batteryCurrent', entity);
  const way = words.replace(/\b(in|out)\b/g, '');
  if (GRID.test(words) && (CHARGE.test(way) || DISCHARGE.test(way))) return null;
  return place(words, [null, 'solarCurrent', 'gridCurrent', 'outputCurrent', null]);
}

/** Makers whose meters count what is sold as positive. */
const POSITIVE_EXPORTS = /\b(huawei|sun2000|fusionsolar|solaredge|goodwe|solis|ginlong|sonnen|solax)\b/;

/** Makers whose devices do it in both ways. */
const EITHER_WAY = /\bfox ?ess\b/;

/** Which sign a maker gives the battery; only those that are known. */
const POSITIVE_CHARGES =
  /\b(solarassistant|solar assistant|victron|sigenergy|sigenstor|growatt sph|huawei|solaredge|solax|e3dc|seplos)\b/;
const POSITIVE_DISCHARGES = /\b(deye|sunsynk|sol ark|evcc|goodwe|fronius|sonnen|tesla|powerwall|givenergy)\b/;

function battery(metric: 'batteryPower' | 'batteryCurrent', entity: EntityDescription): Meaning | null {
  const { words, device } = entity;
  const isDischarge = DISCHARGE.test(words);
  const isCharge = CHARGE.test(words);
  if (isDischarge !== isCharge) return { ...gauge(metric, words, 'sum'), side: isCharge ? 1 : -1 };
  if (isDischarge) return null;
  if (POSITIVE_CHARGES.test(device)) return gauge(metric, words, 'sum');
  if (POSITIVE_DISCHARGES.test(device)) return { ...gauge(metric, words, 'sum'), factor: -1 };
  return entity.takesOpen ? { ...gauge(metric, words, 'sum'), sign: 'open' } : null;
}

function energy(entity: EntityDescription): Meaning | null {
  const { words, stateClass, device } = entity;
  const isDaily = DAILY.test(words);
  // What starts again each week is no lifetime counter, and says so nowhere but in its maker's contract.
  if (/\bsolar ?assistant\b/.test(device)) return null;
  // What the panels gave and what left the inverter are two counters; the second one is meant.
  if (/\b(dc|apparent)\b/.test(words)) return null;
  if (!isDaily && stateClass !== 'total_increasing' && !TOTAL.test(words)) return null;
  const pair = (total: NumericMetric, daily: NumericMetric | null): Meaning | null => {
    const metric = isDaily ? daily : total;
    return metric && gauge(metric, words.replace(TOTAL, ''), 'sum');
  };
  if (BATTERY.test(words)) {
    if (DISCHARGE.test(words) === CHARGE.test(words)) return null;
    return pair(DISCHARGE.test(words) ? 'totalBatteryDischarge' : 'totalBatteryCharge', null);
  }
  if (GENERATOR.test(words) || /\b(charge|discharge)\b/.test(words)) return null;
  // What a load took in.
  if (/\bload (import|export)\b/.test(words)) return null;
  if (GRID.test(words) || BOUGHT.test(words)) {
    if (OUT.test(words) === isInward(words)) return null;
    return OUT.test(words) ? pair('totalGridExport', 'dailyGridExport') : pair('totalGridImport', 'dailyGridImport');
  }
  if (SOLAR.test(words) || /\b(production|produced|generated|generation)\b/.test(words))
    return pair('totalEnergyProduced', 'dailyEnergyProduced');
  // What is used beyond what is made, or out of the net.
  if (/\bnet\b/.test(words)) return null;
  // What an inverter put out is no load, where nothing is said of one.
  return LOAD_POWER.test(words) ? pair('totalEnergyConsumed', 'dailyEnergyConsumed') : null;
}

type Places = [
  NumericMetric | null,
  NumericMetric | null,
  NumericMetric | null,
  NumericMetric | null,
  NumericMetric | null,
];

/** By where it is measured: battery, solar, grid, output, bus. */
function place(said: string, [battery, solar, grid, output, bus]: Places): Meaning | null {
  // An inverter of solar power is no panel.
  const words = said.replace(/\b(solar|pv) (?=inverter (voltage|current|v|a)\b(?!.*\b(dc|ac)\d?\b))/g, '');
  const how = /Current$/.test(solar ?? '') ? 'sum' : 'first';
  const to = (metric: NumericMetric | null) => metric && gauge(metric, words, how);
  // Between two phases it is another quantity than at one.
  if (
    /\bl ?[123] ?l ?[123]\b|\bl(12|23|31)\b|\b(ab|bc|ca|(a|b) phase (b|c)|c phase a|line to line|rs|st|tr)\b/.test(
      words,
    )
  )
    return null;
  if (/\bbus\d?\b/.test(words)) return to(bus);
  // What an inverter gives beside its alternating output.
  if (/\bdc output (voltage|current)\b/.test(words)) return null;
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

/** With its number among its like, and its rank: something numbered is a part, something total the whole. */
function gauge(metric: NumericMetric | TextMetric, words: string, how: 'sum' | 'first'): Meaning {
  const number =
    /\b(?:pv|mppt|string|battery|inverter|phase|l|tracker|ch|channel|input|port|dc|ac|panel|module|tariff|t)[ _]?(\d{1,2})\b|\b(?:power|voltage|current|temperature) ?(\d{1,2})$/
      .exec(words)
      ?.slice(1)
      .find(Boolean);
  const phase = /\bphase ([abc])\b|\b(?:voltage|current|power|string|pv|mppt|dc) ([abcd])$/
    .exec(words)
    ?.slice(1)
    .find(Boolean);
  // A tariff's counter is a part: low first.
  const tariff = /^(total|daily)Grid/.test(metric) ? /\b(nt|ht)\b/.exec(words)?.[1] : undefined;
  const lettered = phase !== undefined ? 'abcd'.indexOf(phase) + 1 : tariff === undefined ? 0 : tariff === 'nt' ? 1 : 2;
  const order = number !== undefined ? Number(number) : lettered;
  const isTotal = order === 0;
  const rank = isTotal ? (TOTAL.test(words) ? 3 : 2) : 1;
  return { metric, factor: 1, side: null, part: { order, rank, how } };
}
