import type { Clock } from '../../core/clock.ts';
import { seconds } from '../../core/durations.ts';
import type { Log } from '../../core/log.ts';
import { type MetricName, metrics } from '../../core/metrics.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { LatestReading, TelemetryReader } from '../../telemetry/ports.ts';
import { announcedDevice, availabilityTopic, configTopic } from './announced-device.ts';
import { longestAgeMs } from './longest-age.ts';
import type { Freshness, Outlet } from './ports.ts';

export interface AnnouncerDeps {
  outlet: Outlet;
  sources: Pick<SourceDirectory, 'byId' | 'onChange'>;
  telemetry: Pick<TelemetryReader, 'latest' | 'metricsOf' | 'onReadings'>;
  freshness: Freshness;
  /** True while the owner wants it announced. */
  isWanted(sourceId: string): boolean;
  wanted(): Iterable<string>;
  /** Address of a source's page; null when it is not known how Ampra is reached. */
  pageUrl(sourceId: string): string | null;
  version: string;
  clock: Clock;
  log: Log;
  /** What comes together is announced once, ms. */
  togetherMs?: number;
  /** How often it is looked whether a source fell silent, ms. */
  lookEveryMs?: number;
}

interface Announced {
  ownerId: string;
  payload: string;
  /** Age from which each value is no longer shown, as announced, ms. */
  staleMs: ReadonlyMap<MetricName, number>;
  isOnline: boolean;
}

const USUAL_TOGETHER_MS = 500;
const USUAL_LOOK_MS = seconds(15);

/**
 * Announces sources to Home Assistant and takes back what is no longer wanted. Nothing of it is kept on disk by the broker:
 * a start announces anew. A source that fell silent, and all of them when the appliance stops, are said to be offline.
 */
export class Announcer {
  private readonly announced = new Map<string, Announced>();
  /** Sources to look at, and whether they are to be announced although nothing changed. */
  private readonly due = new Map<string, boolean>();
  private timer: Timer | null = null;
  private looking: Timer | null = null;
  private endings: (() => void)[] = [];
  private work: Promise<void> = Promise.resolve();
  private isRunning = false;

  constructor(private readonly deps: AnnouncerDeps) {}

  start(): void {
    const { sources, telemetry, wanted } = this.deps;
    this.isRunning = true;
    this.endings = [
      telemetry.onReadings((ids) => this.heard(ids)),
      sources.onChange(({ source }) => this.check(source.id)),
    ];
    this.looking = setInterval(() => this.lookForSilence(), this.deps.lookEveryMs ?? USUAL_LOOK_MS);
    for (const id of wanted()) this.check(id);
  }

  /** Says of every source that it is offline: whoever listens cannot know that nothing will come. */
  async stop(): Promise<void> {
    this.isRunning = false;
    for (const end of this.endings.splice(0)) end();
    if (this.timer) clearTimeout(this.timer);
    if (this.looking) clearInterval(this.looking);
    this.timer = null;
    this.due.clear();
    for (const [id, announced] of this.announced) this.queue(() => this.say(id, announced, false));
    await this.work;
    this.announced.clear();
  }

  /** The owner switched it on or off, or the source changed. */
  check(sourceId: string): void {
    if (this.deps.isWanted(sourceId) || this.announced.has(sourceId)) this.soon(sourceId, false);
  }

  /** Home Assistant started, and may have missed what was said before. */
  born(ownerId: string): void {
    for (const [id, announced] of this.announced) if (announced.ownerId === ownerId) this.soon(id, true);
  }

  /** How many entities a source was announced with; null when it was not. */
  entitiesOf(sourceId: string): number | null {
    return this.announced.get(sourceId)?.staleMs.size ?? null;
  }

  private heard(ids: ReadonlySet<string>): void {
    for (const id of ids) {
      if (!this.deps.isWanted(id)) continue;
      const announced = this.announced.get(id);
      const latest = this.deps.telemetry.latest(id);
      if (!latest) continue;
      if (!announced || this.hasNews(id, announced, latest)) this.soon(id, false);
      else if (!announced.isOnline && !this.isSilent(id)) this.queue(() => this.say(id, announced, true));
    }
  }

  /** A metric came for the first time, or one comes more seldom than was announced. */
  private hasNews(id: string, { staleMs }: Announced, { values }: LatestReading): boolean {
    return Object.keys(values).some((name) => {
      const metric = name as MetricName;
      const known = staleMs.get(metric);
      return known === undefined || this.staleMsOf(id, metric) > known;
    });
  }

  private staleMsOf(id: string, metric: MetricName): number {
    return longestAgeMs(this.deps.freshness.limitsOf(id, metric).staleMs);
  }

  private soon(sourceId: string, isForced: boolean): void {
    if (!this.isRunning) return;
    this.due.set(sourceId, isForced || this.due.get(sourceId) === true);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      const due = [...this.due];
      this.due.clear();
      for (const [id, force] of due) this.queue(() => this.bringUpToDate(id, force));
    }, this.deps.togetherMs ?? USUAL_TOGETHER_MS);
  }

  /** One after the other, so that the last word about a source is the newest. */
  private queue(step: () => Promise<void>): void {
    this.work = this.work.then(step).catch((error: unknown) => {
      this.deps.log.error('a source could not be announced to Home Assistant', { error });
    });
  }

  private async bringUpToDate(sourceId: string, isForced: boolean): Promise<void> {
    const metricsNow = await this.metricsOf(sourceId);
    const source = this.deps.sources.byId(sourceId);
    const before = this.announced.get(sourceId);
    if (!source?.isActive || !this.deps.isWanted(sourceId)) {
      if (before) await this.withdraw(sourceId, before);
      return;
    }
    // A device without a single entity is nothing to Home Assistant.
    if (metricsNow.length === 0) return;
    const staleMs = new Map(
      metricsNow.map((name) => [name, Math.max(this.staleMsOf(sourceId, name), before?.staleMs.get(name) ?? 0)]),
    );
    const { version, pageUrl } = this.deps;
    const facts = { source, metrics: metricsNow, version, pageUrl: pageUrl(sourceId) };
    const payload = JSON.stringify(announcedDevice({ ...facts, staleMs: (name) => staleMs.get(name) ?? 0 }));
    const announced = { ownerId: source.ownerId, payload, staleMs, isOnline: before?.isOnline ?? false };
    if (isForced || payload !== before?.payload) await this.publish(announced, configTopic(sourceId), payload);
    this.announced.set(sourceId, announced);
    const isOnline = !this.isSilent(sourceId);
    if (isForced || !before || isOnline !== before.isOnline) await this.say(sourceId, announced, isOnline);
  }

  private async withdraw(sourceId: string, announced: Announced): Promise<void> {
    this.announced.delete(sourceId);
    await this.publish(announced, configTopic(sourceId), '');
    await this.publish(announced, availabilityTopic(sourceId), '');
  }

  private async say(sourceId: string, announced: Announced, isOnline: boolean): Promise<void> {
    announced.isOnline = isOnline;
    await this.publish(announced, availabilityTopic(sourceId), isOnline ? 'online' : 'offline');
  }

  private publish({ ownerId }: Announced, topic: string, payload: string): Promise<void> {
    return this.deps.outlet.publish(ownerId, topic, payload);
  }

  private lookForSilence(): void {
    for (const [id, announced] of this.announced)
      if (announced.isOnline && this.isSilent(id)) this.queue(() => this.say(id, announced, false));
  }

  private isSilent(sourceId: string): boolean {
    const latest = this.deps.telemetry.latest(sourceId);
    if (!latest) return true;
    return this.deps.clock.now() - latest.time >= longestAgeMs(this.deps.freshness.limitsOf(sourceId).staleMs);
  }

  /** All that it ever reported, in the order of the catalogue. */
  private async metricsOf(sourceId: string): Promise<MetricName[]> {
    const { telemetry } = this.deps;
    // While the database is closed, what came since the start is known.
    const names = await telemetry
      .metricsOf(sourceId)
      .catch(() => Object.keys(telemetry.latest(sourceId)?.values ?? {}));
    const reported = new Set<string>(names);
    return metrics.map(({ name }) => name).filter((name) => reported.has(name));
  }
}
