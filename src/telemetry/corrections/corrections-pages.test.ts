import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Reading } from '../../core/reading.ts';
import { ok, refuse } from '../../core/result.ts';
import type { Source } from '../../sources/source.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import type { Web } from '../../web/server.ts';
import { ask, testViewer, testWeb } from '../../web/testing.ts';
import { KnownSources } from '../known-service.ts';
import { registerQuality } from '../quality/quality.web.tsx';
import { CorrectionService } from './correction-service.ts';
import { registerCorrections } from './corrections.web.tsx';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Midnight in Berlin. */
const START = Date.UTC(2026, 5, 1, 22);
const source = { id: ID, name: 'Roof', timeZone: 'Europe/Berlin' } as Source;

let t: TestTelemetry;
let web: Web;
let isReadable = true;
let trouble: string | null;

/** Three days of 1 kW, of which an hour of the second is wild; a counter that another one replaced on the third. */
function* readings(): Generator<Reading> {
  for (let time = START; time < START + 3 * DAY; time += 300_000) {
    const hours = (time - START) / HOUR;
    const totalGridImport = hours < 60 ? 5000 + hours : 900 + hours;
    yield { sourceId: ID, time, values: { loadPower: hours >= 30 && hours < 31 ? 90_000 : 1000, totalGridImport } };
  }
}

beforeEach(async () => {
  t = await startTelemetry({ clock: new FakeClock(START + 3 * DAY), facts: { timeZone: 'Europe/Berlin' } });
  isReadable = true;
  trouble = null;
  web = testWeb({ ada: testViewer(), eve: testViewer({ userId: 'user-2' }) });
  const sources = {
    findFor: (viewer: { userId: string }, id: string) =>
      viewer.userId === 'user-1' && id === ID ? ok(source) : refuse('not_found', 'There is no such source.'),
  };
  const service = new CorrectionService({ telemetry: t.service, clock: t.clock, sources });
  const known = new KnownSources({ reader: t.service, clock: t.clock });
  registerCorrections(web.routes, { service, sources, known, clock: t.clock, isReadable: () => isReadable });
  const troubleOf = () => (trouble === null ? null : { words: trouble, needsHand: false });
  registerQuality(web.routes, { reader: t.service, sources, clock: t.clock, isReadable: () => isReadable, troubleOf });
  await t.service.importReadings(ID, readings());
});
afterEach(async () => await t.dispose());

const base = `/sources/${ID}/corrections`;
const get = async (path: string, viewer = 'ada') => await (await ask(web, path, { viewer })).text();
const loads = async () =>
  (await t.service.energy(ID, 'day', { from: START, to: START + 3 * DAY })).map((day) => Math.round(day.loadKwh ?? 0));
const wild = {
  ...{ kind: 'remove', metric: 'loadPower', from: '2026-06-03T00:00', to: '2026-06-04T00:00:00', above: '10000' },
  note: 'a loose wire',
};

/** Posts a form with the token of the page that it stands on. */
async function post(path: string, form: Record<string, string>, from: string): Promise<Response> {
  const page = await ask(web, from, { viewer: 'ada' });
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const body = new URLSearchParams({ ...form, _csrf: token }).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'http://192.168.1.20:8080' };
  return ask(web, path, { method: 'POST', viewer: 'ada', headers, body });
}
const newUrl = (form: Record<string, string>) => `${base}/new?${new URLSearchParams({ ...form, show: '1' })}`;

describe('the form of a correction', () => {
  test('asks first, and offers what the source has sent', async () => {
    const page = await get(`${base}/new?kind=jump&metric=totalGridImport&from=2026-06-04T10:00:05Z`);
    expect(page).toContain('Show what it does');
    expect(page).toMatch(/value="jump" checked/);
    expect(page).toContain('value="2026-06-04T12:00:05"');
    expect(page).toMatch(/<option value="totalGridImport" selected[^>]*>Energy bought, total \(kWh\)/);
    expect(page).not.toContain('value="solarPower"');
    expect(page).not.toContain('Save this correction');
  });

  test('shows the effect on values and energy, and stores nothing', async () => {
    const page = await get(newUrl(wild));
    expect(page).toContain('Load power above 10,000\u00a0W removed, all of Wed 3 Jun 2026.');
    expect(page).toContain('It changes 12 values and the energy of 1 day.');
    expect(page).toContain('<s>113.00</s>');
    expect(page).toContain('90,000\u00a0W');
    expect(await loads()).toEqual([24, 113, 24]);
    expect(await get(base)).toContain('Nothing was corrected');
  });

  test('says at its field what is wrong, and keeps what was typed', async () => {
    for (const [change, message] of [
      [{ to: '2026-06-02T00:00' }, 'The end must be later than the beginning.'],
      [{ from: 'soon' }, 'Give a day and a time.'],
      [{ kind: 'scale', amount: 'much' }, '“much” is not a number.'],
      [{ kind: 'scale', metric: '', amount: '2' }, 'The value is missing: say which one is to be corrected.'],
      [{ metric: 'moonPower' }, 'There is no such value.'],
      [{ above: '5', below: '4' }, 'The upper bound must be more than the lower bound.'],
    ] as const) {
      const page = await get(newUrl({ ...wild, ...change }));
      expect(page).toContain(`>${message}</p>`);
      expect(page).toContain('value="a loose wire"');
      expect(page).not.toContain('Save this correction');
    }
  });

  test('reads a comma, and a minus as it is typed on a phone', async () => {
    const scaled = await get(newUrl({ ...wild, kind: 'scale', above: '', amount: '0,5' }));
    expect(scaled).toContain('Load power multiplied by 0.5');
    const lowered = await get(newUrl({ ...wild, kind: 'offset', above: '', amount: '\u2212100' }));
    expect(lowered).toContain('100\u00a0W taken from load power');
  });

  test('says so when nothing would change', async () => {
    expect(await get(newUrl({ ...wild, above: '100000' }))).toContain('It changes nothing');
  });
});

describe('a correction', () => {
  test('is saved as it was shown, is listed with who and why, and can be undone after its effect was shown', async () => {
    const saved = await post(base, wild, newUrl(wild));
    expect([saved.status, saved.headers.get('Location')]).toEqual([303, base]);
    expect(await loads()).toEqual([24, 23, 24]);
    const list = await get(base);
    expect(list).toContain('Load power above 10,000\u00a0W removed, all of Wed 3 Jun 2026.');
    expect(list).toContain('“a loose wire”');
    expect(list).toContain('By Ada, Fri 5 Jun, 00:00');
    const undo = /href="(\/sources\/[^"]+\/undo)"/.exec(list)?.[1] ?? '';
    const question = await get(undo);
    expect(question).toContain('It changes 12 values and the energy of 1 day.');
    expect(question).toMatch(/<s>removed<\/s>.* becomes .*<b>90,000\u00a0W<\/b>/);
    expect((await post(undo, {}, undo)).status).toBe(303);
    expect(await loads()).toEqual([24, 113, 24]);
    expect(await get(base)).toContain('undone by Ada');
    expect((await ask(web, undo, { viewer: 'ada' })).status).toBe(409);
  });

  test('of a counter that was replaced says what it counted meanwhile', async () => {
    const jump = { kind: 'jump', metric: 'totalGridImport', from: '2026-06-04T12:00', amount: '2.5' };
    const imports = async () =>
      (await t.service.energy(ID, 'day', { from: START + 2 * DAY, to: START + 3 * DAY })).map((day) => day.importKwh);
    const [before = 0] = await imports();
    expect(await get(newUrl(jump))).toContain('It changes the energy of 1 day.');
    expect((await post(base, jump, newUrl(jump))).status).toBe(303);
    const [after = 0] = await imports();
    expect((after ?? 0) - (before ?? 0)).toBeCloseTo(2.5, 3);
  });

  test('is refused with its reason when it is no longer possible', async () => {
    const refused = await post(base, { ...wild, to: '2027-01-01T00:00' }, newUrl(wild));
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('only what was measured can be corrected');
  });
});

describe('both pages', () => {
  test('are not there for anybody else', async () => {
    for (const path of [base, `${base}/new`, `${base}/x/undo`, `/sources/${ID}/data`])
      expect((await ask(web, path, { viewer: 'eve' })).status).toBe(404);
  });

  test('say why they show nothing while the database is not open', async () => {
    isReadable = false;
    for (const path of [base, `${base}/new`, `/sources/${ID}/data`])
      expect(await get(path)).toContain('What was measured before cannot be shown');
  });

  test('say of a source that has sent what nobody understands that it has', async () => {
    await t.service.deleteSource(ID);
    expect(await get(`/sources/${ID}/data`)).toContain('Nothing has come yet');
    trouble = '4 messages not fully understood since 01:53';
    const page = await get(`/sources/${ID}/data`);
    expect(page).toContain('Nothing is stored yet');
    expect(page).toContain('4 messages not fully understood since 01:53: the page of the source says more.');
  });

  test('lead from what a counter did to saying what it counted', async () => {
    const page = await get(`/sources/${ID}/data`);
    const link = /href="([^"]+corrections\/new[^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(page).toContain('Energy bought, total: jumped');
    expect(await get(link)).toContain('value="2026-06-04T12:10:00"');
  });
});
