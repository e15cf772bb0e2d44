import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { strictHeaders } from '../../src/core/strict-headers.ts';
import type { RegisteredRoute } from '../../src/web/routes.ts';
import {
  type Answer,
  House,
  type Person,
  people,
  secretNames,
  type Token,
  tokenHolders,
  withoutTokens,
} from './house.ts';
import { differences, documentPath, lineOf, type Row, rowsOf } from './read-table.ts';
import { type Sample, samples } from './samples.ts';
import { fill, noSuchId, Paths } from './things.ts';

/**
 * Asks the real appliance every request of `docs/who-may-what.md` as everybody who may ask, and compares. Whoever adds a
 * route is told which line to add; each cell is the status of the answer, or `sign in`.
 */
setDefaultTimeout(120_000);

const tables = { Page: 'page', API: 'api', Operations: 'operations' } as const;
const shownTokens = ['read', 'write', 'admin'] as const;
/** Cells of those who were not let in. */
const closed = new Set(['401', '403', '404', 'sign in']);

let house: House;
let paths: Paths;
let routes: Map<string, RegisteredRoute>;
beforeAll(async () => {
  house = await House.start();
  house.app.features.jobs.define({
    kind: 'test.fails',
    title: 'Fails',
    maxAttempts: 1,
    run: async () => {
      throw new Error('on purpose');
    },
  });
  paths = new Paths(house);
  routes = new Map(house.app.web.routes.registered.map((route) => [nameOf(route), route]));
});
afterAll(() => house?.dispose());

const nameOf = ({ method, path }: { method: string; path: string }): string => `${method.toUpperCase()} ${path}`;
const tableOf = ({ kind }: RegisteredRoute): keyof typeof tables =>
  kind === 'page' ? 'Page' : kind === 'api' ? 'API' : 'Operations';

for (const table of Object.keys(tables) as (keyof typeof tables)[]) {
  test(`${table}: the document names every route that there is, and no other`, async () => {
    const real = [...routes.values()].filter((route) => tableOf(route) === table).map(nameOf);
    const documented = rowsOf(table).map(({ about }) => about);
    const lines = new Map<string, string>();
    for (const name of real.filter((one) => !documented.includes(one))) lines.set(name, await lineNow(table, name));
    const found = differences({
      thing: 'route',
      documented,
      real,
      lineFor: (name) =>
        `${lines.get(name)}\n  (in a table that begins with ${table}; these are today's answers: change what is not meant)`,
    });
    expect(found).toEqual([]);
  });

  test(`${table}: everybody gets the answer that the document says`, async () => {
    const wrong: string[] = [];
    for (const { about, cells } of rowsOf(table).filter((row) => routes.has(row.about)))
      for (const [column, said] of Object.entries(cells)) {
        const isLetIn = !closed.has(said);
        const { cell, changed } = isLetIn
          ? { ...(await answerTo(about, column, true)), changed: [] }
          : await refusedAnswer(about, column);
        if (cell !== said) wrong.push(`${about} for ${column}: ${documentPath} says ${said}, the answer is ${cell}`);
        if (changed.length > 0) wrong.push(`${about} was refused to ${column}, but changed ${changed.join(', ')}`);
      }
    expect(wrong).toEqual([]);
  });
}

test('every handler of the web app is in the table of routes, so that none escapes the document', () => {
  const known = new Set([...routes.values()].map(({ method, path }) => nameOf({ method, path: colons(path) })));
  const handlers = house.app.web.app.routes.filter(({ method }) => method !== 'ALL').map(nameOf);
  expect([...new Set(handlers)].filter((name) => !known.has(name))).toEqual([]);
  expect(handlers.length).toBeGreaterThan(100);
});

test('what is not documented for a token follows from what is', async () => {
  const wrong: string[] = [];
  for (const { about, cells } of rowsOf('API').filter((row) => routes.has(row.about))) {
    const isOfAll = routes.get(about)?.access === 'user';
    const isRead = about.startsWith('GET ');
    const expected: Partial<Record<Token, string | undefined>> = {
      // A program may what its owner may, no more.
      otherWrite: isOfAll ? cells.other : '403',
      // A scope below admin opens nothing that asks for a role, whoever gave the token.
      overseerRead: isOfAll && isRead ? cells.Overseer : '403',
      overseerWrite: isOfAll ? cells.Overseer : '403',
    };
    for (const [token, said = ''] of Object.entries(expected)) {
      const { cell } = await answerTo(about, token, !closed.has(said));
      if (cell !== said) wrong.push(`${about} with the token ${token}: expected ${said}, the answer is ${cell}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('no page opens for a token, and none is rescued by one', async () => {
  const wrong: string[] = [];
  for (const { about } of rowsOf('Page').filter((row) => routes.has(row.about)))
    for (const token of ['admin', 'write'] as const) {
      const { cell } = await answerTo(about, token, false);
      if (cell !== '403') wrong.push(`${about} with the token ${token}: ${cell}`);
    }
  expect(wrong).toEqual([]);
});

/** Requests as another site, or a page of another session, would have a browser send them. */
const forgeries: Record<string, (csrf: string) => Record<string, string>> = {
  'without a token': () => ({}),
  'with the token of another session': () => ({ 'X-CSRF-Token': 'x'.repeat(43) }),
  'from another site': (csrf) => ({ 'X-CSRF-Token': csrf, Origin: 'https://evil.example' }),
  'from a sandbox': (csrf) => ({ 'X-CSRF-Token': csrf, Origin: 'null' }),
  'from another port of this machine': (csrf) => ({ 'X-CSRF-Token': csrf, Origin: 'http://192.168.1.20:9000' }),
  'called cross-site by the browser': (csrf) => ({ 'X-CSRF-Token': csrf, 'Sec-Fetch-Site': 'cross-site' }),
};

test('nothing is changed by a session’s cookie alone, by whatever method, page or API', async () => {
  const wrong: string[] = [];
  const { cookie, csrf } = await house.browser('Overseer');
  const unsafe = allRows().filter(
    (row) => !row.about.startsWith('GET ') && !row.about.startsWith('POST /hooks/') && row.about !== 'POST /theme',
  );
  for (const { about } of unsafe) {
    const [method = '', route = ''] = about.split(' ');
    const { path, id } = await paths.about(route, false);
    const sample = await sampleOf(about, { id, who: 'Overseer' });
    const before = house.kept();
    for (const [how, headers] of Object.entries(forgeries)) {
      const sent = { ...sample, headers: { ...sample.headers, ...headers(csrf), Cookie: cookie } };
      const { status } = await house.send(method, path, sent);
      if (status !== 403) wrong.push(`${about} ${how} is answered with ${status}`);
    }
    const after = house.kept();
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    if (changed.length > 0) wrong.push(`${about} was forged and changed ${changed.join(', ')}`);
  }
  expect(wrong).toEqual([]);
  expect(unsafe.length).toBeGreaterThan(60);
});

test('nobody but the owner and Overseers ever reads a name or an id that is the owner’s', async () => {
  const leaks: string[] = [];
  for (const { about } of allRows().filter((row) => row.about.startsWith('GET ')))
    for (const who of ['nobody', 'other', 'Admin'] as const) {
      const { path, answer } = await answerTo(about, who, false);
      const ids = house.app.features.sources.directory.ownedBy(house.viewer('owner').userId).map((one) => one.id);
      // An Admin reads the log, where the ids of sources stand for what went wrong; never their names.
      const mayKnowIds = who === 'Admin' && about.startsWith('GET /system/logs');
      const words = [
        ...secretNames,
        ...(who === 'Admin' ? [] : [house.viewer('owner').email]),
        ...(mayKnowIds ? [] : ids),
      ];
      const headers = JSON.stringify([...answer.headers]);
      for (const word of words)
        if (!path.includes(word) && (answer.text.includes(word) || headers.includes(word)))
          leaks.push(`${about} shows ${who} “${word}”`);
    }
  expect(leaks).toEqual([]);
});

test('what is somebody else’s is answered to the letter as what does not exist', async () => {
  const told: string[] = [];
  let compared = 0;
  for (const { about, cells } of allRows()) {
    if (!/[:{]/.test(about)) continue;
    for (const who of people.filter((one) => cells[one] === '404' && one !== 'nobody')) {
      compared++;
      const { path, id, answer } = await answerTo(about, who, false);
      const [method = '', route = ''] = about.split(' ');
      const sample = await sampleOf(about, { id: noSuchId, who });
      const absent = await house.ask(who, method, fill(route, noSuchId) + (sample.query ?? ''), sample);
      if (bare(answer, id) !== bare(absent, noSuchId))
        told.push(`${about} for ${who}: ${path} differs from no such thing`);
    }
  }
  expect(told).toEqual([]);
  expect(compared).toBeGreaterThan(60);
});

test('what matters of all that was done is written down, with who did it', () => {
  const sql = 'SELECT DISTINCT action FROM audit_log';
  const written = house.app.base.db.query<{ action: string }, []>(sql).all();
  const expected = ['signIn', 'signIn.failed', 'signOut', 'session.ended', 'sessions.ended', 'password.changed'];
  expected.push('password.resetAsked', 'user.created', 'user.changed', 'user.invited', 'user.deleted');
  expected.push('token.created', 'token.revoked', 'settings.changed', 'diagnostics.taken');
  expected.push(...['created', 'deactivated', 'keysRotated', 'deleted'].map((what) => `source.${what}`));
  expected.push(...['created', 'changed', 'deleted'].map((what) => `connection.${what}`));
  expect(expected.filter((action) => !written.some((line) => line.action === action))).toEqual([]);
});

test('every answer carries the strict headers, whatever it is', () => {
  const wrong = new Set<string>();
  for (const { about, column, answer } of seen)
    for (const [name, value] of Object.entries(strictHeaders))
      if (answer.headers.get(name) !== value) wrong.add(`${about} for ${column} (${answer.status}): ${name}`);
  expect([...wrong]).toEqual([]);
  expect(seen.length).toBeGreaterThan(1000);
});

test('what is for one person is kept in no cache, and given to no other site', () => {
  const wrong = new Set<string>();
  for (const { about, column, answer } of seen) {
    if (answer.headers.has('Access-Control-Allow-Origin')) wrong.add(`${about} is given to other sites`);
    const isForAll = routes.get(about)?.kind === 'operations' && !about.includes('/metrics');
    const cache = answer.headers.get('Cache-Control') ?? '';
    if (!isForAll && !/no-store|private/.test(cache))
      wrong.add(`${about} for ${column} (${answer.status}): “${cache}”`);
  }
  expect([...wrong]).toEqual([]);
});

test('no page has a script, a style or a handler inside, or loads anything from elsewhere', () => {
  const wrong = new Set<string>();
  for (const { about, answer } of seen) {
    if (!answer.headers.get('Content-Type')?.startsWith('text/html')) continue;
    const found =
      /<script(?![^>]*\ssrc="\/assets\/)|<style|\sstyle=|\son[a-z]+="|(?:src|href)="(?:https?:)?\/\/|javascript:/.exec(
        answer.text,
      );
    if (found) wrong.add(`${about}: ${answer.text.slice(found.index, found.index + 80)}`);
  }
  expect([...wrong]).toEqual([]);
});

function allRows(): Row[] {
  return (Object.keys(tables) as (keyof typeof tables)[]).flatMap((table) =>
    rowsOf(table).filter((row) => routes.has(row.about)),
  );
}

interface Prepared {
  path: string;
  id: string;
  ask(): Promise<Answer>;
  done(): Promise<void>;
}

/** A request of a person or with a token, ready to be sent. */
async function prepare(about: string, column: string, isLetIn: boolean): Promise<Prepared> {
  const [method = '', route = ''] = about.split(' ');
  const { path, id, done } = await paths.about(route, isLetIn && method !== 'GET');
  const who = column in tokenHolders ? tokenHolders[column as Token][0] : column;
  const sample = await sampleOf(about, { id, who });
  const whole = path + (sample.query ?? '');
  const ask = () =>
    column in tokenHolders
      ? house.askWith(column as Token, method, whole, sample)
      : house.ask(column as Person, method, whole, sample);
  return { path: whole, id, ask, done };
}

/** Every answer that was given on the way, for what must be true of all of them. */
const seen: { about: string; column: string; answer: Answer }[] = [];

/** Asks once; `cell` is what stands in the table for it. */
async function answerTo(about: string, column: string, isLetIn: boolean) {
  const { path, id, ask, done } = await prepare(about, column, isLetIn);
  const answer = await ask();
  await done();
  seen.push({ about, column, answer });
  return { cell: cellOf(about, answer), path, id, answer };
}

/** The same where nobody is let in: nothing that is kept may change. Gives the tables that did. */
async function refusedAnswer(about: string, column: string): Promise<{ cell: string; changed: string[] }> {
  const { ask } = await prepare(about, column, false);
  const before = house.kept();
  const answer = await ask();
  seen.push({ about, column, answer });
  const cell = cellOf(about, answer);
  const after = house.kept();
  return { cell, changed: Object.keys(before).filter((name) => before[name] !== after[name]) };
}

async function sampleOf(about: string, of: { id: string; who: string }): Promise<Sample> {
  const sample = await samples[about]?.({ house, ...of });
  if (sample) return sample;
  if (about.startsWith('GET ') || about.startsWith('DELETE ')) return {};
  return routes.get(about)?.kind === 'api' ? { json: {} } : { form: {} };
}

function cellOf(about: string, { status, location }: Answer): string {
  const isSignIn = status === 303 && location?.startsWith('/login') && routes.get(about)?.access !== 'public';
  return isSignIn ? 'sign in' : String(status);
}

/** The line that describes how a route answers now. */
async function lineNow(table: keyof typeof tables, about: string): Promise<string> {
  const columns = [...people, ...(table === 'API' ? shownTokens : [])];
  const cells: string[] = [];
  for (const column of columns) cells.push((await answerTo(about, column, true)).cell);
  return lineOf(about, cells);
}

/** An answer without what differs from one to the next: its id, and the id that was asked for. */
function bare({ status, headers, text, location }: Answer, id: string): string {
  const kept = [...headers].filter(([name]) => !['x-request-id', 'set-cookie', 'date'].includes(name));
  const body = withoutTokens(text).replace(/"requestId":"[^"]*"/, '');
  return JSON.stringify([status, location, kept, body]).replaceAll(id, 'ID');
}

const colons = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');
