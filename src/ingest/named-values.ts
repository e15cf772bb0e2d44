import type { Dialect, Recognition } from './dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from './field-draft.ts';
import { FieldTable } from './field-table.ts';
import { type Leaves, type MessageView, patternOf } from './payload/message-view.ts';
import { takeRest } from './plain/plain-rest.ts';
import { TellingNames } from './words/telling-names.ts';

/** A device family that is known by what it calls its values, whatever the topic: many in one object, or one a topic. */
export interface NamedValues {
  name: string;
  /** In a few words for people: whose names they are. */
  reason: string;
  /**
   * What the names mean: a value's own name (`P_PV`) or with those above it (`grid.delivery`), `#` for any number. One
   * value a topic is found by the last levels of it.
   */
  fields: Record<string, Field>;
  /** Names that nobody else gives: one of them makes a message this family's. */
  telling: readonly string[];
  /** Names that others give, too: telling only under a topic that names the maker. */
  tellingUnder?: { topic: RegExp; names: readonly string[] };
  /** How many of the fields an object must have beside. */
  atLeast?: number;
  sureness?: number;
  commandTopics?: readonly string[];
  /** True where the fields may stand below names that the table does not have: then the last ones count. */
  anyDepth?: boolean;
  /** Makes a plain number of what this family writes for one. */
  asNumber?(raw: unknown): unknown;
  /** True for a value of something that is not there, by what is said beside. */
  isAbsent?(path: string, leaves: Leaves): boolean;
  /** What a table cannot say: values that depend on each other, or on what a source measures. */
  readMore?(draft: Draft, leaves: Leaves, message: MessageView): void;
  /** Where the device's clock stands. */
  time?: string;
}

/** The telling names of all families. */
const NAMES = new TellingNames();

/** The dialect of such a family. */
export function namedValues(family: NamedValues): Dialect {
  const { name, atLeast = 2, sureness = 0.85, anyDepth = false, asNumber = (raw: unknown) => raw } = family;
  const table = new FieldTable(family.fields);
  const telling = new Set(family.telling);
  const both = new Set([...telling, ...(family.tellingUnder?.names ?? [])]);
  const tellingAt = (topic: string) => (family.tellingUnder?.topic.test(topic) ? both : telling);
  // What the last level of a topic may be: most messages of others are put aside by this alone.
  const lastLevels = new Set([...Object.keys(family.fields), ...both].map((path) => patternOf(lastOf(path))));
  const key = {};
  const keyUnder = {};
  NAMES.add(key, telling);
  NAMES.add(keyUnder, family.tellingUnder?.names ?? []);
  const tells = (message: MessageView) =>
    NAMES.tellOf(key, message) ||
    (family.tellingUnder !== undefined &&
      NAMES.tellOf(keyUnder, message) &&
      family.tellingUnder.topic.test(message.topic));
  const certain: Recognition = { sureness, reason: family.reason };
  const plain: Recognition = { sureness: sureness - 0.2, reason: family.reason };
  const nameIn = (path: string) =>
    table.has(path) ? path : anyDepth ? shorter(path).find((p) => table.has(p)) : undefined;

  function isOwnObject(message: MessageView): boolean {
    if (!tells(message)) return false;
    const { leaves } = message;
    let count = 0;
    for (const [path, value] of leaves.byPath)
      if (numberOf(asNumber(value)) !== null && nameIn(path) !== undefined && ++count >= atLeast) return true;
    return atLeast === 0;
  }

  function take(draft: Draft, path: string, raw: unknown): void {
    const name = nameIn(path) ?? '';
    const found = table.find(name);
    if (found === null || typeof raw === 'boolean') return;
    const { field, number } = found;
    const front = path.slice(0, path.length - name.length);
    // Parts that have names instead of numbers are told apart by those, and what several things of a list have by its number there.
    const id = (number !== '' || field.how === undefined) && !FURTHER_IN_LIST.test(front) ? number : path;
    draft.take(field, asNumber(raw), { id, order: Number(number.replaceAll(' ', '')) || 0 });
  }

  return {
    name,
    ...(family.commandTopics && { commandTopics: family.commandTopics }),

    recognise(message, context) {
      if (message.looksLikeData) return isOwnObject(message) ? certain : null;
      if (!lastLevels.has(message.lastPattern) || message.segments.length < 2) return null;
      if (isTelling(message, tellingAt(message.topic))) return plain;
      const isKnown = fieldNameOf(message, table) !== null && context.memory?.parts.knowsBase(name, message.base(1));
      return isKnown ? plain : null;
    },

    interpret(message, context) {
      if (message.text === null) return nothingMeasured();
      const draft = new Draft(context, message.receivedAt);
      if (message.looksLikeData) {
        const { leaves } = message;
        const isAbsent = (path: string) => family.isAbsent?.(path, leaves) === true;
        for (const [path, value] of leaves.byPath) if (!isAbsent(path)) take(draft, path, value);
        const own = (path: string) => (isAbsent(path) ? null : table.find(nameIn(path) ?? '')?.field);
        family.readMore?.(draft, leaves, message);
        // What depends on what the source measures is nothing that words say.
        if (!family.readMore) takeRest(draft, message, context, own);
        return draft.finish(family.time === undefined ? null : draft.time(leaves.byPath.get(family.time)));
      }
      if (isTelling(message, tellingAt(message.topic))) context.memory?.parts.learnBase(name, message.base(1));
      const field = fieldNameOf(message, table);
      if (field !== null) take(draft, field, message.text);
      return draft.finish(null, true);
    },
  };
}

/** Above a value: not the first of a list. */
const FURTHER_IN_LIST = /(^|\.)[1-9]\d*\./;

/** The last two names and the last one; a number is no name. */
function shorter(path: string): string[] {
  const parts = path.split('.');
  const two = parts.slice(-2).join('.');
  return [...(parts.length > 2 && !/^\d/.test(two) ? [two] : []), ...(parts.length > 1 ? [parts.at(-1) ?? ''] : [])];
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
const pathOf = (message: MessageView): string => `${message.tail(1)}.${message.tail(0)}`;

const isTelling = (message: MessageView, telling: ReadonlySet<string>): boolean =>
  telling.has(message.tail(0)) || telling.has(message.lastPattern) || telling.has(pathOf(message));

function fieldNameOf(message: MessageView, table: FieldTable): string | null {
  const path = pathOf(message);
  if (table.has(path)) return path;
  return table.has(message.tail(0)) ? message.tail(0) : null;
}
