import { describe, expect, test } from 'bun:test';
import { Counter } from './counter.ts';
import type { CounterRules } from './counter-past.ts';
import type { CounterStep } from './counter-step.ts';

const MIN = 60_000;
const START = Date.UTC(2026, 5, 21, 10);
const dayStart = (t: number) => Math.floor(t / 86_400_000) * 86_400_000;
const total: CounterRules = { kind: 'total', installedCapacityW: null, ratedKw: null, dayStart };
const daily: CounterRules = { kind: 'daily', installedCapacityW: null, ratedKw: null, dayStart };

/** What each value told, with what was still open at the end. */
function read(points: readonly [time: number, value: number][], rules = total): CounterStep[] {
  const counter = new Counter(rules);
  const steps = points.map(([time, value]) => counter.take(time, value));
  return [...steps, counter.settle()];
}

/** Energy counted by one value every `step` minutes. */
function counted(values: number[], rules = total, options: { step?: number; start?: number } = {}): number {
  const points = values.map(
    (v, i) => [(options.start ?? START) + i * (options.step ?? 5) * MIN, v] as [number, number],
  );
  const kwh = read(points, rules)
    .flatMap((step) => step.counts)
    .reduce((sum, count) => sum + count.kwh, 0);
  return Math.round(kwh * 1000) / 1000;
}

function oddities(values: number[], rules = total, step = 5): string[] {
  return read(
    values.map((v, i) => [START + i * step * MIN, v]),
    rules,
  ).flatMap((s) => s.oddity ?? []);
}

describe('a total counter', () => {
  test('counts what it rose', () => expect(counted([100, 100.2, 100.2, 101])).toBe(1));
  test('a short zero, then the old value, is nothing', () => expect(counted([100, 0, 0, 100.1, 100.2])).toBe(0.2));
  test('zeros all night, then the old total, are nothing', () =>
    expect(counted([100, ...Array(100).fill(0), 100, 100.5])).toBe(0.5));
  test('one step lower and back is nothing', () => expect(counted([100.1, 100, 100, 100.1, 100, 100.3])).toBe(0.2));
  test('a reset counts from zero again', () => expect(counted([45.2, 45.5, 0.1, 0.3, 0.6, 0.9])).toBe(1.2));
  test('weekly resets lose nothing that was shown', () =>
    expect(counted([10, 12, 0.5, 1, 2, 3, 0.2, 0.4, 0.8, 1], total, { step: 60 })).toBe(6));
  test('a replaced device starts where it starts', () => {
    const values = [10_000, 10_000.5, 3200, 3200.2, 3200.4, 3200.6];
    expect(counted(values)).toBe(1.1);
    expect(oddities(values)).toEqual(['jump']);
  });
  test('a replaced device with a higher total brings no energy with it', () =>
    expect(counted([1000, 1000.5, 5000, 5000.2, 5000.4, 5000.6])).toBe(1.1));
  test('nor after a day without readings', () => {
    const day = 24 * 60;
    const points = [0, 5, day, day + 5, day + 10].map((m) => START + m * MIN);
    const values = [1000, 1000.5, 5000, 5000.2, 5000.4];
    const kwh = read(points.map((t, i) => [t, values[i] as number])).flatMap((s) => s.counts);
    expect(kwh.reduce((sum, c) => sum + c.kwh, 0)).toBeCloseTo(0.9, 6);
  });
  test('2^31-1 in any scale is not a value', () =>
    expect(counted([100, 21_474_836.47, 100.1, 2_147_483_647, 100.2, 4_294_967.295, 100.3])).toBe(0.3));
  test('65535 in any scale is not a value, however often it is said', () =>
    expect(counted([100, 6553.5, 6553.5, 6553.5, 6553.5, 100.1, 65_535, 100.2, 655.35, 100.3])).toBe(0.3));
  test('but a count that gets to 6553.5 passes it', () => expect(counted([6553.3, 6553.5, 6553.7])).toBe(0.4));
  test('a negative value says nothing', () => expect(counted([100, -1, 100.1, -5, 100.2])).toBe(0.2));
  test('a wild low value is not a reset when the old one comes back', () =>
    expect(counted([100, 3.2, 100.1, 100.2])).toBe(0.2));
  test('a first value of zero before the real one brings no energy', () =>
    expect(counted([0, 1234, 1234.1, 1234.2, 1234.3])).toBe(0.3));
  test('nor one that could flow in a step, or as the total of a new device', () => {
    expect(counted([0, 0, 12.5, 12.6, 12.7], total)).toBe(0.2);
    expect(counted([...Array(60).fill(0), 26, 26.1, 26.2], total)).toBe(0.2);
    expect(counted([0, 0, 0.1, 0.2, 0.3], total)).toBe(0.3);
  });
  test('stays in doubt until a reset is understood', () => {
    const counter = new Counter(total);
    for (const [i, v] of [100, 101, 0.5].entries()) counter.take(START + i * MIN, v);
    expect(counter.isInDoubt()).toBe(true);
    expect(counter.past.base).toMatchObject({ time: START + MIN, value: 101 });
  });
  test('that looked reset for a while and goes on where it was counts nothing twice', () => {
    const values = [500, 500.1, ...[0.1, 0.2, 0.3, 0.4], 500.2, 500.3];
    expect(counted(values)).toBe(0.6);
    expect(oddities(values)).toEqual(['reset', 'return']);
  });
  test('rolls over at the end of its digits or of its register', () => {
    expect(counted([99_999.8, 99_999.9, 0, 0.1, 0.2, 0.3])).toBe(0.5);
    expect(counted([655.34, 655.35, 0.02, 0.04, 0.06])).toBe(0.08);
  });
  test('a step down of more than a rounding is no energy, nor is it a reset', () => {
    expect(counted([1000, 1000.5, 950, 950.2, 950.4, 950.6])).toBe(1.1);
    expect(oddities([1000, 1000.5, 950, 950.2, 950.4])).toEqual(['jump']);
  });
  test('a display that stood still and catches up shows what was counted meanwhile', () => {
    const values = [...Array(60).fill(500), 540, 540, 540.1];
    expect(counted(values)).toBe(40.1);
    expect(oddities(values)).toEqual(['catchUp']);
    expect(counted([...Array(60).fill(500), 540, 500, 500.1])).toBe(0.1);
  });
  test('what the owner declares counts instead of what it shows', () => {
    const counter = new Counter(total);
    counter.take(START, 100);
    counter.declare(7);
    expect(counter.take(START + MIN, 3200).counts).toEqual([{ from: START, to: START + MIN, kwh: 7 }]);
    expect(counter.take(START + 2 * MIN, 3200.1).counts[0]?.kwh).toBeCloseTo(0.1, 9);
  });
});

describe('units', () => {
  test('Wh among kWh is read as Wh', () => expect(counted([1234.5, 1_234_600, 1234.7, 1234.9])).toBe(0.4));
  test('a counter that goes on in Wh counts on', () => {
    const values = [1234.5, 1234.6, 1_234_700, 1_234_800, 1_234_950];
    expect(counted(values)).toBe(0.45);
    expect(oddities(values)).toEqual(['unit']);
  });
  test('and back in kWh', () => expect(counted([1234.5, 1_234_700, 1_234_800, 1234.9, 1235])).toBe(0.5));
  test('and after a reset still counts Wh', () => expect(counted([1234.5, 1_234_700, 100, 200, 300, 500])).toBe(0.7));
  test('a display that goes on in MWh counts on', () => {
    const values = [2999, 2999.5, 3, 3.001, 3.002, 3.003];
    expect(counted(values, total, { step: 10 })).toBe(4);
    expect(oddities(values, total, 10)).toEqual(['unit']);
  });
  test('a reset to a thousandth of a small count is a reset', () =>
    expect(counted([100, 100.2, 0.1, 0.2, 0.3])).toBe(0.5));
});

describe('a daily counter', () => {
  const evening = Date.UTC(2026, 5, 21, 23, 30);
  test('resets at midnight while producing', () =>
    expect(counted([12, 12.2, 12.3, 0.1, 0.2, 0.3], daily, { step: 10, start: evening })).toBe(0.6));
  test('counts after midnight what it showed first after midnight', () => {
    const times = [Date.UTC(2026, 5, 21, 23, 50), Date.UTC(2026, 5, 22, 0, 10), Date.UTC(2026, 5, 22, 0, 40)];
    const values = [12.3, 0.4, 0.5];
    const counts = read(
      times.map((t, i) => [t, values[i] as number]),
      daily,
    ).flatMap((s) => s.counts);
    const before = expect.closeTo(0.086, 3);
    expect(counts[0]).toEqual({ from: Date.UTC(2026, 5, 22), to: times[1] as number, kwh: 0.4, before });
  });
  test('that keeps yesterday until it wakes up adds nothing for it', () =>
    expect(counted([12, 12.3, 12.3, 12.3, 0, 0.1, 0.4], daily, { step: 60, start: evening })).toBe(0.7));
  test('a short zero, then the old value, is nothing', () =>
    expect(counted([5, 0, 5.1, 5.2], daily, { step: 1 })).toBe(0.2));
  test('zeros for half an hour, then the old value, are nothing', () => {
    expect(counted([5, 0, 0, 0, 0, 0, 0, 5.1, 5.2], daily)).toBe(0.2);
    expect(counted([1.5, 0, 0, 0, 0, 0, 0, 1.6, 1.7], daily, { step: 2 })).toBe(0.2);
  });
  test('zeros for ten minutes, then the old value, are nothing, however little that is', () => {
    expect(counted([0.8, 0.9, 0, 0, 0, 0.9, 1], daily)).toBe(0.2);
    expect(oddities([0.8, 0.9, 0, 0, 0, 0.9], daily)).toEqual(['reset', 'return']);
  });
  test('that begins anew and counts up from zero is no return', () =>
    expect(counted([0.8, 0.9, 0, 0, 0, 0.2, 0.6, 1], daily)).toBe(1.1));
  test('that began anew, and after hours of silence happens to show more than yesterday, has counted that', () => {
    const points = [9, 9.2, 0, 0, 0, 9.5, 9.6].map((value, i): [number, number] => [
      Date.UTC(2026, 5, 21, 5) + (i * 5 + (i > 4 ? 7 * 60 : 0)) * MIN,
      value,
    ]);
    const kwh = read(points, daily).flatMap((s) => s.counts.map((c) => c.kwh));
    expect(kwh.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0.2 + 9.6, 6);
  });
  test('heard again soon after the first midnight with a little more than before has gone on over it', () => {
    const at = [20, 22, 26, 27].map((hour) => Date.UTC(2026, 5, 21, hour));
    const counts = read(
      [17.8, 18, 18.2, 18.3].map((value, i) => [at[i] as number, value]),
      daily,
    ).flatMap((s) => s.counts);
    expect(counts.reduce((sum, { kwh }) => sum + kwh, 0)).toBeCloseTo(0.5, 6);
  });
  test('silent all night, that shows yesterday a while before it begins anew, does not count it again', () => {
    // From five to eight: at half past five it begins anew. 1 kWh an hour, of which the step to each new beginning is lost.
    const hours = Array.from({ length: 3 * 96 }, (_, i) => i / 4).filter((hour) => hour % 24 >= 5 && hour % 24 <= 20);
    const points = hours.map((hour): [number, number] => {
      const sinceFive = (hour + 18.5) % 24;
      return [Date.UTC(2026, 5, 21) + hour * 60 * MIN, sinceFive];
    });
    const kwh = read(points, daily).flatMap((s) => s.counts.map((c) => c.kwh));
    expect(kwh.reduce((sum, one) => sum + one, 0)).toBeCloseTo(63 - 3 * 0.25, 6);
  });
  test('at zero all night, that shows yesterday a while before it begins anew, does not count it again', () => {
    const night = Array<number>(40).fill(0);
    expect(counted([20, ...night, 20, 20, 0, 0, 0, 0.1, 0.2], daily, { step: 15, start: evening })).toBe(0.2);
  });
  test('of Wh that begins anew still counts Wh', () =>
    expect(counted([3, 3100, 3110, 4, 12, 20, 30, 40], daily, { step: 10, start: evening })).toBe(0.15));
  test('of whole kWh that shows Wh once counts on in kWh', () =>
    expect(counted([5, 6, 6400, 6, 7, 8, 9], daily, { step: 30 })).toBe(4));
  test('of less than 1 kWh that shows Wh now and then is read so', () =>
    expect(counted([0.4, 0.5, 510, 0.52, 0.53, 540, 550, 0.56], daily)).toBe(0.16));
  const silentFrom20To15 = [Date.UTC(2026, 5, 21, 20), Date.UTC(2026, 5, 22, 15)] as const;
  test.each([6, 4.8])('silent over midnight counts from midnight, higher or a little lower (%p kWh)', (value) => {
    const [from, to] = silentFrom20To15;
    const counts = read(
      [
        [from, 5],
        [to, value],
      ],
      daily,
    ).flatMap((s) => s.counts);
    expect(counts).toEqual([{ from: Date.UTC(2026, 5, 22), to, kwh: value }]);
  });
});

test('the state goes on as if it had not been kept meanwhile', () => {
  const values = [500, 500.1, 0.1, 0.2, 0.3, 0.4, 500.2, 500_300, 500_400, 3, 3.1, 3.2, 3.3, 3.4];
  for (let cut = 0; cut <= values.length; cut++) {
    let counter = new Counter(total);
    const steps = values.map((v, i) => {
      if (i === cut) counter = Counter.from(JSON.parse(JSON.stringify(counter.state())), total);
      return counter.take(START + i * 5 * MIN, v);
    });
    expect(steps).toEqual(read(values.map((v, i) => [START + i * 5 * MIN, v])).slice(0, -1));
  }
});
