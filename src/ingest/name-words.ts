import type { EntityDescription } from './announced-metric.ts';

/** Levels and wrappers that say nothing of a value. */
const EMPTY =
  /^(state|value|values|data|status|get|properties|telemetry|result|params|payload|response|body|sensor|sensors|sensordata|live|livedata|current_values|now|mqtt|json|homeassistant|energy_data)$/i;
/** Other languages' words for the same things, and short ones. */
const TRANSLATIONS: Record<string, string> = {
  ...{ leistung: 'power', wirkleistung: 'power', watt: 'power', watts: 'power', puissance: 'power', potencia: 'power' },
  ...{ potenza: 'power', vermogen: 'power', moc: 'power', effekt: 'power', pwr: 'power' },
  ...{ spannung: 'voltage', volt: 'voltage', volts: 'voltage', tension: 'voltage', voltaje: 'voltage' },
  ...{ tensione: 'voltage', spanning: 'voltage', napiecie: 'voltage' },
  ...{ strom: 'current', ampere: 'current', amps: 'current', courant: 'current', corriente: 'current' },
  ...{ corrente: 'current', stroom: 'current', curr: 'current', amp: 'current' },
  ...{ frequenz: 'frequency', freq: 'frequency', frequence: 'frequency', frecuencia: 'frequency' },
  ...{ frequenza: 'frequency', frequentie: 'frequency', frequenzy: 'frequency' },
  ...{ temp: 'temperature', temperatur: 'temperature', temperatura: 'temperature', temperatuur: 'temperature' },
  ...{ energie: 'energy', energia: 'energy', ertrag: 'yield', erzeugung: 'production', produktion: 'production' },
  ...{ produccion: 'production', produzione: 'production', opwek: 'production', generacion: 'production' },
  ...{ netz: 'grid', reseau: 'grid', rete: 'grid', mains: 'grid', utility: 'grid' },
  ...{ netzbezug: 'grid import', bezug: 'grid import', einspeisung: 'grid export', netzeinspeisung: 'grid export' },
  ...{ batterie: 'battery', bateria: 'battery', batteria: 'battery', batterij: 'battery', akku: 'battery' },
  ...{ accu: 'battery', speicher: 'battery', bat: 'battery', batt: 'battery' },
  ...{ ladung: 'charge', laden: 'charge', entladung: 'discharge', entladen: 'discharge' },
  ...{ ladezustand: 'soc', fuellstand: 'soc', verbrauch: 'load', hausverbrauch: 'load', consommation: 'load' },
  ...{ consumo: 'load', verbruik: 'load', haus: 'load', wechselrichter: 'inverter', onduleur: 'inverter' },
  ...{ inversor: 'inverter', omvormer: 'inverter', heute: 'today', gesamt: 'total', hoy: 'today', oggi: 'today' },
  ...{
    tag: 'day',
    vandaag: 'today',
    totaal: 'total',
    solaire: 'solar',
    sonne: 'solar',
    zonnepanelen: 'solar',
    zonne: 'solar',
  },
  ...{ photovoltaik: 'pv', fotovoltaico: 'pv', fotovoltaica: 'pv', charging: 'charge', discharging: 'discharge' },
  ...{ lade: 'charge', entlade: 'discharge', ausgangs: 'output', last: 'load', tages: 'today', taeglich: 'today' },
  ...{
    jour: 'today',
    journaliere: 'today',
    diaria: 'today',
    diario: 'today',
    giornaliera: 'today',
    dagelijks: 'today',
  },
  ...{ totale: 'total', netzeinspeise: 'grid export', maison: 'house', casa: 'house', huis: 'house' },
  ...{ waschmaschine: 'washing', trockner: 'dryer', geschirrspueler: 'dishwasher', kuehlschrank: 'fridge' },
  ...{
    waermepumpe: 'heat pump',
    heizung: 'heating',
    heizstab: 'heater',
    chauffage: 'heating',
    warmtepomp: 'heat pump',
  },
  ...{ pct: 'percent', prozent: 'percent', percentage: 'percent', lvl: 'level' },
};
const UNIT_WORDS: Record<string, string> = {
  ...{ w: 'W', kw: 'kW', wh: 'Wh', kwh: 'kWh', mwh: 'MWh', v: 'V', mv: 'mV', a: 'A', ma: 'mA', hz: 'Hz', va: 'VA' },
  ...{ ah: 'Ah', degc: '°C', celsius: '°C', percent: '%' },
};
const KIND_UNITS: [RegExp, string][] = [
  [/\b(soc|soh|percent)\b/, '%'],
  [/\bapparent power\b|\bva\b/, 'VA'],
  [/\bpower\b/, 'W'],
  [/\bvoltage\b/, 'V'],
  [/\bfrequency\b/, 'Hz'],
  [/\btemperature\b/, '°C'],
  [/\bcurrent\b/, 'A'],
];

/** `solarpower`, `gridvoltage`, `Netzspannung`, `Batterieladeleistung`: a place and a kind written as one word. */
const COMPOUND =
  /^(solar|pv\d?|grid|battery|batterie|bat|load|output|inverter|energy|netz|net|akku|haus|lade|entlade|ausgangs|last|tages|gesamt|netzeinspeise|wechselrichter|zonne)(power|voltage|current|frequency|energy|temperature|temp|today|total|soc|leistung|spannung|strom|frequenz|temperatur|energie|verbrauch|ertrag|bezug|einspeisung|ladezustand|produktion|erzeugung|spanning|stroom|frequentie|vermogen|energie)$/;

/** What a value is called, in English words, and its unit. */
export interface NamedValueWords extends EntityDescription {
  /** True when the name itself says the unit (`pv_power_w`); else it is what such a thing is usually written in. */
  isUnitSaid: boolean;
}

/** Longer ones are nobody's plain names, and cost time. */
export const LONGEST_NAME = 60;
const MOST_LEVELS = 12;

/** The last three levels of a topic, or names of an object, that say something; outermost first. */
export function tellingOf(names: readonly string[]): string[] {
  // Many houses' topics begin with `home`; further down it is the house that uses power.
  const own = names.length > 2 && /^(home|house)$/i.test(names[0] ?? '') ? names.slice(1) : names;
  return own
    .slice(-MOST_LEVELS)
    .filter((name) => name !== '' && name.length <= LONGEST_NAME && !EMPTY.test(name))
    .slice(-3);
}

/** They in English words. */
export const wordsOf = (names: readonly string[]): string => englishWords(tellingOf(names).join(' '));

/** A text in single words, the known ones of other languages in English: `Batteriespannung` is `battery voltage`. */
export function englishWords(text: string): string {
  return splitWords(text)
    .map((word) => (Object.hasOwn(TRANSLATIONS, word) ? TRANSLATIONS[word] : word))
    .join(' ');
}

/** `batterySoc`, `battery_soc`, `Battery SoC` are the same; a number at a word's end stays there (`pv1`). */
function splitWords(text: string): string[] {
  return text
    .slice(0, 600)
    .replace(/So([CH])\b/g, 'SO$1')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .split(/[^a-z0-9%]+/)
    .flatMap((word) => (COMPOUND.exec(word) ?? ['', word]).slice(1))
    .map((word, i, all) => (word === 'net' && all[i + 1] === 'spanning' ? 'netz' : word))
    .filter(Boolean);
}

/**
 * A name with the unit that it says, or that such a thing usually has; null when it says of no kind of quantity. What ends
 * with a, b or c and is no current is a phase; `isPhased` where currents are, too.
 */
export function describeName(name: string, isPhased = false): NamedValueWords | null {
  const list = name.split(' ');
  const last = list.at(-1) ?? '';
  const rest = list.slice(0, -1).join(' ');
  const usual = KIND_UNITS.find(([kind]) => kind.test(rest))?.[1];
  const nothingElse = { device: '', deviceClass: '', stateClass: '' };
  if (/^[abc]$/.test(last) && usual !== undefined && (usual !== 'A' || isPhased))
    return { ...nothingElse, words: `${rest} phase ${last}`, unit: usual, isUnitSaid: false };
  const said = rest !== '' && Object.hasOwn(UNIT_WORDS, last) ? UNIT_WORDS[last] : undefined;
  if (said !== undefined && (usual === undefined || said.endsWith(usual) || usual === 'W'))
    return { ...nothingElse, words: said === '%' ? name : rest, unit: said, isUnitSaid: true };
  const unit = KIND_UNITS.find(([kind]) => kind.test(name))?.[1];
  return unit === undefined ? null : { ...nothingElse, words: name, unit, isUnitSaid: false };
}
