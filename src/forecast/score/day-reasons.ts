import type { ForecastQuantity } from '../issue.ts';
import type { DayFacts } from './day-facts.ts';

/** A day as it was forecast the evening before, and as it came. */
export interface MissedDay {
  actualKwh: number;
  p10Kwh: number;
  p50Kwh: number;
  p90Kwh: number;
  facts: DayFacts;
}

/** Less of a difference between told and come light explains nothing. */
const LIGHT_SHARE = 0.15;
const SNOW_M = 0.01;
const SHARE = 0.03;
const WARMTH_C = 2.5;
/** A day total this near to its forecast needs no explanation, as long as it lies between p10 and p90. */
const NEAR_SHARE = 0.15;

/** In sentences: what explains why a day came otherwise than it was forecast; empty when it came as it was. */
export function reasonsForDay(quantity: ForecastQuantity, day: MissedDay): string[] {
  const isInside = day.actualKwh >= day.p10Kwh && day.actualKwh <= day.p90Kwh;
  if (isInside && Math.abs(day.actualKwh - day.p50Kwh) <= NEAR_SHARE * Math.max(day.actualKwh, day.p50Kwh)) return [];
  const found = [...commonReasons(day), ...(quantity === 'solar' ? solarReasons(day) : loadReasons(day))];
  return found.length > 0 ? found : [unexplained(quantity, day)];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function commonReasons({ facts: { missingShare } }: MissedDay): string[] {
  return missingShare > SHARE ? [`${percent(missingShare)} of the day was not measured.`] : [];
}

function solarReasons({ actualKwh, p50Kwh, facts }: MissedDay): string[] {
  const { toldSunKwhM2: told, cameSunKwhM2: came, snowM, curtailedShare } = facts;
  const reasons: string[] = [];
  const isLess = actualKwh < p50Kwh;
  if (isLess && snowM !== null && snowM >= SNOW_M) reasons.push(`Snow lay ${Math.round(snowM * 100)} cm deep.`);
  if (isLess && curtailedShare > SHARE)
    reasons.push(
      `For ${percent(curtailedShare)} of the day nothing more was asked of the panels, or a fault was named.`,
    );
  if (
    told !== null &&
    came !== null &&
    Math.abs(came - told) > LIGHT_SHARE * Math.max(told, 0.3) &&
    came < told === isLess
  )
    reasons.push(
      `The day came ${came < told ? 'duller' : 'brighter'} than it was told: ${came.toFixed(1)} kWh/m2 of light instead of ${told.toFixed(1)}.`,
    );
  return reasons;
}

function loadReasons({ facts: { toldWarmestC: told, cameWarmestC: came } }: MissedDay): string[] {
  if (told === null || came === null || Math.abs(came - told) < WARMTH_C) return [];
  return [
    `It came ${came < told ? 'colder' : 'warmer'} than it was told: ${Math.round(came)} degrees instead of ${Math.round(told)}.`,
  ];
}

function unexplained(quantity: ForecastQuantity, { actualKwh, p50Kwh, facts }: MissedDay): string {
  const isLess = actualKwh < p50Kwh;
  if (quantity === 'load')
    return isLess ? 'The house took less than on days like this.' : 'The house took more than on days like this.';
  const isLightKnown = facts.toldSunKwhM2 !== null && facts.cameSunKwhM2 !== null;
  if (!isLightKnown) return 'No weather was known of that day.';
  return isLess
    ? 'The light came as it was told, the power did not: shade, dirt, snow or a device at rest would do that.'
    : 'The light came as it was told, and the panels gave more of it than before.';
}
