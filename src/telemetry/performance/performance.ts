/**
 * How much plants gave of what the light on their panels would have given at their rated power: the performance ratio of
 * IEC 61724-1:2021, 10.4.1. Both sides count on the same days only: those whose light is known and whose production is whole.
 */
import { dayOfYear } from '../../core/solar/atmosphere.ts';
import { daylightMs } from '../../core/solar/day.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import { performanceRatio } from '../energy/energy-figures.ts';
import type { HousePeriod } from '../house/house-energy.ts';
import { monthOf, monthsHeardByNight, sunShare, WAKING_MS } from '../quality/night-rest.ts';

/** Light on the panels of a source over a day of its calendar. */
export interface PanelDay {
  /** On their plane, kWh/m2, of the part of the day that is known. */
  kwhM2: number;
  /** That part, by the light of a cloudless day, 0..1. */
  known: number;
}

export type PlantDay = Pick<HousePeriod, 'period' | 'from' | 'to' | 'solarKwh' | 'coverage' | 'origins'>;

/** A source that produces, with the days of its own calendar in whole months, ascending. */
export interface Plant {
  id: string;
  /** Rated power of its panels as stated, W; 0 where nobody stated how they lie. */
  peakW: number;
  latitude: number;
  days: readonly PlantDay[];
  /** By date. */
  light: ReadonlyMap<string, PanelDay>;
}

/** What one day of a plant adds. */
export interface PlantPart {
  /** Its middle, ms UTC. */
  at: number;
  /** Hours of daylight times rated power, kWh: how much the day weighs. */
  weight: number;
  isLightKnown: boolean;
  /** True where light and production are both known. */
  isCounted: boolean;
  /** What was produced, and what the light would have given at rated power, kWh; 0 where the day does not count. */
  solarKwh: number;
  referenceKwh: number;
}

/** Why a plant has no ratio: nobody stated how its panels lie, or nothing is known of the light. */
export type Lack = 'panels' | 'weather';

export interface Performance {
  /** Null where too little is known. */
  ratio: number | null;
  /** Share of the daylight of days that are over of which light and production are known, 0..1. */
  share: number;
  /** Of the days that count, kWh. */
  solarKwh: number;
  referenceKwh: number;
  /** Rated power of the plants that count, kW. */
  ratedKwp: number;
  /** Plants that are left out. */
  without: { id: string; lack: Lack }[];
}

/** Days and periods that are known less are not told of. */
const LEAST_LIGHT = 0.95;
export const LEAST_SHARE = 0.75;
/** kWh; less light than this would have given says nothing. */
const LEAST_REFERENCE_KWH = 0.05;

const HOUR_MS = 3_600_000;
/** A source that is heard all night is seldom unheard for longer. ms. */
const SLACK_MS = HOUR_MS / 2;

/** The days of a plant that are over and lie between its first and last with production. */
export function partsOf(plant: Plant, now: number): PlantPart[] {
  const first = plant.days.findIndex(({ solarKwh }) => solarKwh !== null);
  const last = plant.days.findLastIndex(({ solarKwh }) => solarKwh !== null);
  const days = first < 0 ? [] : plant.days.slice(first, last + 1).filter(({ to }) => to <= now);
  const heardByNight = monthsHeardByNight(days);
  const bright = Array.from({ length: 367 }, (_, day) => daylightMs(plant.latitude, day));
  return days.map((day) => partOf(plant, day, bright, heardByNight.has(monthOf(day))));
}

function partOf(plant: Plant, day: PlantDay, bright: readonly number[], isHeardByNight: boolean): PlantPart {
  const at = (day.from + day.to) / 2;
  const brightMs = bright[dayOfYear(at)] ?? 0;
  const darkMs = Math.max(0, day.to - day.from - brightMs);
  const light = plant.light.get(day.period);
  const isLightKnown = light !== undefined && light.known >= LEAST_LIGHT;
  const isCounted = isLightKnown && isWhole(day, isHeardByNight ? SLACK_MS : darkMs + WAKING_MS);
  const ratedKwp = plant.peakW / 1000;
  return {
    at,
    weight: ratedKwp * (brightMs / HOUR_MS),
    isLightKnown,
    isCounted,
    solarKwh: isCounted ? (day.solarKwh ?? 0) : 0,
    referenceKwh: isCounted ? (ratedKwp * light.kwhM2) / light.known : 0,
  };
}

/** The production of a day is whole where the source was heard while it was bright, or a counter told what it had missed. */
function isWhole(day: PlantDay, mayMissMs: number): boolean {
  const { solarKwh, origins, from, to } = day;
  if (solarKwh === null) return false;
  return (1 - sunShare(day)) * (to - from) <= mayMissMs || (origins.solar?.bridgedKwh ?? 0) > 0;
}

/** A plant with its parts. */
export interface PlantParts extends Pick<Plant, 'id' | 'peakW'> {
  parts: readonly PlantPart[];
}

/** Performance of each span (ascending, one after the other) of what lies in it; null where no plant had begun or a day is over. */
export function performanceIn(plants: readonly PlantParts[], spans: readonly TimeSpan[]): (Performance | null)[] {
  const cuts = plants.map(({ parts }) => cutBy(parts, spans));
  return spans.map((_, i) => together(plants.map((plant, p) => ({ ...plant, parts: cuts[p]?.[i] ?? [] }))));
}

function cutBy(parts: readonly PlantPart[], spans: readonly TimeSpan[]): PlantPart[][] {
  let next = 0;
  return spans.map((span) => {
    while ((parts[next]?.at ?? Number.POSITIVE_INFINITY) < span.from) next++;
    const begin = next;
    while ((parts[next]?.at ?? Number.POSITIVE_INFINITY) < span.to) next++;
    return parts.slice(begin, next);
  });
}

function together(plants: readonly PlantParts[]): Performance | null {
  const begun = plants.filter(({ peakW, parts }) => peakW === 0 || parts.length > 0);
  if (begun.length === 0) return null;
  const lackOf = ({ peakW, parts }: PlantParts): Lack | null =>
    peakW === 0 ? 'panels' : parts.some(({ isLightKnown }) => isLightKnown) ? null : 'weather';
  const without = begun.flatMap((plant) => {
    const lack = lackOf(plant);
    return lack ? [{ id: plant.id, lack }] : [];
  });
  const told = begun.filter((plant) => lackOf(plant) === null);
  const parts = told.flatMap((plant) => plant.parts);
  const counted = parts.filter(({ isCounted }) => isCounted);
  const sum = (of: readonly PlantPart[], name: 'weight' | 'solarKwh' | 'referenceKwh'): number =>
    of.reduce((total, part) => total + part[name], 0);
  const whole = sum(parts, 'weight');
  const share = whole > 0 ? sum(counted, 'weight') / whole : 0;
  const [solarKwh, referenceKwh] = [sum(counted, 'solarKwh'), sum(counted, 'referenceKwh')];
  const isEnough = share >= LEAST_SHARE && referenceKwh >= LEAST_REFERENCE_KWH;
  return {
    ratio: isEnough ? performanceRatio(solarKwh, referenceKwh) : null,
    ...{ share, solarKwh, referenceKwh, without },
    ratedKwp: told.reduce((total, { peakW }) => total + peakW / 1000, 0),
  };
}
