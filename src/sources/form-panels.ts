import { DIRECTION_DEG, directions } from '../core/compass.ts';
import { kilowattText, typedWatts } from './form-power.ts';
import type { SourceArray, SourceArrayInput } from './panels.ts';

/** Panels as people write them, a line for each plane: "30 south 5.4". Degrees and watts everywhere else. */

const degreesOf = new Map<string, number>(
  directions.flatMap((name, i) => [
    [name, i * DIRECTION_DEG],
    [name.replace('-', ''), i * DIRECTION_DEG],
    [name.replaceAll(/(\w)\w*-?/g, '$1'), i * DIRECTION_DEG],
  ]),
);

/** What stands in the form for the panels of a source. */
export const panelsText = (arrays: readonly SourceArray[]): string => arrays.map(lineOf).join('\n');

function lineOf({ tiltDeg, azimuthDeg, peakW }: SourceArray): string {
  return `${tiltDeg} ${directions[azimuthDeg / DIRECTION_DEG] ?? azimuthDeg} ${kilowattText(peakW)}`;
}

/**
 * What was typed, for the rules of panels: what is no number stays as it is, to be refused. A horizon, which the form does
 * not show, stays with the line of its plane.
 */
export function typedPanels(text: string, was: readonly SourceArray[]): SourceArrayInput[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.map((line, i) => {
    const words = wordsOf(line);
    const [tiltDeg = '', ...rest] = words;
    const peakW = rest.length > 1 ? (rest.pop() ?? '') : '';
    const facing = rest.join('-').toLowerCase();
    return {
      tiltDeg,
      azimuthDeg: degreesOf.get(facing) ?? facing,
      peakW: typedWatts(peakW),
      horizon: was[i]?.horizon ?? [],
    };
  });
}

const wordsOf = (line: string): string[] =>
  line
    .replaceAll(/°|\bdeg(rees)?\b|\bkWp?\b/gi, ' ')
    .replaceAll(/[;/]|,(?!\d)/g, ' ')
    .trim()
    .split(/\s+/);

/** What is wrong with a field such as `arrays.1.tiltDeg`; undefined for any other field. */
export function panelsProblem(field: string, message: string): string | undefined {
  const match = /^arrays(?:\.(\d+)\.(\w+))?/.exec(field);
  if (!match) return undefined;
  const [, line, part] = match;
  if (line === undefined) return `Panels ${message}.`;
  const is = parts[part ?? ''] ?? 'The line is tilt, direction and peak power';
  return `Line ${Number(line) + 1} of the panels: ${is}, as in “30 south 5.4”.`;
}

const parts: Readonly<Record<string, string>> = {
  tiltDeg: 'first comes the tilt, from 0 (flat) to 90 degrees (upright)',
  azimuthDeg: 'second where it faces, as “south-west” or in degrees from north, clockwise',
  peakW: 'last the peak power in kilowatts',
};
