import { beforeAll, describe, expect, test } from 'bun:test';
import type { TreeLearner } from '../../core/boosted-trees.ts';
import { days, hours } from '../../core/durations.ts';
import { loadXgboost } from '../../ml/xgboost.ml.ts';
import { madeUpConsumption } from '../../testing/consumption.ts';
import type { ConsumptionData } from '../consumption/consumption-model.ts';
import { firstFrom, startOf } from '../interval-grid.ts';
import { normalQuantile } from '../online/error-table.ts';
import { artefactText, readArtefact } from './artefact-text.ts';
import type { ConsumptionArtefact } from './consumption-artefact.ts';
import { serveConsumption } from './consumption-serving.ts';
import { trainConsumption, usualConsumption } from './consumption-training.ts';
import type { Served } from './recipe.ts';

const noiseW = (draw: number, usualW: number): number => 0.15 * usualW * normalQuantile(draw);
const { data } = madeUpConsumption({ days: 130, noiseW });
const now = data.grid.from + days(100) + hours(6);
let learner: TreeLearner;
let artefact: ConsumptionArtefact;

/** What is known at a moment: no power from then on. */
function knownAt(time: number, all: ConsumptionData = data): ConsumptionData {
  const isKnown = (index: number): boolean => startOf(all.grid, index) + all.grid.stepMs <= time;
  return { ...all, powerW: all.powerW.map((value, index) => (isKnown(index) ? value : Number.NaN)) };
}

function serve(time: number, ahead = days(3), model = artefact, all: ConsumptionData = data): Served {
  return serveConsumption({ artefact: model, data: knownAt(time, all), now: time, until: time + ahead });
}

const kwhOf = (from: number, to: number): number =>
  data.powerW.subarray(firstFrom(data.grid, from), firstFrom(data.grid, to)).reduce((sum, watts) => sum + watts, 0) /
  1000;

beforeAll(async () => {
  learner = await loadXgboost();
  const [learned] = trainConsumption({ data: knownAt(now), moments: [now], learner });
  if (learned) artefact = learned;
}, 60_000);

describe('a consumption forecast', () => {
  test('is better than the usual and holds its odds, hours and days ahead', () => {
    let [mae, usual, inside, count] = [0, 0, 0, 0];
    for (let time = now; time < now + days(26); time += hours(13)) {
      for (const { from, powerW, odds, referenceW } of serve(time).intervals) {
        const actual = data.powerW[firstFrom(data.grid, from)] ?? 0;
        count++;
        mae += Math.abs(powerW - actual);
        usual += Math.abs(referenceW - actual);
        if (actual >= odds(0.1) && actual <= odds(0.9)) inside++;
      }
    }
    expect(count).toBeGreaterThan(3000);
    expect(mae).toBeLessThan(0.9 * usual);
    expect(inside / count).toBeWithin(0.72, 0.9);
  });

  test('gives odds of a whole day that are narrower than the sum of its hours and hold', () => {
    let [inside, count] = [0, 0];
    for (let day = 1; day < 29; day++) {
      const time = data.grid.from + days(100 + day) - hours(1);
      const served = serve(time, days(1));
      const energy = served.energy(served.intervals);
      const sum = (quantile: number): number =>
        served.intervals.reduce((total, { odds }) => total + odds(quantile) / 1000, 0);
      expect(energy(0.9) - energy(0.1)).toBeLessThan(0.8 * (sum(0.9) - sum(0.1)));
      expect(energy(0.9)).toBeGreaterThanOrEqual(energy(0.5));
      const actual = kwhOf(time, time + days(1));
      count++;
      if (actual >= energy(0.1) && actual <= energy(0.9)) inside++;
    }
    expect(inside / count).toBeWithin(0.6, 0.97);
  });

  test('says why: what moved it adds up to what is unusual about it, and cold is a reason', () => {
    // After half a day the last hours' error is forgotten, which is a correction of its own.
    for (const { reasons, powerW, referenceW } of serve(now + days(3)).intervals.slice(13)) {
      const effects = reasons();
      const all = effects.reduce((sum, { effectW }) => sum + effectW, 0);
      expect(new Set(effects.map(({ topic }) => topic)).size).toBe(effects.length);
      expect(all - (powerW - referenceW)).toBeWithin(-1, 1);
    }
    const cold = { ...data, weather: data.weather && { ...data.weather, columns: { ...data.weather.columns } } };
    const air = data.weather?.columns.temperature_2m;
    if (!cold.weather || !air) throw new Error('the made-up house has weather');
    cold.weather.columns.temperature_2m = air.map((value, index) => (startOf(data.grid, index) >= now ? -6 : value));
    const last = serve(now, days(2), artefact, cold).intervals.slice(-12);
    const warm = last.filter(({ reasons }) =>
      reasons()
        .slice(0, 3)
        .some(({ topic, effectW }) => topic === 'temperature' && effectW > 0),
    );
    expect(warm.length).toBeGreaterThan(6);
    expect(artefact.importance.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  test('is the same after the model was stored and read back', () => {
    const restored = readArtefact<ConsumptionArtefact>(artefactText(artefact), 'consumption', 2);
    const [one, other] = [serve(now), serve(now, days(3), restored)];
    one.intervals.forEach(({ powerW, odds }, at) => {
      expect(other.intervals[at]?.powerW).toBeCloseTo(powerW, 1);
      expect(other.intervals[at]?.odds(0.9)).toBeCloseTo(odds(0.9), 1);
    });
    expect(() => readArtefact(artefactText(artefact), 'production', 2)).toThrow('none of production');
  });

  test('serves what is usual before anything was learned, from one day on, and nothing where nothing is known', () => {
    const day = knownAt(data.grid.from + days(1));
    const served = serveConsumption({
      artefact: usualConsumption(day),
      data: day,
      now: data.grid.from + days(1),
      until: data.grid.from + days(2),
    });
    served.intervals.forEach(({ powerW, odds }, index) => {
      expect(powerW).toBeCloseTo(data.powerW[index] ?? 0, 6);
      expect(odds(0.1)).toBeLessThan(powerW);
      expect(odds(0.9)).toBeGreaterThan(powerW);
    });
    const none = knownAt(data.grid.from);
    const empty = serveConsumption({
      artefact: usualConsumption(none),
      data: none,
      now: none.grid.from,
      until: none.grid.from + days(1),
    });
    expect(empty.intervals).toHaveLength(24);
    for (const { powerW, odds } of empty.intervals) expect([powerW, odds(0.1)]).toEqual([0, 0]);
    expect(empty.energy(empty.intervals)(0.5)).toBe(0);
  });

  test('goes on with less when the weather does not come', () => {
    const without = serve(now, days(2), artefact, { ...data, weather: null });
    expect(without.intervals.every(({ hasWeather, powerW }) => !hasWeather && powerW > 0)).toBe(true);
    expect(without.intervals.every(({ odds }) => Number.isFinite(odds(0.9)))).toBe(true);
  });
});
