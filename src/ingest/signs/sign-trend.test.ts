import { describe, expect, test } from 'bun:test';
import { minutes, seconds } from '../../core/durations.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import type { BoardMetric, SaidValue } from './sign-moment.ts';
import { proofWords, SignProofs } from './sign-proof.ts';

const AT = Date.UTC(2026, 5, 21, 10);
const open = (metric: BoardMetric, value: number, from: string = metric): SaidValue => ({
  ...{ metric, value, from, id: '', rank: 2, isSignOpen: /^(grid|battery)(Power|Current)/.test(metric) },
});

describe('signs that a battery or a counter tells', () => {
  type Step = { flow: number; level: number; minutes?: number };
  /** The flow is said every 10 seconds, the level with it. */
  const told = (flow: BoardMetric, level: BoardMetric, steps: readonly Step[]): SignProofs => {
    const signs = new SignProofs();
    let at = AT;
    for (const { flow: value, level: now, minutes: lasted = 3 } of steps)
      for (let i = 0; i < lasted * 6; i++, at += seconds(10)) {
        signs.hear(['x'], [{ ...open(flow, value + (i % 3)), isSignOpen: true }], at);
        signs.hear(['x'], [{ ...open(level, now), isSignOpen: false }], at + 200);
      }
    return signs;
  };
  const charging = [61, 62, 63].map((level) => ({ flow: 12, level }));
  const discharging = [62, 61, 60].map((level) => ({ flow: -12, level }));
  const turned = (steps: readonly Step[]) => steps.map((step) => ({ ...step, flow: -step.flow }));

  test.each([1, -1] as const)('are proven by a state of charge that rises and falls (times %p)', (sign) => {
    const steps = [...charging, ...discharging];
    const signs = told('batteryCurrent', 'stateOfCharge', sign === 1 ? steps : turned(steps));
    const finding = signs.finding(['x'], 'batteryCurrent', 2);
    expect(finding?.sign).toBe(sign);
    if (finding && sign === -1)
      expect(proofWords(finding)).toBe(
        '4 of 4 moves of levels and counters show that the battery’s current counts discharging as positive',
      );
  });

  test('are proven by counters', () => {
    const kwh = [1200.1, 1200.2, 1200.3, 1200.4].map((level) => ({ flow: -900, level, minutes: 7 }));
    expect(told('gridPower', 'totalGridExport', kwh).finding(['x'], 'gridPower', 2)?.sign).toBe(1);
    expect(told('gridPower', 'totalGridImport', kwh).finding(['x'], 'gridPower', 2)?.sign).toBe(-1);
    expect(told('batteryPower', 'totalBatteryCharge', kwh).finding(['x'], 'batteryPower', 2)?.sign).toBe(-1);
  });

  test.each<[string, readonly Step[]]>([
    ['it moves once only', [...charging.slice(0, 2), { flow: -12, level: 62 }]],
    ['it goes to and fro', [61, 60, 61, 60, 61, 60].map((level) => ({ flow: -12, level }))],
    [
      'the flow changes its way meanwhile',
      [61, 62, 63, 64].flatMap((level) => [
        { flow: 12, level },
        { flow: -12, level },
      ]),
    ],
    ['next to nothing flows', [61, 62, 63, 64].map((level) => ({ flow: -0.9, level: -level }))],
    ['it is never below zero', [...charging, ...discharging].map((step) => ({ ...step, flow: Math.abs(step.flow) }))],
    ['it jumps at once', [61, 62, 63, 64].map((level) => ({ flow: -12, level, minutes: 0.2 }))],
    ['it moves once in many hours', [64, 63, 62, 61].map((level) => ({ flow: -12, level, minutes: 130 }))],
  ])('stay open while %s', (_, steps) => {
    expect(told('batteryCurrent', 'stateOfCharge', steps).finding(['x'], 'batteryCurrent', 2)).toBeNull();
  });

  test('stay open where the balance says the opposite', () => {
    const strong = [...charging, ...discharging].map((step) => ({ ...step, flow: 100 * step.flow }));
    const signs = told('batteryPower', 'stateOfCharge', strong);
    expect(signs.finding(['x'], 'batteryPower', 2)?.sign).toBe(1);
    for (const [i, watts] of [900, -700, 1400, -1100].entries()) {
      const house = [open('solarPower', 2000), open('loadPower', 2000 + watts), open('batteryPower', watts)];
      signs.hear(['x'], house, AT + minutes(60 + i));
    }
    expect(signs.finding(['x'], 'batteryPower', 2)).toBeNull();
  });

  test('are not told by a level that two devices say', () => {
    const signs = told('batteryCurrent', 'stateOfCharge', charging);
    signs.hear(['x'], [{ ...open('stateOfCharge', 80, 'another topic'), isSignOpen: false }], AT + minutes(9));
    for (const [i, { flow, level }] of discharging.entries())
      for (const value of [open('batteryCurrent', flow), open('stateOfCharge', level)])
        signs.hear(['x'], [value], AT + minutes(10 + i));
    expect(signs.finding(['x'], 'batteryCurrent', 2)).toBeNull();
  });
});

test('a battery’s own electronics are taken at their word for the current once the battery has filled and emptied', () => {
  const memory = new DialectMemory();
  const say = (topic: string, payload: string, at: number): Record<string, unknown> => {
    const message = { topic, payload: new TextEncoder().encode(payload), receivedAt: at, isRetained: false };
    return { ...interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values };
  };
  let at = AT;
  let last: Record<string, unknown> = {};
  const currents: [number, number][] = [61, 62, 63, 62, 61, 60].map((soc, i) => [soc, i < 3 ? -12 : 12]);
  for (const [soc, current] of currents)
    for (let i = 0; i < 20; i++, at += seconds(10)) {
      last = say('jk-bms/sensor/jk-bms_current/state', String(current), at);
      say('jk-bms/sensor/jk-bms_state_of_charge/state', String(soc), at + 100);
    }
  expect(last).toEqual({ batteryCurrent: -12 });
  expect(say('other-bms/sensor/other-bms_current/state', '12', at)).toEqual({});
});
