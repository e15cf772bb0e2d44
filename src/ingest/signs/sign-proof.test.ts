import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { minutes, seconds } from '../../core/durations.ts';
import { runsOf } from '../../testing/hostile.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import type { BoardMetric, SaidValue } from './sign-moment.ts';
import { proofWords, SignProofs } from './sign-proof.ts';

const AT = Date.UTC(2026, 5, 21, 10);
/** Powers of a house in the catalogue's signs, W. */
interface House {
  solar: number;
  grid: number;
  battery: number;
}
const sunny: House[] = [
  { solar: 2400, grid: -700, battery: 900 },
  { solar: 1900, grid: -150, battery: 1200 },
  { solar: 0, grid: 120, battery: -800 },
  { solar: 3100, grid: -1400, battery: 0 },
  { solar: 40, grid: 900, battery: -400 },
];
const open = (metric: BoardMetric, value: number, from: string = metric): SaidValue => ({
  ...{ metric, value, from, id: '', rank: 2, isSignOpen: /^(grid|battery)(Power|Current)/.test(metric) },
});
/** What a device says of that, whose grid and battery are counted by `g` and `b`. */
const said = ({ solar, grid, battery }: House, g: number, b: number): SaidValue[] => [
  open('solarPower', solar),
  open('loadPower', solar + grid - battery),
  open('gridPower', g * grid),
  open('batteryPower', b * battery),
];
const heard = (moments: readonly SaidValue[][]): SignProofs => {
  const signs = new SignProofs();
  for (const [i, values] of moments.entries()) signs.hear(['x'], values, AT + minutes(i));
  return signs;
};
const signsOf = (proofs: SignProofs) => ({
  grid: proofs.finding(['x'], 'gridPower', 2)?.sign,
  battery: proofs.finding(['x'], 'batteryPower', 2)?.sign,
});
const both = [1, -1] as const;

describe('signs that no name says', () => {
  test.each(both.flatMap((g) => both.map((b) => [g, b] as const)))(
    'are proven by the balance of several moments (grid times %p, battery times %p)',
    (g, b) => {
      expect(signsOf(heard(sunny.map((house) => said(house, g, b))))).toEqual({ grid: g, battery: b });
    },
  );

  test('are proven in words', () => {
    const finding = heard(sunny.map((house) => said(house, 1, -1))).finding(['x'], 'batteryPower', 2);
    expect(finding && proofWords(finding)).toBe(
      '4 of 4 moments add up only when the battery’s power counts discharging as positive',
    );
  });

  test.each<[string, SaidValue[][]]>([
    ['two moments only', sunny.slice(0, 2).map((house) => said(house, 1, 1))],
    ['one moment is said again and again', sunny.map(() => said({ solar: 2400, grid: -700, battery: 900 }, 1, 1))],
    ['next to nothing flows', [10, 20, -15, 30].map((w) => said({ solar: 400, grid: w, battery: -w }, 1, 1))],
    ['nothing adds up', sunny.map((house) => [...said(house, 1, 1), open('loadPower', 6000)])],
    ['the load is not said', sunny.map((house) => said(house, 1, 1).filter(({ metric }) => metric !== 'loadPower'))],
    [
      'a power was never below zero, for then it may be an amount that goes either way',
      [1, 2, 3, 4].map((n) => said({ solar: 900 * n, grid: 300, battery: 400 * n }, 1, 1)),
    ],
  ])('stay open while %s', (_, moments) => {
    expect(signsOf(heard(moments)).battery).toBeUndefined();
    expect(signsOf(heard(moments)).grid).toBeUndefined();
  });

  test('stay open where an amount is told by a state beside: it fits one way now and the other way then', () => {
    const amounts = [...sunny, ...sunny].map((house, i) =>
      said({ ...house, solar: house.solar + 100 * i }, 1, 1).map((one) => ({ ...one, value: Math.abs(one.value) })),
    );
    expect(signsOf(heard(amounts))).toEqual({ grid: undefined, battery: undefined });
  });

  test('stay open where two devices stand at one place', () => {
    const signs = heard(sunny.map((house) => said(house, 1, 1)));
    signs.hear(['x'], [open('batteryPower', 300, 'another topic')], AT + minutes(9));
    expect(signsOf(signs)).toEqual({ grid: undefined, battery: undefined });
  });

  test('stay open where the powers come too far apart to belong together', () => {
    const signs = new SignProofs();
    for (const [i, house] of sunny.entries())
      for (const [j, value] of said(house, 1, 1).entries())
        signs.hear(['x'], [value], AT + minutes(4 * i) + seconds(20 * j));
    expect(signsOf(signs)).toEqual({ grid: undefined, battery: undefined });
  });

  test('of a battery’s current are those of its power', () => {
    const withCurrent = sunny.map((house) => [
      ...said(house, 1, -1),
      open('batteryVoltage', 52),
      open('batteryCurrent', house.battery / 52),
    ]);
    const more = [...withCurrent, ...withCurrent];
    expect(heard(more).finding(['x'], 'batteryCurrent', 2)?.sign).toBe(1);
  });

  test('are known to whoever only looks, who changes nothing', () => {
    const signs = heard(sunny.map((house) => said(house, 1, -1)));
    const glance = signs.glance();
    expect(signsOf(glance)).toEqual({ grid: 1, battery: -1 });
    for (const [i, house] of sunny.entries()) glance.hear(['y'], said(house, -1, 1), AT + minutes(20 + i));
    expect(signs.finding(['y'], 'gridPower', 2)).toBeNull();
  });

  test('are never proven wrong, whatever is lost, measured late or flows beside', () => {
    const watts = (most: number) => fc.integer({ min: -most, max: most });
    const moment = fc.record({
      solar: fc.integer({ min: 0, max: 8000 }),
      grid: watts(5000),
      battery: watts(5000),
      lossShare: fc.double({ min: 0, max: 0.05, noNaN: true }),
      noise: watts(60),
      unseen: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, watts(3000)),
    });
    fc.assert(
      fc.property(
        fc.array(moment, { maxLength: 40 }),
        fc.constantFrom(...both),
        fc.constantFrom(...both),
        (all, g, b) => {
          const moments = all
            .map((house) => ({
              house,
              load: (house.solar + house.grid - house.battery) * (1 - house.lossShare) + house.noise + house.unseen,
            }))
            .filter(({ load }) => load >= 0)
            .map(({ house, load }) => [
              ...said(house, g, b).filter((one) => one.metric !== 'loadPower'),
              open('loadPower', load),
            ]);
          const { grid, battery } = signsOf(heard(moments));
          expect([g, undefined]).toContain(grid as never);
          expect([b, undefined]).toContain(battery as never);
        },
      ),
      runsOf('houses with things beside', 1000),
    );
  });
});

describe('a device that nobody knows', () => {
  const memory = () => new DialectMemory();
  const say = (context: DialectMemory, topic: string, payload: string, at: number) => {
    const message = { topic, payload: new TextEncoder().encode(payload), receivedAt: at, isRetained: false };
    const found = interpretMessage(message, { timeZone: 'UTC', memory: context });
    return { values: { ...found?.interpretation.readings[0]?.values }, reason: found?.recognition.reason ?? '' };
  };

  test('is taken at its word for its battery and grid once several rounds of topics add up one way only', () => {
    const context = memory();
    const round = ({ solar, grid, battery }: House, i: number) => {
      const at = AT + minutes(i);
      say(context, 'ems/pv/power', String(solar), at);
      say(context, 'ems/load/power', String(solar + grid - battery), at + 100);
      const ofGrid = say(context, 'ems/grid/power', String(-grid), at + 200);
      return { grid: ofGrid, battery: say(context, 'ems/battery/power', String(-battery), at + 300) };
    };
    const rounds = [...sunny, ...sunny].map(round);
    expect(rounds.slice(0, 2).flatMap((one) => [one.grid.values, one.battery.values])).toEqual([{}, {}, {}, {}]);
    const last = rounds.at(-1);
    expect([last?.grid.values, last?.battery.values]).toEqual([{ gridPower: 900 }, { batteryPower: -400 }]);
    expect(last?.battery.reason).toContain('only when the battery’s power counts discharging as positive');
  });

  test('is understood in objects that do not add up clearly, once earlier ones did', () => {
    const context = memory();
    const object = ({ solar, grid, battery }: House, i: number) => {
      const load = solar + grid - battery;
      const payload = { pv_power: solar, load_power: load, grid_power: grid, battery_power: -battery, battery_soc: 61 };
      return say(context, 'ems/all', JSON.stringify(payload), AT + minutes(i)).values;
    };
    const quiet = { solar: 700, grid: 20, battery: 30 };
    expect(object(quiet, 0)).not.toHaveProperty('batteryPower');
    for (const [i, house] of sunny.entries()) object(house, i + 1);
    expect(object(quiet, 9)).toMatchObject({ gridPower: 20, batteryPower: 30 });
  });
});
