import { DIRECTION_DEG, directions } from '../../core/compass.ts';
import { formatNumber, formatPower, joinShown } from '../../core/format.ts';
import type { Ranged } from '../array-estimate.ts';
import type { ModelsView } from '../forecast-view.ts';
import type { SeenPanels } from '../train/seen-panels.ts';

/** Where the panels seem to lie, in words and figures with their ranges. */

/** Degrees from north, clockwise, 0 to 360. */
const fromNorth = (azimuthDeg: number): number => ((azimuthDeg % 360) + 360) % 360;

/** The one of eight directions that is nearest. */
const directionOf = (azimuthDeg: number): string =>
  directions[Math.round(fromNorth(azimuthDeg) / DIRECTION_DEG) % directions.length] ?? 'north';

/** What the newest training saw of the panels, whether its model serves or not; null where it did not ask. */
export function lastSeen({ serving, others }: Pick<ModelsView, 'serving' | 'others'>): SeenPanels | null {
  const newest = [...(serving ? [serving] : []), ...others].toSorted((a, b) => b.madeAt - a.madeAt).at(0);
  return newest?.card.panels ?? null;
}

type Found = Exclude<SeenPanels, { problem: string }>;

export const isFound = (panels: SeenPanels): panels is Found => !('problem' in panels);

export function panelFacts({ tiltDeg, azimuthDeg, peakW, confidence, days }: Found): [string, string][] {
  return [
    ['Tilt', `${degrees(tiltDeg.value)}, most likely ${range(tiltDeg, 0, 90)}`],
    [
      'Facing',
      `${directionOf(azimuthDeg.value)} (${degrees(fromNorth(azimuthDeg.value))}), most likely within ${degrees((azimuthDeg.high - azimuthDeg.low) / 2)} of it`,
    ],
    ['Size', `${power(peakW.value)}, most likely ${power(peakW.low)} to ${power(peakW.high)}`],
    ['How sure', `${formatNumber(confidence * 100)} %, from ${formatNumber(days)} clear days`],
  ];
}

/** Below a half the figures are no more than a hint. */
export const panelLead = (panels: Found): string =>
  panels.confidence < 0.5
    ? 'Only a hint: the clear days so far fit several ways of lying.'
    : `Read from clear days${panels.arrays.length > 1 ? '; of two roofs, the larger' : ''}, because nobody has stated it.`;

/** As the form of the source takes them, a line for each plane. */
export const panelLines = ({ arrays }: Found): string[] =>
  arrays.map(
    ({ tiltDeg, azimuthDeg, peakW }) =>
      `${Math.round(tiltDeg)} ${Math.round(fromNorth(azimuthDeg))} ${Math.round(peakW / 100) / 10}`,
  );

const degrees = (value: number): string => `${formatNumber(Math.round(value))}°`;

const range = ({ low, high }: Ranged, least: number, most: number): string =>
  `${degrees(Math.max(least, low))} to ${degrees(Math.min(most, high))}`;

const power = (watts: number): string => joinShown(formatPower(watts));
