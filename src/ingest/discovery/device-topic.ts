/**
 * Which topics are one device's, as an MQTT filter. Most devices have a base topic of their own; some bridges put many
 * devices under one, and Tasmota writes what kind of message it is before or after the device.
 */
const MANY_UNDER_ONE = new Set(['zigbee2mqtt', 'shellies', 'emon', 'N', 'energy', 'homeassistant', 'home', 'house']);
const TASMOTA_KINDS = new Set(['tele', 'stat', 'cmnd']);
/** Levels after which no device's name follows. */
const KIND_AFTER_DEVICE = new Set(['status', 'events', 'online', 'LiveData', 'DeviceData', 'EspData', 'Data', 'Alive']);
/** ESPHome and Home Assistant write between node and value what kind of thing it is: `node/sensor/pv_power/state`. */
const COMPONENTS = new Set(['sensor', 'binary_sensor', 'text_sensor', 'number', 'select', 'switch']);
/** A last level that adds nothing to the value's name before it. */
const WRAPPERS = new Set(['state', 'value', 'status']);

/** True for a last level that only says that the value of the level before it follows. */
export const isWrapper = (level: string | undefined): boolean => level !== undefined && WRAPPERS.has(level);

/** The filter of the device that sent a message on `topic`; `isKnown` when a dialect recognised it. */
export function deviceFilter(topic: string, isKnown: boolean): string {
  const levels = topic.split('/');
  const [first = '', second = ''] = levels;
  if (levels.length === 1) return topic;
  const under = (count: number) => `${levels.slice(0, Math.max(1, count)).join('/')}/#`;
  const tasmota = levels.findIndex((level) => TASMOTA_KINDS.has(level));
  if (tasmota >= 0 && levels.length > tasmota + 2)
    return [...levels.slice(0, tasmota), '+', levels[tasmota + 1], '#'].join('/');
  if (tasmota >= 0) return tasmota > 0 ? under(tasmota) : topic;
  const component = levels.findIndex((level, i) => i > 0 && COMPONENTS.has(level));
  if (component > 0 && first !== 'homeassistant' && isWrapper(levels.at(-1))) return under(component);
  // A thing that nobody knows: what stands beside it is taken for the same one.
  if (!isKnown) return under(levels.length - (isWrapper(levels.at(-1)) ? 2 : 1));
  const kind = levels.findIndex((level, i) => i > 0 && KIND_AFTER_DEVICE.has(level));
  if (kind > 0) return under(kind);
  return MANY_UNDER_ONE.has(first) ? `${first}/${second}/#` : `${first}/#`;
}

/** Serial numbers and ids: hexadecimal ones, and others of at least eight signs of which half or more are digits. */
const isSerial = (level: string): boolean =>
  /^(?=.*\d)[\da-f]{8,}$/i.test(level) || (level.length >= 8 && level.replaceAll(/\D/g, '').length * 2 >= level.length);

/**
 * A name for people out of a filter: `+/washer/#` is "washer", `solar/#` "solar". A serial number is called after `family`, who
 * writes there, with its last digits; a number alone after what it stands under.
 */
export function filterName(filter: string, family: string | null = null): string {
  const levels = filter.split('/').filter((level) => level !== '+' && level !== '#' && level !== '');
  if (levels[0] === 'homeassistant' && levels.length <= 2) return 'Home Assistant';
  const last = levels.at(-1) ?? filter;
  if (family !== null && isSerial(last)) return `${family} ${last.slice(-4)}`;
  const telling = levels.findLastIndex((level) => /\p{L}/u.test(level));
  const told = telling < 0 ? [last] : levels.slice(telling);
  return told.join(' ').replaceAll(/[_-]+/g, ' ').trim() || filter;
}

const MOST_LEVELS = 32;
const LONGEST = 1024;

/** Why a filter cannot be claimed, or null: it must name something, and not what is Ampra's own. */
export function filterProblem(filter: string): string | null {
  const levels = filter.split('/');
  if (filter.length === 0 || filter.length > LONGEST) return 'must have 1 to 1024 characters';
  if (levels.length > MOST_LEVELS) return `must have at most ${MOST_LEVELS} levels`;
  if (filter.includes('\u0000')) return 'must not hold U+0000';
  for (const [i, level] of levels.entries()) {
    if (level === '+' || (level === '#' && i === levels.length - 1)) continue;
    if (/[+#]/.test(level)) return 'may have + for one level and # at its end only';
  }
  if (levels.every((level) => level === '+' || level === '#')) return 'must name at least one level';
  return levels[0] === 'ampra' || filter.startsWith('$') ? 'must not begin with ampra/ or $' : null;
}

/** True if `topic` matches `filter` (MQTT 5.0, section 4.7). */
export function matchesFilter(filter: readonly string[], topic: readonly string[]): boolean {
  for (let i = 0; i < filter.length; i++) {
    if (filter[i] === '#') return true;
    if (i >= topic.length) return false;
    if (filter[i] !== '+' && filter[i] !== topic[i]) return false;
  }
  return filter.length === topic.length;
}

/** How much a filter says: of two that match, the one with the higher figure is meant. */
export function filterWeight(filter: string): number {
  return filter.split('/').reduce((sum, level) => sum + (level === '#' ? 0 : level === '+' ? 1 : 100), 0);
}
