import { beforeAll, describe, expect, test } from 'bun:test';
import type { TreeLearner } from '../../core/boosted-trees.ts';
import { days, hours } from '../../core/durations.ts';
import { loadXgboost } from '../../ml/xgboost.ml.ts';
import { madeUpConsumption } from '../../testing/consumption.ts';
import { startOf } from '../interval-grid.ts';
import { normalQuantile } from '../online/error-table.ts';
import { layWeather } from '../weather-grid.ts';
import type { ConsumptionData } from './consumption-model.ts';
import { walkConsumption } from './consumption-walk.ts';

let learner: TreeLearner;
beforeAll(async () => {
  learner = await loadXgboost();
});

const quantiles = [0.1, 0.5, 0.9];
const options = { rounds: 40 };
const gaussW = (sd: number) => (draw: number) => sd * normalQuantile(draw);

function issued(data: ConsumptionData, until = Number.POSITIVE_INFINITY): Map<number, number[]> {
  const forecasts = new Map<number, number[]>();
  walkConsumption({
    ...{ data, learner, quantiles, testMonths: 1, options },
    onInterval: (index, run) => {
      if (startOf(data.grid, index) >= until) return;
      const odds = run.online.odds(index);
      forecasts.set(
        index,
        quantiles.map((quantile) => odds?.(quantile) ?? Number.NaN),
      );
    },
  });
  return forecasts;
}

describe('the forecast of consumption', () => {
  test('learns habits and heating better than the days before know them, and its bands hold what they say', () => {
    const { data } = madeUpConsumption({ days: 150, noiseW: gaussW(40) });
    const { skill, overall, baselines } = walkConsumption({ data, learner, quantiles, testMonths: 2 });
    expect(skill.yesterday).toBeGreaterThan(0.4);
    expect(skill.weekAgo).toBeGreaterThan(0.4);
    expect(skill.usual).toBeGreaterThan(0.3);
    expect(overall.coverage).toBeWithin(0.76, 0.85);
    // The mean absolute error of the noise alone is 32 W.
    expect(overall.mae).toBeWithin(32, 60);
    expect(baselines.usual).toBeGreaterThan(70);
  });

  test('has bands as wide as the truth where the truth is known: narrow at night, wide in the evening', () => {
    const noiseW = (draw: number, usualW: number): number => gaussW(0.12 * usualW)(draw);
    const { data, usualW } = madeUpConsumption({ days: 150, heatingWPerK: 0, noiseW });
    const widths: Record<'quiet' | 'busy', number[]> = { quiet: [], busy: [] };
    walkConsumption({
      ...{ data, learner, quantiles, testMonths: 1 },
      onInterval: (index, run) => {
        const odds = run.online.odds(index);
        if (!odds) return;
        const usual = usualW[index] ?? 0;
        // From p10 to p90 of a normal distribution there are 2.563 standard deviations.
        (usual < 200 ? widths.quiet : widths.busy).push((odds(0.9) - odds(0.1)) / (2.563 * 0.12 * usual));
      },
    });
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(widths.quiet)).toBeWithin(0.75, 1.6);
    expect(mean(widths.busy)).toBeWithin(0.75, 1.6);
  });

  test('never looks at power after the start of the UTC day, nor at weather after its end', () => {
    const { data, table } = madeUpConsumption({ days: 80, noiseW: gaussW(40) });
    const end = data.grid.from + days(72);
    const before = issued(data, end);
    const powerW = data.powerW.map((value, index) =>
      startOf(data.grid, index) >= end - days(1) ? value * 3 + 777 : value,
    );
    const air = table.columns.temperature_2m?.map((value, row) => ((table.times[row] ?? 0) > end ? -30 : value));
    const weather = layWeather({ ...table, columns: air ? { temperature_2m: air } : {} }, data.grid);
    const after = issued({ ...data, powerW, weather }, end);
    expect(before.size).toBeGreaterThan(24 * 7);
    expect(after).toEqual(before);
  });

  test('does look at the power up to the start of the day and at the temperature of the day', () => {
    const { data, table } = madeUpConsumption({ days: 80, heatingWPerK: 60, noiseW: gaussW(40) });
    const end = data.grid.from + days(72);
    const last = (forecasts: Map<number, number[]>) =>
      [...forecasts].filter(([index]) => startOf(data.grid, index) >= end - days(1));
    const before = last(issued(data, end));
    const air = table.columns.temperature_2m?.map((value, row) =>
      (table.times[row] ?? 0) > end - days(1) ? -8 : value,
    );
    const cold = last(
      issued(
        { ...data, weather: layWeather({ ...table, columns: air ? { temperature_2m: air } : {} }, data.grid) },
        end,
      ),
    );
    const sum = (forecasts: [number, number[]][]): number =>
      forecasts.reduce((total, [, [, middle = 0]]) => total + middle, 0);
    expect(sum(cold)).toBeGreaterThan(1.05 * sum(before));
    const powerW = data.powerW.map((value, index) => (startOf(data.grid, index) >= end - days(2) ? value * 2 : value));
    expect(last(issued({ ...data, powerW }, end))).not.toEqual(before);
  });

  test('goes by the clock on the wall when the clocks change', () => {
    const { data, usualW } = madeUpConsumption({ from: Date.UTC(2025, 1, 3), days: 70, heatingWPerK: 0 });
    let [missed, count] = [0, 0];
    walkConsumption({
      ...{ data, learner, quantiles, testMonths: 1, options },
      onInterval: (index, run) => {
        missed += Math.abs((run.online.odds(index)?.(0.5) ?? 0) - (usualW[index] ?? 0));
        count++;
      },
    });
    // Half a week of habits an hour off would be ten times that.
    expect(missed / count).toBeLessThan(20);
  });

  test('is never below zero, never unknown, in order, and copes with gaps, quarter hours and houses that take nothing', () => {
    const { data } = madeUpConsumption({ days: 40, stepMs: hours(0.25), noiseW: gaussW(300) });
    const gaps = data.powerW.map((value, index) => (index % 700 < 200 ? Number.NaN : value));
    const houses: ConsumptionData[] = [
      { ...data, powerW: gaps },
      { ...data, powerW: data.powerW.map(() => 0), weather: null, place: null },
      { ...data, powerW: data.powerW.map((value, index) => (index < 96 * 38 ? Number.NaN : value)), weather: null },
    ];
    for (const house of houses) {
      const forecasts = issued(house);
      expect(forecasts.size).toBeGreaterThan(0);
      for (const [low = Number.NaN, middle = 0, high = 0] of forecasts.values()) {
        expect(low).toBeGreaterThanOrEqual(0);
        expect(middle).toBeGreaterThanOrEqual(low);
        expect(high).toBeGreaterThanOrEqual(middle);
      }
    }
  });
});
