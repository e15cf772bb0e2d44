import type { LocalStep } from '../core/local-steps.ts';
import type { MetricName, NumericMetric } from '../core/metrics.ts';
import type { MetricValues, Reading, RejectedValue } from '../core/reading.ts';
import { AmpraError } from '../core/result.ts';
import type { BookCheck } from './books/book-check.ts';
import type { Correction } from './corrections/correction.ts';
import type { CorrectionEffect } from './corrections/correction-effect.ts';
import type { QuarterHours } from './energy/quarter-hours.ts';
import { LatestValues } from './live/latest.ts';
import type {
  EnergyPeriod,
  Forgotten,
  HistoryDetail,
  HistorySeries,
  JournalPosition,
  LatestReading,
  ReadingSink,
  ReadingsPage,
  TelemetryAdmin,
  TelemetryCorrections,
  TelemetryReader,
  TimeRange,
} from './ports.ts';
import type { QualityDay } from './quality/quality.ts';
import type { TelemetryService } from './service.ts';
import type { StoredLevel } from './storage/storage.ts';

/**
 * What other features hold of telemetry: there from the beginning, so that everything can be wired before the database
 * opens. While it is closed or broken, questions are refused, and nothing counts as stored; the newest values are still
 * remembered, so that the Live page goes on. Why it is closed is said on the System page and in the log alone.
 */
export class TelemetryGate implements ReadingSink, TelemetryReader, TelemetryAdmin, TelemetryCorrections {
  private open: TelemetryService | null = null;
  private isBroken = false;
  /** What came while it was closed. */
  private readonly meanwhile = new Map<string, LatestValues>();
  /** What came while nobody knew the time; in unset time. */
  private isTimeless = false;
  private readonly shown = new Map<string, LatestValues>();
  private readonly listeners = new Map<(ids: ReadonlySet<string>) => void, (() => void) | null>();

  /** Lets callers through to the service. */
  admit(service: TelemetryService): void {
    this.open = service;
    this.isBroken = false;
    this.meanwhile.clear();
    for (const listener of this.listeners.keys()) this.listeners.set(listener, service.onReadings(listener));
  }

  /** Refuses callers from now on; `isBroken` when it could not be opened. */
  shut(options: { isBroken: boolean }): void {
    this.open = null;
    this.isBroken = options.isBroken;
  }

  /** False when the database could not be opened: what was measured before is not known then. */
  isReadable(): boolean {
    return !this.isBroken;
  }

  /** The service behind, or null while it is closed. */
  current(): TelemetryService | null {
    return this.open;
  }

  add(readings: readonly Reading[], position: JournalPosition): void {
    if (!this.open) this.remember(readings, this.meanwhile);
    this.service().add(readings, position);
  }

  noteRefused(sourceId: string, receivedAt: number, values: readonly RejectedValue[]): void {
    this.open?.noteRefused(sourceId, receivedAt, values);
  }

  show(readings: readonly Reading[]): void {
    this.remember(readings, this.shown);
  }

  /** False while nobody knows the time; once it is known, what was shown meanwhile is stored in its place. */
  knowTime(isKnown: boolean): void {
    this.isTimeless = !isKnown;
    if (isKnown) this.shown.clear();
  }

  waitingRows(): number {
    return this.open?.waitingRows?.() ?? 0;
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
    // Nobody knows how old what is stored is: only what came since can be called new.
    if (this.isTimeless) return this.shown.get(sourceId)?.read();
    return this.open ? this.open.latest(sourceId) : this.meanwhile.get(sourceId)?.read();
  }

  async readings(
    sourceId: string,
    range: TimeRange,
    page: ReadingsPage,
  ): Promise<{ items: { time: number; values: MetricValues }[]; nextCursor: string | null }> {
    return await this.service().readings(sourceId, range, page);
  }

  async history(
    sourceId: string,
    metrics: readonly NumericMetric[],
    range: TimeRange,
    points: number,
    detail?: HistoryDetail,
  ): Promise<HistorySeries> {
    return await this.service().history(sourceId, metrics, range, points, detail);
  }

  async quarterHours(sourceId: string, range: TimeRange): Promise<QuarterHours> {
    return await this.service().quarterHours(sourceId, range);
  }

  async energy(sourceId: string, period: LocalStep, range: TimeRange, timeZone?: string): Promise<EnergyPeriod[]> {
    return await this.service().energy(sourceId, period, range, timeZone);
  }

  pastRevision(sourceId: string): number {
    return this.open?.pastRevision(sourceId) ?? -1;
  }

  remadeShare(sourceId: string): number | null {
    return this.open?.remadeShare(sourceId) ?? null;
  }

  async quality(sourceId: string, range: TimeRange): Promise<QualityDay[]> {
    return await this.service().quality(sourceId, range);
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

  async checkBooks(sourceId: string, days: number): Promise<BookCheck | null> {
    return await this.service().checkBooks(sourceId, days);
  }

  async bookAnew(sourceId: string): Promise<void> {
    await this.service().bookAnew(sourceId);
  }

  corrections(sourceId: string): readonly Correction[] {
    return this.service().corrections(sourceId);
  }

  async correctionEffect(sourceId: string, correction: Correction): Promise<CorrectionEffect | null> {
    return await this.service().correctionEffect(sourceId, correction);
  }

  async correct(sourceId: string, correction: Correction): Promise<void> {
    await this.service().correct(sourceId, correction);
  }

  async deleteSource(sourceId: string): Promise<void> {
    await this.service().deleteSource(sourceId);
  }

  async forget(sourceId: string, what: Forgotten): Promise<void> {
    await this.service().forget(sourceId, what);
  }

  async statistics(): Promise<{
    readings: number;
    pendingReadings: number;
    databaseBytes: number;
    walBytes: number;
  }> {
    return await this.service().statistics();
  }

  async storage(): Promise<Omit<StoredLevel, 'keepDays'>[]> {
    return await this.service().storage();
  }

  private remember(readings: readonly Reading[], into: Map<string, LatestValues>): void {
    for (const { sourceId, time, values } of readings) {
      const known = into.get(sourceId) ?? new LatestValues();
      into.set(sourceId, known);
      known.take({ time, values });
    }
    const ids = new Set(readings.map((reading) => reading.sourceId));
    for (const listener of this.listeners.keys()) listener(ids);
  }

  private service(): TelemetryService {
    if (this.open) return this.open;
    throw new AmpraError({
      code: 'unavailable',
      message: 'The telemetry database is not open, so what was measured cannot be read now.',
      hint: 'What devices send is kept safely and will be there once it is mended. The System page says what to do.',
    });
  }
}
