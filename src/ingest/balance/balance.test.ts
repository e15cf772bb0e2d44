import { describe, expect, test } from 'bun:test';
import { type BalanceMetric, type BalancePart, balanceMetrics, checkBalance } from './balance.ts';

/** The four powers at one moment, W. */
type BalancePoint = { [metric in BalanceMetric]: number | null };

const check = (points: readonly BalancePoint[]) =>
  checkBalance(balanceMetrics.map((metric) => part('one', metric, points, (p) => p[metric])));

function part(
  sourceId: string,
  metric: BalanceMetric,
  points: readonly BalancePoint[],
  of: (point: BalancePoint, i: number) => number | null,
): BalancePart {
  return { sourceId, metric, values: points.map(of) };
}

/** A repeatable source of noise in -1..1 (mulberry32). */
function noise(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * 2 - 1;
  };
}

/** A day in steps of 5 minutes as an inverter reports it: clouds, a kettle, a battery that fills and empties, losses. */
function day(options: { seed?: number; lossShare?: number; from?: number; to?: number } = {}): BalancePoint[] {
  const { seed = 1, lossShare = 0.06, from = 0, to = 24 } = options;
  const random = noise(seed);
  const points: BalancePoint[] = [];
  let stored = 3;
  for (let hour = 0; hour < 24; hour += 1 / 12) {
    const sun = Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI));
    const solarPower = Math.max(0, 4200 * sun * (0.75 + 0.25 * random()));
    const kettle = random() > 0.93 ? 1800 : 0;
    const loadPower = 350 + 150 * Math.abs(random()) + kettle + (hour > 17 && hour < 22 ? 500 : 0);
    const surplus = solarPower * (1 - lossShare) - loadPower;
    let batteryPower = Math.max(-2500, Math.min(2500, surplus));
    if ((batteryPower > 0 && stored >= 8) || (batteryPower < 0 && stored <= 1)) batteryPower = 0;
    stored += batteryPower / 12_000;
    const gridPower = loadPower + batteryPower - solarPower * (1 - lossShare) + 25 * random();
    if (hour >= from && hour < to) points.push({ solarPower, loadPower, gridPower, batteryPower });
  }
  return points;
}

const wrong = (points: BalancePoint[], metric: BalanceMetric, factor: number) =>
  points.map((point) => ({ ...point, [metric]: point[metric] === null ? null : (point[metric] as number) * factor }));
const without = (points: BalancePoint[], metric: BalanceMetric) =>
  points.map((point) => ({ ...point, [metric]: null }));

describe('the balance check', () => {
  test.each([1, 2, 3, 4, 5])('finds a sound house balanced, with noise and losses (%i)', (seed) => {
    expect(check(day({ seed }))).toMatchObject({ kind: 'balanced' });
    expect(check(day({ seed, lossShare: 0.1 }))).toMatchObject({ kind: 'balanced' });
  });

  const mistakes = balanceMetrics.flatMap((metric) =>
    [1000, 0.001, -1, -1000]
      .filter((factor) => factor > 0 || metric === 'gridPower' || metric === 'batteryPower')
      .map((factor) => [metric, factor] as const),
  );
  test.each(mistakes)('says that %s is off by the factor %d, and by what it is mended', (metric, factor) => {
    for (const seed of [1, 2, 3]) {
      const result = check(wrong(day({ seed }), metric, factor));
      if (result.kind !== 'wrong') throw new Error(`seed ${seed}: ${JSON.stringify(result)}`);
      expect(result.corrections).toHaveLength(1);
      expect(result.corrections[0]?.metric).toBe(metric);
      expect(result.corrections[0]?.factor).toBeCloseTo(1 / factor, 9);
      expect(result.sureness).toBeGreaterThanOrEqual(0.5);
    }
  });

  test('needs only some minutes when enough flows', () => {
    const morning = day({ from: 9, to: 10 });
    expect(morning.length).toBeLessThan(13);
    expect(check(morning)).toMatchObject({ kind: 'balanced' });
    expect(check(wrong(morning, 'batteryPower', -1))).toMatchObject({
      kind: 'wrong',
      corrections: [{ sourceId: 'one', metric: 'batteryPower', factor: -1 }],
    });
  });

  test('finds two signs that are wrong together', () => {
    const both = wrong(wrong(day(), 'batteryPower', -1), 'gridPower', -1);
    const result = check(both);
    expect(result).toMatchObject({ kind: 'wrong' });
    expect(result.kind === 'wrong' && result.corrections.map((c) => c.metric).sort()).toEqual([
      'batteryPower',
      'gridPower',
    ]);
  });

  test('needs no battery, or no grid', () => {
    const noBattery = day().map(({ solarPower, loadPower }) => ({
      ...{ solarPower, loadPower, batteryPower: null },
      gridPower: (loadPower ?? 0) - (solarPower ?? 0),
    }));
    expect(check(noBattery)).toMatchObject({ kind: 'balanced' });
    expect(check(wrong(noBattery, 'gridPower', -1))).toMatchObject({
      corrections: [{ sourceId: 'one', metric: 'gridPower', factor: -1 }],
    });
  });

  test.each(['gridPower', 'batteryPower'] as const)(
    'sees a wrong sign of %s without the load, less surely',
    (metric) => {
      const points = without(day(), 'loadPower');
      expect(check(points)).toMatchObject({ kind: 'balanced' });
      const result = check(wrong(points, metric, -1));
      expect(result).toMatchObject({ kind: 'wrong', corrections: [{ sourceId: 'one', metric, factor: -1 }] });
      expect(result.kind === 'wrong' && result.sureness).toBeLessThanOrEqual(0.8);
    },
  );

  test('says nothing where nothing can be said', () => {
    expect(check([])).toEqual({ kind: 'unknown', reason: 'missing' });
    expect(check(day().slice(0, 5))).toEqual({ kind: 'unknown', reason: 'few' });
    expect(check(without(without(day(), 'gridPower'), 'batteryPower').map((p) => ({ ...p, loadPower: null })))).toEqual(
      {
        kind: 'unknown',
        reason: 'missing',
      },
    );
    const idle = Array.from({ length: 30 }, () => ({ solarPower: 0, loadPower: 40, gridPower: -45, batteryPower: 0 }));
    expect(check(idle)).toEqual({ kind: 'unknown', reason: 'little' });
  });

  test('does not blame a sign when the reason is another one', () => {
    const random = noise(7);
    // A second inverter that nobody told us of.
    const partial = day().map((p) => ({ ...p, loadPower: (p.loadPower ?? 0) + 900 + 600 * Math.abs(random()) }));
    expect(check(partial)).toMatchObject({ kind: 'unexplained' });
    const nonsense = day().map(() => ({
      ...{ solarPower: 3000 * Math.abs(random()), loadPower: 3000 * Math.abs(random()) },
      ...{ gridPower: 3000 * random(), batteryPower: 3000 * random() },
    }));
    expect(check(nonsense)).toMatchObject({ kind: 'unexplained' });
  });

  test('skips moments in which something is missing', () => {
    const holes = day().map((p, i) => (i % 3 === 0 ? { ...p, gridPower: null } : p));
    expect(check(holes)).toMatchObject({ kind: 'balanced' });
  });
});

describe('the balance of a house of several sources', () => {
  /** Two inverters on two roofs, a meter and two batteries, each a source of its own. */
  const house = (points: BalancePoint[]): BalancePart[] => [
    part('south', 'solarPower', points, (p) => 0.7 * (p.solarPower ?? 0)),
    part('north', 'solarPower', points, (p) => 0.3 * (p.solarPower ?? 0)),
    part('meter', 'gridPower', points, (p) => p.gridPower),
    part('big', 'batteryPower', points, (p) => 0.6 * (p.batteryPower ?? 0)),
    part('small', 'batteryPower', points, (p) => 0.4 * (p.batteryPower ?? 0)),
    part('plug', 'loadPower', points, (p) => p.loadPower),
  ];
  const spoilt = (parts: BalancePart[], sourceIds: string[], factor: number) =>
    parts.map((one) =>
      sourceIds.includes(one.sourceId)
        ? { ...one, values: one.values.map((value) => (value === null ? null : value * factor)) }
        : one,
    );

  test.each([1, 2, 3])('is found sound (%i)', (seed) => {
    expect(checkBalance(house(day({ seed })))).toMatchObject({ kind: 'balanced' });
  });

  const mistakes: [string, number][] = [
    ...['south', 'north', 'meter', 'big', 'small', 'plug'].flatMap((id): [string, number][] => [
      [id, 1000],
      [id, 0.001],
    ]),
    ...['meter', 'big', 'small'].map((id): [string, number] => [id, -1]),
  ];
  test.each(mistakes)('names the source that is wrong (%s by %d)', (id, factor) => {
    for (const seed of [1, 2, 3]) {
      const result = checkBalance(spoilt(house(day({ seed })), [id], factor));
      if (result.kind !== 'wrong') throw new Error(`seed ${seed}: ${JSON.stringify(result)}`);
      expect(result.corrections).toHaveLength(1);
      expect(result.corrections[0]?.sourceId).toBe(id);
      expect(result.corrections[0]?.factor).toBeCloseTo(1 / factor, 9);
    }
  });

  test('sees two batteries of one maker that both count discharging as positive', () => {
    const result = checkBalance(spoilt(house(day()), ['big', 'small'], -1));
    expect(result).toMatchObject({
      kind: 'wrong',
      corrections: [
        { sourceId: 'big', metric: 'batteryPower', factor: -1 },
        { sourceId: 'small', metric: 'batteryPower', factor: -1 },
      ],
    });
  });

  test('counts only moments in which every source was heard', () => {
    const parts = house(day());
    const late = parts.map((one) =>
      one.sourceId === 'small' ? { ...one, values: one.values.map((v, i) => (i < 282 ? null : v)) } : one,
    );
    expect(checkBalance(late)).toEqual({ kind: 'unknown', reason: 'few' });
  });

  test('blames nobody when a meter stands at another place', () => {
    const parts = house(day()).map((one) =>
      one.sourceId === 'meter' ? { ...one, values: one.values.map((v) => (v ?? 0) * 0.4 + 700) } : one,
    );
    expect(checkBalance(parts)).toMatchObject({ kind: 'unexplained' });
  });
});
