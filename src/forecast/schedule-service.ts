import { type Clock, isClockSet } from '../core/clock.ts';
import { hasPassed } from '../core/durations.ts';
import type { Log } from '../core/log.ts';
import type { WeatherReader } from '../weather/ports.ts';
import type { ForecastIssuing } from './issuing-service.ts';
import type { ForecastSubject } from './ports.ts';
import type { ForecastSubjects } from './subjects-service.ts';
import type { ForecastTraining } from './training-service.ts';

export interface ScheduleDeps {
  subjects: ForecastSubjects;
  issuing: ForecastIssuing;
  training: ForecastTraining;
  weather: Pick<WeatherReader, 'onWeather'>;
  /** Whether the owner lets forecasts be made by themselves. */
  isAutomatic(sourceId: string): boolean;
  clock: Clock;
  log: Log;
  /** Pauses for tests, ms. */
  timing?: { everyMs?: number; firstMs?: number; weatherMs?: number };
}

const QUARTER_MS = 900_000;
/** The last readings of a quarter hour are given so long to arrive. */
const SETTLED_MS = 60_000;
const EVERY_MS = 60_000;
/** The start of the appliance comes first. */
const FIRST_MS = 8000;
/** News of several places come together. */
const WEATHER_MS = 3000;
/** So often is looked what sources measure. */
const LOOK_EVERY_MS = 600_000;

/** Makes forecasts by themselves: each quarter hour, when new weather came, and for sources that are new. */
export class ForecastSchedule {
  private readonly issuedFor = new Map<string, number>();
  private readonly withNews = new Set<string>();
  private timers: Timer[] = [];
  private newsTimer: Timer | null = null;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private endings: (() => void)[] = [];
  private isBusy = false;

  constructor(private readonly deps: ScheduleDeps) {}

  start(): void {
    const { timing = {}, weather } = this.deps;
    const tick = () => void this.tick();
    const first = setTimeout(tick, timing.firstMs ?? FIRST_MS);
    const every = setInterval(tick, timing.everyMs ?? EVERY_MS);
    this.timers = [first, every];
    for (const timer of this.timers) timer.unref?.();
    this.endings = [weather.onWeather(({ sourceIds, kind }) => this.noteWeather(sourceIds, kind === 'archive'))];
  }

  stop(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
    if (this.newsTimer) clearTimeout(this.newsTimer);
    this.newsTimer = null;
    for (const end of this.endings.splice(0)) end();
  }

  /** What is due now; never twice at the same time. */
  async tick(): Promise<void> {
    // What comes now has no place in time yet, and so has what would be forecast.
    if (this.isBusy || !isClockSet(this.deps.clock)) return;
    this.isBusy = true;
    try {
      await this.look();
      await this.issueDue();
      this.deps.training.lookForNew();
    } catch (error) {
      this.deps.log.error('forecasts that were due could not be made', { error });
    } finally {
      this.isBusy = false;
    }
  }

  private async look(): Promise<void> {
    const { subjects, clock } = this.deps;
    const isNew = subjects.hasUnknown();
    if (!isNew && !hasPassed(this.lookedAt, LOOK_EVERY_MS, clock.now())) return;
    this.lookedAt = clock.now();
    await subjects.refresh();
  }

  private async issueDue(): Promise<void> {
    const { clock, issuing } = this.deps;
    const quarter = Math.floor((clock.now() - SETTLED_MS) / QUARTER_MS);
    const due = this.automatic().filter(({ sourceId }) => this.issuedFor.get(sourceId) !== quarter);
    for (const { sourceId } of due) this.issuedFor.set(sourceId, quarter);
    if (due.length > 0) await issuing.issueNow(due);
  }

  private noteWeather(sourceIds: ReadonlySet<string>, isOfThePast: boolean): void {
    if (isOfThePast) this.deps.training.tryAgain(sourceIds);
    for (const id of sourceIds) this.withNews.add(id);
    this.newsTimer ??= setTimeout(() => {
      this.newsTimer = null;
      void this.issueWithNews();
    }, this.deps.timing?.weatherMs ?? WEATHER_MS);
    this.newsTimer.unref?.();
  }

  private async issueWithNews(): Promise<void> {
    const ids = new Set(this.withNews);
    this.withNews.clear();
    const subjects = this.automatic().filter(({ sourceId }) => ids.has(sourceId));
    if (subjects.length > 0) await this.deps.issuing.issueNow(subjects, { isWorthKeeping: true });
    this.deps.training.lookForNew();
  }

  private automatic(): ForecastSubject[] {
    return this.deps.subjects.all().filter(({ sourceId }) => this.deps.isAutomatic(sourceId));
  }
}
