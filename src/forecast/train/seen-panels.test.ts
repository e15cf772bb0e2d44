import { describe, expect, test } from 'bun:test';
import { days, minutes } from '../../core/durations.ts';
import { syntheticRoof } from '../../testing/synthetic-roof.ts';
import { isFound, panelFacts, panelLead, panelLines } from '../pages/panel-words.ts';
import type { SubjectData } from '../serve/subject-data.ts';
import { type SeenPanels, seePanels, stillSeen } from './seen-panels.ts';

const place = { latitude: 47.4, longitude: 8.5 };

function dataOf(count: number, site: Partial<SubjectData['site']> = place): SubjectData {
  const span = { from: Date.UTC(2025, 0, 5), days: count, stepMs: minutes(30), noise: 0.01 };
  const roof = { site: place, arrays: [{ tiltDeg: 35, azimuthDeg: 225, peakW: 6000 }] };
  const { series } = syntheticRoof(roof, span);
  const powerW = Float64Array.from(series.powerW);
  return {
    grid: { from: series.from, stepMs: series.stepMs, count: powerW.length },
    powerW,
    excluded: new Uint8Array(powerW.length),
    weather: null,
    site: { installedW: 6000, arrays: [], ...site },
    timeZone: 'Europe/Zurich',
  };
}

function found(panels: SeenPanels | null): Exclude<SeenPanels, { problem: string }> {
  if (!panels || !isFound(panels)) throw new Error(JSON.stringify(panels));
  return panels;
}

describe('how panels lie', () => {
  test('is seen in a year of power where nobody has stated it, and told with how sure that is', () => {
    const seen = found(seePanels(dataOf(360)));
    expect(Math.abs(seen.tiltDeg.value - 35)).toBeLessThan(7);
    expect(Math.abs(seen.azimuthDeg.value - 225)).toBeLessThan(12);
    const facts = Object.fromEntries(panelFacts(seen));
    expect(facts.Facing).toContain('south-west');
    expect(facts.Size).toMatch(/kW/);
    expect(facts['How sure']).toMatch(/^\d+ %, from \d+ clear days$/);
    expect(panelLead(seen)).toContain('nobody has stated it');
    // As the form of a source takes it: tilt, direction, kWp.
    expect(panelLines(seen)).toEqual([expect.stringMatching(/^\d\d 2\d\d [56](\.\d)?$/)]);
  });

  test('is not asked where it is stated, nor where the place is not known', () => {
    const arrays = [{ tiltDeg: 30, azimuthDeg: 180, peakW: 6000 }];
    expect(seePanels(dataOf(60, { ...place, arrays }))).toBeNull();
    expect(seePanels(dataOf(60, {}))).toBeNull();
  });

  test('is left open after a few days, in words', () => {
    expect(seePanels(dataOf(4))).toMatchObject({ problem: expect.stringContaining('clear days are in the history') });
  });

  test('is not read from hours in which the panels were held back', () => {
    const data = dataOf(120);
    data.excluded.fill(1);
    expect(seePanels(data)).toMatchObject({ problem: expect.any(String) });
  });

  test('is looked at anew once a week, and at once forgotten when it is stated', () => {
    const seen = { seenAt: 1000, problem: 'too little' };
    expect(stillSeen(seen, 1000 + days(6))).toBe(seen);
    expect(stillSeen(seen, 1000 + days(7))).toBeUndefined();
    expect(seePanels(dataOf(4), seen)).toBe(seen);
    expect(seePanels(dataOf(4, { ...place, arrays: [{ tiltDeg: 1, azimuthDeg: 1, peakW: 1 }] }), seen)).toBeNull();
  });
});
