import { describe, expect, test } from 'bun:test';
import { panelsProblem, panelsText, typedPanels } from './form-panels.ts';

const south = { tiltDeg: 30, azimuthDeg: 180, peakW: 5400, horizon: [{ azimuthDeg: 90, elevationDeg: 10 }] };
const west = { tiltDeg: 12.5, azimuthDeg: 262, peakW: 3000, horizon: [] };

describe('panels in a form', () => {
  test('are a line for each plane, and read as they are shown', () => {
    expect(panelsText([south, west])).toBe('30 south 5.4\n12.5 262 3');
    const typed = typedPanels(panelsText([south, west]), [south, west]);
    expect(typed.map(({ tiltDeg, peakW }) => [Number(tiltDeg), Number(peakW)])).toEqual([
      [30, 5400],
      [12.5, 3000],
    ]);
    expect(typed.map(({ azimuthDeg }) => Number(azimuthDeg))).toEqual([180, 262]);
    expect(typed[0]?.horizon).toEqual(south.horizon);
    expect(panelsText([])).toBe('');
    expect(typedPanels('\r\n  \n', [south])).toEqual([]);
  });

  test('are read as people write them', () => {
    for (const line of [
      '30° south-west 5,4 kWp',
      '30, South West, 5.4',
      '30; sw; 5.4kW',
      ' 30 southwest 5.4 ',
      '30 225° 5,4',
    ])
      expect(typedPanels(line, []).map((one) => [one.tiltDeg, Number(one.azimuthDeg), one.peakW])).toEqual([
        ['30', 225, '5400'],
      ]);
  });

  test('that cannot be read stay as they are, and the line and its part are named', () => {
    expect(typedPanels('steep south 5.4', [])[0]).toMatchObject({ tiltDeg: 'steep', azimuthDeg: 180 });
    expect(typedPanels('30 upwards 5.4', [])[0]?.azimuthDeg).toBe('upwards');
    expect(typedPanels('30 south', [])[0]).toMatchObject({ azimuthDeg: 180, peakW: '' });
    expect(panelsProblem('arrays.1.peakW', 'is not a number')).toBe(
      'Line 2 of the panels: last the peak power in kilowatts, as in “30 south 5.4”.',
    );
    expect(panelsProblem('arrays', 'are 9: state at most 8')).toBe('Panels are 9: state at most 8.');
    expect(panelsProblem('name', 'is missing')).toBeUndefined();
  });
});
