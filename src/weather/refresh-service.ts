import type { UserDirectory } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import { type Clock, isClockSet } from '../core/clock.ts';
import { hours, minutes } from '../core/durations.ts';
import { formatAge } from '../core/format.ts';
import type { JobContext, JobQueue } from '../core/jobs.ts';
import { RateLimiter } from '../core/rate-limit.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { WeatherPermission } from './access-service.ts';
import { WeatherAsking } from './asking-service.ts';
import type { WeatherPlaces } from './places-service.ts';
import type { WeatherPlace, WeatherProvider, WeatherRefresher } from './ports.ts';
import { dueAt } from './refresh-rules.ts';

/** Asks for what is due. */
export const REFRESH_JOB = 'weather.refresh';
/** Asks for one place because a person wants it now. */
export const FETCH_JOB = 'weather.fetch';

export interface RefreshDeps {
  asking: WeatherAsking;
  permission: WeatherPermission;
  places: WeatherPlaces;
  provider: Pick<WeatherProvider, 'pausedUntil'>;
  sources: Pick<SourceDirectory, 'findFor'>;
  users: Pick<UserDirectory, 'settingsOf'>;
  jobs: JobQueue;
  clock: Clock;
  /** How long after the schedule this appliance asks, ms: each has its own, so that not all ask at once. */
  offsetMs: number;
}

/** What a person may ask for by hand: two at once, then one each five minutes, for a place; a few more over all places. */
const PLACE_LIMIT = { capacity: 2, refillMs: minutes(5) };
const PERSON_LIMIT = { capacity: 10, refillMs: minutes(2) };
/** Payload of a refresh that asks at once; the schedule's has none. */
const NOW = 'now';
/** Longer waits are left to the hourly schedule. */
const SOON_MS = hours(1);

/** When weather is asked for: by the schedule for those who want that, and by hand. */
export class WeatherRefresh implements WeatherRefresher {
  private readonly byPlace: RateLimiter;
  private readonly byPerson: RateLimiter;
  private readonly awaited = new Map<number, () => void>();
  private readonly listeners = new Set<(placeIds: readonly number[]) => void>();

  constructor(private readonly deps: RefreshDeps) {
    this.byPlace = new RateLimiter({ ...PLACE_LIMIT, clock: deps.clock });
    this.byPerson = new RateLimiter({ ...PERSON_LIMIT, clock: deps.clock });
  }

  defineJobs(): void {
    this.deps.jobs.define({
      kind: REFRESH_JOB,
      title: 'Fetch the weather',
      cron: '7 * * * *',
      maxAttempts: 1,
      run: async (context) => (context.job.payload === NOW ? this.runDue(context) : this.runLater()),
    });
    this.deps.jobs.define({
      kind: FETCH_JOB,
      title: 'Fetch the weather of one place',
      maxAttempts: 1,
      run: (context) => this.runOne(context),
    });
  }

  /** Called when a place begins or ends to wait for an answer. */
  onAsking(listener: (placeIds: readonly number[]) => void): void {
    this.listeners.add(listener);
  }

  /** Looks soon whether something is due: after a start, a new source, a setting that changed. */
  lookSoon(reason: string): void {
    if (!this.deps.permission.isAllowed()) return;
    // Keys differ by reason: what is running already may have passed by what is new.
    this.deps.jobs.enqueue(REFRESH_JOB, { payload: NOW, dedupeKey: `${REFRESH_JOB}:${reason}` });
  }

  refreshNow(viewer: Viewer, sourceId: string): Result<{ jobId: string; source: Source }> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const place = this.deps.places.of(found.value);
    if (!place) return refuse('unavailable', 'The weather of this source is not known yet. Try again in a moment.');
    const hindrance = this.hindrance(viewer, place);
    if (hindrance) return hindrance;
    this.awaited.get(place.id)?.();
    this.awaited.set(place.id, this.deps.asking.expect([place.id]));
    const jobId = this.deps.jobs.enqueue(FETCH_JOB, {
      payload: { placeId: place.id },
      dedupeKey: `${FETCH_JOB}:${place.id}`,
      ownerId: place.ownerId,
    });
    this.tell([place.id]);
    return ok({ jobId, source: found.value });
  }

  /** Places that their owners want fetched by themselves. */
  automatic(): WeatherPlace[] {
    return this.deps.places.all().filter((place) => this.isAutomatic(place));
  }

  isAutomatic(place: WeatherPlace): boolean {
    const isWanted = this.deps.users.settingsOf(place.ownerId).weatherAutoUpdate;
    return isWanted && this.deps.places.sourcesAt(place).some((source) => source.isActive);
  }

  private hindrance(viewer: Viewer, place: WeatherPlace): Result<never> | null {
    const { permission, provider, clock } = this.deps;
    if (!permission.isAllowed())
      return refuse('conflict', 'This Ampra does not fetch weather from the internet.', {
        hint: permission.isForPeople()
          ? 'An Overseer can allow it on the Weather page.'
          : 'The configuration of this Ampra switches it off (`weather`).',
      });
    if (!isClockSet(clock))
      return refuse('conflict', 'Nobody knows what time it is yet, nor which weather to ask for.');
    const now = clock.now();
    const paused = provider.pausedUntil();
    if (paused !== null) return tooOften('The weather service asked to be left alone for a while.', paused - now);
    const limit = this.byPlace.take(String(place.id));
    if (!limit.isAllowed) {
      const age = place.fetchedAt === null ? '' : ` It was fetched ${formatAge(now - place.fetchedAt)}.`;
      return tooOften(`The weather of this place was asked for a moment ago.${age}`, limit.retryAfterS * 1000);
    }
    const own = this.byPerson.take(viewer.userId);
    return own.isAllowed ? null : tooOften('You asked for weather many times.', own.retryAfterS * 1000);
  }

  /** The schedule's own call; asks at this appliance's minute. */
  private runLater(): void {
    const { jobs, clock, offsetMs, permission } = this.deps;
    if (!permission.isAllowed()) return;
    jobs.enqueue(REFRESH_JOB, { payload: NOW, runAt: clock.now() + offsetMs, dedupeKey: `${REFRESH_JOB}:scheduled` });
  }

  private async runDue({ signal, progress }: JobContext): Promise<void> {
    const { asking, permission, clock } = this.deps;
    if (!permission.isAllowed()) return progress(1, 'Not allowed to ask');
    if (!isClockSet(clock)) return progress(1, 'The time is not known yet');
    const isDue = (place: WeatherPlace) => dueAt(place, clock.now()) <= clock.now();
    const groups = WeatherAsking.groups(this.automatic().filter(isDue));
    for (const [done, group] of groups.entries()) {
      if (signal.aborted) return;
      progress(done / groups.length);
      const trouble = await this.askTelling(group, () => asking.ask(group, signal, isDue));
      if (trouble === null || signal.aborted) continue;
      progress(1, trouble.message);
      this.tryAgain(group);
      // What keeps one question from its answer keeps the others from theirs.
      if (trouble.kind !== 'refused' && trouble.kind !== 'garbled') return;
    }
  }

  private async runOne({ job, signal, progress }: JobContext): Promise<void> {
    const { asking, permission, places } = this.deps;
    const id = (job.payload as { placeId?: unknown } | null)?.placeId;
    const place = typeof id === 'number' ? places.byId(id) : undefined;
    try {
      if (!place || !permission.isAllowed()) return;
      const trouble = await asking.ask([place], signal);
      if (trouble) progress(1, trouble.message);
    } finally {
      if (place) this.endOf(place.id);
    }
  }

  private endOf(placeId: number): void {
    this.awaited.get(placeId)?.();
    this.awaited.delete(placeId);
    this.tell([placeId]);
  }

  private async askTelling<T>(group: readonly WeatherPlace[], ask: () => Promise<T>): Promise<T> {
    const ids = group.map((place) => place.id);
    const answer = ask();
    this.tell(ids);
    try {
      return await answer;
    } finally {
      this.tell(ids);
    }
  }

  private tryAgain(group: readonly WeatherPlace[]): void {
    const { jobs, clock, places } = this.deps;
    const runAt = Math.min(...group.map(({ id }) => places.byId(id)?.nextTryAt ?? Number.POSITIVE_INFINITY));
    if (runAt - clock.now() >= SOON_MS) return;
    jobs.enqueue(REFRESH_JOB, { payload: NOW, runAt, dedupeKey: `weather.retry:${Math.round(runAt / minutes(1))}` });
  }

  private tell(placeIds: readonly number[]): void {
    for (const listener of this.listeners) listener(placeIds);
  }
}

function tooOften(message: string, waitMs: number): Result<never> {
  const retryAfterS = Math.max(1, Math.ceil(waitMs / 1000));
  const wait = retryAfterS < 90 ? `${retryAfterS} s` : `${Math.ceil(retryAfterS / 60)} min`;
  return refuse('rate_limited', message, { retryAfterS, hint: `Ask again in ${wait}.` });
}
