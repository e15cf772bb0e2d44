import { beforeAll, describe, expect, test } from 'bun:test';
import type { TreeLearner } from '../../core/boosted-trees.ts';
import { days, hours } from '../../core/durations.ts';
import { loadXgboost } from '../../ml/xgboost.ml.ts';
import { madeUpProduction } from '../../testing/production.ts';
import { firstFrom, startOf } from '../interval-grid.ts';
import type { ProductionData } from '../production-model.ts';
import { artefactText, readArtefact } from './artefact-text.ts';
import type { ProductionArtefact } from './production-artefact.ts';
import { type ServedForecast, serveProduction } from './production-serving.ts';
import { trainProduction } from './production-training.ts';

const { data } = madeUpProduction({ days: 140 });
const now = data.grid.from + days(110) + hours(6);
let learner: TreeLearner;
let artefact: ProductionArtefact;

/** What is known at a moment: no power from then on. */
function knownAt(time: number, all: ProductionData = data): ProductionData {
  const powerW = all.powerW.map((value, index) =>
    startOf(all.grid, index) + all.grid.stepMs <= time ? value : Number.NaN,
  );
  return { ...all, powerW };
}

function serve(time: number, ahead = days(3), model = artefact, all: ProductionData = data): ServedForecast {
  return serveProduction({ artefact: model, data: knownAt(time, all), now: time, until: time + ahead });
}

function learn(known: ProductionData): ProductionArtefact {
  const [learned] = trainProduction({ data: known, moments: [now], learner });
  if (!learned) throw new Error('one moment gives one artefact');
  return learned;
}

beforeAll(async () => {
  learner = await loadXgboost();
  artefact = learn(knownAt(now));
}, 60_000);

describe('a production forecast', () => {
  test('is better than the day before and holds its odds, hours and days ahead', () => {
    let [mae, persistence, lit, inside, intervals] = [0, 0, 0, 0, 0];
    for (let time = now; time < now + days(26); time += hours(13)) {
      for (const { from, powerW, odds } of serve(time).intervals) {
        const index = firstFrom(data.grid, from);
        const actual = data.powerW[index] ?? 0;
        intervals++;
        mae += Math.abs(powerW - actual);
        persistence += Math.abs((data.powerW[index - 24 * Math.ceil((from - time + 1) / days(1))] ?? 0) - actual);
        if (odds(0.9) <= 50) continue;
        lit++;
        if (actual >= odds(0.1) && actual <= odds(0.9)) inside++;
      }
    }
    expect(intervals).toBeGreaterThan(3000);
    expect(mae).toBeLessThan(0.5 * persistence);
    expect(inside / lit).toBeWithin(0.7, 0.92);
  });

  test('says why: three things that moved it, and all of them add up to what is unusual about it', () => {
    const dull = serve(now).intervals.filter(({ reasons }) => reasons().length > 0);
    expect(dull.length).toBeGreaterThan(30);
    for (const interval of dull.slice(0, 40)) {
      const reasons = interval.reasons();
      expect(Math.abs(reasons[0]?.effectW ?? 0)).toBeGreaterThanOrEqual(Math.abs(reasons[1]?.effectW ?? 0));
      expect(new Set(reasons.map(({ topic }) => topic)).size).toBe(reasons.length);
    }
    const noon = dull.filter(({ powerW }) => powerW > 1000);
    const lights = noon.filter(({ reasons }) =>
      reasons()
        .slice(0, 3)
        .some(({ topic }) => topic === 'light'),
    );
    expect(lights.length).toBeGreaterThan(0.6 * noon.length);
    expect(artefact.importance[0]?.share).toBeGreaterThan(0.05);
    expect(artefact.importance.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  test('gives odds of a whole day that are narrower than the sum of its hours, but for a day on which they are held to it, and hold', () => {
    let [inside, count, heldToIt, ofDays, ofHours] = [0, 0, 0, 0, 0];
    for (let day = 1; day < 29; day++) {
      const time = data.grid.from + days(110 + day);
      const served = serve(time, days(1));
      const energy = served.energy(time, time + days(1));
      const sum = (quantile: number): number => served.intervals.reduce((total, { odds }) => total + odds(quantile), 0);
      const [ofDay, ofItsHours] = [energy(0.9) - energy(0.1), sum(0.9) - sum(0.1)];
      expect(ofDay).toBeLessThan(ofItsHours + 1e-6);
      if (ofDay > ofItsHours - 1e-6) heldToIt++;
      ofDays += ofDay;
      ofHours += ofItsHours;
      expect(energy(0.1)).toBeGreaterThanOrEqual(0);
      expect(energy(0.9)).toBeGreaterThanOrEqual(energy(0.5));
      const first = firstFrom(data.grid, time);
      const actualWh = data.powerW.subarray(first, first + 24).reduce((total, value) => total + value, 0);
      count++;
      if (actualWh >= energy(0.1) && actualWh <= energy(0.9)) inside++;
    }
    expect(inside / count).toBeWithin(0.6, 0.97);
    // Few days of errors may reach further than the hours do; then these bound both sides of the day.
    expect(heldToIt).toBeLessThan(2);
    expect(ofDays).toBeLessThan(0.93 * ofHours);
  });

  test('takes panels that gave nothing for two days for idle, for two days more, and says so', () => {
    const midnight = data.grid.from + days(115);
    const snowed: ProductionData = {
      ...data,
      powerW: data.powerW.map((value, index) => (startOf(data.grid, index) >= midnight - days(2) ? 0 : value)),
    };
    const { intervals } = serve(midnight, days(3), artefact, snowed);
    const noon = (day: number) => intervals[24 * day + 11];
    for (const day of [0, 1]) {
      expect(noon(day)?.powerW).toBeLessThan(30);
      const lost = (noon(day)?.reasons() ?? []).filter(({ topic }) => topic === 'recent performance');
      const usualW = serve(midnight, days(3)).intervals[24 * day + 11]?.powerW ?? 0;
      expect(lost.reduce((sum, { effectW }) => sum + effectW, 0)).toBeLessThan(-0.5 * usualW);
    }
    expect(noon(2)?.powerW).toBeGreaterThan(300);
  });

  test('is corrected by the last hours', () => {
    const noon = data.grid.from + days(115) + hours(11);
    const withCloud: ProductionData = {
      ...data,
      powerW: data.powerW.map((value, index) => {
        const at = startOf(data.grid, index);
        return at >= noon - hours(4) && at < noon ? value * 0.15 : value;
      }),
    };
    const next = (forecast: ServedForecast): number =>
      forecast.intervals.slice(0, 2).reduce((sum, { powerW }) => sum + powerW, 0);
    expect(next(serve(noon, days(1), artefact, withCloud))).toBeLessThan(0.97 * next(serve(noon, days(1))));
  });

  test('is the same after the model was stored and read back, and tells what the model is', () => {
    const restored = readArtefact<ProductionArtefact>(artefactText(artefact), 'production', 2);
    const [one, other] = [serve(now), serve(now, days(3), restored)];
    one.intervals.forEach(({ powerW, odds }, at) => {
      expect(other.intervals[at]?.powerW).toBeCloseTo(powerW, 1);
      expect(other.intervals[at]?.odds(0.9)).toBeCloseTo(odds(0.9), 1);
    });
    expect(restored.features.map(({ name }) => name)).toContain('clearness');
    expect(artefact.score.mae).toBeLessThan(artefact.score.persistenceMae);
    expect(artefact.score.coverage).toBeWithin(0.72, 0.88);
    expect(() => readArtefact('{"kind":"other"}', 'production', 2)).toThrow('stored model');
  });

  test('goes on with less when the weather does not come', () => {
    const without = serve(now, days(2), artefact, { ...data, weather: null });
    expect(without.intervals.some(({ powerW }) => powerW > 500)).toBe(true);
    expect(without.intervals.every(({ hasWeather, powerW }) => !hasWeather || powerW === 0)).toBe(true);
    const memory = learn({ ...knownAt(now), weather: null });
    const width = (forecast: ServedForecast): number =>
      forecast.intervals.reduce((sum, { odds }) => sum + odds(0.9) - odds(0.1), 0);
    expect(width(serve(now, days(2), memory, { ...data, weather: null }))).toBeGreaterThan(
      1.2 * width(serve(now, days(2))),
    );
  });
});
