import type { Clock } from '../../core/clock.ts';
import { minutes } from '../../core/durations.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import { periodAt } from '../../core/zone.ts';
import type { Source } from '../../sources/source.ts';
import { aloneOf } from '../house/house.ts';
import type { HouseService } from '../house/house-service.ts';
import { KeptAnswers } from '../kept-answers.ts';
import type { PanelLightOfDays, TelemetryReader } from '../ports.ts';
import { type PlantPart, type PlantParts, partsOf } from './performance.ts';

export interface PerformanceDeps {
  house: Pick<HouseService, 'energy'>;
  reader: Pick<TelemetryReader, 'pastRevision'>;
  /** Null while nobody knows the weather. */
  light(): PanelLightOfDays | null;
  clock: Clock;
}

export type PlantSource = Pick<Source, 'id' | 'isActive' | 'timeZone' | 'latitude' | 'arrays'>;

/** Gathers production and light of plants, each by the days of its own calendar. */
export class PerformanceService {
  /** Days that are over hardly change; late readings, new light and other panels make another key. */
  private readonly kept = new KeptAnswers<PlantPart[]>({
    maxAgeMs: minutes(1),
    refreshedUntilMs: minutes(30),
    most: 60,
  });

  constructor(private readonly deps: PerformanceDeps) {}

  /** Days that share time with the range. */
  plants(sources: readonly PlantSource[], range: TimeSpan): Promise<PlantParts[]> {
    return Promise.all(sources.map((source) => this.plantOf(source, range)));
  }

  private async plantOf(source: PlantSource, range: TimeSpan): Promise<PlantParts> {
    const { id, timeZone, latitude, arrays } = source;
    const peakW = arrays.reduce((sum, array) => sum + array.peakW, 0);
    const now = this.deps.clock.now();
    const last = Math.min(range.to - 1, now);
    if (peakW === 0 || range.from > last) return { id, peakW, parts: [] };
    // Whole months, which tell whether a device sleeps by night.
    const span = { from: periodAt('month', range.from, timeZone).from, to: periodAt('month', last, timeZone).to };
    const revisions = [this.deps.reader.pastRevision(id), this.deps.light()?.lightRevision(id)];
    const key = [id, span.from, span.to, timeZone, latitude, JSON.stringify(arrays), ...revisions].join(' ');
    const parts = await this.kept.get(key, now, () => this.partsIn(source, peakW, span));
    return { id, peakW, parts };
  }

  private async partsIn(source: PlantSource, peakW: number, span: TimeSpan): Promise<PlantPart[]> {
    const { id, latitude } = source;
    const days = await this.deps.house.energy(aloneOf(source), 'day', span);
    const [begin, end] = [days[0], days[days.length - 1]];
    const light = begin && end && this.deps.light()?.panelLight(id, begin.period, end.period);
    return partsOf({ id, peakW, latitude, days, light: light ?? new Map() }, this.deps.clock.now());
  }
}
