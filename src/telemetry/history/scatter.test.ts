import { describe, expect, test } from 'bun:test';
import { scatterNote } from '../../../views/telemetry/scatter.tsx';
import type { NumericMetric } from '../../core/metrics.ts';
import { gatherLines } from './history-gather.ts';
import { linesOf } from './history-lines.ts';
import { buildChart, type ChartModel } from './history-view.ts';
import { buildScatter, correlationOf } from './scatter.ts';

const HOUR = 3_600_000;
const now = Date.UTC(2026, 10, 21, 12);

function chartOf(series: Partial<Record<NumericMetric, (number | null)[]>>, bucketMs = HOUR): ChartModel {
  const count = Math.max(...Object.values(series).map((list) => list.length));
  const times = Array.from({ length: count }, (_, i) => now - (count - i) * bucketMs);
  const history = { times, series, lows: series, highs: series, bucketMs };
  return buildChart({
    ...gatherLines(linesOf(Object.keys(series) as NumericMetric[]), [{ scope: null, label: 'House', history }]),
    ...{ isTogether: true, isPlain: true, range: { from: times[0] ?? now, to: now }, now },
    ...{ timeZone: 'Europe/Lisbon', place: { latitude: 38.72, longitude: -9.14 } },
    ...{ temperatureUnit: 'celsius', intervalMs: null },
  });
}

describe('one metric against another', () => {
  test('has a dot for each time at which both are known, the first to the right, the second upwards', () => {
    const model = chartOf({ solarPower: [0, 1200, null, 2400], batteryTemperature: [18, 20.5, 21, null] });
    const scatter = buildScatter(model);
    expect(scatter?.dots).toEqual([
      { time: now - 4 * HOUR, x: 0, y: 18 },
      { time: now - 3 * HOUR, x: 1200, y: 20.5 },
    ]);
    expect([scatter?.x.axis.axisUnit, scatter?.y.axis.axisUnit]).toEqual(['kW', '°C']);
    expect(scatter?.correlation).toBeNull();
  });

  test('of one unit each have an axis of their own, also over a year, where powers stand apart', () => {
    const year = Array.from({ length: 365 }, (_, i) => i);
    const model = chartOf({ solarPower: year.map((i) => i * 10), gridPower: year.map((i) => -i) }, 24 * HOUR);
    const scatter = buildScatter(model);
    expect(model.panels.flatMap(({ lines }) => lines.map(({ lows, smooth }) => [lows, smooth]))).toEqual([
      [null, null],
      [null, null],
    ]);
    expect([scatter?.x.line.key, scatter?.y.line.key]).toEqual(['solarPower', 'gridPower']);
    expect([scatter?.x.axis.axisUnit, scatter?.y.axis.axisUnit]).toEqual(['kW', 'W']);
    expect(scatter?.correlation).toBeCloseTo(-1, 10);
    expect(scatterNote(scatter as NonNullable<typeof scatter>, model)).toContain('365 in all');
  });

  test('is of two lines, not of one or three', () => {
    expect(buildScatter(chartOf({ solarPower: [1, 2] }))).toBeNull();
    expect(buildScatter(chartOf({ solarPower: [1], loadPower: [1], gridPower: [1] }))).toBeNull();
  });

  test('says so where both were never measured at once', () => {
    const model = chartOf({ solarPower: [1, null], batteryVoltage: [null, 51] });
    const scatter = buildScatter(model);
    expect(scatter?.dots).toEqual([]);
    expect(scatterNote(scatter as NonNullable<typeof scatter>, model)).toBe('At no time of this were both measured.');
  });
});

test('the correlation is that of Pearson, and none of what never changes', () => {
  // Anscombe's first quartet, whose r is 0.816 (The American Statistician 27 (1), 1973).
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
  const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
  const dots = x.map((value, i) => ({ x: value, y: y[i] ?? 0 }));
  expect(correlationOf(dots)).toBeCloseTo(0.8164, 4);
  expect(correlationOf(dots.map((dot) => ({ ...dot, y: 51.2 })))).toBeNull();
  expect(correlationOf(dots.slice(0, 5))).toBeNull();
});
