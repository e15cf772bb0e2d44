import { describe, expect, test } from 'bun:test';
import { buildChart } from '../../src/telemetry/history/history-view.ts';
import { ChartPanels, unbrokenRuns } from './chart.tsx';

const HOUR = 3_600_000;
const from = Date.UTC(2026, 10, 21);

const draw = (values: (number | null)[]): string => {
  const times = values.map((_, i) => from + i * HOUR);
  const model = buildChart({
    times,
    bucketMs: HOUR,
    lines: [{ key: 'batteryVoltage', metric: 'batteryVoltage', whose: null, values, lows: null, highs: null }],
    isTogether: false,
    range: { from, to: from + values.length * HOUR },
    now: from + values.length * HOUR,
    timeZone: 'UTC',
    place: { latitude: 0, longitude: 0 },
    temperatureUnit: 'celsius',
    intervalMs: null,
  });
  return String(<ChartPanels model={model} />);
};

describe('a line as the server draws it', () => {
  test('shows a reading between two gaps as a dot', () => {
    const svg = draw([51, 52, null, null, 53, null, null, 52, 51]);
    expect(/class="line-dots"[^>]*d="M[\d.]+ [\d.]+h0"/.exec(svg)).not.toBeNull();
  });

  test('has no dots where readings are joined', () => {
    expect(draw([51, 52, 53])).not.toContain('line-dots');
  });

  test('breaks at gaps and only there', () => {
    const runs = unbrokenRuns([0, 1, 2, 5, 6, 20], [1, null, 2, 3, null, 4], 3);
    expect(runs.map((run) => run.map((point) => point.time))).toEqual([[0, 2, 5], [20]]);
  });
});
