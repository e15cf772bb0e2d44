import type { IncomingMessage } from './incoming-message.ts';
import { almostJson } from './json-repair.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** More than any device of the catalogue writes; larger payloads are only for Ampra's own format. */
const MOST_BYTES = 256 * 1024;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;
/** How much of an object is looked at: devices write a few hundred values a few levels deep. */
const MOST_LEAVES = 600;
const DEEPEST = 5;
/** Of a list of numbers (cells), and of one of objects (values with names). */
const [LONGEST_LIST, LONGEST_OF_OBJECTS] = [8, 120];
const LONGEST_INNER = 8000;
/** No device calls a value so; words are looked for in names, and in a very long one for very long. */
const LONGEST_NAME = 100;
const NO_LEAVES: Leaves = { byPath: new Map(), names: new Set() };

/** What an object holds at the ends of its branches, by path (`Site.P_PV`, `0.freq`), and every name in it. */
export interface Leaves {
  readonly byPath: ReadonlyMap<string, unknown>;
  readonly names: ReadonlySet<string>;
}

/** A message with what dialects ask of it again and again, worked out once and only when asked for. */
export class MessageView implements IncomingMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly receivedAt: number;
  readonly isRetained: boolean;
  private parts: string[] | undefined;
  private decoded: string | null | undefined;
  private parsed: Record<string, unknown> | null | undefined;
  private flat: Leaves | undefined;
  private pattern: string | undefined;

  constructor(message: IncomingMessage) {
    this.topic = message.topic;
    this.payload = message.payload;
    this.receivedAt = message.receivedAt;
    this.isRetained = message.isRetained;
  }

  /** The topic's levels. */
  get segments(): readonly string[] {
    this.parts ??= this.topic.split('/');
    return this.parts;
  }

  /** A level counted from the end (0 is the last), '' where the topic is shorter. */
  tail(fromEnd: number): string {
    const { segments } = this;
    return segments[segments.length - 1 - fromEnd] ?? '';
  }

  /** The last level with `#` for each number in it: `pv2_power` is `pv#_power`. */
  get lastPattern(): string {
    this.pattern ??= patternOf(this.tail(0));
    return this.pattern;
  }

  /** The levels before the last `count`: what the owner configured as base topic. */
  base(count: number): string {
    return this.segments.slice(0, -count).join('/');
  }

  /** The payload as text; null when it is not UTF-8 or too long for a device's message. */
  get text(): string | null {
    if (this.decoded === undefined) this.decoded = this.payload.length > MOST_BYTES ? null : decode(this.payload);
    return this.decoded;
  }

  /** True when the payload looks like a JSON object, which is cheap to ask. */
  get looksLikeObject(): boolean {
    return this.payload[0] === OPENING_BRACE;
  }

  /** True when the payload looks like a JSON object or list. */
  get looksLikeData(): boolean {
    return this.payload[0] === OPENING_BRACE || this.payload[0] === OPENING_BRACKET;
  }

  /**
   * The plain value of a message about one thing: the text, or what stands under `value` where a bridge wrapped it in an
   * object (`{"value": 12}`). Null for any other object.
   */
  get scalar(): unknown {
    if (!this.looksLikeObject) return this.text;
    const { json } = this;
    return json !== null && (typeof json.value === 'number' || typeof json.value === 'string') ? json.value : null;
  }

  /** The values of a JSON object or list, however deep they stand; none of anything else. */
  get leaves(): Leaves {
    if (this.flat === undefined) {
      const isList = this.payload[0] === OPENING_BRACKET;
      const root = isList ? parseJson(this.text) : this.json;
      this.flat = typeof root === 'object' && root !== null ? leavesOf(root) : NO_LEAVES;
    }
    return this.flat;
  }

  /** The payload as a JSON object; null when it is anything else. */
  get json(): Record<string, unknown> | null {
    if (this.parsed === undefined) this.parsed = this.looksLikeObject ? parse(this.text) : null;
    return this.parsed;
  }
}

const DIGITS = /\d+/g;

/** A name with `#` for each number in it. */
export const patternOf = (name: string): string => name.replace(DIGITS, '#');

function decode(payload: Uint8Array): string | null {
  try {
    return utf8.decode(payload);
  } catch {
    return null;
  }
}

const parse = (text: string | null): Record<string, unknown> | null => asObject(parseJson(text));

export function parseJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return almostJson(text) ?? null;
  }
}

function leavesOf(root: object): Leaves {
  const byPath = new Map<string, unknown>();
  const names = new Set<string>();
  const walk = (node: object, prefix: string, depth: number): void => {
    let count = 0;
    for (const name in node) {
      const value = (node as Record<string, unknown>)[name];
      const most = typeof value === 'object' ? LONGEST_OF_OBJECTS : LONGEST_LIST;
      if (byPath.size >= MOST_LEAVES || (Array.isArray(node) && ++count > most)) return;
      if (name.length > LONGEST_NAME) continue;
      // Some devices flatten their objects themselves: `20_1.batSoc`.
      names.add(name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : name);
      const inner = typeof value === 'string' ? objectIn(value) : null;
      if (inner !== null) walk(inner, `${prefix}${name}.`, depth + 1);
      else if (typeof value !== 'object') byPath.set(prefix + name, value);
      else if (value !== null && depth < DEEPEST) walk(value, `${prefix}${name}.`, depth + 1);
    }
  };
  walk(root, '', 1);
  return { byPath, names };
}

/** The object that a text holds as JSON (`{"value": "{\"SOC\": 31}"}`); null for any other text. */
function objectIn(text: string): object | null {
  if (text.length > LONGEST_INNER || !text.startsWith('{"')) return null;
  return asObject(parseJson(text));
}

/** The value if it is a JSON object (no list, not null), else null. */
export function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
