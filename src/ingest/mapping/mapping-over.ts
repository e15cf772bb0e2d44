import type { Dialect, Interpretation, InterpretedReading } from '../dialect.ts';
import { recogniseMessage } from '../dialects.ts';
import { type JsonPath, parsePath, valueAt } from '../payload/json-path.ts';
import { MessageView } from '../payload/message-view.ts';
import { type MappingRule, mappingDialect } from './mapping.ts';
import { matchPattern, parsePattern, type TopicPattern } from './topic-pattern.ts';

/**
 * A mapping together with the dialects that know the rest: what a line names is read by that line alone, and everything
 * else in the same message as it was without the mapping.
 */
export function mappingOver(rules: readonly MappingRule[], known: readonly Dialect[]): Dialect {
  const mapping = mappingDialect(rules);
  const places = rules.flatMap(placeOf);
  return {
    ...mapping,
    interpret(message, context) {
      const said = mapping.interpret(message, context);
      const rest = without(pathsNamed(places, message), message);
      // Whose message it is, its whole shape says; what is left of it may not.
      const owner = rest && recogniseMessage(message, context, known);
      return owner ? joined(said, owner.dialect.interpret(rest, context)) : said;
    },
  };
}

/** The message with nothing at these places; null when it holds no places, as a bare value does. */
export function without(paths: readonly JsonPath[], message: MessageView): MessageView | null {
  if (!message.looksLikeData || message.text === null) return null;
  let root: unknown;
  try {
    root = JSON.parse(message.text);
  } catch {
    return null;
  }
  for (const path of paths) remove(root, path);
  const { topic, receivedAt, isRetained } = message;
  return new MessageView({ topic, receivedAt, isRetained, payload: new TextEncoder().encode(JSON.stringify(root)) });
}

interface Place {
  pattern: TopicPattern;
  path: JsonPath;
}

function placeOf(rule: MappingRule): Place[] {
  const pattern = parsePattern(rule.topic);
  const path = parsePath(rule.path);
  return typeof pattern === 'string' || path === null || path.length === 0 ? [] : [{ pattern, path }];
}

function pathsNamed(places: readonly Place[], { segments }: MessageView): JsonPath[] {
  return places.filter(({ pattern }) => matchPattern(pattern, segments) !== null).map(({ path }) => path);
}

function remove(root: unknown, path: JsonPath): void {
  const last = path.at(-1);
  const holder = valueAt(root, path.slice(0, -1));
  if (typeof holder !== 'object' || holder === null || last === undefined || !Object.hasOwn(holder, last)) return;
  // The places behind it in a list stay what they are.
  if (Array.isArray(holder)) holder[Number(last)] = null;
  else delete (holder as Record<string, unknown>)[last];
}

/** One reading of what lines and dialect say of one moment; of what is wrong, only what the dialect says of a value. */
function joined(said: Interpretation, rest: Interpretation): Interpretation {
  const [own] = said.readings;
  const [other, ...more] = rest.readings;
  const rejected = [...said.rejected, ...rest.rejected.filter(({ field }) => field !== '')];
  const readings = own && other && more.length === 0 ? [together(own, other)] : [...said.readings, ...rest.readings];
  return { ...rest, readings, rejected };
}

function together(own: InterpretedReading, other: InterpretedReading): InterpretedReading {
  const metadata = { ...other.metadata, ...own.metadata };
  return {
    ...other,
    time: own.time ?? other.time,
    values: { ...other.values, ...own.values },
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}
