import { hours, minutes } from '../src/core/durations.ts';
import { estimateArrays } from '../src/forecast/array-estimate.ts';
import { createPvModel } from '../src/forecast/expected-power.ts';
import { syntheticRoof } from '../src/testing/synthetic-roof.ts';
import { median, type Results } from './lib.ts';

const site = { latitude: 47.4, longitude: 8.5, altitudeM: 400 };
const roof = { tiltDeg: 30, azimuthDeg: 190, peakW: 3000 };
const from = Date.UTC(2026, 0, 1);

/** A year of quarter hours of a house with three roofs; and what the estimate of a roof from a year of half hours takes. */
export function benchPhysics(results: Results): void {
  const quarter = minutes(15);
  const years = Array.from({ length: 5 }, () => {
    const model = createPvModel({ site, arrays: [roof, { ...roof, azimuthDeg: 90 }, { ...roof, azimuthDeg: 270 }] });
    const startedAt = performance.now();
    for (let at = from; at < from + 365 * hours(24); at += quarter) {
      model.expect({ from: at, to: at + quarter }, { ghiWm2: 200, temperatureC: 15 });
    }
    return performance.now() - startedAt;
  });
  results.add('physics: a year of quarter hours, three roofs', median(years), 'ms', { atMost: 1000 });
  const { series } = syntheticRoof({ site, arrays: [roof] }, { from, days: 360, stepMs: minutes(30) });
  const estimates = Array.from({ length: 3 }, () => {
    const startedAt = performance.now();
    const found = estimateArrays(series, site);
    if (!found.ok) throw new Error(found.error.message);
    return performance.now() - startedAt;
  });
  results.add('physics: a roof estimated from a year', median(estimates), 'ms', { atMost: 5000 });
}
