import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { AuditRecord } from '../../accounts/ports.ts';
import type { Reading } from '../../core/reading.ts';
import { ok, refuse } from '../../core/result.ts';
import type { Source } from '../../sources/source.ts';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import { ask, testViewer, testWeb } from '../../web/testing.ts';
import { CorrectionService } from './correction-service.ts';
import { registerCorrectionsApi } from './corrections-api.web.tsx';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const EMPTY = 'aaaaaaaa-0000-4000-8000-000000000002';
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 5, 1);
const via = { kind: 'token' as const, tokenId: 'token-1', scope: 'write' as const };
const viewers = {
  ada: testViewer({ via }),
  eve: testViewer({ userId: 'user-2', via }),
  reader: testViewer({ via: { ...via, scope: 'read' } }),
};

let t: TestTelemetry;
let audit: AuditRecord[];
let service: CorrectionService;

/** Four days of a counter that counts 1 kW, told in Wh on the second day, and a power that is wild for an hour of the third. */
function readings(): Reading[] {
  const rows: Reading[] = [];
  for (let time = START; time < START + 4 * DAY; time += 5 * MIN) {
    const hours = (time - START) / HOUR;
    const isWild = hours >= 60 && hours < 61;
    rows.push({
      sourceId: ID,
      time,
      values: { totalGridImport: hours < 24 ? 5 + hours : hours, loadPower: isWild ? 90_000 : 500, batteryVoltage: 52 },
    });
  }
  return rows;
}

beforeEach(async () => {
  t = await startTelemetry({ clock: new FakeClock(START + 4 * DAY) });
  audit = [];
  serve();
  await t.service.importReadings(ID, readings());
});
afterEach(async () => await t.dispose());

function serve(): void {
  service = new CorrectionService({
    telemetry: t.service,
    clock: t.clock,
    audit: { record: (entry) => void audit.push(entry) },
    sources: {
      findFor: (viewer, id) =>
        viewer.userId === 'user-1' && (id === ID || id === EMPTY)
          ? ok({ id, name: 'Roof' } as Source)
          : refuse('not_found', 'There is no such source, or it is not yours.'),
    },
  });
}

const range = { from: START, to: START + 4 * DAY };
const loads = async () =>
  (await t.service.energy(ID, 'day', range)).map((d) => Math.round((d.loadKwh ?? 0) * 100) / 100);
const imports = async () =>
  (await t.service.energy(ID, 'day', range)).map((d) => Math.round((d.importKwh ?? 0) * 100) / 100);
const wild = {
  kind: 'remove' as const,
  metric: 'loadPower' as const,
  from: START + 2 * DAY,
  to: START + 3 * DAY,
  above: 10_000,
};
const apply = async (asked: Parameters<CorrectionService['apply']>[2]) => {
  const made = await service.apply(viewers.ada, ID, asked);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
};

describe('a correction', () => {
  test('shows its effect before it is made, and then has it: totals, charts and readings follow', async () => {
    const before = await loads();
    const preview = await service.preview(viewers.ada, ID, wild);
    expect(preview.ok && preview.value).toMatchObject({ values: 12, isMore: false, period: 'day', isWhole: true });
    expect(preview.ok && preview.value.samples[0]).toEqual({
      ...{ time: START + 60 * HOUR, metric: 'loadPower', before: 90_000, after: null },
    });
    expect(await loads()).toEqual(before);
    await apply(wild);
    const after = await loads();
    expect(preview.ok && preview.value.items.map((i) => [i.period, i.before.loadKwh, i.after.loadKwh])).toEqual([
      ['2026-06-03', expect.closeTo(before[2] as number, 1), expect.closeTo(after[2] as number, 1)],
    ]);
    // What remains is a gap of an hour in the power: its energy is not made up.
    expect(after[2]).toBeCloseTo(24 * 0.5 - 0.5 * (65 / 60), 2);
    const history = await t.service.history(ID, ['loadPower'], range, 96);
    expect(Math.max(...(history.highs.loadPower ?? []).map((v) => v ?? 0))).toBe(500);
    const long = await t.service.history(ID, ['loadPower'], { from: range.from, to: range.to + 30 * DAY }, 500);
    expect(Math.max(...(long.highs.loadPower ?? []).map((v) => v ?? 0))).toBe(500);
    const { items } = await t.service.readings(ID, { from: START + 60 * HOUR, to: START + 61 * HOUR }, { limit: 5 });
    expect(items[0]?.values).toEqual({ totalGridImport: 60, batteryVoltage: 52 });
  });

  test('by a factor mends a counter that told Wh', async () => {
    await t.service.importReadings(
      ID,
      readings()
        .filter((r) => r.time >= START + 30 * HOUR && r.time < START + 40 * HOUR)
        .map((r) => ({ ...r, values: { totalEnergyProduced: (r.time - START) / HOUR / 10_000 } })),
    );
    const solar = async () => (await t.service.energy(ID, 'day', range))[1]?.solarKwh;
    expect(await solar()).toBeLessThan(0.01);
    await apply({
      ...{ kind: 'scale', metric: 'totalEnergyProduced', amount: 1000, from: START + DAY, to: START + 2 * DAY },
    });
    expect(await solar()).toBeCloseTo(1000 * (10 - 1 / 12) * 0.0001, 3);
  });

  test('removes whole readings: they are neither counted nor covered', async () => {
    await apply({ kind: 'remove', from: START + 2 * DAY + 6 * HOUR, to: START + 2 * DAY + 18 * HOUR });
    const [, , third] = await t.service.energy(ID, 'day', range);
    expect(third?.coverage).toBeCloseTo(0.5, 2);
    expect(third?.importKwh).toBe(24);
    expect(third?.origins.import?.bridgedKwh).toBeCloseTo(12, 0);
  });

  test('of a jump counts what the owner says', async () => {
    // The counter stood at 29 and went on at 24: taken for a step down, no energy.
    expect(await imports()).toEqual([23.92, 24, 24, 23.92]);
    const jump = { kind: 'jump', metric: 'totalGridImport', from: START + DAY - MIN, amount: 1.5 } as const;
    const preview = await service.preview(viewers.ada, ID, jump);
    await apply(jump);
    const after = await imports();
    expect((after[0] as number) + (after[1] as number)).toBeCloseTo(47.92 + 1.5, 2);
    const items = preview.ok ? preview.value.items : [];
    for (const { period, after: said } of items)
      expect(said.importKwh).toBeCloseTo(after[Number(period.slice(-1)) - 1] as number, 1);
    expect(items.length).toBeGreaterThan(0);
  });

  test('holds for what comes again: a late duplicate does not bring the old value back', async () => {
    await apply(wild);
    const mended = await loads();
    t.service.add(
      readings().filter((r) => r.values.loadPower === 90_000),
      1,
    );
    await t.service.flush();
    expect(await loads()).toEqual(mended);
    await t.service.importReadings(ID, readings());
    expect(await loads()).toEqual(mended);
  });

  test('outlives the end of the process', async () => {
    await apply(wild);
    const mended = await loads();
    await t.drop();
    t = await startTelemetry({ clock: t.clock, dir: t.dir });
    serve();
    expect(await loads()).toEqual(mended);
    const list = service.list(viewers.ada, ID);
    expect(list.ok && list.value.map((c) => [c.kind, c.madeBy, c.undoneAt])).toEqual([['remove', 'Ada', null]]);
  });

  test('made just before the process ends unasked is booked at the next start', async () => {
    const { clock } = t;
    const made = { ...wild, above: 10_000, below: null, amount: null, note: '', id: 'x', madeAt: 1, madeBy: 'Ada' };
    await t.store.correct(ID, { ...made, undoneAt: null, undoneBy: null });
    await t.drop();
    t = await startTelemetry({ clock, dir: t.dir });
    expect((await loads())[2]).toBeCloseTo(24 * 0.5 - 0.5 * (65 / 60), 2);
  });

  test('can be undone, with its effect shown before, and leaves no trace in the figures', async () => {
    const [energy, history] = [await loads(), await t.service.history(ID, ['loadPower'], range, 96)];
    const made = await apply(wild);
    const other = await apply({ kind: 'offset', metric: 'batteryVoltage', amount: 1, from: START, to: START + DAY });
    const preview = await service.previewUndo(viewers.ada, ID, made.id);
    expect(preview.ok && preview.value.samples[0]).toMatchObject({ after: 90_000 });
    const undone = await service.undo(viewers.ada, ID, made.id);
    expect(undone.ok && undone.value.undoneBy).toBe('Ada');
    expect(await loads()).toEqual(energy);
    expect(await t.service.history(ID, ['loadPower'], range, 96)).toEqual(history);
    const again = await service.undo(viewers.ada, ID, made.id);
    expect(!again.ok && again.error.code).toBe('conflict');
    const list = service.list(viewers.ada, ID);
    expect(list.ok && list.value.map((c) => c.id)).toEqual([other.id, made.id]);
  });

  test('is written into the audit log with the old values', async () => {
    const made = await apply(wild);
    await service.undo(viewers.ada, ID, made.id);
    expect(audit.map((a) => a.action)).toEqual(['telemetry.corrected', 'telemetry.correctionUndone']);
    expect(audit[0]).toMatchObject({ actor: { userId: 'user-1' }, subject: { id: ID, label: 'Roof' } });
    expect(audit[0]?.detail).toStartWith('loadPower above 10000 removed from 2026-06-03T00:00:00.000Z');
    expect(audit[0]?.detail).toEndWith(
      '; 12 values from 90000 to 90000; first 2026-06-03T12:00:00.000Z loadPower 90000 -> none; last 2026-06-03T12:55:00.000Z loadPower 90000 -> none',
    );
  });

  test('of a whole month is written with how many values there were, the least, the most, the first and the last', async () => {
    const days = Array.from({ length: 31 * 288 }, (_, i) => ({
      ...{ sourceId: ID, time: START - 40 * DAY + 5 * i * MIN, values: { gridPower: (i % 1000) - 500 } },
    }));
    await t.service.importReadings(ID, days);
    await apply({ kind: 'scale', metric: 'gridPower', amount: -1, from: START - 100 * DAY, to: START });
    const { detail = '' } = audit[0] ?? {};
    // Of zero nothing becomes another.
    expect(detail).toContain(`; ${31 * 288 - 9} values from -500 to 499; first 2026-04-22T00:00:00.000Z`);
    expect(detail).toContain('; last 2026-05-22T23:55:00.000Z gridPower 427 -> -427');
    expect(detail.length).toBeLessThan(1000);
  });

  test('leaves every old value readable as it was received', async () => {
    const { from, to } = { from: START + 60 * HOUR, to: START + 60 * HOUR + 1 };
    await apply(wild);
    const read = async (isAsReceived: boolean) =>
      (await t.service.readings(ID, { from, to }, { limit: 5, isAsReceived })).items[0]?.values.loadPower;
    expect(await read(false)).toBeUndefined();
    expect(await read(true)).toBe(90_000);
    await apply({ kind: 'remove', from, to });
    expect(await read(true)).toBe(90_000);
    expect(audit.at(-1)?.detail).toContain('2 values; first 2026-06-03T12:00:00.000Z batteryVoltage 52');
  });

  test('of the newest readings changes what is shown as latest', async () => {
    await apply({ kind: 'set', metric: 'loadPower', amount: 42, from: START + 3 * DAY, to: START + 4 * DAY });
    expect(t.service.latest(ID)?.values.loadPower).toBe(42);
  });

  test('needs something to correct', async () => {
    const refused = await service.apply(viewers.ada, EMPTY, wild);
    expect(!refused.ok && refused.error.code).toBe('conflict');
  });

  test('goes with its source', async () => {
    await apply(wild);
    await t.service.deleteSource(ID);
    const connection = await t.database.connect();
    expect(await connection.rows('SELECT * FROM corrections')).toEqual([]);
    await connection.close();
  });
});

describe('the API', () => {
  const web = () => {
    const web = testWeb(viewers);
    registerCorrectionsApi(web.routes, { service });
    return web;
  };
  const asked = {
    ...{ kind: 'remove', metric: 'loadPower', above: 10_000 },
    from: '2026-06-03T00:00:00Z',
    to: '2026-06-04T00:00:00Z',
    note: 'a loose wire',
  };
  const post = (path: string, body: unknown, viewer = 'ada') =>
    ask(web(), `/api/v1/sources/${ID}/corrections${path}`, {
      ...{ method: 'POST', token: viewer, body: JSON.stringify(body) },
      headers: { 'Content-Type': 'application/json' },
    });

  test('previews, makes, lists and undoes', async () => {
    const preview = await post('/preview', asked);
    expect(preview.status).toBe(200);
    expect(await preview.json()).toMatchObject({ values: 12, items: [{ period: '2026-06-03' }] });
    const made = await post('', asked);
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };
    const list = await ask(web(), `/api/v1/sources/${ID}/corrections`, { token: 'ada' });
    expect(await list.json()).toMatchObject({ items: [{ id, note: 'a loose wire', undoneAt: null }] });
    expect((await post(`/${id}/undo/preview`, {})).status).toBe(200);
    const undone = await post(`/${id}/undo`, {});
    expect(await undone.json()).toMatchObject({ id, undoneBy: 'Ada' });
    expect((await post(`/${id}/undo`, {})).status).toBe(409);
  });

  test('answers 404 to another person, whatever is asked, and changes nothing', async () => {
    const { id } = await apply(wild);
    const mended = await loads();
    for (const [path, body] of [
      ['', asked],
      ['/preview', asked],
      [`/${id}/undo`, {}],
      [`/${id}/undo/preview`, {}],
    ] as const)
      expect((await post(path, body, 'eve')).status).toBe(404);
    expect((await ask(web(), `/api/v1/sources/${ID}/corrections`, { token: 'eve' })).status).toBe(404);
    expect((await ask(web(), `/api/v1/sources/${ID}/corrections`)).status).toBe(401);
    expect((await post('', asked, 'reader')).status).toBe(403);
    expect((await post('/nothing/undo', {})).status).toBe(404);
    expect(await loads()).toEqual(mended);
  });

  test.each([
    [{ ...asked, kind: 'guess' }, 'kind'],
    [{ ...asked, metric: 'sunPower' }, 'metric'],
    [{ ...asked, metric: 'operatingMode' }, 'metric'],
    [{ ...asked, from: 'yesterday' }, 'from'],
    [{ ...asked, to: '2027-01-01T00:00:00Z' }, 'to'],
    [{ ...asked, kind: 'scale' }, 'amount'],
    [{ ...asked, note: 'x'.repeat(501) }, 'note'],
  ])('names the field at fault: %j', async (body, field) => {
    const answer = await post('', body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { errors: { field: string }[] }).errors.map((e) => e.field)).toContain(field);
  });
});
