import { numberOf } from '../field-draft.ts';
import { asObject, type Leaves, type MessageView } from '../payload/message-view.ts';
import { type NumberStyle, quantityIn, styleOf } from '../payload/number-style.ts';
import { describeName, knownUnits } from '../words/described-name.ts';
import { englishWords } from '../words/name-words.ts';

/** A number of a message with the path that names it and the unit that stands beside it ('' where none does). */
export interface PlainEntry {
  path: string;
  value: number;
  unit: string;
  /** Its own name, where the path is how it is described. */
  own?: string;
}

const VALUE = /^([Vv]alue|wert|[Vv]al|VALUE|state|reading|now|current_value)$/;
/** A letter that is a voltage beside other letters. */
const LETTER = 'v';
/** A state beside what is measured is no value (`{"state": 2, "power": -800}`). */
const STATE = 'state';
const MEASURED = ['power', 'voltage', 'current', 'soc', 'state_of_charge', 'temperature', 'energy', 'frequency'];
const OTHER_LETTERS = ['i', 'a', 'p', 'w', 'soc'];
const UNIT = ['unit', 'unit_of_measurement', 'units', 'uom', 'Unit', 'einheit', 'u'];
/** `n`, `v` and `u` are SenML's (RFC 8428). */
const NAME = [
  ...[
    'title',
    'name',
    'par',
    'key',
    'label',
    'id',
    'obis',
    'code',
    'sensor',
    'parameter',
    'channel',
    'description',
    'desc',
  ],
  ...['metric', 'attribute', 'field', 'signal', 'variable', 'measurement', 'tag', 'point', 'point_name', 'n'],
];
/** What one value of many by the same topic is called, and where it may stand. */
const [NAMED, DATA] = [
  ['name', 'tag', 'metric', 'variable', 'parameter'],
  ['data', 'val'],
];
/** What a value that stands alone calls itself. */
const LABEL = ['title', 'label', 'friendly_name'];
const POWER = /power$/i;
const POWER_UNIT = /^k?W$/;
/** What an element of a list says of what it measures. */
const KIND = ['measurementType', 'type', 'role', 'kind', 'name', 'label'];
const PLACE = /\b(pv|solar|production|battery|grid|load|consumption|house|meter)\b/;
const MOST_WRAPPINGS = 8;
const LONGEST_LABEL = 40;
const SCALES = ['_scale', '_sf', '_SF'];
const MOST_SCALE = 6;
/** What ends the name of the same value as a text with its unit. */
const WITH_UNIT = ['Named', 'Text', 'Formatted', 'Display', '_text', '_formatted', '_display', '_with_unit'];
/** What ends the name of the same value's unit. */
const UNIT_OF = ['_unit', 'Unit', 'Str'];
/** All of these: most objects have none of them, and need not be asked for each value. */
const BESIDE = new RegExp(`(${[...SCALES, ...WITH_UNIT, ...UNIT_OF].join('|')})$`);
const saysUnit = (raw: unknown): boolean => typeof raw === 'string' && (quantityIn(raw, 'unknown')?.unit ?? '') !== '';
const UNITS: ReadonlySet<string> = new Set(knownUnits);

/** The one number of a message about one thing: plain, with its unit (`1.2 kW`), or wrapped (`{"value": 1.2, "unit": "kW"}`). */
export function onlyEntry(message: MessageView, unit = '', style: NumberStyle = 'unknown'): PlainEntry | null {
  if (!message.looksLikeObject) return entry(withoutNode(message.topic), message.text, unit, () => style);
  const json = message.json ?? {};
  const keys = Object.keys(json);
  const key = keys.length <= MOST_WRAPPINGS ? keys.find((name) => isValue(name, (other) => other in json)) : undefined;
  const called = textOf(NAMED.map((name) => json[name]));
  // One of many that come by the same topic, each with its name.
  const isNamed = keys.length <= MOST_WRAPPINGS && called !== '' && describeName(englishWords(called)) !== null;
  const data = isNamed ? (key ?? DATA.find((name) => name in json)) : undefined;
  if (data !== undefined)
    return entry(
      `${message.topic}/${called.replaceAll('/', ' ')}`,
      ofList(json[data]),
      unitIn(json) || unit,
      () => style,
    );
  if (key === undefined) return null;
  const label = textOf(LABEL.map((name) => json[name]));
  const path = label === '' || unitIn(json) === '' ? message.topic : `${message.topic}/${label}`;
  return entry(path, json[key], unitIn(json) || unit, () => style);
}

/** What ends a name whose kind an object of units tells of (`{"units": {"power": "mW"}, "load_power": 828000}`). */
const KIND_AT_END = /(?:^|_)(voltage|current|power|energy|frequency|temperature)$/;

/** The one number of a list that is written as a text, as gateways for Modbus write it: `[2504]`. */
const ofList = (raw: unknown): unknown => (typeof raw === 'string' ? raw.replace(/^\[([^,[\]]+)\]$/, '$1') : raw);

/** Without the device's name again before that of a value, as ESPHome has it: `solax/sensor/solax_ac_power/state`. */
const withoutNode = (topic: string): string => topic.replace(AGAIN, '$1/sensor/');
const AGAIN = /^([^/]{3,40})\/sensor\/\1_/;

/** The topic under which a value's unit is said: its own, or that above `state`. */
export const unitBase = (message: MessageView): string =>
  /^(state|value)$/.test(message.tail(0)) ? message.base(1) : message.topic;

/** Every number of an object or list, by the names above it. */
export function entriesOf({ byPath, names }: Leaves): PlainEntry[] {
  const entries: PlainEntry[] = [];
  const hasBeside = names.values().some((name) => BESIDE.test(name));
  const hasUnits = names.has('units');
  let known: NumberStyle | undefined;
  const style = () => {
    known ??= styleOf(byPath.values());
    return known;
  };
  for (const [path, written] of byPath) {
    // A power of ten belongs to another value, and is none.
    if (typeof written === 'boolean' || (hasBeside && SCALES.some((end) => path.endsWith(end)))) continue;
    const cut = path.lastIndexOf('.');
    const [front, name] = cut < 0 ? ['', path] : [path.slice(0, cut), path.slice(cut + 1)];
    const beside = (key: string) => byPath.get(front === '' ? key : `${front}.${key}`);
    // The same may be said beside with its unit.
    const isSpelled = hasBeside && typeof written === 'number';
    const spelled = isSpelled ? WITH_UNIT.map((end) => beside(name + end)).find(saysUnit) : undefined;
    const raw = spelled ?? written;
    const row = rowOf(name, beside);
    if (row === 'unclear') continue;
    const isWrapped = row !== null || (front !== '' && isValue(name, (other) => beside(other) !== undefined));
    // How something is, and not how much.
    if (!isWrapped && /^(state|status)$/i.test(name)) continue;
    const unit = isWrapped
      ? (row?.unit ?? textOf(UNIT.map(beside)))
      : textOf([
          ...(hasBeside ? UNIT_OF.map((end) => beside(name + end)) : []),
          byPath.get(`units.${name}`),
          hasUnits && byPath.get(`units.${KIND_AT_END.exec(name)?.[1]}`),
          front && beside('units'),
          front && POWER.test(name) && above(front, byPath),
        ]);
    const own = numbered(isWrapped ? front : inList(path, name, front, byPath), byPath);
    const isListed = /(^|\.)\d+$/.test(front);
    const described = isWrapped ? textOf([beside('Description'), beside('description')]) : '';
    const label = row?.label ? row.label : isListed ? labelOf(isWrapped ? '' : name, beside) : described;
    const found = entry((label || own).replaceAll('.', '/'), raw, unit, style);
    if (found === null) continue;
    const scales = hasBeside ? SCALES.map((end) => beside(name + end)) : [];
    const scaled = scaledBy(found, scales);
    entries.push(label === '' || label !== described ? scaled : { ...scaled, own: own.replaceAll('.', '/') });
  }
  return entries;
}

function isValue(name: string, has: (other: string) => boolean): boolean {
  if (name === LETTER) return !OTHER_LETTERS.some(has);
  return VALUE.test(name) && !(name === STATE && MEASURED.some(has));
}

/** What a list of words and numbers says of a number in it: `[1.2, "kW"]`, `["PV Power", 1.2, "kW"]`; null for one of numbers. */
function rowOf(name: string, beside: (key: string) => unknown): { label: string; unit: string } | 'unclear' | null {
  if (!/^\d$/.test(name)) return null;
  const [first, second, third] = ['0', '1', '2'].map(beside);
  if (![first, second, third].some((one) => typeof one === 'string' && numberOf(one) === null)) return null;
  const unitOf = (raw: unknown) => (typeof raw === 'string' && UNITS.has(spelledUnit(raw)) ? raw : '');
  if (name === '0' && third === undefined && unitOf(second) !== '') return { label: '', unit: unitOf(second) };
  const isNamed = name === '1' && typeof first === 'string' && first.length <= LONGEST_LABEL;
  return isNamed && (third === undefined || unitOf(third) !== '') ? { label: first, unit: unitOf(third) } : 'unclear';
}

/** What an element of a list calls itself; with the name of the value where it has several, and speaks of a place. */
function labelOf(name: string, beside: (key: string) => unknown): string {
  if (name === '') return textOf(NAME.map(beside));
  const kind = textOf(KIND.map(beside));
  return kind !== '' && PLACE.test(englishWords(kind)) ? `${kind}.${name}` : '';
}

/** A power's unit that is said for a whole group above (`{"unit": "kW", "PV": {"currentPower": 1.2}}`). */
function above(front: string, byPath: ReadonlyMap<string, unknown>): string {
  const cut = front.lastIndexOf('.');
  const unit = byPath.get(cut < 0 ? 'unit' : `${front.slice(0, cut)}.unit`);
  return typeof unit === 'string' && POWER_UNIT.test(unit) ? unit : '';
}

/** With the power of ten that stands beside a register's value (`power_ac_scale`, SunSpec's `W_SF`). */
function scaledBy(found: PlainEntry, scales: readonly unknown[]): PlainEntry {
  const scale = scales.find((one) => typeof one === 'number' && Number.isInteger(one) && Math.abs(one) <= MOST_SCALE);
  return typeof scale === 'number' ? { ...found, value: Number((found.value * 10 ** scale).toPrecision(12)) } : found;
}

/** Of a list of numbers (`pv_power: [1200, 900]`) the first is number one. */
function inList(path: string, name: string, front: string, byPath: ReadonlyMap<string, unknown>): string {
  const isListed = /^\d$/.test(name) && /[^\d.]$/.test(front) && typeof byPath.get(`${front}.0`) === 'number';
  return isListed ? `${front}.${Number(name) + 1}` : path;
}

const LISTED = /\b(input|string|phase|mppt|tracker|channel|panel|module|inverter|batterie)s\.(\d{1,2})\./i;

/** Of a list of things (`inputs: [{...}, {...}]`) the first is number one: `inputs.0.dc_voltage` is `input1.dc_voltage`. */
function numbered(path: string, byPath: ReadonlyMap<string, unknown>): string {
  const [all = '', thing = '', index = ''] = LISTED.exec(path) ?? [];
  if (all === '') return path;
  const first = path.replace(all, all.replace(`.${index}.`, '.0.'));
  const number = byPath.has(first) || index === '0' ? Number(index) + 1 : Number(index);
  return path.replace(all, `${thing.replace(/ie$/i, 'y')}${number}.`);
}

/** Three digits behind a sign may be a fraction, or hundreds. */
const OPEN_STYLE = /[.,]\d{3}(?!\d)/;

function entry(path: string, raw: unknown, unit: string, style: () => NumberStyle): PlainEntry | null {
  if (typeof raw === 'string') {
    const quantity = quantityIn(raw, OPEN_STYLE.test(raw) ? style() : 'unknown');
    return quantity && inWatts({ path, value: quantity.value, unit: quantity.unit || spelledUnit(unit) });
  }
  const value = numberOf(raw);
  return value === null ? null : inWatts({ path, value, unit: unit === '' ? '' : spelledUnit(unit) });
}

/** Of milliwatts. */
const inWatts = (found: PlainEntry): PlainEntry =>
  found.unit === 'mW' ? { ...found, value: Number((found.value / 1000).toPrecision(12)), unit: 'W' } : found;

const unitIn = (json: Record<string, unknown>) => textOf(UNIT.map((name) => asObject(json)?.[name]));

/** Units as people write them, in the way of the catalogue. */
const SAID_AS: ReadonlyMap<string, string> = new Map(
  [...UNITS]
    .map((unit): [string, string] => [unit.toLowerCase(), unit])
    .concat([
      ['watt', 'W'],
      ['watts', 'W'],
      ['volt', 'V'],
      ['volts', 'V'],
      ['ampere', 'A'],
      ['amps', 'A'],
      ['℃', '°C'],
      ['c', '°C'],
      ['percent', '%'],
    ]),
);
/** `mW` and `mWh` are no `MW` and `MWh`. */
export const spelledUnit = (unit: string): string =>
  /^[mM]/.test(unit) ? unit : (SAID_AS.get(unit.toLowerCase()) ?? unit);

const textOf = (candidates: readonly unknown[]): string => {
  const found = candidates.find((one) => typeof one === 'string' && one.length <= 40);
  return typeof found === 'string' ? found.trim() : '';
};
