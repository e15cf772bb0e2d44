import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { nextTurn } from '../core/next-turn.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { dayKey, localDayOf, startOfLocalDay } from '../core/zone.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { stampsOf } from './days.ts';
import { DAY_MS } from './hours.ts';
import { type PanelLight, type PanelLightMeter, panelLightMeter, panelsKey } from './panel-light.ts';
import type { PanelLightReader, WeatherReader, WeatherStores } from './ports.ts';

export interface PanelLightDeps {
  stores: Pick<WeatherStores, 'panelLight' | 'atomically'>;
  hourly: WeatherReader['hourly'];
  onWeather: WeatherReader['onWeather'];
  sources: Pick<SourceDirectory, 'all' | 'byId' | 'onChange'>;
  clock: Clock;
  log: Log;
}

/** Days that are read from disk and stored at once; between any two others have their turn. */
const DAYS_AT_ONCE = 16;

/**
 * Keeps the light on each source's panels by day, so that years of it cost nothing to ask for. What is missing on disk (new
 * weather, panels that lie otherwise) is worked out in the background, the newest days first.
 */
export class PanelLightService implements PanelLightReader {
  private endings: (() => void)[] = [];
  private working: Promise<void> | null = null;
  /** Grows with all that may leave something to be worked out. */
  private news = 0;
  private readonly revisions = new Map<string, number>();
  private isStopped = true;

  constructor(private readonly deps: PanelLightDeps) {}

  start(): void {
    this.isStopped = false;
    const wake = () => this.wake();
    this.endings = [this.deps.onWeather(wake), this.deps.sources.onChange(wake)];
    wake();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const end of this.endings.splice(0)) end();
    await this.working;
  }

  panelLight(sourceId: string, first: string, last: string): ReadonlyMap<string, PanelLight> {
    const source = this.deps.sources.byId(sourceId);
    if (!source || source.arrays.length === 0) return new Map();
    return this.deps.stores.panelLight.read(sourceId, panelsKey(source), first, last);
  }

  lightRevision(sourceId: string): number {
    return this.revisions.get(sourceId) ?? 0;
  }

  /** Resolves once nothing is left to work out. */
  async settled(): Promise<void> {
    while (this.working !== null) await this.working;
  }

  private wake(): void {
    this.news++;
    this.working ??= this.work().finally(() => {
      this.working = null;
    });
  }

  private async work(): Promise<void> {
    for (let heard = -1; heard !== this.news && !this.isStopped; ) {
      heard = this.news;
      // Whoever brought the news is served first.
      await nextTurn();
      try {
        for (const { id } of this.deps.sources.all()) await this.workOff(id);
      } catch (error) {
        this.deps.log.error('light on panels could not be worked out', { error });
      }
    }
  }

  private async workOff(sourceId: string): Promise<void> {
    const meters = new Map<number, PanelLightMeter>();
    while (!this.isStopped) {
      // It may change, or go, between two turns.
      const source = this.deps.sources.byId(sourceId);
      if (!source || source.arrays.length === 0) return;
      const key = panelsKey(source);
      const today = dayKey(localDayOf(this.deps.clock.now(), source.timeZone));
      const days = this.deps.stores.panelLight.pending(sourceId, today, key, DAYS_AT_ONCE).map(dayOfKey);
      if (days.length === 0) return;
      const meter = meters.get(key) ?? panelLightMeter(source);
      meters.set(key, meter);
      await this.workOut(source, { key, of: meter }, days);
    }
  }

  private async workOut(source: Source, meter: { key: number; of: PanelLightMeter }, pending: readonly number[]) {
    const { stores, hourly } = this.deps;
    const newest = Math.max(...pending);
    const days = pending.filter((day) => day > newest - 2 * DAYS_AT_ONCE);
    const spanOf = (first: number, last: number): TimeSpan => ({
      from: startOfLocalDay(first, source.timeZone),
      to: startOfLocalDay(last + 1, source.timeZone),
    });
    const heard = this.news;
    const hours = hourly(source.id, stampsOf(spanOf(Math.min(...days), newest)));
    const found = new Map<string, PanelLight>();
    for (const day of days) {
      found.set(dayKey(day), meter.of(spanOf(day, day), hours));
      await nextTurn();
      // What was read may not be what is known any more.
      if (this.isStopped || heard !== this.news) return;
    }
    stores.atomically(() => stores.panelLight.put(source.id, meter.key, found));
    this.revisions.set(source.id, this.lightRevision(source.id) + 1);
  }
}

const dayOfKey = (date: string): number => Math.round(Date.parse(date) / DAY_MS);
