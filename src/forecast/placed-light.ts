import type { SolarSite } from '../core/solar/place.ts';
import { createSky } from '../core/solar/sky.ts';
import { chooseAlignment, movedSite } from './choose-reading.ts';
import { slotsPerDay } from './interval-grid.ts';
import { type LightGrid, lightGrid, usualPlanes } from './light-grid.ts';
import { type LightReading, readLight } from './light-reading.ts';
import type { ProductionData } from './production-model.ts';
import { type PlaceBasis, placeOf } from './production-site.ts';
import type { PvArray } from './pv-system.ts';

/** Light over a source, and what it rests on. */
export interface PlacedLight {
  light: LightGrid;
  basis: PlaceBasis;
  reading: LightReading;
  /** The panels that physics starts from. */
  arrays: readonly PvArray[];
  /** It was found in intervals below this. */
  known: number;
}

/** What was found stands until so many days more are known, or a tenth more where that is less. */
const STANDS_DAYS = 20;
const STANDS_SHARE = 0.1;

/** Light over the place that is known of the source by then, with its weather read so that it explains the past; the last one again when nothing has changed. */
export function lightFor(data: ProductionData, known: number, last: PlacedLight | null): PlacedLight {
  if (last && known - last.known < Math.min(STANDS_DAYS * slotsPerDay(data.grid), STANDS_SHARE * last.known))
    return last;
  const { site: place, basis } = placeOf(data.site, data.grid, data.powerW, known);
  const planes = [...usualPlanes(place.latitude), ...data.site.arrays];
  const { reading, lateMin, arrays } = chooseAlignment(data, place, planes, known);
  const site = movedSite(place, lateMin);
  if (last && isNear(last.light.site, site) && isSame(last.reading, reading)) return { ...last, basis, arrays, known };
  const weather = data.weather && readLight(data.weather, reading);
  return { light: lightGrid(data.grid, createSky(site), planes, weather), basis, reading, arrays, known };
}

const isNear = (a: SolarSite, b: SolarSite): boolean =>
  Math.abs(a.latitude - b.latitude) <= 0.3 && Math.abs(a.longitude - b.longitude) <= 0.3;

const isSame = (a: LightReading, b: LightReading): boolean => a.basis === b.basis && a.lateBy === b.lateBy;
