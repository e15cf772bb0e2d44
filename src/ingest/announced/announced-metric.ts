import type { NumericMetric } from '../../core/metrics.ts';
import { deviceKind } from '../words/device-words.ts';
import { inItsWords, UTILITY_METER } from '../words/meter-words.ts';
import { FOREIGN, isShareOfFlow, NOT_MEASURED } from '../words/not-measured.ts';
import {
  BATTERY,
  BOUGHT,
  CHARGE,
  DAILY,
  DISCHARGE,
  GENERATOR,
  GRID,
  isInward,
  LOAD,
  LOAD_POWER,
  OUT,
  OUTPUT,
  SOLAR,
  TOTAL,
  withoutDevice,
} from '../words/place-words.ts';
import { mayNameTime } from '../words/unknown-words.ts';
import { announcedCurrent, announcedPower, isElsewhere, isSocketsInput } from './announced-flows.ts';
import { gauge, place } from './announced-place.ts';
import type { EntityDescription, Meaning } from './entity-description.ts';

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
  power_factor: { '%': 1 },
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
  if (
    factor === undefined ||
    isOtherKind(entity) ||
    !isMeasuredThere(entity) ||
    isShareOfFlow(entity.words) ||
    isShareOfFlow(said.words)
  )
    return null;
  // A unit that is also said in capitals: mWh is not MWh, mW is not MW.
  if (/^m(w|wh)$/.test(unit) && entity.unit.trim().startsWith('m')) return null;
  const meaning = byKind(kind, entity);
  return meaning && { ...meaning, factor: meaning.factor * factor };
}

/** True where a class of Home Assistant's says that it is nothing of the catalogue: a price, a duration, what is stored. */
export const isOtherKind = ({ deviceClass }: Pick<EntityDescription, 'deviceClass'>): boolean =>
  OTHER_KINDS.has(deviceClass);
/** After home-assistant.io (sensor, device class); a class that is none of Home Assistant's says nothing. */
const OTHER_KINDS: ReadonlySet<string> = new Set(
  [
    'absolute_humidity aqi area atmospheric_pressure carbon_dioxide carbon_monoxide conductivity data_rate data_size date',
    'distance duration energy_distance energy_storage enum gas humidity illuminance irradiance moisture monetary ph',
    'precipitation precipitation_intensity pressure reactive_energy reactive_power signal_strength sound_pressure speed',
    'temperature_delta timestamp volume volume_flow_rate volume_storage water weight wind_direction wind_speed',
  ].flatMap((line) => line.split(' ')),
);

/** False for settings, limits and forecasts, and for what has only words in common with a house's supply. */
export const isMeasured = (said: EntityDescription): boolean => isMeasuredThere(inItsWords(said));

/** What a battery was built to hold is its capacity. */
const BUILT_FOR = /\b(nominal|rated|design|designed) (?=(battery )?capacity\b)/g;
const AMPERE_HOURS = /^m?ah$/i;
/** Of several sensors in a battery, and no mean over a time. */
const OF_SENSORS = /\b(average|avg) (?=temperature\b)/;

const isMeasuredThere = ({ words, device, unit }: EntityDescription) =>
  !NOT_MEASURED.test(spokenOf(words, device, unit)) && !FOREIGN.test(words) && !FOREIGN.test(device) && !isUps(device);

function spokenOf(words: string, device: string, unit: string): string {
  // In volts it is no production that might have been.
  if (/^m?V$/.test(unit)) return words.replace(/\bpotential\b/g, '');
  if (AMPERE_HOURS.test(unit)) return words.replace(BUILT_FOR, '');
  return OF_SENSORS.test(words) && deviceKind(device) === 'storage' ? words.replace(OF_SENSORS, '') : words;
}

/** What bridges a computer over; an inverter may be called so, too. */
const isUps = (device: string) =>
  /\b(ups|usv|nut|apc)\b/.test(device) && !/\b(inverter|solar|hybrid|battery|ess|power station)\b/.test(device);

function byKind(kind: string, entity: EntityDescription): Meaning | null {
  const { words } = entity;
  switch (kind) {
    case 'power':
      return announcedPower(entity);
    case 'apparent_power':
      return SOLAR.test(words) || BATTERY.test(words) || GRID.test(words) || !LOAD.test(words)
        ? null
        : gauge('apparentPower', words, 'sum');
    case 'energy':
      return energy(entity);
    case 'voltage':
      return place(words, ['batteryVoltage', 'solarVoltage', 'gridVoltage', 'outputVoltage', 'busVoltage']);
    case 'current':
      return announcedCurrent(entity);
    case 'frequency':
      if (GENERATOR.test(words)) return null;
      if (GRID.test(words) || /\b(ac in|ac input|line)\b/.test(words)) return gauge('gridFrequency', words, 'first');
      return OUTPUT.test(words) ? gauge('outputFrequency', words, 'first') : null;
    case 'temperature':
      if (
        /\b(dtu temperature|components?|mos|mosfet|fet|fets|bmu|panel|room(?= temperature)|(?<!internal )air(?= temperature)|outside|outdoor|ambient|environment|env|balancer|board|power tube|power(?= temperature)|boost|buck|transformer|controller|logger|data ?logger|stick|dongle|wifi|esp(32)?|charge|charger)\b/.test(
          words,
        )
      )
        return null;
      if (BATTERY.test(words))
        return /\b(internal|heat ?sink|actuator|converter|inverter|radiator)\b/.test(words.replace(ITS_BATTERY, ''))
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
    // For want of a class for shares many say this one of a load's.
    case 'power_factor':
      return percent(entity, 'percent');
    default:
      return null;
  }
}

/** `inverter_battery_temperature`: what an inverter says of its battery. */
const ITS_BATTERY = /^(\w+ )?inverter (\w+ )?(?=battery temperature$)/;

/** What a state of charge is to be, and no state. */
const BOUND =
  /\b(backup|hold|floor|ceiling|empty|full|eod|(on|off) ?grid|grid tied|bypass|eps|overnight|morning|lower|upper|bound)\b/;

function percent({ words, device }: EntityDescription, kind: string): Meaning | null {
  if (/\b(soh|health)\b/.test(words)) return gauge('stateOfHealth', words, 'first');
  if (/\b(charge|discharge|grid) soc\b/.test(words) || (/\bsoc\b/.test(words) && BOUND.test(words))) return null;
  if (kind === 'battery' && /^battery( %| percent)?$/.test(words) && /^(inverter|storage)$/.test(deviceKind(device)))
    return gauge('stateOfCharge', words, 'first');
  const isCharge = /\b(soc|state of charge|battery (percent|percentage|level|capacity))\b|\bbattery charge$/.test(
    words,
  );
  if (
    isCharge ||
    /\bbattery charge$/.test(words) ||
    (kind === 'battery' && /\bcharge\b/.test(words) && /\b(powerwall|battery)\b/.test(`${device} ${words}`))
  )
    return gauge('stateOfCharge', words, 'first');
  const isShare =
    /\bload (percent|percentage|level)\b|\boutput load\b/.test(words) ||
    (words === 'load' && deviceKind(device) === 'inverter');
  return kind === 'percent' && isShare ? gauge('loadPercentage', words, 'first') : null;
}

const OF_BOTH = /\b(pv|solar) (production|generation)\b/;

function energy(entity: EntityDescription): Meaning | null {
  const { words, stateClass, device } = entity;
  const isDaily = DAILY.test(words);
  // What starts again each week is no lifetime counter, and says so nowhere but in its maker's contract.
  if (/\bsolar ?assistant\b/.test(device)) return null;
  // What the panels gave and what left the inverter are two counters; the second one is meant.
  if (/\b(dc|apparent|remaining)\b/.test(words)) return null;
  if (!isDaily && ((stateClass !== 'total_increasing' && !TOTAL.test(words)) || mayNameTime(words))) return null;
  const pair = (total: NumericMetric, daily: NumericMetric | null): Meaning | null => {
    const metric = isDaily ? daily : total;
    return metric && gauge(metric, words.replace(TOTAL, ''), 'sum');
  };
  if (BATTERY.test(words)) {
    // It imports what it is charged with.
    const [out, into] = [DISCHARGE, CHARGE].map((way) => way.test(words));
    const isOut = out || (!into && /\bexport(ed)?\b/.test(words));
    const isInto = into || (!out && /\bimport(ed)?\b/.test(words));
    // What panels and battery gave together is neither's.
    if (isOut === isInto || OF_BOTH.test(words)) return null;
    return pair(isOut ? 'totalBatteryDischarge' : 'totalBatteryCharge', null);
  }
  if (GENERATOR.test(words) || /\b(charge|discharge)\b/.test(words)) return null;
  // What a load took in.
  if (/\bload (import|export)\b/.test(words) || isSocketsInput(entity) || isElsewhere(entity)) return null;
  if (GRID.test(words) || BOUGHT.test(words)) {
    // What a reader of a utility's meter adds up it adds up since midnight.
    if (!isDaily && UTILITY_METER.test(device) && /\baccumulated\b(?!.*\b(total|lifetime)\b)/.test(words)) return null;
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
