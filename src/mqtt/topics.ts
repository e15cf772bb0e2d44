/** Longest topic or filter, bytes of UTF-8; MQTT itself allows 65,535. */
export const MAX_TOPIC_BYTES = 1024;
/** Most levels of a topic or filter. */
export const MAX_TOPIC_LEVELS = 32;

/** Levels of a topic: one more than its slashes. */
export function levelCount(topic: string): number {
  let levels = 1;
  for (let i = 0; i < topic.length; i++) if (topic.charCodeAt(i) === 47) levels++;
  return levels;
}

/** Why a topic cannot be published to, or null. Not about rights. */
export function topicProblem(topic: string): string | null {
  if (topic.length === 0) return 'the topic is empty';
  if (topic.length > MAX_TOPIC_BYTES) return `the topic is longer than ${MAX_TOPIC_BYTES} characters`;
  if (topic.includes('#') || topic.includes('+')) return 'the topic contains a wildcard';
  if (topic.includes('\u0000')) return 'the topic contains U+0000';
  if (levelCount(topic) > MAX_TOPIC_LEVELS) return `the topic has more than ${MAX_TOPIC_LEVELS} levels`;
  return null;
}

/** A filter and, when it is shared, its group (MQTT 5.0, section 4.8.2). */
export interface ParsedFilter {
  filter: string;
  group: string | null;
}

const SHARED = '$share/';
/** `$`: topics that begin with it are the broker's own [MQTT-4.7.2-1]. */
export const DOLLAR = 36;
const HASH = 35;
const PLUS = 43;

/** Takes a well-formed filter apart; null when it is longer or deeper than this broker takes. */
export function parseFilter(text: string): ParsedFilter | null {
  const slash = text.startsWith(SHARED) ? text.indexOf('/', SHARED.length) : -1;
  const filter = text.slice(slash + 1);
  if (filter.length > MAX_TOPIC_BYTES || levelCount(filter) > MAX_TOPIC_LEVELS) return null;
  return { filter, group: slash === -1 ? null : text.slice(SHARED.length, slash) };
}

/** True if wildcards stand where they may, and a shared filter names its group (MQTT 5.0, sections 4.7 and 4.8.2). */
export function isWellFormedFilter(text: string): boolean {
  if (!text.startsWith(SHARED)) return hasFairWildcards(text);
  const slash = text.indexOf('/', SHARED.length);
  if (slash === -1) return false;
  const group = text.slice(SHARED.length, slash);
  return group.length > 0 && !/[#+]/.test(group) && hasFairWildcards(text.slice(slash + 1));
}

function hasFairWildcards(filter: string): boolean {
  if (filter.length === 0) return false;
  const levels = filter.split('/');
  return levels.every((level, i) => {
    if (level === '+') return true;
    if (level === '#') return i === levels.length - 1;
    return !level.includes('+') && !level.includes('#');
  });
}

/** True if `topic` matches `filter`; topics that begin with `$` are not matched by a leading wildcard [MQTT-4.7.2-1]. */
export function matches(filter: string, topic: string): boolean {
  const first = filter.charCodeAt(0);
  if (topic.charCodeAt(0) === DOLLAR && (first === PLUS || first === HASH)) return false;
  // By position: thousands of retained topics are compared with a filter, and taking them apart costs more than that.
  let f = 0;
  let t = 0;
  while (f <= filter.length) {
    const code = filter.charCodeAt(f);
    if (code === HASH) return true;
    if (t > topic.length) return false;
    const filterEnd = levelEnd(filter, f);
    const topicEnd = levelEnd(topic, t);
    if (code !== PLUS) {
      if (filterEnd - f !== topicEnd - t) return false;
      for (let i = f; i < filterEnd; i++) if (filter.charCodeAt(i) !== topic.charCodeAt(t + i - f)) return false;
    }
    f = filterEnd + 1;
    t = topicEnd + 1;
  }
  return t > topic.length;
}

function levelEnd(text: string, from: number): number {
  const slash = text.indexOf('/', from);
  return slash === -1 ? text.length : slash;
}

/** True if every topic that matches `inner` also matches `outer`. */
export function covers(outer: string, inner: string): boolean {
  const o = outer.split('/');
  const n = inner.split('/');
  for (let i = 0; i < o.length; i++) {
    if (o[i] === '#') return true;
    if (i >= n.length) return false;
    if (n[i] === '#') return false;
    if (o[i] === '+') continue;
    if (n[i] === '+' || o[i] !== n[i]) return false;
  }
  return o.length === n.length;
}
