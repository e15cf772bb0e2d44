/**
 * Which topics are one device's, as an MQTT filter. Most devices have a base topic of their own; some bridges put many
 * devices under one, and Tasmota writes what kind of message it is before the device.
 */
const MANY_UNDER_ONE = new Set(['zigbee2mqtt', 'shellies', 'emon', 'N', 'energy', 'homeassistant', 'home', 'house']);
const KIND_BEFORE_DEVICE = new Set(['tele', 'stat', 'cmnd']);
/** Levels after which no device's name follows. */
const KIND_AFTER_DEVICE = new Set(['status', 'events', 'online', 'LiveData', 'DeviceData', 'EspData', 'Data', 'Alive']);

/** The filter of the device that sent a message on `topic`; `isKnown` when a dialect recognised it. */
export function deviceFilter(topic: string, isKnown: boolean): string {
  const levels = topic.split('/');
  const [first = '', second = ''] = levels;
  if (levels.length === 1) return topic;
  if (KIND_BEFORE_DEVICE.has(first)) return levels.length > 2 ? `+/${second}/#` : topic;
  // A thing that nobody knows: what stands beside it is taken for the same one.
  if (!isKnown) return `${levels.slice(0, -1).join('/')}/#`;
  const kind = levels.findIndex((level, i) => i > 0 && KIND_AFTER_DEVICE.has(level));
  if (kind > 0) return `${levels.slice(0, kind).join('/')}/#`;
  return MANY_UNDER_ONE.has(first) ? `${first}/${second}/#` : `${first}/#`;
}

/** A name for people out of a filter: `+/washer/#` is "washer", `solar/#` "solar". */
export function filterName(filter: string): string {
  const levels = filter.split('/').filter((level) => level !== '+' && level !== '#' && level !== '');
  return (levels.at(-1) ?? filter).replaceAll(/[_-]+/g, ' ').trim() || filter;
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
