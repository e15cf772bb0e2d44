/** What pages say of a performance ratio. */
import { formatNumber, formatPercent, type Shown } from '../../core/format.ts';
import { type Lack, LEAST_SHARE, type Performance } from './performance.ts';

/** Cold modules under a low sun come close to it; beyond, something is stated wrong. */
const BELIEVABLE = 1.1;
/** From here on nobody needs to hear of what is missing. */
const WHOLE_SHARE = 0.985;

const percent = (share: number): string => `${formatPercent(Math.floor(share * 100)).text}\u00a0%`;

export const showRatio = (ratio: number | null): Shown | null => (ratio === null ? null : formatPercent(ratio * 100));

/** What the ratio means, or what is missing for it. */
export function sayPerformance(performance: Performance | null): string {
  if (!performance) return 'Told of days that are over.';
  const { ratio, share, without, ratedKwp } = performance;
  if (ratedKwp === 0) return sayLack(without.some(({ lack }) => lack === 'weather') ? 'weather' : 'panels');
  if (ratio === null)
    return `Told where sunlight and production are known for ${percent(LEAST_SHARE)} of the daylight; here it is ${percent(share)}.`;
  const rated = `${formatNumber(ratedKwp, ratedKwp < 100 ? 2 : 0)}\u00a0kWp`;
  const meaning =
    ratio > BELIEVABLE
      ? `More than the sunlight on the panels gives at ${rated}: their rated power, or how they lie, may be stated wrong.`
      : `What came of what the sunlight on the panels gives at ${rated}. Heat, dirt, shade, cables and inverter take the rest, and what was held back.`;
  const known = share < WHOLE_SHARE ? ` Known for ${percent(share)} of the daylight.` : '';
  return `${meaning}${known}${sayLeftOut(without)}`;
}

function sayLack(lack: Lack): string {
  return lack === 'panels'
    ? 'Told once the page of the source says how the panels lie: Edit, Details, Panels.'
    : 'The sunlight of this time is not known: the weather was not fetched for it.';
}

function sayLeftOut(without: Performance['without']): string {
  if (without.length === 0) return '';
  const panels = without.some(({ lack }) => lack === 'panels') ? ['whose panels nobody stated'] : [];
  const weather = without.some(({ lack }) => lack === 'weather') ? ['whose sunlight is not known'] : [];
  return ` Without sources ${[...panels, ...weather].join(' or ')}.`;
}
