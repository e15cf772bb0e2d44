import { isOtherKind } from '../announced/announced-metric.ts';
import { ofEntity, withoutNode } from '../announced/bare-entity.ts';
import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { behind, Draft, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';
import { bareMeaning, fromOne, isBothWays, isRegister, SOLD_AT } from '../plain/bare-meter.ts';
import { saidOf } from '../plain/plain-beside.ts';
import { entriesOf, onlyEntry, type PlainEntry } from '../plain/plain-entries.ts';
import type { Named } from '../plain/plain-meaning.ts';
import { OF_A_CHARGER } from '../plain/plain-object.ts';
import { saysNothing } from '../words/name-words.ts';
import { isAside } from '../words/not-measured.ts';

/**
 * A meter or plug that nobody knows, of which its owner said what it measures: bare `power`, `voltage`, `current`, `frequency`
 * and `energy`, one object or one a topic, go where the source's role says. Written from no device. Without a role nothing is
 * read, and energy only with a unit or a fraction: then it is in kWh.
 */
const likely: Recognition = { sureness: 0.3, reason: 'bare values of what its owner calls a meter' };

export const dialect: Dialect = {
  name: 'plain-meter',
  isLastResort: true,

  recognise(message, context) {
    return readAll(message, context).length > 0 ? likely : null;
  },

  interpret(message, context) {
    const found = readAll(message, context);
    if (found.length === 0) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    for (const { field, value, id, order } of found) draft.take(behind(field), value, { id, order });
    return draft.finish(null, !message.looksLikeData);
  },
};

function readAll(message: MessageView, context: DialectContext): Named[] {
  const { role, memory } = context;
  if (role === undefined || role === 'system') return [];
  const said = saidOf(message, context);
  if (isOtherKind(said)) return [];
  const only = message.looksLikeData ? null : onlyEntry(message, said.unit);
  const entries = message.looksLikeData ? fromOne(entriesOf(message.leaves)) : only ? [only] : [];
  if (entries.some(isRegister) || (role !== 'load' && OF_A_CHARGER.test(message.topic))) return [];
  const found = entries.flatMap((entry) => {
    const path = message.looksLikeData ? ownPath(entry, entries) : entry.path;
    if (path === null || path.split('/').slice(0, -1).some(isAside) || isPressure(path, message.topic, entries))
      return [];
    const meaning =
      bareMeaning(path, entry, role) ??
      bareMeaning(withoutNode(path), entry, role) ??
      ofEntity(message, entry, context);
    if (meaning && isBothWays(meaning) && memory?.parts.knowsBase(SOLD_AT, message.base(1))) return [];
    return meaning ? [{ ...meaning, ...(only && outletOf(message)), value: entry.value }] : [];
  });
  return withoutThousandths(withoutOthers(entries.some(isInterval) ? found.filter(isNoEnergy) : found));
}

/** `p` is a pressure where the air is measured: by its name, or by how warm or damp it is and nothing electric beside. */
function isPressure(path: string, topic: string, entries: readonly PlainEntry[]): boolean {
  const has = (name: RegExp) => entries.some((entry) => name.test(entry.path));
  return /(^|\/)p$/i.test(path) && (AIR.test(`${topic}/${path}`) || (has(WARMTH) && !has(ELECTRIC)));
}
const AIR = /(?<![a-z])(barom|weather|wetter|meteo|climat|thermo|hygro|bm[ep]\d|dht\d|sht\d)/i;
const [WARMTH, ELECTRIC] = [/(^|\/)(t|h|temp\w*|hum\w*)$/i, /(^|\/)([uvia]\d?|volt\w*|current\w*|energy\w*)$/i];

/** Energies beside it may be an interval's. */
const isInterval = ({ path }: PlainEntry): boolean => /(^|\/)interval$/i.test(path);
const isNoEnergy = ({ metric }: Named): boolean => !/^(total|daily)/.test(metric);

/** One of the outlets of a strip, whose powers go together. */
const OUTLET = /^(port|outlet|socket|plug)[_-]?(\d{1,2})$/i;
function outletOf(message: MessageView): { id: string; order: number } | null {
  const [, , number] = OUTLET.exec(message.tail(1)) ?? [];
  return number === undefined ? null : { id: `outlet ${number}`, order: Number(number) };
}

/** Without wholes that are several things: of different objects, each of which has its own. */
function withoutOthers(found: readonly Named[]): Named[] {
  const isOther = (one: Named) =>
    found.some(
      (other) => other.order === 0 && one.order === 0 && other.metric === one.metric && other.value !== one.value,
    );
  return found.filter((one) => one.id !== '' || !/Power$|Current$/.test(one.metric) || !isOther(one));
}

const [LEAST_W, MOST_APART] = [20, 0.05];
/** Without a whole in kW beside phases in W. */
function withoutThousandths(found: readonly Named[]): Named[] {
  const phases = found.filter(({ metric, order }) => order > 0 && /Power$/.test(metric));
  const watts = phases.reduce((sum, { value }) => sum + value, 0);
  if (phases.length === 0 || Math.abs(watts) < LEAST_W) return [...found];
  const isThousandth = ({ metric, order, value }: Named) =>
    order === 0 && metric === phases[0]?.metric && Math.abs(value * 1000 - watts) < MOST_APART * Math.abs(watts);
  return found.filter((one) => !isThousandth(one));
}

const MOST_LEVELS = 2;
const isIndex = (level: string): boolean => /^\d+$/.test(level);

/**
 * The path of a value in an object without the levels that say nothing (a list of one, `samples`); null for what lies deeper, in a list of several
 * things, or in one of more than three phases.
 */
function ownPath({ path }: PlainEntry, entries: readonly PlainEntry[]): string | null {
  const levels = path.split('/');
  const above = levels.slice(0, -1);
  const last = levels.at(-1) ?? '';
  const isListed = isIndex(last);
  if (above.some((level) => isIndex(level) && !(isListed && level === '0'))) return null;
  const isOneOfMany = (other: PlainEntry) =>
    other.path === [...above, '4'].join('/') ||
    other.path
      .split('/')
      .slice(0, -1)
      .some((level) => /^[1-9]/.test(level));
  if (isListed && entries.some(isOneOfMany)) return null;
  const own = [...above.filter((level) => !isIndex(level) && !saysNothing(level)), last];
  if (own.length > MOST_LEVELS + (isListed ? 1 : 0)) return null;
  return (isListed ? own.slice(-2) : own).join('/');
}
