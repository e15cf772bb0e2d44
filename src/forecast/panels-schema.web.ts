import { z } from '@hono/zod-openapi';
import { round } from '../core/round.ts';
import type { Ranged } from './array-estimate.ts';
import type { SeenPanels } from './train/seen-panels.ts';

const ranged = z.object({ value: z.number(), low: z.number(), high: z.number() });
export const panelsSchema = z
  .union([
    z.object({
      arrays: z.array(z.object({ tiltDeg: z.number(), azimuthDeg: z.number(), peakW: z.number() })),
      ...{ tiltDeg: ranged, azimuthDeg: ranged, peakW: ranged },
      confidence: z.number(),
      days: z.number().int(),
    }),
    z.object({ problem: z.string() }),
  ])
  .openapi({ description: 'How the panels seem to lie, by their power on clear days; null where it is stated.' });

/** As the API shows them. */
export function panelsJson(seen: SeenPanels) {
  if ('problem' in seen) return { problem: seen.problem };
  const { arrays, tiltDeg, azimuthDeg, peakW, confidence, days } = seen;
  const rounded = ({ value, low, high }: Ranged) => ({
    value: round(value, 1),
    low: round(low, 1),
    high: round(high, 1),
  });
  return {
    arrays: arrays.map((one) => ({
      tiltDeg: round(one.tiltDeg, 1),
      azimuthDeg: round(one.azimuthDeg, 1),
      peakW: round(one.peakW, 0),
    })),
    ...{ tiltDeg: rounded(tiltDeg), azimuthDeg: rounded(azimuthDeg), peakW: rounded(peakW) },
    confidence: round(confidence, 2),
    days,
  };
}
