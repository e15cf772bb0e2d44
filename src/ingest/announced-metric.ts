import type { NumericMetric, TextMetric } from '../core/metrics.ts';
import type { AnnouncedValue } from './announcements.ts';

/** What an entity says about itself; texts in lower case, words parted by single spaces. */
export interface EntityDescription {
  /** Names, ids and topics of the entity itself, most telling first. */
  words: string;
  /** Name, maker and model of the device. */
  device: string;
  unit: string;
  deviceClass: string;
  stateClass: string;
}

type Meaning = Pick<AnnouncedValue, 'metric' | 'factor' | 'side' | 'part'>;

const FACTORS: Record<string, Record<string, number>> = {
  power: { w: 1, kw: 1000, mw: 1_000_000 },
  apparent_power: { va: 1, kva: 1000 },
  energy: { kwh: 1, wh: 0.001, mwh: 1000 },
  voltage: { v: 1, mv: 0.001, kv: 1000 },
  current: { a: 1, ma: 0.001 },
  frequency: { hz: 1 },
  temperature: { '°c': 1, '℃': 1, c: 1 },
  battery: { '%': 1 },
  capacity: { ah: 1 },
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
    a: 'current',
    ma: 'current',
    hz: 'frequency',
    '°c': 'temperature',
    '℃': 'temperature',
    c: 'temperature',
    ah: 'capacity',
  },
  '%': 'percent',
};

/** Settings, limits and forecasts have the same units, but measure nothing. */
const NOT_MEASURED =
  /\b(max|maximum|min|minimum|limit|limits|setpoint|set|preset|retain|schedule|planned|target|rated|rating|nominal|threshold|cut ?off|reserve|forecast|predicted|prediction|estimated|price|cost|tariff|peak|average|avg|cell|cells|yesterday|hour|hourly|uur|stunde|week|weekly|mon|month|monthly|year|yearly|last|previous|reactive|import limit|float|bulk|absorption|equali[sz]ation|recharge|redischarge|under voltage|shutdown|restart|low|high|difference|delta|imbalance|lowest|highest|offset|factor)\b/;
/** What uses power by itself: its power is not the house's. */
const FOREIGN =
  /\b(heat ?pump|compressor|boiler|wallbox|ev ?charger|vehicle|washing|washer|dryer|dish ?washer|fridge|freezer|oven|hob|printer|thermostat|trv|heater|heating|(solar|pool|water|well|circulation) pump)\b/;
const SOLAR = /\b(pv\d?|solar|photovoltaic|mppt\d?|string\d?|panel|panels|yield)\b/;
const PRODUCED = /\b(production|generation|generated|produced)\b/;
const PRODUCTION = /\b(production|generation|generated)\b/;
const BATTERY = /\b(battery\d*|batteries|bat|batt|bms\d*|accu|akku|storage|ess)\b/;
const GRID = /\b(grid|utility|mains|meter|netz|smartmeter|feed ?in|import|imported|export|exported)\b/;
const LOAD = /\b(load|loads|consumption|consumed|consumer|house|home|output|out|backup|eps|ups|haus|verbrauch)\b/;
/** An output alone may be anything's. */
const LOAD_POWER =
  /\b(load|loads|consumption|consumed|consumer|house|home|backup|eps|ups|haus|verbrauch|ac out|ac output|output load)\b/;
/** Where what leaves an inverter is measured; a house's voltage may be the grid's. */
const OUTPUT = /\b(load|loads|output|out|backup|eps|ups)\b/;
const HOUSE = /\b(load|loads|house|home|haus|plant|pv\d?|solar)\b/;
const GENERATOR = /\b(generator|genset|gen)\b/;
const IN = /\b(import|imported|bought|from grid|in|purchased|consumed|consumption)\b/;
const OUT = /\b(export|exported|sold|to grid|feed ?in|out|returned|production|fed)\b/;
const CHARGE = /\b(charge|charged|charging|to battery|in)\b/;
const DISCHARGE = /\b(discharge|discharged|discharging|from battery|out)\b/;
const BOUGHT = /\b(bought|purchased?|sold)\b/;
const DAILY = /\b(today|daily|day|todays)\b/;
const TOTAL = /\b(total|lifetime|sum|cumulative|accumulated|overall|counter)\b/;

/** `feed in` goes out. */
const isInward = (words: string) => IN.test(words.replace(/\bfeed ?in\b/g, ''));

/**
 * What of the catalogue an announced entity is, from its unit, device class and words; null where that leaves a doubt.
 * The sign of a battery's power is known for a few makers only, and taken for no other one.
 */
export function meaningOf(said: EntityDescription): Meaning | null {
  const entity = inItsWords(said);
  const unit = entity.unit.toLowerCase().trim();
  const kind = FACTORS[entity.deviceClass] ? entity.deviceClass : (KINDS_BY_UNIT[unit] ?? '');
  const factor = kind === 'percent' ? 1 : FACTORS[kind]?.[unit];
  if (factor === undefined || !isMeasuredThere(entity) || isShareOfFlow(entity.words)) return null;
  // A unit that is also said in capitals: mWh is not MWh, mW is not MW.
  if (/^m(w|wh)$/.test(unit) && entity.unit.trim().startsWith('m')) return null;
  const meaning = byKind(kind, entity);
  return meaning && { ...meaning, factor: meaning.factor * factor };
}

/** False for settings, limits and forecasts, and for what has only words in common with a house's supply. */
export const isMeasured = (said: EntityDescription): boolean => isMeasuredThere(inItsWords(said));

const isMeasuredThere = ({ words, device }: EntityDescription) =>
  !NOT_MEASURED.test(words) && !FOREIGN.test(words) && !FOREIGN.test(device);

/** Of a utility's meter in the words of the grid. */
function inItsWords(said: EntityDescription): EntityDescription {
  // A Powerwall's gateway calls the grid's side the site.
  if (/\bpowerwall\b/.test(said.device)) return { ...said, words: said.words.replace(/\bsite\b/g, 'grid') };
  return SMART_METER.test(said.device) || /\bmetering\b/.test(said.words) ? atMeter(said) : said;
}

/** "Home consumption from battery", "battery charge from PV", "solar export": a part of a flow, not the whole. */
function isShareOfFlow(words: string): boolean {
  if (/\b(pv|solar) (export|import)\b/.test(words)) return true;
  const [, , place = ''] = /\b(from|to) (pv|solar|grid|battery|home|house|load)\b/.exec(words) ?? [];
  if (place === '') return false;
  const rest = words.replaceAll(place, '');
  return [SOLAR, BATTERY, HOUSE, /\bgrid\b/].some((other) => other.test(rest));
}

/** Makers and words of inverters that have nothing but panels, and of those that may have a battery. */
const SOLAR_INVERTER =
  /\b(solar|pv|micro ?inverters?|wechselrichter|huawei|sun2000|ginlong|solis|growatt|sungrow|hoymiles|fronius|kostal|sma|goodwe|foxess|sofar|solax|solaredge|apsystems|enphase|samil|omnik|zeversolar|kaco|delta)\b/;
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
  if (BATTERY.test(words) || GRID.test(words) || OF_THE_HOUSE.test(words)) return null;
  if (/\b(charge|discharge)\b/.test(words)) return null;
  const as = (place: string, isBare = false) => {
    const meaning = meaningOf({ ...entity, words: `${place} ${words}` });
    return meaning && { ...meaning, isBare };
  };
  const unit = entity.unit.toLowerCase();
  // An inverter's own frequency may be that of what it puts out.
  if (unit === 'hz') return /\binverter\b/.test(words) ? null : as('grid');
  if (unit === '°c')
    return /\b(ambient|outdoor|outside|room|panel|environment|env|boost|buck|controller|control|transformer|mos|mosfet|coil|water|chip|board|cpu|mcu)\b/.test(
      words,
    )
      ? null
      : as('inverter');
  if (/^k?v$/.test(unit)) return /\bdc\d?\b/.test(words) ? as('pv') : /\b(ac|phase)\b/.test(words) ? as('grid') : null;
  if (/\b(dc\d?|input) power\b|\bpower dc\d?\b/.test(words)) return as('pv');
  if (unit === 'a') return /\bdc\d?\b/.test(words) ? as('pv') : null;
  const isOutput = /\b(active power|ac power|output power|current power|energy|yield|generation)\b/.test(words);
  return isOutput ? as('pv', true) : null;
}

/** What a meter at the grid says without the grid's name. */
export function meaningOfGridMeter(entity: EntityDescription): Meaning | null {
  if (!/\b(smart ?meter|energy meter|grid meter)\b/.test(entity.device) || SOLAR.test(entity.words)) return null;
  return meaningOf({ ...entity, words: `grid ${entity.words}` });
}

/** Readers of a utility's meter: what was consumed there was bought, what was produced there was sold. */
const SMART_METER =
  /\b(slimme ?lezer|dsmr|esmr|p1|smart ?meter|slimme meter|zuidwijk|linky|teleinfo|sml|amsleser|ams reader|han)\b/;

/** A meter's words as those of the grid; its tariffs are parts of one counter. */
function atMeter(entity: EntityDescription): EntityDescription {
  const words = entity.words
    .replace(/\b(consumed|absorbed|delivered to client|consumption)\b/g, 'import')
    .replace(/\b(produced|supplied|returned|production|yield|delivered by client)\b/g, 'export')
    .replace(/\btariff ?(\d)\b/g, 'channel $1')
    .replace(/\b(low|laag|nt)( tariff)?\b/g, 'channel 1')
    .replace(/\b(high|hoog|ht)( tariff)?\b/g, 'channel 2');
  return { ...entity, words: `grid ${words}` };
}

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
      if (GRID.test(words) || /\b(ac in|ac input|line)\b/.test(words)) return gauge('gridFrequency', words, 'first');
      return LOAD.test(words) ? gauge('outputFrequency', words, 'first') : null;
    case 'temperature':
      if (
        /\b(mos|mosfet|fet|fets|ambient|environment|env|balancer|board|power tube|boost|buck|transformer|controller)\b/.test(
          words,
        )
      )
        return null;
      if (BATTERY.test(words)) return gauge('batteryTemperature', words, 'first');
      return /\b(inverter|heat ?sink|radiator|igbt|module)\b/.test(words)
        ? gauge('inverterTemperature', words, 'first')
        : null;
    case 'capacity':
      if (/\b(remain|remaining|residual)\b/.test(words)) return gauge('remainingCapacity', words, 'sum');
      return /\bcapacity\b/.test(words) ? gauge('batteryCapacity', words, 'sum') : null;
    case 'battery':
    case 'percent':
      return percent(entity, kind);
    default:
      return null;
  }
}

function percent({ words, device }: EntityDescription, kind: string): Meaning | null {
  if (/\b(soh|health)\b/.test(words)) return gauge('stateOfHealth', words, 'first');
  const isCharge = /\b(soc|state of charge|battery (percent|percentage|level|capacity))\b/.test(words);
  if (
    isCharge ||
    (kind === 'battery' && /\bcharge\b/.test(words) && /\b(powerwall|battery)\b/.test(`${device} ${words}`))
  )
    return gauge('stateOfCharge', words, 'first');
  return kind === 'percent' && /\bload (percent|percentage|level)\b|\boutput load\b/.test(words)
    ? gauge('loadPercentage', words, 'first')
    : null;
}

function power(entity: EntityDescription): Meaning | null {
  const { words } = entity;
  // A day's or a lifetime's power is energy, whose unit that name does not say.
  if (/\bapparent\b/.test(words) || DAILY.test(words) || (TOTAL.test(words) && PRODUCED.test(words))) return null;
  if (BATTERY.test(words)) return battery('batteryPower', entity);
  if (GENERATOR.test(words)) return gauge('generatorPower', words, 'sum');
  // An inverter's "grid active power" is what it puts out; and who consumes or produces without a place is not said.
  if (/\bgrid active power\b/.test(words) || (/\b(consumed|produced)\b/.test(words) && !HOUSE.test(words))) return null;
  if (GRID.test(words)) {
    const isIn = isInward(words);
    const isOut = OUT.test(words);
    if (isIn !== isOut) return { ...gauge('gridPower', words, 'sum'), side: isIn ? 1 : -1 };
    if (isIn) return null;
    // Of an SMA inverter it is what the inverter puts out.
    if (/\bsma\b/.test(entity.device)) return null;
    const grid = gauge('gridPower', words, 'sum');
    return POSITIVE_EXPORTS.test(entity.device) ? { ...grid, factor: -1 } : grid;
  }
  const isMpptLoad = /\bmppt\d?\b/.test(words) && /\bload\b/.test(words);
  if (isMpptLoad) return gauge('loadPower', words, 'sum');
  if (SOLAR.test(words) || (PRODUCTION.test(words) && !LOAD.test(words) && !TOTAL.test(words) && !DAILY.test(words)))
    return gauge('solarPower', words, 'sum');
  // "Inverter home power" is what an inverter puts out.
  if (/\binverter\b/.test(words) && !/\b(load|loads|consum\w*|backup|eps)\b/.test(words)) return null;
  if (LOAD_POWER.test(words)) return gauge('loadPower', words, 'sum');
  return null;
}

function current(entity: EntityDescription): Meaning | null {
  const { words } = entity;
  if (BATTERY.test(words)) return battery('batteryCurrent', entity);
  return place(words, [null, 'solarCurrent', 'gridCurrent', 'outputCurrent', null]);
}

/** Makers whose meters count what is sold as positive. */
const POSITIVE_EXPORTS = /\b(huawei|sun2000|fusionsolar|solaredge|goodwe|solis|ginlong|sonnen|solax)\b/;

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
  return POSITIVE_DISCHARGES.test(device) ? { ...gauge(metric, words, 'sum'), factor: -1 } : null;
}

function energy(entity: EntityDescription): Meaning | null {
  const { words, stateClass, device } = entity;
  const isDaily = DAILY.test(words);
  // What starts again each week is no lifetime counter, and says so nowhere but in its maker's contract.
  if (/\bsolar ?assistant\b/.test(device)) return null;
  // What the panels gave and what left the inverter are two counters; the second one is meant.
  if (/\bdc\b/.test(words)) return null;
  if (!isDaily && stateClass !== 'total_increasing' && !TOTAL.test(words)) return null;
  const pair = (total: NumericMetric, daily: NumericMetric | null): Meaning | null => {
    const metric = isDaily ? daily : total;
    return metric && gauge(metric, words.replace(TOTAL, ''), 'sum');
  };
  if (BATTERY.test(words)) {
    if (DISCHARGE.test(words) === CHARGE.test(words)) return null;
    return pair(DISCHARGE.test(words) ? 'totalBatteryDischarge' : 'totalBatteryCharge', null);
  }
  if (GENERATOR.test(words)) return null;
  if (GRID.test(words) || BOUGHT.test(words)) {
    if (OUT.test(words) === isInward(words)) return null;
    return OUT.test(words) ? pair('totalGridExport', 'dailyGridExport') : pair('totalGridImport', 'dailyGridImport');
  }
  if (SOLAR.test(words) || /\b(production|produced|generated|generation)\b/.test(words))
    return pair('totalEnergyProduced', 'dailyEnergyProduced');
  return LOAD.test(words) ? pair('totalEnergyConsumed', 'dailyEnergyConsumed') : null;
}

type Places = [
  NumericMetric | null,
  NumericMetric | null,
  NumericMetric | null,
  NumericMetric | null,
  NumericMetric | null,
];

/** By where it is measured: battery, solar, grid, output, bus. */
function place(words: string, [battery, solar, grid, output, bus]: Places): Meaning | null {
  const how = /Current$/.test(solar ?? '') ? 'sum' : 'first';
  const to = (metric: NumericMetric | null) => metric && gauge(metric, words, how);
  // Between two phases it is another quantity than at one.
  if (/\bl ?[123] ?l ?[123]\b|\bl(12|23|31)\b|\b(ab|bc|ca|line to line|rs|st|tr)\b/.test(words)) return null;
  if (/\bbus\b/.test(words)) return to(bus);
  if (BATTERY.test(words)) return to(battery);
  // A charge controller's load is no panel.
  if (SOLAR.test(words) && !/\bload\b/.test(words)) return to(solar);
  if (GRID.test(words) || /\bac (in|input)\b/.test(words)) return to(grid);
  return OUTPUT.test(words) ? to(output) : null;
}

/** With its number among its like, and its rank: something numbered is a part, something total the whole. */
function gauge(metric: NumericMetric | TextMetric, words: string, how: 'sum' | 'first'): Meaning {
  const number =
    /\b(?:pv|mppt|string|battery|inverter|phase|l|tracker|ch|channel|input|dc|ac|panel|module)[ _]?(\d{1,2})\b|\b(?:power|voltage|current|temperature) ?(\d{1,2})$/
      .exec(words)
      ?.slice(1)
      .find(Boolean);
  const phase = /\bphase ([abc])\b|\b(?:voltage|current|power|string|pv|mppt) ([abc])$/
    .exec(words)
    ?.slice(1)
    .find(Boolean);
  const order = number !== undefined ? Number(number) : phase !== undefined ? 'abc'.indexOf(phase) + 1 : 0;
  const isTotal = order === 0;
  const rank = isTotal ? (TOTAL.test(words) ? 3 : 2) : 1;
  return { metric, factor: 1, side: null, part: { order, rank, how } };
}
