import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import { hostileText, runsOf } from '../../../src/testing/hostile.ts';
import { png } from '../../../src/testing/images.ts';
import type { RegisteredRoute } from '../../../src/web/routes.ts';
import { type Answer, House } from '../../authorisation/house.ts';
import { samples } from '../../authorisation/samples.ts';
import { Paths } from '../../authorisation/things.ts';

/**
 * Every page and every form, asked with anything: values under the names that the pages themselves use, in addresses and
 * in what is posted, files among them. The answer is a page, a redirect within the appliance or a refusal; never a 500,
 * and nothing that was sent stands unescaped in a page.
 */
setDefaultTimeout(3_600_000);

let house: House;
let paths: Paths;
let pages: RegisteredRoute[];
let forms: RegisteredRoute[];
/** Names of the fields of all forms, and of what addresses say. */
let names: string[];

beforeAll(async () => {
  house = await House.start();
  paths = new Paths(house, true);
  const all = house.app.web.routes.registered.filter(({ kind }) => kind === 'page');
  pages = all.filter(({ method }) => method === 'get');
  // Signing out and ending one's own account say nothing about inputs; trials of connections go out to the network.
  const leftOut = /^\/(logout|users\/:id\/delete|account\/password|account\/email|setup|system\/jobs)|\/try$/;
  forms = all.filter(({ method, path }) => method !== 'get' && !leftOut.test(path));
  names = [...(await fieldNames()), 'show', 'view', 'range', 'from', 'to', 'metrics', 'as', 'page', 'before', 'level'];
  names.push('code', 'next', 'filter', 'ticket', 'wait', 'kiosk', 'do', 'rows', 'version', 'constructor', '__proto__');
});
afterAll(() => house?.dispose());

async function fieldNames(): Promise<string[]> {
  const found = new Set<string>();
  for (const { path } of pages.filter((page) => !/events|diagnostics|logo|icon/.test(page.path))) {
    const { text } = await house.ask('owner', 'GET', (await paths.about(path, false)).path);
    for (const [, name] of text.matchAll(/<(?:input|select|textarea|button)[^>]*\sname="([^"]+)"/g))
      if (name && name !== '_csrf') found.add(name);
  }
  return [...found];
}

const file = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.constant(new Uint8Array(png(8, 8))),
  hostileText.map((text) => new TextEncoder().encode(text)),
);
const fileName = fc.constantFrom('a.png', '../../x.svg', 'x\r\ny', '', 'mapping.json', `${'x'.repeat(500)}.webp`);
/** Numbers and choices that forms know, so that some get further. */
const likely = fc.constantFrom(
  '0',
  '1',
  '2',
  'mqtt',
  'system',
  'solarPower',
  '2026-06-21',
  '12.5',
  'UTC',
  'yes',
  'save',
);
/** What must never be found in a page as it is. */
const MARK = '<b id="planted">"\'&';
const value = fc.oneof({ weight: 3, arbitrary: likely }, { weight: 3, arbitrary: hostileText }, fc.constant(MARK));

function problemOf({ status, location, headers, text }: Answer): string | null {
  if (status >= 500) return `${status} ${text.replace(/<[^>]*>/g, ' ').slice(0, 200)}`;
  if (location !== null && !/^\/(?![/\\])/.test(location)) return `leads to ${location}`;
  const isPage = headers.get('Content-Type')?.startsWith('text/html');
  return isPage && text.includes(MARK) ? 'shows what was sent unescaped' : null;
}

const nameAt = (i: number): string => names[i % names.length] ?? '';

/** A name may be asked for that leads outside: no test does. */
const harmless = (name: string, text: string): string => (name === 'host' ? '127.0.0.1' : text);

test('any page with anything in its address is a page or a refusal', async () => {
  const query = fc.array(fc.tuple(fc.nat(), value), { maxLength: 5 });
  const property = fc.asyncProperty(fc.nat(), query, fc.boolean(), async (at, pairs, isFragment) => {
    const route = pages[at % pages.length];
    if (!route) return;
    const { path } = await paths.about(route.path, false);
    const asked = new URLSearchParams(pairs.map(([i, text]): [string, string] => [nameAt(i), text.slice(0, 3000)]));
    const headers = isFragment ? { 'HX-Request': 'true', 'HX-Current-URL': 'http://192.168.1.20:8080/' } : {};
    for (const who of ['owner', 'Overseer', 'nobody'] as const) {
      const answer = await house.ask(who, 'GET', `${path}?${asked}`, { headers });
      const problem = problemOf(answer);
      if (problem) throw new Error(`${path}?${asked} for ${who}: ${problem}`);
    }
  });
  await fc.assert(property, runsOf('addresses of pages', 40));
  expectNothingBroke();
});

test('any form with anything in its fields is taken or shown again with what is wrong', async () => {
  const field = fc.tuple(
    fc.nat(),
    fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.tuple(file, fileName) }),
  );
  const property = fc.asyncProperty(fc.nat(), fc.array(field, { maxLength: 10 }), async (at, fields) => {
    const route = forms[at % forms.length];
    if (!route) return;
    const { path, id, done } = await paths.about(route.path, true);
    // Mostly a form as it should be, with some of its fields spoilt.
    const sound = at % 4 === 0 ? undefined : await samples[`POST ${route.path}`]?.({ house, id, who: 'owner' });
    const form: Record<string, string | File> = Object.assign(Object.create(null), sound?.form);
    const own = Object.keys(form);
    for (const [i, content] of fields) {
      const name = own.length > 0 && i % 2 === 0 ? (own[i % own.length] ?? '') : nameAt(i);
      form[name] =
        typeof content === 'string' ? harmless(name, content) : new File([new Uint8Array(content[0])], content[1]);
    }
    const answer = await house.ask('owner', 'POST', path, { form });
    await done();
    const problem = problemOf(answer);
    if (problem) throw new Error(`${path}: ${problem}`);
  });
  await fc.assert(property, runsOf('forms', 80));
  expectNothingBroke();
});

test('any bytes as the body of a form, of whatever type they say they are', async () => {
  const type = fc.constantFrom(
    ...[
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'multipart/form-data; boundary=x',
      'text/plain',
      '',
    ],
    ...['application/json', 'multipart/form-data; boundary="', 'application/x-www-form-urlencoded; charset=utf-16'],
  );
  const part = '--x\r\nContent-Disposition: form-data; name="name"; filename="a\r\n\r\nhello\r\n--x--\r\n';
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    hostileText.map((t) => new TextEncoder().encode(part + t)),
  );
  const property = fc.asyncProperty(fc.nat(), body, type, async (at, bytes, contentType) => {
    const route = forms[at % forms.length];
    if (!route) return;
    const { path } = await paths.about(route.path, false);
    const headers = { 'Content-Type': contentType };
    const answer = await house.ask('other', 'POST', path, { raw: new Uint8Array(bytes), headers });
    const problem = problemOf(answer);
    if (problem) throw new Error(`${path} with ${contentType}: ${problem}`);
  });
  await fc.assert(property, runsOf('bodies of forms', 60));
  expectNothingBroke();
});

function expectNothingBroke(): void {
  const broken = house.app.base.logLines.newest().filter(({ level }) => level === 'error');
  expect(broken.map(({ message, fields }) => [message, fields.error, fields.path])).toEqual([]);
}
