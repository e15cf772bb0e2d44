import { describe, expect, test } from 'bun:test';
import { buildLiveView, type LiveView } from '../../src/telemetry/live/live-view.ts';
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

describe('what a device says is wrong', () => {
  const fault = {
    sourceId: 'roof',
    kind: 'fault',
    sentence: 'Roof reports the fault F04.',
    isNow: true,
    at: '01:48',
  } as const;
  const htmlOf = (change: Partial<LiveView['faults'][number]>) =>
    String(<LiveBody view={{ ...justBegun(), faults: [{ ...fault, ...change }] }} show="house" isWhole />);

  test('stands on Live as an alert, with the way to the source', () => {
    expect(htmlOf({})).toContain('role="alert"');
    expect(htmlOf({})).toContain('Roof reports the fault F04.');
    expect(htmlOf({})).toContain('href="/sources/roof"');
  });

  test('is no alert when it was said a while ago, or is a warning', () => {
    expect(htmlOf({ isNow: false, at: '01:48' })).not.toContain('role="alert"');
    expect(htmlOf({ isNow: false, at: '01:48' })).toContain('It said so at 01:48');
    expect(htmlOf({ kind: 'warning' })).not.toContain('role="alert"');
  });
});

describe('why a source does not report', () => {
  const htmlOf = (needsHand: boolean) => {
    const words = '2 messages not fully understood since 11:59';
    const limits = { ageingMs: 1, staleMs: 2 };
    const source = {
      id: 'roof',
      name: 'Roof',
      time: null,
      freshness: 'never',
      limits,
      text: 'no reading yet',
    } as const;
    const sources = [{ ...source, isAsleep: false, repeatsFor: null, trouble: { words, needsHand } }];
    return String(<LiveBody view={{ ...justBegun(), sources }} show="house" isWhole />);
  };

  test('is red only where somebody must do something now', () => {
    expect(htmlOf(true)).toContain('live-source-trouble needs-hand');
    expect(htmlOf(false)).toContain('2 messages not fully understood since 11:59');
    expect(htmlOf(false)).not.toContain('needs-hand');
  });
});

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
