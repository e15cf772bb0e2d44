import { describe, expect, test } from 'bun:test';
import { emptyQuarterHours, type QuarterHours } from '../../telemetry/energy/quarter-hours.ts';
import { curtailed } from './curtailment.ts';
import { balancedLoad, fittingStep, inSteps, quarterPower } from './measured-series.ts';

const HOUR = 3_600_000;
const from = Date.UTC(2026, 5, 21);
const unknown = Number.NaN;

function quarters(count: number, set: (own: QuarterHours, at: number) => void): QuarterHours {
  const made = emptyQuarterHours(from, count);
  made.coverage.fill(1);
  for (let at = 0; at < count; at++) set(made, at);
  return made;
}

describe('what was measured', () => {
  test('is the mean of the power where a source reports it, else what the books made of its counters', () => {
    const reported = quarters(3, ({ means }, at) => {
      means.solarPower[at] = [900, -4, unknown][at] ?? 0;
    });
    expect([...quarterPower(reported, 'solar')]).toEqual([900, 0, unknown]);
    const counted = quarters(2, ({ solarKwh }, at) => {
      solarKwh[at] = 0.25;
    });
    expect([...quarterPower(counted, 'solar')]).toEqual([1000, 1000]);
  });

  test('is unknown where little was heard', () => {
    const sparse = quarters(2, ({ means, coverage }, at) => {
      means.solarPower[at] = 500;
      coverage[at] = at === 0 ? 0.3 : 1;
    });
    expect([...quarterPower(sparse, 'solar')]).toEqual([unknown, 500]);
  });

  test('comes in quarter hours, or in hours from a device that speaks once an hour: each of them known', () => {
    const hourly = quarters(96, ({ means }, at) => {
      if (at % 4 === 2) means.solarPower[at] = 10 * at;
    });
    expect(fittingStep(hourly, 'solar')).toBe(HOUR);
    const series = { from, values: quarterPower(hourly, 'solar') };
    expect([...inSteps(series, from, HOUR, 3)]).toEqual([20, 60, 100]);
    const often = quarters(96, ({ means }, at) => {
      means.solarPower[at] = at;
    });
    expect(fittingStep(often, 'solar')).toBe(HOUR / 4);
    expect([...inSteps({ from, values: quarterPower(often, 'solar') }, from, HOUR, 2)]).toEqual([1.5, 5.5]);
  });

  test('of a house without a meter is the balance of sun, grid and battery, unknown as soon as one is', () => {
    const load = balancedLoad({
      solarW: Float64Array.of(1000, 1000, 1000),
      gridW: Float64Array.of(200, -300, unknown),
      batteryW: Float64Array.of(400, -100, 0),
    });
    expect([...load]).toEqual([800, 800, unknown]);
  });
});

describe('what does not count', () => {
  const house = (change: Partial<Record<'solarPower' | 'gridPower' | 'batteryPower' | 'stateOfCharge', number>>) =>
    quarters(1, ({ means }, at) => {
      const usual = { solarPower: 900, gridPower: 5, batteryPower: 10, stateOfCharge: 100 };
      Object.entries({ ...usual, ...change }).forEach(([name, value]) => {
        means[name as keyof typeof usual][at] = value;
      });
    });

  test('is a full battery that takes nothing while nothing is sold or bought: the panels could have given more', () => {
    expect([...curtailed(house({}))]).toEqual([1]);
    expect([...curtailed(house({ gridPower: unknown, batteryPower: unknown }))]).toEqual([1]);
  });

  test('is not a battery that charges, a house that sells, or the night', () => {
    for (const change of [{ batteryPower: 600 }, { gridPower: -700 }, { stateOfCharge: 80 }, { solarPower: 0 }])
      expect([...curtailed(house(change))]).toEqual([0]);
  });

  test('is a device that names a fault', () => {
    const faulty = house({ stateOfCharge: 50 });
    faulty.hasFault[0] = 1;
    expect([...curtailed(faulty)]).toEqual([1]);
  });
});
