import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { days, hours, minutes } from '../core/durations.ts';
import { unwrap } from '../core/result.ts';
import { ForecastHouse } from '../testing/forecast.ts';
import { munich, sunnyHouse } from '../testing/sunny-house.ts';

const DAYS = 32;
const from = Date.UTC(2026, 3, 20);
const now = from + days(DAYS) + hours(9) + minutes(2);
const made = sunnyHouse(from, DAYS + 9);
let house: ForecastHouse;
const subject = () => ({ sourceId: house.source.id, quantity: 'solar' as const });
const noonOf = (day: number): number => house.midnight(Math.floor(day / days(1))) + hours(12);

beforeAll(async () => {
  house = await ForecastHouse.start(now, munich);
});
afterAll(() => house[Symbol.asyncDispose]());

describe('forecasts in the appliance', () => {
  test('there is nothing to see of a house that has measured nothing, and it says so', async () => {
    const { desk } = house.app.features.forecast;
    expect(unwrap(await desk.forecast(house.viewer, subject()))).toBeNull();
    expect(unwrap(desk.waiting(house.viewer, subject()))).toEqual({ isLearning: false, problem: null });
    expect(house.accuracy()).toMatchObject({ dayCount: 0, leads: [], days: [], worst: [] });
    expect(await house.models()).toMatchObject({ serving: null, others: [], job: null });
  });

  test('on the first day physics speaks alone, by the clear sky and without the internet, with wide bands', async () => {
    await house.measure(now - hours(6), now, made.measure);
    await house.issue();
    const view = await house.forecast();
    expect(view.state).toMatchObject({ basis: 'physics', isWithoutWeather: true, weatherAt: null });
    expect(view.steps.every(({ hasWeather }) => !hasWeather)).toBe(true);
    const noon = view.steps.find(({ from: start }) => start >= noonOf(now) + days(1));
    expect(noon?.p50W).toBeGreaterThan(500);
    expect((noon?.p90W ?? 0) - (noon?.p10W ?? 0)).toBeGreaterThan(0.5 * (noon?.p50W ?? 0));
    expect(view.days.length).toBe(7);
    expect(view.days[0]?.date).toBe('2026-05-22');
    const blend = (await house.models()).blend;
    expect(blend.filter(({ weights }) => weights.some((weight) => weight > 0)).map(({ name }) => name)).toEqual([
      'physics',
    ]);
    expect(blend.filter(({ start }) => start > 0).map(({ name, start }) => [name, start])).toEqual([
      ['physics', 0.4],
      ['learned', 0.6],
    ]);
  });

  test('weather makes it narrower', async () => {
    const width = async (): Promise<number> => {
      const steps = (await house.forecast()).steps.slice(0, 96);
      const all = steps.reduce((sum, { p50W }) => sum + p50W, 0);
      return steps.reduce((sum, { p10W, p90W }) => sum + p90W - p10W, 0) / all;
    };
    const without = await width();
    house.clock.advance(minutes(1));
    house.tell(made.toldSky, 24 * 8);
    await house.issue();
    const view = await house.forecast();
    expect(view.state).toMatchObject({ basis: 'physics', isWithoutWeather: false, weatherAt: house.clock.now() });
    expect(await width()).toBeLessThan(0.8 * without);
  });

  test('a history is learned from, tried on its last days, and has a record at once', async () => {
    await house.measure(from, now - hours(6), made.measure);
    house.archive(made.sky, from, now);
    house.clock.set(now - days(30));
    const told = house.app.features.weather.writer;
    expect(told).toBeDefined();
    for (let at = now - days(30); at < now; at += hours(6)) {
      house.clock.set(at);
      house.tell(made.toldSky, 24 * 7);
    }
    house.clock.set(now + minutes(3));
    const { jobId } = unwrap(
      house.app.features.forecast.desk.trainNow(house.viewer, house.source.id, undefined, { address: '127.0.0.1' }),
    );
    expect((await house.models()).job).toMatchObject({ id: jobId });
    await house.settle();
    const models = await house.models();
    const { card } = models.serving ?? {};
    expect(card?.trial).toMatchObject({ verdict: 'onlyOne', champion: null });
    expect(card?.trial.challenger.mae).toBeLessThan(0.8 * (card?.trial.baselines.reference ?? 0));
    expect(card?.trial.challenger.mae).toBeLessThan(0.6 * (card?.trial.baselines.persistence ?? 0));
    expect(card?.features.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 3);
    expect(models.job).toMatchObject({ state: 'succeeded', progress: 1 });
    expect(models.blend.reduce((sum, { weights }) => sum + (weights[1] ?? 0), 0)).toBeWithin(0.7, 1.3);
    const view = await house.forecast();
    expect(view.state).toMatchObject({ basis: 'learned', isWithoutWeather: false });
    expect(view.isReplayed).toBe(false);
    const accuracy = house.accuracy();
    expect(accuracy.dayCount).toBeGreaterThan(5);
    expect(accuracy.dayCoverage.share).toBeGreaterThanOrEqual(0.5);
    const dayAhead = accuracy.leads.find(({ toH }) => toH === 24);
    expect(dayAhead?.errorW).toBeLessThan(dayAhead?.persistenceErrorW ?? 0);
    expect(dayAhead?.errorW).toBeLessThan(dayAhead?.clearPersistenceErrorW ?? 0);
  }, 120_000);

  test('a forecast says why, hour by hour, and what came is beside it', async () => {
    const view = await house.forecast();
    const lit = view.steps.filter(({ p50W, from: start }) => p50W > 800 && start < now + days(2));
    expect(lit.length).toBeGreaterThan(10);
    expect(lit.filter(({ reasons }) => reasons.length > 0).length).toBeGreaterThan(0.9 * lit.length);
    for (const { reasons } of lit) expect(reasons.length).toBeLessThanOrEqual(3);
    expect(lit.filter(({ reasons }) => reasons.length === 3).length).toBeGreaterThan(0.8 * lit.length);
    // From midnight to 11:02 of the house's clock.
    expect(view.came.length).toBeWithin(43, 45);
    expect(view.earlier.length).toBeGreaterThan(30);
    const today = view.days[0];
    expect(today?.cameKwh).toBeCloseTo(today?.soFarKwh ?? 0, 2);
    expect(today?.p10Kwh).toBeGreaterThanOrEqual(today?.soFarKwh ?? 0);
    for (const day of view.days) expect(day.p10Kwh <= day.p50Kwh && day.p50Kwh <= day.p90Kwh).toBe(true);
    const sum = (of: 'p10W' | 'p90W'): number =>
      view.steps
        .filter((step) => step.from >= (view.days[1]?.from ?? 0) && step.from < (view.days[1]?.to ?? 0))
        .reduce((total, step) => total + (step[of] * (step.to - step.from)) / hours(1) / 1000, 0);
    // A day's p10 is not the sum of its hours' p10s.
    expect((view.days[1]?.p90Kwh ?? 0) - (view.days[1]?.p10Kwh ?? 0)).toBeLessThan(sum('p90W') - sum('p10W'));
  });

  test('is called back as it was issued', async () => {
    const { desk } = house.app.features.forecast;
    const issues = unwrap(desk.issues(house.viewer, subject(), { from: now - days(12), to: now }));
    expect(issues.length).toBeGreaterThan(20);
    const chosen = issues[5]?.issuedAt ?? 0;
    const view = await house.forecast(chosen + minutes(5));
    expect(view).toMatchObject({ issuedAt: chosen, isNewest: false, isReplayed: true });
    expect(view.previousIssueAt).toBe(issues[4]?.issuedAt ?? 0);
    expect(view.nextIssueAt).toBe(issues[6]?.issuedAt ?? 0);
    expect(view.days[1]?.cameKwh).toBeGreaterThan(1);
  });

  test('the night judges, learns, and lets a better model serve; the one before can be put back', async () => {
    const before = (await house.models()).serving?.version ?? '';
    house.clock.set(now + days(1) + hours(18));
    await house.measure(now, house.clock.now(), made.measure);
    await house.night();
    const models = await house.models();
    const [newest] = [...models.others, ...(models.serving ? [models.serving] : [])].sort(
      (a, b) => b.madeAt - a.madeAt,
    );
    expect(newest?.card.trial.champion?.mae).toBeGreaterThan(0);
    const { champion, challenger, verdict } = newest?.card.trial ?? {};
    expect(verdict).toBe((challenger?.mae ?? 0) < (champion?.mae ?? 0) ? 'better' : 'worse');
    expect(models.serving?.version === before).toBe(verdict === 'worse');
    const { desk } = house.app.features.forecast;
    const old = models.others.find(({ canBePutBack }) => canBePutBack);
    if (old) {
      unwrap(await desk.putBack(house.viewer, subject(), old.version, { address: '127.0.0.1' }));
      expect((await house.models()).serving?.version).toBe(old.version);
    }
    const again = await desk.putBack(house.viewer, subject(), (await house.models()).serving?.version ?? '', {
      address: '127.0.0.1',
    });
    expect(again).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect(house.accuracy(2).dayCount).toBeGreaterThan(0);
  }, 120_000);

  test('the last hours correct the next ones', async () => {
    const tomorrow = house.midnight(Math.floor((now + days(2)) / days(1)));
    house.clock.set(tomorrow + hours(12) + minutes(1));
    house.tell(made.toldSky, 24 * 6);
    const next = async (factor: number): Promise<number> => {
      await house.measure(tomorrow + hours(8), house.clock.now(), (time) => {
        const { solarPower } = made.measure(time) ?? {};
        return typeof solarPower === 'number' ? { solarPower: solarPower * factor } : null;
      });
      house.clock.advance(1000);
      await house.issue();
      return (await house.forecast()).steps.slice(0, 4).reduce((sum, { p50W }) => sum + p50W, 0);
    };
    expect(await next(0.3)).toBeLessThan(0.97 * (await next(1)));
  });

  test('nobody else sees, trains or puts back anything of it', async () => {
    const { desk } = house.app.features.forecast;
    const stranger = { ...house.viewer, userId: 'somebody', role: 'user' as const };
    const refused = { ok: false, error: { code: 'not_found' } };
    expect(await desk.forecast(stranger, subject())).toMatchObject(refused);
    expect(desk.accuracy(stranger, subject(), 10)).toMatchObject(refused);
    expect(await desk.models(stranger, subject())).toMatchObject(refused);
    expect(desk.issues(stranger, subject(), { from, to: now })).toMatchObject(refused);
    expect(desk.trainNow(stranger, house.source.id, undefined, { address: '' })).toMatchObject(refused);
    expect(await desk.putBack(stranger, subject(), 'solar-x', { address: '' })).toMatchObject(refused);
    expect(await desk.refreshNow(stranger, [house.source.id])).toMatchObject(refused);
    expect(desk.choices(stranger)).toEqual([]);
  });

  test('everything of it goes with the source', async () => {
    const { sources, jobs } = house.app.features;
    const { db, dataDir } = house.app.base;
    const count = (table: string): number =>
      db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;
    const tables = ['issues', 'lead_scores', 'day_scores', 'models', 'states'].map((name) => `forecast_${name}`);
    for (const table of tables) expect(count(table)).toBeGreaterThan(0);
    const folder = dataDir.at('models');
    expect(await Array.fromAsync(new Bun.Glob('**/*.json').scan(folder))).not.toEqual([]);
    unwrap(sources.service.remove(house.viewer, house.source.id));
    for (const end = Date.now() + 30_000; house.app.features.sources.directory.all().length > 0; await Bun.sleep(10)) {
      if (Date.now() > end) throw new Error('the source did not go');
    }
    jobs.poke();
    for (const end = Date.now() + 30_000; count('forecast_issues') > 0; await Bun.sleep(10))
      if (Date.now() > end) throw new Error('its forecasts did not go');
    for (const table of tables) expect(count(table)).toBe(0);
    expect(await Array.fromAsync(new Bun.Glob('**/*.json').scan(folder))).toEqual([]);
  });
});
