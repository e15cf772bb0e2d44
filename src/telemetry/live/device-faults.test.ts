import { describe, expect, test } from 'bun:test';
import type { MetricValues } from '../../core/reading.ts';
import type { LatestReading } from '../figures.ts';
import { toldFaults } from './device-faults.ts';

const now = Date.UTC(2026, 10, 27, 2);
const MINUTE = 60_000;
const limits = { ageingMs: 45_000, staleMs: 180_000 };

/** What the roof says `ageMs` ago, of which its codes are `codesAgeMs` old. */
function faultsOf(values: MetricValues, ageMs = 1000, codesAgeMs = ageMs) {
  const times = Object.fromEntries(Object.keys(values).map((name) => [name, now - codesAgeMs]));
  const latest: LatestReading = { time: now - ageMs, values, times, derived: [] };
  return toldFaults({
    now,
    sources: [{ id: 'roof', name: 'Roof inverter', timeZone: 'Europe/Berlin' }],
    latest: () => latest,
    limitsOf: () => limits,
  });
}

describe('what a device says is wrong', () => {
  test('is told in its own codes, a fault before a warning', () => {
    expect(faultsOf({ warningCodes: ['battery low'], faultCodes: ['F04', 17 as unknown as string] })).toEqual([
      {
        sourceId: 'roof',
        kind: 'fault',
        sentence: 'Roof inverter reports the faults F04 and 17.',
        isNow: true,
        at: '02:59',
      },
      { sourceId: 'roof', kind: 'warning', sentence: 'Roof inverter warns: battery low.', isNow: true, at: '02:59' },
    ]);
  });

  test('is nothing while it says that there is none', () => {
    expect(faultsOf({ faultCodes: [], warningCodes: [], operatingMode: 'Line', deviceStatus: 'OK' })).toEqual([]);
    expect(faultsOf({ deviceStatus: 'No fault', operatingMode: 'Faultless' })).toEqual([]);
  });

  test('may be a mode or a status alone, which codes say better', () => {
    expect(faultsOf({ operatingMode: 'Fault mode' })).toMatchObject([
      { kind: 'fault', sentence: 'Roof inverter says of itself: “Fault mode”.' },
    ]);
    expect(faultsOf({ deviceStatus: 'Alarm' })).toMatchObject([
      { kind: 'warning', sentence: 'Roof inverter says of itself: “Alarm”.' },
    ]);
    expect(faultsOf({ operatingMode: 'Fault', deviceStatus: 'Fault', faultCodes: ['7'] })).toMatchObject([
      { sentence: 'Roof inverter reports the fault 7.' },
    ]);
  });

  test('is no longer of now when it went on with other things, and is forgotten after a day', () => {
    const told = (codesAgeMs: number) => faultsOf({ faultCodes: ['F04'] }, 1000, codesAgeMs);
    expect(told(2 * MINUTE)).toMatchObject([{ isNow: true }]);
    expect(told(12 * MINUTE)).toMatchObject([{ isNow: false, at: '02:48' }]);
    expect(told(25 * 60 * MINUTE)).toEqual([]);
  });

  test('stays the last word of a device that fell silent upon it', () => {
    expect(faultsOf({ faultCodes: ['F04'] }, 90 * MINUTE, 91 * MINUTE)).toMatchObject([{ isNow: true, at: '01:29' }]);
  });

  test('of many codes names the first', () => {
    const faultCodes = ['1', '2', '3', '4', '5', '6', '7'];
    expect(faultsOf({ faultCodes })[0]?.sentence).toBe('Roof inverter reports the faults 1, 2, 3, 4 and 3 more.');
  });
});
