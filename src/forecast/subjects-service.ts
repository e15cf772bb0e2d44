import type { Log } from '../core/log.ts';
import type { MetricName } from '../core/metrics.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { sourcesFor } from '../telemetry/house/house.ts';
import type { TelemetryReader } from '../telemetry/ports.ts';
import type { ForecastQuantity } from './issue.ts';
import type { ForecastSubject } from './ports.ts';

export interface SubjectsDeps {
  sources: Pick<SourceDirectory, 'all' | 'byId' | 'ownedBy'>;
  telemetry: Pick<TelemetryReader, 'metricsOf'>;
  log: Log;
}

const solarMetrics: readonly MetricName[] = ['solarPower', 'totalEnergyProduced', 'dailyEnergyProduced'];
const loadMetrics: readonly MetricName[] = ['loadPower', 'totalEnergyConsumed', 'dailyEnergyConsumed'];
const hasAny = (metrics: readonly MetricName[] | undefined, wanted: readonly MetricName[]): boolean =>
  wanted.some((metric) => metrics?.includes(metric));

/** The sources of a house whose balance is its consumption, where nothing measures that. */
export interface Balance {
  solar: readonly Source[];
  grid: readonly Source[];
  battery: readonly Source[];
}

/**
 * What there is to forecast: the sun of every source that measures it, and what each house takes, at the sources that
 * count for it. What sources measure is looked up now and then and kept in memory.
 */
export class ForecastSubjects {
  private readonly metrics = new Map<string, readonly MetricName[]>();
  private readonly quantities = new Map<string, ForecastQuantity[]>();
  /** By the source that stands for the house. */
  private readonly balances = new Map<string, Balance>();

  constructor(private readonly deps: SubjectsDeps) {}

  /** Looks anew at what sources measure. */
  async refresh(): Promise<void> {
    const { sources, telemetry, log } = this.deps;
    for (const { id } of sources.all()) {
      try {
        this.metrics.set(id, await telemetry.metricsOf(id));
      } catch (cause) {
        // The telemetry database is not open: what was known stays, and the next look comes.
        log.debug('what a source measures could not be read', { source: id, cause });
      }
    }
    this.workOut();
  }

  /** True while there is a source of which it is not known what it measures. */
  hasUnknown(): boolean {
    return this.deps.sources.all().some(({ id, isActive }) => isActive && (this.metrics.get(id) ?? []).length === 0);
  }

  quantitiesOf(sourceId: string): readonly ForecastQuantity[] {
    return this.quantities.get(sourceId) ?? [];
  }

  all(): ForecastSubject[] {
    return [...this.quantities].flatMap(([sourceId, own]) => own.map((quantity) => ({ sourceId, quantity })));
  }

  /** The balance behind a load that nothing measures; undefined where something does. */
  balanceOf(sourceId: string): Balance | undefined {
    return this.balances.get(sourceId);
  }

  forget(sourceId: string): void {
    this.metrics.delete(sourceId);
    this.workOut();
  }

  private workOut(): void {
    const active = this.deps.sources.all().filter((source) => source.isActive);
    this.quantities.clear();
    this.balances.clear();
    for (const source of active) {
      const measuresSun = source.role === 'system' || source.role === 'solar';
      if (measuresSun && hasAny(this.metrics.get(source.id), solarMetrics)) this.add(source.id, 'solar');
    }
    for (const house of Map.groupBy(active, (source) => source.ownerId).values()) this.addLoad(house);
  }

  private addLoad(house: readonly Source[]): void {
    const giving = (quantity: 'solar' | 'load' | 'grid' | 'battery', wanted: readonly MetricName[]): Source[] =>
      sourcesFor(house, quantity, (source) => hasAny(this.metrics.get(source.id), wanted));
    const measured = giving('load', loadMetrics);
    for (const source of measured) this.add(source.id, 'load');
    if (measured.length > 0) return;
    const [solar, grid] = [giving('solar', ['solarPower']), giving('grid', ['gridPower'])];
    const [first] = grid;
    if (!first || solar.length === 0) return;
    this.balances.set(first.id, { solar, grid, battery: giving('battery', ['batteryPower']) });
    this.add(first.id, 'load');
  }

  private add(sourceId: string, quantity: ForecastQuantity): void {
    this.quantities.set(sourceId, [...(this.quantities.get(sourceId) ?? []), quantity]);
  }
}
