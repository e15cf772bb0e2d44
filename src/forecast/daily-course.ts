import { type Fit, leastSquares } from '../core/least-squares.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import { acosDeg, cosDeg, sinDeg } from '../core/solar/angles.ts';
import { sunCoordinates } from '../core/solar/ephemeris.ts';
import type { SunPlace } from '../core/solar/place.ts';
import { type ClockStep, clockSteps, onOneClock } from './clock-steps.ts';
import { type DayEdges, dayEdges, WINDOW_DAYS } from './day-edges.ts';
import type { PowerSeries } from './power-series.ts';

/** The sun's daily course as production shows it: a place whose sun would rise and set so. */
export interface DailyCourse {
  /** With `solarDay` and `createSky` it gives sunrise, noon, sunset and the sun's height of any day. */
  place: SunPlace;
  /** Standard deviations, degrees. */
  latitudeSd: number;
  longitudeSd: number;
  /** The sun's height at which production begins and ends, degrees: hills and houses raise it. */
  morningElevationDeg: number;
  eveningElevationDeg: number;
  /** Steps of the clock, when the stamps follow summer time; the place is right for the latest days. */
  clockSteps: ClockStep[];
  edges: DayEdges[];
}

const DAY_MS = 86_400_000;
const MIN_WINDOWS = 3;
/** The sun's height when production begins, degrees: over usual roofs, and how much more it is at midsummer than at midwinter / 2. */
const USUAL_EDGE_DEG = { mean: 2.5, sd: 2 };
const USUAL_SEASON_DEG = { mean: 1.2, sd: 1 };
const OBLIQUITY_DEG = 23.44;
const MAX_LATITUDE_DEG = 66;

/**
 * Learns latitude and longitude from power alone. The days' first and last light give solar noon, hence the longitude (the
 * equation of time taken out), and the length of the days and its course over the seasons give the latitude. A roof's
 * direction moves the peak but hardly the edges. Refuses when under four weeks have light.
 */
export function learnDailyCourse(series: PowerSeries): Result<DailyCourse> {
  const edges = dayEdges(series);
  if (edges.length < MIN_WINDOWS) {
    return refuse('unavailable', 'There are not enough days with production to learn the course of the sun.', {
      hint: `About ${MIN_WINDOWS * WINDOW_DAYS} days are needed; enter the place to do without.`,
    });
  }
  const steps = clockSteps(edges, series.stepMs);
  const best = bestFit(onOneClock(edges, steps), series.stepMs);
  const [latitude = 0, longitude = 0, morning = 0, evening = 0] = best.parameters;
  const [latitudeSd = 0, longitudeSd = 0] = best.sd;
  return ok({
    place: { latitude, longitude: ((((longitude + 180) % 360) + 360) % 360) - 180 },
    latitudeSd,
    longitudeSd,
    morningElevationDeg: morning,
    eveningElevationDeg: evening,
    clockSteps: steps,
    edges,
  });
}

/** Residuals of first and last light, in standard deviations, for a place and the heights of the edges. */
function edgeResiduals(edges: readonly DayEdges[], stepMs: number) {
  const sdMs = Math.hypot(stepMs / 4, 6 * 60_000);
  const suns = edges.map(({ time }) => sunCoordinates(time));
  return ([latitude = 0, longitude = 0, morning = 0, evening = 0, season = 0]: readonly number[]): number[] => {
    const wrap = (gap: number): number => gap - Math.round(gap / DAY_MS) * DAY_MS;
    const residuals = edges.flatMap(({ firstLight, lastLight }, index) => {
      const sun = suns[index] ?? { declinationDeg: 0, equationOfTimeMin: 0 };
      const noon = DAY_MS / 2 - sun.equationOfTimeMin * 60_000 - (longitude / 360) * DAY_MS;
      // In summer the sun rises behind panels that face noon, so that production needs it higher than in winter.
      const higher = (season * Math.sign(latitude) * sun.declinationDeg) / OBLIQUITY_DEG;
      const half = (elevation: number): number =>
        (halfDayDeg(latitude, sun.declinationDeg, elevation + higher) / 360) * DAY_MS;
      const early = wrap(firstLight - (noon - half(morning)));
      const late = wrap(lastLight - (noon + half(evening)));
      return [early / sdMs, late / sdMs];
    });
    const prior = (value: number, usual: { mean: number; sd: number }): number => (value - usual.mean) / usual.sd;
    return [
      ...residuals,
      prior(morning, USUAL_EDGE_DEG),
      prior(evening, USUAL_EDGE_DEG),
      prior(season, USUAL_SEASON_DEG),
      // Nearer to the poles days without sunrise say nothing; nothing may draw the search there.
      Math.max(0, Math.abs(latitude) - MAX_LATITUDE_DEG),
    ];
  };
}

/** Hour angle at which the sun passes a height, degrees. */
function halfDayDeg(latitude: number, declination: number, elevation: number): number {
  const within = Math.min(MAX_LATITUDE_DEG, Math.max(-MAX_LATITUDE_DEG, latitude));
  return acosDeg((sinDeg(elevation) - sinDeg(within) * sinDeg(declination)) / (cosDeg(within) * cosDeg(declination)));
}

function bestFit(edges: readonly DayEdges[], stepMs: number): Fit {
  const residuals = edgeResiduals(edges, stepMs);
  const noons = edges.map(({ firstLight, lastLight }) => (firstLight + lastLight) / 2);
  const phase = noons.map((noon) => (2 * Math.PI * (noon % DAY_MS)) / DAY_MS);
  const x = phase.reduce((sum, angle) => sum + Math.cos(angle), 0);
  const y = phase.reduce((sum, angle) => sum + Math.sin(angle), 0);
  const longitude = 180 - (Math.atan2(y, x) * 180) / Math.PI;
  const starts = [-50, -25, 5, 25, 50];
  const fits = starts.map((latitude) =>
    leastSquares(residuals, [latitude, longitude, 2.5, 2.5, 1], { huber: 2, priors: 4 }),
  );
  return fits.reduce((best, fit) => (fit.cost < best.cost ? fit : best));
}
