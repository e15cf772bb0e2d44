import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import { fromSchema, hostileJson, hostileText, runsOf } from '../../../src/testing/hostile.ts';
import { type Answer, House, type Token } from '../../authorisation/house.ts';

/**
 * Every route of the API, asked with what its own description allows and with what it does not: parameters and bodies are
 * made from the OpenAPI document. Whatever is sent, the answer is a success or says what is wrong; never a 500.
 */
setDefaultTimeout(3_600_000);

type Json = Record<string, unknown>;
interface Operation {
  method: string;
  path: string;
  parameters: { name: string; in: string; schema: Json }[];
  body: Json | null;
}

let house: House;
let operations: Operation[];
let find: (ref: string) => Json;
/** What is there to be asked about. */
const real = { source: '', group: '', connection: '', user: '', token: '' };
const makers: Record<keyof typeof real, () => string | Promise<string>> = {
  source: () => house.makeSource(),
  group: () => house.makeGroup(),
  connection: () => {
    const { service } = house.app.features.connections;
    // There may be twenty; those that inputs made are not needed.
    for (const { connection } of service.listFor(house.viewer('owner')))
      service.remove(house.viewer('owner'), connection.id);
    return house.makeConnection();
  },
  user: () => house.makeUser(),
  token: () => house.makeToken(),
};

beforeAll(async () => {
  house = await House.start();
  const { text } = await house.send('GET', '/api/v1/openapi.json');
  const document = JSON.parse(text);
  find = (ref) =>
    ref
      .slice(2)
      .split('/')
      .reduce((at, key) => at[key], document);
  const paths = Object.entries<Json>(document.paths).filter(([path]) => path.startsWith('/api/'));
  operations = paths.flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Json>).map(([method, about]) => ({
      ...{ method: method.toUpperCase(), path },
      parameters: (about.parameters ?? []) as Operation['parameters'],
      body: bodySchema(about.requestBody as Json | undefined),
    })),
  );
  for (const kind of Object.keys(real) as (keyof typeof real)[]) real[kind] = await makers[kind]();
});
afterAll(() => house?.dispose());

function bodySchema(body: Json | undefined): Json | null {
  const content = body?.content as Record<string, { schema: Json }> | undefined;
  return content?.['application/json']?.schema ?? null;
}

interface Call {
  operation: Operation;
  values: Record<string, unknown>;
  body: unknown;
  raw: string | null;
  type: string;
}

function calls(operation: Operation): fc.Arbitrary<Call> {
  const values = Object.fromEntries(
    operation.parameters.map(({ name, schema }) => [
      name,
      fc.oneof({ weight: 3, arbitrary: fromSchema(schema, find) }, { weight: 1, arbitrary: hostileText }),
    ]),
  );
  return fc.record({
    operation: fc.constant(operation),
    values: fc.record(values, { requiredKeys: [] }),
    body: operation.body ? fromSchema(operation.body, find).map(harmless) : fc.constant(undefined),
    raw: fc.oneof(
      { weight: 9, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.oneof(hostileText, fc.constantFrom('{', '[1,', '{"a":1}x', '[]', '"x"', '1e999')) },
    ),
    type: fc.oneof(
      { weight: 12, arbitrary: fc.constant('application/json') },
      { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/xml', 'application/json;charset=utf-16', '') },
    ),
  });
}

/** Nothing of these tests leaves this machine: connections lead to it alone, and no User gets there. */
function harmless(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('host' in body)) return body;
  return { ...body, host: typeof body.host === 'string' ? '127.0.0.1' : body.host, isOn: false };
}

const kinds: [RegExp, keyof typeof real][] = [
  [/\/sources\//, 'source'],
  [/\/groups\//, 'group'],
  [/\/connections\//, 'connection'],
  [/\/users\//, 'user'],
  [/\/tokens\//, 'token'],
];

function kindOf({ path }: Operation): keyof typeof real | undefined {
  return kinds.find(([pattern]) => pattern.test(path))?.[1];
}

/** The path with its parameters: often the thing that is there, else whatever came. */
function pathOf({ operation, values }: Call, isReal: boolean): string {
  const kind = kindOf(operation);
  let isFirst = true;
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = isFirst && isReal && kind ? real[kind] : textOf(values[name] ?? 'x');
    isFirst = false;
    // Steps in a path are taken before anybody is asked.
    if (/^\.{1,2}$/.test(value)) return 'x';
    return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '?').slice(0, 2000)) || 'x';
  });
  const query = new URLSearchParams();
  for (const { name, in: place } of operation.parameters)
    if (place === 'query' && name in values) query.append(name, textOf(values[name]).slice(0, 4000));
  return query.size > 0 ? `${path}?${query}` : path;
}

/** As it stands in an address; objects too. */
function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function tokenFor({ path }: Operation): Token {
  return /\/users/.test(path) ? 'admin' : 'write';
}

function problemOf({ status, headers, text }: Answer): string | null {
  if (status >= 500) return `${status} ${text.slice(0, 300)}`;
  if (status < 400) return null;
  if (!headers.get('Content-Type')?.startsWith('application/problem+json')) return `${status} is no problem+json`;
  const { detail, title, code } = JSON.parse(text);
  return typeof detail === 'string' && detail.length > 3 && title && code ? null : `${status} says nothing: ${text}`;
}

test('any parameters and bodies at any route get a success or a clear refusal', async () => {
  const statuses = new Map<number, number>();
  const tried = operations.map((operation) => calls(operation));
  expect(tried.length).toBeGreaterThan(30);
  const property = fc.asyncProperty(fc.oneof(...tried), fc.integer({ min: 0, max: 3 }), async (call, luck) => {
    const { operation, body, raw, type } = call;
    const path = pathOf(call, luck > 0);
    const headers = { 'Content-Type': type };
    const hasBody = operation.method !== 'GET' && operation.method !== 'DELETE';
    const sent = hasBody ? (raw === null ? { json: body ?? {}, headers } : { raw, headers }) : {};
    const answer = await house.askWith(tokenFor(operation), operation.method, path, sent);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const problem = problemOf(answer);
    if (problem) throw new Error(`${operation.method} ${path}: ${problem}`);
    const kind = operation.method === 'DELETE' && answer.status === 204 && kindOf(operation);
    if (kind) real[kind] = await makers[kind]();
  });
  await fc.assert(property, runsOf('API parameters and bodies', 200));
  const broken = house.app.base.logLines.newest().filter(({ level }) => level === 'error');
  expect(broken.map(({ message, fields }) => [message, fields.error])).toEqual([]);
  // Not everything was refused, nor everything taken: the inputs are of both kinds.
  expect([...statuses.keys()].filter((status) => status < 300).length).toBeGreaterThan(0);
  expect(statuses.get(400) ?? 0).toBeGreaterThan(0);
});

test('a deep, wide or endless body is refused, and the appliance goes on', async () => {
  const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const wide = `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join(',')}}`;
  const long = `{"name":"${'x'.repeat(3_000_000)}"}`;
  // Of too many names it is not even parsed.
  for (const [raw, status] of [
    [nested, 400],
    [wide, 413],
    [long, 400],
    [`{"name":${nested}}`, 400],
  ] as const) {
    const answer = await house.askWith('write', 'POST', '/api/v1/sources', {
      raw,
      headers: { 'Content-Type': 'application/json' },
    });
    expect(answer.status).toBe(status);
  }
  expect((await house.askWith('read', 'GET', '/api/v1/sources')).status).toBe(200);
});

test('whatever somebody says about themselves is taken or refused', async () => {
  const property = fc.asyncProperty(hostileJson, async (value) => {
    const answer = await house.askWith('write', 'PATCH', '/api/v1/me', { json: value });
    expect(problemOf(answer)).toBeNull();
  });
  await fc.assert(property, runsOf('bodies of the own account', 60));
});
