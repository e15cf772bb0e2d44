import { beforeAll, describe, expect, test } from 'bun:test';
import type { TreeLearner } from '../core/boosted-trees.ts';
import { days, hours, minutes } from '../core/durations.ts';
import { loadXgboost } from '../ml/xgboost.ml.ts';
import { type MadeUpOptions, madeUpProduction } from '../testing/production.ts';
import { slotsPerDay, startOf } from './interval-grid.ts';
import type { ProductionData } from './production-model.ts';
import { type WalkForwardResult, walkForward } from './walk-forward.ts';
import { layWeather } from './weather-grid.ts';
import type { WeatherTable } from './weather-table.ts';

let learner: TreeLearner;
beforeAll(async () => {
  learner = await loadXgboost();
});

const quantiles = [0.1, 0.5, 0.9];

/** What was forecast for each interval of the days before `until`: p10, p50, p90. */
function issued(data: ProductionData, until: number, testMonths = 1): Map<number, number[]> {
  const forecasts = new Map<number, number[]>();
  walkForward({
    data,
    learner,
    quantiles,
    testMonths,
    options: { rounds: 30 },
    onInterval: (index, run) => {
      if (startOf(data.grid, index) >= until) return;
      const odds = run.online.odds(index);
      forecasts.set(
        index,
        quantiles.map((quantile) => odds?.(quantile) ?? 0),
      );
    },
  });
  return forecasts;
}

describe('a backtest', () => {
  test('beats persistence, clear-sky persistence and physics alone, and its bands hold what they say', () => {
    const { data } = madeUpProduction({ days: 150 });
    const result = walkForward({ data, learner, quantiles, testMonths: 2 });
    expect(result.months.map(({ month }) => month)).toEqual(['2025-06', '2025-07']);
    expect(result.skill.clearSkyPersistence).toBeGreaterThan(0.5);
    expect(result.skill.persistence).toBeGreaterThan(0.5);
    expect(result.skill.physics).toBeGreaterThan(0.1);
    expect(result.overall.coverage).toBeWithin(0.75, 0.86);
    expect(result.overall.meanPinball).toBeLessThan(0.5 * result.overall.mae);
    expect(Object.keys(result.overall.pinball)).toEqual(['0.1', '0.5', '0.9']);
    expect(result.overall.pinball['0.5']).toBeCloseTo(result.overall.mae / 2, 6);
  });

  test('goes without weather, and without a place, at least as well as clear-sky persistence', () => {
    const { data } = madeUpProduction({ days: 130, hasWeather: false });
    const known = walkForward({ data, learner, quantiles, testMonths: 2 });
    expect(known.skill.clearSkyPersistence).toBeGreaterThan(0.1);
    const { latitude: _latitude, longitude: _longitude, ...site } = data.site;
    const unknown = walkForward({
      data: { ...data, site: { ...site, utcOffsetH: 1 } },
      learner,
      quantiles,
      testMonths: 2,
    });
    expect(unknown.skill.persistence).toBeGreaterThan(0.1);
    expect(unknown.overall.mae).toBeLessThan(1.1 * known.overall.mae);
    expect(unknown.overall.coverage).toBeWithin(0.74, 0.87);
  });

  /** Day ahead at a place where midnight UTC lies in the morning, so that a leak of hours would show. */
  const china: MadeUpOptions = { latitude: 38, longitude: 115, days: 75, stepMs: hours(1) };

  test.each([
    ['as they should be', 0],
    ['late', hours(1)],
    ['early', -hours(2)],
  ])(
    'never looks at power after the start of the UTC day, nor at weather after its end; its stamps being %s',
    (_, late) => {
      const { data: made, table: punctual } = madeUpProduction(china);
      const table = { ...punctual, times: punctual.times.map((time) => time + late) };
      const data = { ...made, weather: layWeather(table, made.grid) };
      const end = data.grid.from + days(68);
      const before = issued(data, end);
      const spoil = (time: number, value: number, from: number): number => (time >= from ? value * 0.3 + 777 : value);
      const powerW = data.powerW.map((value, index) => spoil(startOf(data.grid, index), value, end - days(1)));
      // A row stamped at the end of the day still belongs to it: radiation is the mean of the hour before.
      const light = table.columns.shortwave_radiation?.map((value, row) =>
        spoil(table.times[row] ?? 0, value, end + 1),
      );
      const air = table.columns.temperature_2m?.map((value, row) => spoil(table.times[row] ?? 0, value, end + 1));
      const changed: WeatherTable = {
        ...table,
        columns: { ...(light ? { shortwave_radiation: light } : {}), ...(air ? { temperature_2m: air } : {}) },
      };
      const after = issued({ ...data, powerW, weather: layWeather(changed, data.grid) }, end);
      expect(before.size).toBeGreaterThanOrEqual(24 * 7);
      expect(after).toEqual(before);
    },
  );

  test('does look at the weather of the day and at the power up to its start', () => {
    const { data, table } = madeUpProduction(china);
    const end = data.grid.from + days(68);
    const before = issued(data, end);
    const lastDay = (forecasts: Map<number, number[]>) =>
      [...forecasts].filter(([index]) => startOf(data.grid, index) >= end - days(1));
    const darker: WeatherTable = {
      ...table,
      columns: {
        ...table.columns,
        shortwave_radiation: Float64Array.from(table.columns.shortwave_radiation ?? [], (value, row) =>
          (table.times[row] ?? 0) > end - days(1) ? value * 0.3 : value,
        ),
      },
    };
    const dull = issued({ ...data, weather: layWeather(darker, data.grid) }, end);
    expect(lastDay(dull)).not.toEqual(lastDay(before));
    const powerW = data.powerW.map((value, index) =>
      startOf(data.grid, index) >= end - days(2) && startOf(data.grid, index) < end - days(1) ? value * 0.3 : value,
    );
    expect(lastDay(issued({ ...data, powerW }, end))).not.toEqual(lastDay(before));
  });

  test('is where the weather ends as good as without any, however good it was', () => {
    const { data, table } = madeUpProduction({ days: 85, stepMs: hours(1) });
    const walk = (weather: ProductionData['weather']): WalkForwardResult =>
      walkForward({ data: { ...data, weather }, learner, quantiles, testMonths: 1, options: { rounds: 30 } });
    const rows = [...table.times.keys()].filter((row) => (table.times[row] ?? 0) < data.grid.from + days(60));
    const light = Float64Array.from(rows, (row) => table.columns.shortwave_radiation?.[row] ?? Number.NaN);
    const ended: WeatherTable = {
      ...{ stepMs: table.stepMs, times: Float64Array.from(rows, (row) => table.times[row] ?? 0) },
      columns: { shortwave_radiation: light },
    };
    expect(walk(layWeather(ended, data.grid))).toEqual(walk(null));
  });

  test('is never below zero, never above the hardware, and in order', () => {
    const { data } = madeUpProduction({ days: 60 });
    for (const [low = 0, middle = 0, high = 0] of issued(data, Number.POSITIVE_INFINITY, 2).values()) {
      expect(low).toBeGreaterThanOrEqual(0);
      expect(middle).toBeGreaterThanOrEqual(low);
      expect(high).toBeGreaterThanOrEqual(middle);
      expect(high).toBeLessThanOrEqual(5000);
    }
  });

  test('is never above a limit that the past has shown, and above the stated power where that was passed', () => {
    const { data } = madeUpProduction({ days: 90, stepMs: minutes(15) });
    const most = (powerW: Float64Array, installedW: number): number => {
      const forecasts = issued({ ...data, powerW, site: { ...data.site, installedW } }, Number.POSITIVE_INFINITY);
      return Math.max(...[...forecasts.values()].map(([, , high = 0]) => high));
    };
    expect(
      most(
        data.powerW.map((power) => Math.min(2500, power)),
        5000,
      ),
    ).toBe(2500);
    expect(most(data.powerW, 500)).toBeWithin(3500, 5000);
  });

  test('takes panels that gave next to nothing for two days for idle, until they give something', () => {
    const { data } = madeUpProduction({ days: 90 });
    const [stops, starts] = [data.grid.from + days(68), data.grid.from + days(80)];
    const isOff = (time: number): boolean => time >= stops && time < starts;
    const powerW = data.powerW.map((power, index) => (isOff(startOf(data.grid, index)) ? 0 : power));
    const forecasts = [...issued({ ...data, powerW }, Number.POSITIVE_INFINITY)];
    const sumKwh = (from: number, to: number): number =>
      forecasts.reduce((sum, [index, [, middle = 0]]) => {
        const time = startOf(data.grid, index);
        return sum + (time >= from && time < to ? middle / 1000 : 0);
      }, 0);
    const usual = sumKwh(stops - days(5), stops) / 5;
    expect(sumKwh(stops + days(2), starts + days(1)) / 11).toBeLessThan(0.01 * usual);
    expect(sumKwh(starts + days(1), starts + days(3)) / 2).toBeGreaterThan(0.4 * usual);
  });

  test('reaches above a limit that has fallen as soon as that was seen', () => {
    const { data } = madeUpProduction({ days: 90 });
    const falls = data.grid.from + days(70);
    const powerW = data.powerW.map((power, index) =>
      startOf(data.grid, index) < falls ? Math.min(2500, power) : power,
    );
    const forecasts = issued({ ...data, powerW }, Number.POSITIVE_INFINITY);
    const most = (from: number, to: number): number =>
      Math.max(
        ...[...forecasts].map(([i, [, , high = 0]]) =>
          startOf(data.grid, i) >= from && startOf(data.grid, i) < to ? high : 0,
        ),
      );
    expect(most(0, falls + days(1))).toBe(2500);
    expect(most(falls + days(1), falls + days(10))).toBeGreaterThan(3000);
  });

  test.each([0.001, 0.3, 1000])(
    'without a past to learn from takes the measure of what comes, its stated power being %d times what it is',
    (factor) => {
      const { data } = madeUpProduction({ days: 40 });
      const walk = (installedW: number): WalkForwardResult =>
        walkForward({
          ...{ learner, quantiles, testMonths: 2 },
          data: { ...data, site: { ...data.site, installedW } },
        });
      const right = walk(5000);
      const { overall, skill } = walk(5000 * factor);
      expect(overall.mae).toBeLessThan(1.25 * right.overall.mae);
      expect(skill.clearSkyPersistence).toBeGreaterThan(0.3);
      expect(overall.coverage).toBeWithin(0.7, 0.93);
    },
  );

  test('without a past learns anew each time when twice as much has come, until four weeks are known, then with the months', () => {
    const { data } = madeUpProduction({ from: Date.UTC(2025, 2, 25), days: 75 });
    const learnedOn = new Map<object, number>();
    walkForward({
      ...{ data, learner, quantiles, testMonths: 4, options: { rounds: 5 } },
      onInterval: (index, run) => {
        if (!learnedOn.has(run.model())) learnedOn.set(run.model(), Math.floor(index / slotsPerDay(data.grid)));
      },
    });
    expect([...learnedOn.values()]).toEqual([1, 2, 4, 7, 14, 28, 37, 68]);
  });

  test('judges whole days in winter, too, where the power is that of days', () => {
    const { data } = madeUpProduction({ days: 310, stepMs: hours(24), hasWeather: false });
    const { months } = walkForward({ data, learner, quantiles, testMonths: 2, options: { rounds: 30 } });
    expect(months.map(({ month }) => month)).toEqual(['2025-12', '2026-01']);
    for (const { coverage, width } of months) {
      expect(coverage).toBeWithin(0.5, 1.01);
      expect(width).toBeGreaterThan(0);
    }
  });

  test('starts from physics on a site without a past, and copes with gaps, quarter hours and hourly weather', () => {
    const { data, table } = madeUpProduction({ days: 40, stepMs: minutes(15) });
    const hourly: WeatherTable = {
      stepMs: hours(1),
      times: table.times.filter((_, row) => row % 4 === 3),
      columns: {
        shortwave_radiation: Float64Array.from(
          table.times.filter((_, row) => row % 4 === 3),
          (_, hour) => {
            const quarters = table.columns.shortwave_radiation?.subarray(4 * hour, 4 * hour + 4) ?? new Float64Array();
            return quarters.reduce((sum, value) => sum + value, 0) / 4;
          },
        ),
      },
    };
    const powerW = data.powerW.map((value, index) => (index % 97 < 9 ? Number.NaN : value));
    const result = walkForward({
      data: { ...data, powerW, weather: layWeather(hourly, data.grid) },
      learner,
      quantiles,
      testMonths: 3,
    });
    expect(result.months.map(({ month }) => month)).toEqual(['2025-03', '2025-04']);
    expect(result.skill.clearSkyPersistence).toBeGreaterThan(0.4);
    expect(result.overall.coverage).toBeWithin(0.7, 0.92);
  });
});
