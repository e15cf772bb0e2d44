import type { Clock } from '../core/clock.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { zoneOffsetMs } from '../core/zone.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { QuarterHourGauge, QuarterHours } from '../telemetry/energy/quarter-hours.ts';
import type { TelemetryReader } from '../telemetry/ports.ts';
import type { WeatherReader } from '../weather/ports.ts';
import { curtailed } from './measured/curtailment.ts';
import { balancedLoad, fittingStep, inSteps, quarterPower } from './measured/measured-series.ts';
import { tableOf } from './measured/weather-rows.ts';
import type { ForecastSubject, ModelCard } from './ports.ts';
import type { ProductionSite } from './production-site.ts';
import { HORIZON_DAYS, LOOK_BACK_DAYS, type SubjectData } from './serve/subject-data.ts';
import type { Balance, ForecastSubjects } from './subjects-service.ts';
import { ForecastWeather } from './weather-rows-service.ts';

export interface ForecastDataDeps {
  sources: Pick<SourceDirectory, 'byId'>;
  telemetry: Pick<TelemetryReader, 'quarterHours' | 'span'>;
  weather: Pick<WeatherReader, 'hourly' | 'hourlyAsTold' | 'issueAt' | 'issuedTimes' | 'state'>;
  subjects: ForecastSubjects;
  clock: Clock;
}

/** What a subject's forecast is made from, as it was known at a moment. */
export interface GatheredData {
  data: SubjectData;
  weather: { at: number; until: number } | null;
  weatherFacts: ModelCard['weather'];
  /** First and last quarter hour that was measured; null when nothing was. */
  measured: TimeSpan | null;
}

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A model learns from at most so many intervals: two years of hours, a year of quarter hours, on a machine of 2 GB. */
const MOST_INTERVALS = 36_000;
const STEP_DAYS = 14;
/** Without anything stated or measured: a small house's roof. */
const USUAL_INSTALLED_W = 5000;

/** Gathers what is known of a subject in the form that learners take. Reads in parts, so that others have their turn. */
export class ForecastData {
  readonly weather: ForecastWeather;

  constructor(private readonly deps: ForecastDataDeps) {
    this.weather = new ForecastWeather(deps.weather);
  }

  /** For a forecast made at a moment; `stepMs` as its model has it, else as suits. Undefined when the source is gone. */
  async forServing(subject: ForecastSubject, at: number, stepMs: number | null): Promise<GatheredData | undefined> {
    const source = this.deps.sources.byId(subject.sourceId);
    const from = Math.floor((at - LOOK_BACK_DAYS * DAY_MS) / DAY_MS) * DAY_MS;
    return source && this.gather(source, subject, { from, to: at + (HORIZON_DAYS + 1) * DAY_MS, at, stepMs });
  }

  /** For learning: so many days before now, as far as there are readings. */
  async forTraining(subject: ForecastSubject, days: number): Promise<GatheredData | undefined> {
    const source = this.deps.sources.byId(subject.sourceId);
    const now = this.deps.clock.now();
    const span = await this.deps.telemetry.span(subject.sourceId);
    if (!source || !span) return undefined;
    const stepMs = await this.fittingStep(source, subject, Math.min(now, span.to));
    const wished = Math.min(days, (MOST_INTERVALS * stepMs) / DAY_MS);
    const first = Math.floor(Math.max(span.from, now - wished * DAY_MS) / DAY_MS) * DAY_MS;
    return this.gather(source, subject, { from: first, to: now, at: now, stepMs });
  }

  /** What was measured in a range, in the subject's own steps. Undefined when the source is gone. */
  async measuredIn(
    subject: ForecastSubject,
    range: TimeSpan,
  ): Promise<(Pick<SubjectData, 'grid' | 'powerW' | 'excluded'> & { measured: TimeSpan | null }) | undefined> {
    const source = this.deps.sources.byId(subject.sourceId);
    if (!source) return undefined;
    const from = Math.floor(range.from / HOUR_MS) * HOUR_MS;
    const { powerW, excluded, stepMs } = await this.measured(source, subject, { from, to: range.to });
    const grid = { from, stepMs, count: Math.ceil((range.to - from) / stepMs) };
    return {
      grid,
      powerW: inSteps({ from, values: powerW }, from, stepMs, grid.count),
      excluded: excludedIn(excluded, stepMs, grid.count),
      measured: spanOf(powerW, from),
    };
  }

  /** The interval that suits what a source sent of late. */
  private async fittingStep(source: Source, subject: ForecastSubject, until: number): Promise<number> {
    const to = Math.floor(until / QUARTER_MS) * QUARTER_MS + QUARTER_MS;
    return (await this.measured(source, subject, { from: to - STEP_DAYS * DAY_MS, to })).stepMs;
  }

  private async gather(
    source: Source,
    subject: ForecastSubject,
    wish: TimeSpan & { at: number; stepMs: number | null },
  ): Promise<GatheredData> {
    const { at } = wish;
    const known = Math.floor(at / QUARTER_MS) * QUARTER_MS;
    const past = { from: wish.from, to: Math.max(wish.from, known) };
    const measured = await this.measured(source, subject, past);
    const stepMs = wish.stepMs ?? measured.stepMs;
    const end = wish.to > at ? Math.ceil(wish.to / stepMs) * stepMs : Math.floor(at / stepMs) * stepMs;
    const grid = { from: wish.from, stepMs, count: Math.max(0, Math.round((end - wish.from) / stepMs)) };
    const span = { from: wish.from - HOUR_MS, to: wish.from + grid.count * stepMs + HOUR_MS };
    const { rows, told, hours, toldShare } = await this.weather.known(source.id, span, at, source.timeZone);
    return {
      data: {
        grid,
        powerW: inSteps({ from: wish.from, values: measured.powerW }, wish.from, stepMs, grid.count),
        excluded: excludedIn(measured.excluded, stepMs, grid.count),
        weather: hours > 0 || told ? tableOf(rows) : null,
        site: this.siteOf(source, measured.powerW),
        timeZone: source.timeZone,
      },
      weather: told,
      weatherFacts: hours > 0 ? { hours, toldShare } : null,
      measured: spanOf(measured.powerW, wish.from),
    };
  }

  private async measured(source: Source, subject: ForecastSubject, range: TimeSpan) {
    const quarters = await this.deps.telemetry.quarterHours(source.id, range);
    const balance = subject.quantity === 'load' ? this.deps.subjects.balanceOf(source.id) : undefined;
    if (balance) {
      const powerW = await this.balanced(balance, source, quarters, range);
      return { powerW, excluded: new Uint8Array(quarters.count), stepMs: QUARTER_MS };
    }
    const excluded = subject.quantity === 'solar' ? curtailed(quarters) : new Uint8Array(quarters.count);
    return {
      powerW: quarterPower(quarters, subject.quantity),
      excluded,
      stepMs: fittingStep(quarters, subject.quantity),
    };
  }

  private async balanced(
    { solar, grid, battery }: Balance,
    own: Source,
    quarters: QuarterHours,
    range: TimeSpan,
  ): Promise<Float64Array> {
    const known = new Map([[own.id, quarters]]);
    const sum = async (sources: readonly Source[], gauge: QuarterHourGauge): Promise<Float64Array> => {
      const total = new Float64Array(quarters.count);
      for (const { id } of sources) {
        const theirs = known.get(id) ?? (await this.deps.telemetry.quarterHours(id, range));
        known.set(id, theirs);
        theirs.means[gauge].forEach((value, i) => {
          total[i] = (total[i] ?? 0) + value;
        });
      }
      return total;
    };
    return balancedLoad({
      solarW: await sum(solar, 'solarPower'),
      gridW: await sum(grid, 'gridPower'),
      batteryW: battery.length > 0 ? await sum(battery, 'batteryPower') : null,
    });
  }

  private siteOf(source: Source, powerW: Float64Array): ProductionSite {
    const altitudeM = this.deps.weather.state(source.id)?.elevationM ?? null;
    const year = new Date(this.deps.clock.now()).getUTCFullYear();
    const winter = Math.min(...[0, 6].map((month) => zoneOffsetMs(Date.UTC(year, month, 1), source.timeZone)));
    const stated = source.arrays.reduce((sum, { peakW }) => sum + peakW, 0) || source.installedCapacityW;
    const largest = powerW.reduce((most, value) => (value > most ? value : most), 0);
    const installedW = stated || Math.max(largest * 1.1, largest > 0 ? 0 : USUAL_INSTALLED_W);
    return {
      latitude: source.latitude,
      longitude: source.longitude,
      ...(altitudeM === null ? {} : { altitudeM }),
      utcOffsetH: winter / HOUR_MS,
      installedW: Math.min(installedW, source.inverterLimitW ?? Number.POSITIVE_INFINITY),
      arrays: source.arrays,
    };
  }
}

/** An interval is left out when any of its quarter hours is. */
function excludedIn(quarters: Uint8Array, stepMs: number, count: number): Uint8Array {
  const per = Math.round(stepMs / QUARTER_MS);
  return Uint8Array.from({ length: count }, (_, step) =>
    quarters.subarray(step * per, (step + 1) * per).some((value) => value === 1) ? 1 : 0,
  );
}

function spanOf(powerW: Float64Array, from: number): TimeSpan | null {
  const first = powerW.findIndex((value) => !Number.isNaN(value));
  const last = powerW.findLastIndex((value) => !Number.isNaN(value));
  return first < 0 ? null : { from: from + first * QUARTER_MS, to: from + (last + 1) * QUARTER_MS };
}
