import type { Clock } from '../core/clock.ts';
import type { MetricName } from '../core/metrics.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { type FreshnessLimits, freshnessLimits, Rhythms } from './freshness.ts';
import { KeptAnswers } from './kept-answers.ts';
import { buildLiveView, type LiveView } from './live-view.ts';
import type { EnergyTotals, TelemetryReader } from './ports.ts';
import { Repetition } from './repetition.ts';

export interface LiveServiceDeps {
  reader: TelemetryReader;
  sources: Pick<SourceDirectory, 'all'>;
  clock: Clock;
  /** False while what was measured before cannot be read. */
  isReadable(): boolean;
}

/** How long sums of the day may be behind the picture. ms. */
const TODAY_MAX_AGE_MS = 5000;
/** Sums that are no older are shown at once when a page must stand; the next event brings the newer ones. ms. */
const TODAY_SHOWN_AT_ONCE_MS = 60_000;
/** Without news the picture is drawn anew after this, so that lines of a source that fell silent come to rest. ms. */
const REFRESH_MS = 20_000;

/** Gathers what the Live page needs, and remembers how often each source usually reports. */
export class LiveService {
  private readonly rhythms = new Map<string, Rhythms>();
  private readonly repetitions = new Map<string, Repetition>();
  private readonly todays = new Map<string, { totals: EnergyTotals; at: number; dayKey: string }>();
  /** Sums that are being worked out: every open page asks for the same. */
  private readonly adding = new KeptAnswers<EnergyTotals>({ maxAgeMs: 2000, most: 1000 });
  private readonly listeners = new Set<(sourceId: string) => void>();
  private stopListening: (() => void) | null = null;
  private refresher: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly deps: LiveServiceDeps) {}

  start(): void {
    this.stopListening = this.deps.reader.onReadings((ids) => {
      for (const id of ids) {
        this.learn(id);
        this.tell(id);
      }
    });
    this.refresher = setInterval(() => {
      for (const source of this.deps.sources.all()) this.tell(source.id);
    }, REFRESH_MS);
    this.refresher.unref?.();
  }

  stop(): void {
    this.stopListening?.();
    this.stopListening = null;
    clearInterval(this.refresher);
  }

  /** Calls `listener` with each source whose picture may have changed. */
  tellOf(listener: (sourceId: string) => void): void {
    this.listeners.add(listener);
  }

  /** Usual time [ms] between values of a source's metric, or of its most frequent one; null until two came. */
  intervalOf(sourceId: string, metric?: MetricName): number | null {
    return this.rhythms.get(sourceId)?.intervalMs(metric) ?? null;
  }

  limitsOf(sourceId: string, metric?: MetricName): FreshnessLimits {
    return freshnessLimits(this.intervalOf(sourceId, metric) ?? undefined);
  }

  private tell(sourceId: string): void {
    for (const listener of this.listeners) listener(sourceId);
  }

  /** The picture of these sources now. Sums of the day that take longer than `patienceMs` come with the next event. */
  async view(sources: readonly Source[], patienceMs: number): Promise<LiveView> {
    const now = this.deps.clock.now();
    const fresh = Promise.all(sources.map((source) => this.refreshToday(source, now)));
    // Should it fail after the page went out, the next event asks anew.
    fresh.catch(() => undefined);
    if (!sources.every((source) => this.isKnownSince(source, now, TODAY_SHOWN_AT_ONCE_MS))) {
      await Promise.race([fresh, new Promise((wake) => setTimeout(wake, patienceMs))]);
    }
    const today = new Map(
      sources.flatMap((source) => {
        const known = this.todays.get(source.id);
        return known && known.dayKey === dayKey(source, now) ? [[source.id, known.totals] as const] : [];
      }),
    );
    return buildLiveView({
      now,
      sources,
      today,
      latest: (id) => this.deps.reader.latest(id),
      intervalMs: (id, metric) => this.intervalOf(id, metric),
      repeatedMs: (id) => this.repetitions.get(id)?.repeatedMs ?? null,
    });
  }

  /** False while the picture shows only what came since the start. */
  isWhole(): boolean {
    return this.deps.isReadable();
  }

  private async refreshToday(source: Source, now: number): Promise<void> {
    if (!this.deps.isReadable()) return;
    if (this.isKnownSince(source, now, TODAY_MAX_AGE_MS)) return;
    const totals = await this.adding.get(source.id, now, () => this.deps.reader.today(source.id));
    this.todays.set(source.id, { totals, at: now, dayKey: dayKey(source, now) });
  }

  private isKnownSince(source: Source, now: number, maxAgeMs: number): boolean {
    const known = this.todays.get(source.id);
    return known !== undefined && now - known.at < maxAgeMs && known.dayKey === dayKey(source, now);
  }

  private learn(sourceId: string): void {
    const latest = this.deps.reader.latest(sourceId);
    if (!latest) return;
    const rhythms = this.rhythms.get(sourceId) ?? new Rhythms();
    this.rhythms.set(sourceId, rhythms);
    rhythms.learn(latest);
    const repetition = this.repetitions.get(sourceId) ?? new Repetition();
    this.repetitions.set(sourceId, repetition);
    repetition.learn(latest);
  }
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

function dayKey(source: Source, now: number): string {
  const format = dayFormats.get(source.timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: source.timeZone });
  dayFormats.set(source.timeZone, format);
  return format.format(now);
}
