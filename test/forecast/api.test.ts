import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { days, hours, minutes } from '../../src/core/durations.ts';
import { unwrap } from '../../src/core/result.ts';
import { accuracySchema, forecastSchema, jobSchema, modelsSchema } from '../../src/forecast/forecast-schemas.web.tsx';
import { ForecastHouse } from '../../src/testing/forecast.ts';
import { munich, sunnyHouse } from '../../src/testing/sunny-house.ts';

/** What a program reads and asks for over HTTP, with a token, from the running appliance. */
setDefaultTimeout(300_000);
const DAYS = 24;
const from = Date.UTC(2026, 4, 1);
const now = from + days(DAYS) + hours(9) + minutes(2);
const made = sunnyHouse(from, DAYS + 9);
let house: ForecastHouse;
let token = '';

beforeAll(async () => {
  house = await ForecastHouse.start(now, munich);
  await house.measure(from, now, made.measure);
  house.archive(made.sky, from, now);
  for (let at = now - days(16); at < now; at += hours(6)) {
    house.clock.set(at);
    house.tell(made.toldSky, 24 * 8);
  }
  house.clock.set(now);
  const { accounts } = house.app.features;
  token = unwrap(accounts.service.addToken({ email: 'ada@example.org', name: 'program', scope: 'write' }));
});
afterAll(() => house[Symbol.asyncDispose]());

async function ask(path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
  const answer = await fetch(`${house.app.url}/api/v1/sources/${house.source.id}/forecast${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: await answer.json() };
}

const forecastOf = async (query = '') => {
  const { forecast } = forecastSchema.strict().parse((await ask(query)).json);
  if (!forecast) throw new Error('nothing is forecast');
  return forecast;
};

describe('forecasts over the API', () => {
  test('learning is asked for, is a job that can be followed, and leaves a model with its card', async () => {
    expect((await ask('/training')).json).toEqual({ job: null });
    expect(modelsSchema.parse((await ask('/models')).json).items).toEqual([]);
    const { status, json } = await ask('/training', { quantity: 'solar' });
    expect(status).toBe(202);
    await house.settle();
    const { job } = (await ask('/training')).json as { job: unknown };
    expect({ jobId: jobSchema.parse(job).id }).toEqual(json as { jobId: string });
    expect(job).toMatchObject({ state: 'succeeded', progress: 1 });
    const { items, blend } = modelsSchema.strict().parse((await ask('/models')).json);
    expect(items.map(({ state }) => state)).toEqual(['serving']);
    const [card] = items.map((item) => item.card);
    expect(card?.features.every(({ name, meaning }) => name !== '' && meaning !== '')).toBe(true);
    expect(card?.trial.challenger.mae).toBeGreaterThan(0);
    expect(blend.find(({ name }) => name === 'learned')?.start).toBe(0.6);
  });

  test('any quantile is given, in order, with what moved each hour by day', async () => {
    const { quantiles, steps, days: totals, state } = await forecastOf('?quantiles=0.95,0.05,0.5,0.33');
    expect(state).toMatchObject({ basis: 'learned', isWithoutWeather: false });
    expect(quantiles).toEqual([0.05, 0.33, 0.5, 0.95]);
    for (const { quantilesW } of steps) expect(quantilesW).toEqual(quantilesW.toSorted((a, b) => a - b));
    for (const { quantilesKwh } of totals) expect(quantilesKwh).toEqual(quantilesKwh.toSorted((a, b) => a - b));
    expect(steps.some(({ quantilesW: [low = 0, , , high = 0] }) => high > low + 100)).toBe(true);
    expect(Math.min(...steps.flatMap(({ quantilesW }) => quantilesW))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...steps.flatMap(({ quantilesW }) => quantilesW))).toBeLessThanOrEqual(6000);
    expect(steps.some(({ because }) => because.length === 3)).toBe(true);
    expect((await ask('?quantiles=0.5,1.5')).status).toBe(400);
  });

  test('one that was issued is called back as it was, beside what came', async () => {
    const before = await forecastOf();
    house.clock.advance(hours(3));
    await house.measure(now, house.clock.now(), made.measure);
    house.tell(made.toldSky, 24 * 8);
    await house.issue();
    const after = await forecastOf();
    expect(after.issuedAt).not.toBe(before.issuedAt);
    const back = await forecastOf(`?at=${before.issuedAt}`);
    expect({ ...back, came: [] }).toMatchObject({
      ...{ issuedAt: before.issuedAt, isNewest: false, steps: before.steps, came: [] },
      days: before.days.map(({ cameKwh: _cameKwh, ...day }) => day),
    });
    expect(back.came.length).toBeGreaterThan(before.came.length);
    const { items } = (await ask('/issues')).json as { items: { issuedAt: string }[] };
    expect(items.map(({ issuedAt }) => issuedAt)).toEqual(expect.arrayContaining([before.issuedAt, after.issuedAt]));
  });

  test('the score is told by lead time, against doing without', async () => {
    const score = accuracySchema.strict().parse((await ask('/accuracy?days=30')).json);
    expect(score.leads.length).toBeGreaterThan(5);
    for (const { errorW, persistenceErrorW } of score.leads) {
      expect(errorW).toBeGreaterThan(0);
      expect(persistenceErrorW).toBeGreaterThan(0);
    }
    expect(score.coverage).toMatchObject({ wanted: 0.8 });
    expect(score.coverage.judged).toBeGreaterThan(100);
    expect(score.worst.length).toBeGreaterThan(0);
  });

  test('a model that serves is not put back, nor one that never was', async () => {
    const { items } = modelsSchema.parse((await ask('/models')).json);
    expect((await ask(`/models/${items[0]?.version}/serve`, {})).status).toBe(409);
    expect((await ask('/models/solar-19990101-000000/serve', {})).status).toBe(409);
  });
});
