import fc from 'fast-check';

/** Values that have broken programs before, and the means to try many of them. */

/** How many times as many inputs as in the suite; `npm run test:faults` asks for many. */
export const times = Number(process.env.TEST_TIMES) || 1;

/** Inputs for one property, with a seed that is told so that a failure can be had again: `TEST_SEED`. */
export function runsOf(what: string, count: number): { numRuns: number; seed: number; endOnFailure: boolean } {
  const seed = Number(process.env.TEST_SEED) || Math.floor(Math.random() * 2 ** 31);
  const numRuns = Math.max(1, Math.round(count * times));
  console.log(`tried: ${numRuns} inputs, ${what} (TEST_SEED=${seed})`);
  // Shrinking asks a running appliance over and over; a failure of the long run shows its input as it is.
  return { numRuns, seed, endOnFailure: times > 1 };
}

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    ...['', ' ', '\u0000', 'a\u0000b', '\ud800', '\udfff\ud800', '\u202e', '\ufeff', '\u2028', 'İ', 'ﬁ', '𝕬', '👨‍👩‍👧'],
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'undefined', 'null', 'true', '[object Object]'],
    ...["' OR 1=1 --", '"; DROP TABLE users; --', '%00', '%', '%zz', '%2e%2e%2f', '..', '../../etc/passwd', 'C:\\x'],
    ...['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '{{7*7}}', '`x`', 'javascript:alert(1)'],
    ...['a\r\nSet-Cookie: x=y', '\n', '\t', '-1', '0x10', '1e999', '1,5', 'NaN', 'Infinity', '9'.repeat(400)],
    ...['9999-99-99', '0000-00-00', '+275760-09-13T00:00:00.001Z', '2026-02-30', '2026-03-29T02:30:00', '1970-01-01'],
    ...['//evil.example', 'http://[::1', 'a@b', '@', `${'x'.repeat(300)}@example.org`, 'x'.repeat(70_000)],
  ),
);

export const hostileNumber: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, -1, 0.1, 1e-320, 1e15, 2 ** 31, 2 ** 53, 2 ** 53 + 2, 1e308, -1e308, Number.NaN, Infinity),
);

const deep = (levels: number): unknown => Array.from({ length: levels }).reduce((inner) => [inner], 1 as unknown);

/** Anything that JSON can say. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], deep(3000), { length: 1e9 }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(hostileText, { maxLength: 5 }),
  fc.dictionary(hostileText, hostileNumber, { maxKeys: 5 }),
);

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  example?: unknown;
  examples?: unknown[];
}

/** What a JSON schema describes, mostly; now and then something else in its place, at any depth. */
export function fromSchema(schema: Schema, find: (ref: string) => Schema, depth = 0): fc.Arbitrary<unknown> {
  const fitting = fitsSchema(schema, find, depth);
  return fc.oneof({ weight: 6, arbitrary: fitting }, { weight: 1, arbitrary: hostileJson });
}

function fitsSchema(schema: Schema, find: (ref: string) => Schema, depth: number): fc.Arbitrary<unknown> {
  if (schema.$ref) return fitsSchema(find(schema.$ref), find, depth + 1);
  if (depth > 6) return fc.constant(null);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return fc.oneof(...choices.map((one) => fromSchema(one, find, depth + 1)));
  const types = [schema.type ?? 'string'].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema, find, depth)));
}

function ofType(type: string, schema: Schema, find: (ref: string) => Schema, depth: number): fc.Arbitrary<unknown> {
  if (type === 'object') return objectOf(schema, find, depth);
  if (type === 'array') return fc.array(fromSchema(schema.items ?? {}, find, depth + 1), { maxLength: 5 });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'integer')
    return fc.integer({ min: bounded(schema.minimum, -10), max: bounded(schema.maximum, 10_000) });
  if (type === 'number') return fc.double({ min: schema.minimum ?? -1000, max: schema.maximum ?? 1000, noNaN: true });
  return textOf(schema);
}

/** What JSON schemas leave open is given as the largest safe number. */
const bounded = (limit: number | undefined, otherwise: number): number =>
  limit === undefined || Math.abs(limit) > 2 ** 52 ? otherwise : Math.trunc(limit);

function textOf({ format, example, examples }: Schema): fc.Arbitrary<string> {
  const known = [example, ...(examples ?? [])].filter((one) => typeof one === 'string');
  const usual =
    format === 'uuid'
      ? fc.uuid()
      : format === 'date-time'
        ? fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
        : format === 'date'
          ? fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))
          : fc.string({ maxLength: 20 });
  return known.length > 0 ? fc.oneof(fc.constantFrom(...known), usual, hostileText) : fc.oneof(usual, hostileText);
}

function objectOf(schema: Schema, find: (ref: string) => Schema, depth: number): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, fromSchema(one, find, depth + 1)]);
  const known = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
  const more = fc.oneof(
    { weight: 5, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(hostileText, hostileJson, { maxKeys: 2 }) },
  );
  const required = Object.fromEntries(fields.filter(([name]) => schema.required?.includes(name as string)));
  return fc.tuple(known, fc.record(required), more).map(([some, needed, extra]) => ({ ...some, ...needed, ...extra }));
}
