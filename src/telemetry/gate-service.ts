import type { MetricName, NumericMetric } from '../core/metrics.ts';
import type { MetricValues, Reading } from '../core/reading.ts';
import { AmpraError } from '../core/result.ts';
import type {
  EnergyPeriod,
  EnergyTotals,
  HistorySeries,
  JournalPosition,
  LatestReading,
  ReadingSink,
  TelemetryAdmin,
  TelemetryReader,
  TimeRange,
} from './ports.ts';
import type { TelemetryService } from './service.ts';

/**
 * What other features hold of telemetry: there from the beginning, so that everything can be wired before the database
 * opens. While it is closed or broken, questions are refused with the reason, and nothing counts as stored.
 */
export class TelemetryGate implements ReadingSink, TelemetryReader, TelemetryAdmin {
  private open: TelemetryService | null = null;
  private reason = 'The telemetry database is not open yet.';
  private readonly listeners = new Map<(ids: ReadonlySet<string>) => void, (() => void) | null>();

  /** Lets callers through to the service. */
  admit(service: TelemetryService): void {
    this.open = service;
    for (const listener of this.listeners.keys()) this.listeners.set(listener, service.onReadings(listener));
  }

  /** Refuses callers from now on. */
  shut(reason: string): void {
    this.open = null;
    this.reason = reason;
  }

  /** The service behind, or null while it is closed. */
  current(): TelemetryService | null {
    return this.open;
  }

  add(readings: readonly Reading[], position: JournalPosition): void {
    this.service().add(readings, position);
  }

  isSaturated(): boolean {
    return this.open?.isSaturated() ?? false;
  }

  async flush(): Promise<void> {
    await this.service().flush();
  }

  flushedPosition(): JournalPosition {
    return this.service().flushedPosition();
  }

  latest(sourceId: string): LatestReading | undefined {
    return this.open?.latest(sourceId);
  }

  async readings(
    sourceId: string,
    range: TimeRange,
    page: { limit: number; cursor?: string },
  ): Promise<{ items: { time: number; values: MetricValues }[]; nextCursor: string | null }> {
    return await this.service().readings(sourceId, range, page);
  }

  async history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    points: number,
  ): Promise<HistorySeries> {
    return await this.service().history(sourceId, metrics, range, points);
  }

  async energy(sourceId: string, period: 'day' | 'month' | 'year', range: TimeRange): Promise<EnergyPeriod[]> {
    return await this.service().energy(sourceId, period, range);
  }

  async today(sourceId: string): Promise<EnergyTotals> {
    return await this.service().today(sourceId);
  }

  async span(sourceId: string): Promise<TimeRange | null> {
    return await this.service().span(sourceId);
  }

  async metricsOf(sourceId: string): Promise<MetricName[]> {
    return await this.service().metricsOf(sourceId);
  }

  onReadings(listener: (sourceIds: ReadonlySet<string>) => void): () => void {
    this.listeners.set(listener, this.open?.onReadings(listener) ?? null);
    return () => {
      this.listeners.get(listener)?.();
      this.listeners.delete(listener);
    };
  }

  async importReadings(
    sourceId: string,
    readings: Iterable<Reading> | AsyncIterable<Reading>,
    onProgress?: (count: number) => void,
  ): Promise<number> {
    return await this.service().importReadings(sourceId, readings, onProgress);
  }

  async deleteSource(sourceId: string): Promise<void> {
    await this.service().deleteSource(sourceId);
  }

  async deleteBefore(sourceId: string, time: number): Promise<void> {
    await this.service().deleteBefore(sourceId, time);
  }

  async statistics(): Promise<{
    readings: number;
    pendingReadings: number;
    databaseBytes: number;
    walBytes: number;
  }> {
    return await this.service().statistics();
  }

  private service(): TelemetryService {
    if (this.open) return this.open;
    throw new AmpraError({
      code: 'unavailable',
      message: this.reason,
      hint: 'What devices send is kept meanwhile; the System page says how the telemetry database is.',
    });
  }
}
