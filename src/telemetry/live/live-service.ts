import type { Clock } from '../../core/clock.ts';
import { hasPassed } from '../../core/durations.ts';
import type { MetricName } from '../../core/metrics.ts';
import { periodAt } from '../../core/zone.ts';
import type { SourceDirectory, SourceTroubles } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import type { SourceTrouble } from '../../sources/trouble.ts';
import type { BatteryWatch } from '../battery/battery-service.ts';
import type { NowChoice } from '../choice-service.ts';
import type { HouseScope } from '../house/house.ts';
import type { HousePeriod } from '../house/house-energy.ts';
import type { HouseService } from '../house/house-service.ts';
import { KeptAnswers } from '../kept-answers.ts';
import type { TelemetryReader } from '../ports.ts';
import { withRests } from '../quality/night-rest.ts';
import { Repetition } from '../quality/repetition.ts';
import { type FreshnessLimits, freshnessLimits, Rhythms } from './freshness.ts';
import { buildLiveView, type LiveView } from './live-view.ts';

export interface LiveServiceDeps {
  reader: Pick<TelemetryReader, 'latest' | 'onReadings' | 'pastRevision'>;
  house: Pick<HouseService, 'today'>;
  sources: Pick<SourceDirectory, 'all'>;
  clock: Clock;
  /** What batteries did of late. */
  battery?: Pick<BatteryWatch, 'of'>;
  /** False while what was measured before cannot be read. */
  isReadable(): boolean;
}

/** Sources that are looked at, with the roles in which they count now and counted today. */
export type LiveChoice = Pick<NowChoice, 'sources' | 'scope' | 'today'>;

/** How long sums of the day may be behind the picture. ms. */
const TODAY_MAX_AGE_MS = 5000;
/** Sums that are no older are shown at once when a page must stand; the next event brings the newer ones. ms. */
const TODAY_SHOWN_AT_ONCE_MS = 60_000;
/** Sums of a day, when they were added up, and from which state of the past. */
interface Today {
  totals: HousePeriod;
  at: number;
  dayKey: string;
  revision: string;
}

/** Choices of which the sums of the day are remembered. */
const MOST_TODAYS = 1000;
/** Without news the picture is drawn anew after this, so that lines of a source that fell silent come to rest. ms. */
const REFRESH_MS = 20_000;

/** Gathers what the Live page needs, and remembers how often each source usually reports. */
export class LiveService {
  private readonly rhythms = new Map<string, Rhythms>();
  private readonly repetitions = new Map<string, Repetition>();
  private readonly todays = new Map<string, Today>();
  /** Sums that are being worked out: every open page asks for the same. */
  private readonly adding = new KeptAnswers<HousePeriod>({ maxAgeMs: 2000, most: 1000 });
  private readonly listeners = new Set<(sourceId: string) => void>();
  private troubles: SourceTroubles | null = null;
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

  /** What keeps sources from reporting belongs into their picture; known later than this is built. */
  plugIn(troubles: SourceTroubles): void {
    this.troubles = troubles;
    troubles.onChange((sourceId) => this.tell(sourceId));
  }

  /** Why a source that should report does not; null when nothing is known of that. */
  troubleOf(source: Source): SourceTrouble | null {
    return this.troubles?.troubleOf(source) ?? null;
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
  async view({ sources, scope, today }: LiveChoice, patienceMs: number): Promise<LiveView> {
    const now = this.deps.clock.now();
    const fresh = this.refreshToday(today, now);
    // Should it fail after the page went out, the next event asks anew.
    fresh.catch(() => undefined);
    if (!this.isKnownSince(today, now, TODAY_SHOWN_AT_ONCE_MS))
      await Promise.race([fresh, new Promise((wake) => setTimeout(wake, patienceMs))]);
    const known = this.todays.get(keyOf(today));
    return buildLiveView({
      now,
      sources,
      counted: scope.sources,
      today:
        known && known.dayKey === dayKey(today, now)
          ? (withRests([known.totals], [known.totals], { place: sources[0] ?? null, now })[0] ?? null)
          : null,
      latest: (id) => this.deps.reader.latest(id),
      intervalMs: (id, metric) => this.intervalOf(id, metric),
      troubleOf: (source) => this.troubleOf(source),
      habits: this.deps.battery?.of(scope) ?? null,
      repeatedMs: (id) => this.repetitions.get(id)?.repeatedMs ?? null,
    });
  }

  /** False while the picture shows only what came since the start. */
  isWhole(): boolean {
    return this.deps.isReadable();
  }

  private async refreshToday(scope: HouseScope, now: number): Promise<void> {
    if (!this.deps.isReadable()) return;
    if (this.isKnownSince(scope, now, TODAY_MAX_AGE_MS)) return;
    const key = keyOf(scope);
    const revision = this.revisionOf(scope);
    const totals = await this.adding.get(`${key} ${revision}`, now, () => this.deps.house.today(scope));
    this.todays.delete(key);
    this.todays.set(key, { totals, at: now, dayKey: dayKey(scope, now), revision });
    const [oldest] = this.todays.keys();
    if (this.todays.size > MOST_TODAYS && oldest !== undefined) this.todays.delete(oldest);
  }

  private isKnownSince(scope: HouseScope, now: number, maxAgeMs: number): boolean {
    const known = this.todays.get(keyOf(scope));
    if (known === undefined || known.dayKey !== dayKey(scope, now)) return false;
    return !hasPassed(known.at, maxAgeMs, now) && known.revision === this.revisionOf(scope);
  }

  /** Changes with every correction and every late reading: sums of before are no longer true. */
  private revisionOf({ sources }: HouseScope): string {
    return sources.map(({ id }) => this.deps.reader.pastRevision(id)).join(' ');
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

const keyOf = ({ sources, timeZone }: HouseScope): string =>
  [timeZone, ...sources.map(({ id, role }) => `${id} ${role}`)].join(' ');

const dayKey = ({ timeZone }: HouseScope, now: number): string => periodAt('day', now, timeZone).key;
