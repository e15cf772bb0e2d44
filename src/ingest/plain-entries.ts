import { numberOf, quantityOf } from './field-draft.ts';
import { asObject, type Leaves, type MessageView } from './message-view.ts';

/** A number of a message with the path that names it and the unit that stands beside it ('' where none does). */
export interface PlainEntry {
  path: string;
  value: number;
  unit: string;
}

const VALUE = /^(value|val|v|state|reading|now|current_value)$/i;
const UNIT = ['unit', 'unit_of_measurement', 'units', 'uom', 'Unit'];
const NAME = ['name', 'key', 'label', 'id', 'sensor', 'parameter', 'channel', 'description'];
const MOST_WRAPPINGS = 8;

/** The one number of a message about one thing: plain, with its unit (`1.2 kW`), or wrapped (`{"value": 1.2, "unit": "kW"}`). */
export function onlyEntry(message: MessageView): PlainEntry | null {
  if (!message.looksLikeObject) return entry(message.topic, message.text, '');
  const json = message.json ?? {};
  const keys = Object.keys(json);
  const key = keys.length <= MOST_WRAPPINGS ? keys.find((name) => VALUE.test(name)) : undefined;
  return key === undefined ? null : entry(message.topic, json[key], unitIn(json));
}

/** Every number of an object or list, by the names above it. */
export function entriesOf({ byPath }: Leaves): PlainEntry[] {
  const entries: PlainEntry[] = [];
  for (const [path, raw] of byPath) {
    if (typeof raw === 'boolean') continue;
    const cut = path.lastIndexOf('.');
    const [front, name] = cut < 0 ? ['', path] : [path.slice(0, cut), path.slice(cut + 1)];
    const beside = (key: string) => byPath.get(front === '' ? key : `${front}.${key}`);
    const isWrapped = front !== '' && VALUE.test(name);
    const unit = isWrapped
      ? textOf(UNIT.map(beside))
      : textOf([beside(`${name}_unit`), beside(`${name}Unit`), byPath.get(`units.${name}`), front && beside('units')]);
    const own = isWrapped ? front : inList(path, name, front, byPath);
    const label = isWrapped && /(^|\.)\d+$/.test(front) ? textOf(NAME.map(beside)) : '';
    const found = entry((label || own).replaceAll('.', '/'), raw, unit);
    if (found) entries.push(found);
  }
  return entries;
}

/** Of a list of numbers (`pv_power: [1200, 900]`) the first is number one. */
function inList(path: string, name: string, front: string, byPath: ReadonlyMap<string, unknown>): string {
  const isListed = /^\d$/.test(name) && front !== '' && typeof byPath.get(`${front}.0`) === 'number';
  return isListed ? `${front}.${Number(name) + 1}` : path;
}

function entry(path: string, raw: unknown, unit: string): PlainEntry | null {
  const plain = numberOf(raw);
  if (plain !== null) return { path, value: plain, unit };
  const quantity = quantityOf(raw);
  return quantity && { path, ...quantity };
}

const unitIn = (json: Record<string, unknown>) => textOf(UNIT.map((name) => asObject(json)?.[name]));

const textOf = (candidates: readonly unknown[]): string => {
  const found = candidates.find((one) => typeof one === 'string' && one.length <= 40);
  return typeof found === 'string' ? found.trim() : '';
};
