import { describe, expect, test } from 'bun:test';
import { buildLiveView, type LiveView } from '../../src/telemetry/live-view.ts';
import { LiveBody } from './live.tsx';

const now = Date.UTC(2026, 5, 21, 12);

/** A house whose first readings came a moment ago: nothing lies between two of them yet. */
function justBegun(): LiveView {
  const latest = {
    time: now - 1000,
    values: { solarPower: 1250, loadPower: 400 },
    times: {},
    derived: [],
  };
  const view = buildLiveView({
    now,
    sources: [],
    counted: [{ id: 'roof', role: 'system' }],
    latest: () => latest,
    intervalMs: () => null,
    today: null,
  });
  return { ...view, isEmpty: false };
}

describe('the day on the Live page', () => {
  test('does not say that nothing was measured while a value stands above it', () => {
    const html = String(<LiveBody view={justBegun()} show="house" isWhole />);
    expect(html).toContain('Measuring has just begun: sums follow.');
    expect(html).not.toContain('Nothing has been measured today yet.');
  });

  test('leads to the days before of what is shown', () => {
    expect(String(<LiveBody view={justBegun()} show="house" isWhole />)).toContain('href="/totals"');
    expect(String(<LiveBody view={justBegun()} show="group:barn" isWhole />)).toContain(
      'href="/totals?show=group%3Abarn"',
    );
  });
});
