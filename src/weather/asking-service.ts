import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { WeatherKnowledge } from './knowledge-service.ts';
import { pointKey } from './place.ts';
import type { WeatherPlaces } from './places-service.ts';
import type { WeatherPlace, WeatherProvider } from './ports.ts';
import { pastDaysFor, retryAt } from './refresh-rules.ts';
import type { Trouble } from './trouble.ts';

export interface AskingDeps {
  provider: WeatherProvider;
  places: WeatherPlaces;
  knowledge: WeatherKnowledge;
  clock: Clock;
  log: Log;
}

/**
 * Asks the weather service, one question at a time and one for all places at the same point, and keeps what came of it.
 */
export class WeatherAsking {
  private last: Promise<unknown> = Promise.resolve();
  private readonly waiting = new Map<number, number>();

  constructor(private readonly deps: AskingDeps) {}

  /** Groups of places that one question serves. */
  static groups(places: readonly WeatherPlace[]): WeatherPlace[][] {
    return [...Map.groupBy(places, pointKey).values()];
  }

  /** True while a place waits for an answer. */
  isAsking(placeId: number): boolean {
    return (this.waiting.get(placeId) ?? 0) > 0;
  }

  /** Notes that a place waits, until the returned function is called. */
  expect(placeIds: readonly number[]): () => void {
    const count = (by: number) => {
      for (const id of placeIds) this.waiting.set(id, Math.max(0, (this.waiting.get(id) ?? 0) + by));
    };
    count(1);
    let isOver = false;
    return () => {
      if (!isOver) count(-1);
      isOver = true;
    };
  }

  /**
   * Asks for the forecast of places at one point; gives the trouble, or null when the answer is stored. When its turn
   * comes, places that `isWanted` does not name any more are left out: somebody else may have asked meanwhile.
   */
  async ask(
    group: readonly WeatherPlace[],
    signal: AbortSignal,
    isWanted: (place: WeatherPlace) => boolean = () => true,
  ): Promise<Trouble | null> {
    const over = this.expect(group.map((place) => place.id));
    const wanted = () => group.flatMap(({ id }) => this.deps.places.byId(id) ?? []).filter(isWanted);
    try {
      return await this.inTurn(() => this.askNow(wanted(), signal));
    } finally {
      over();
    }
  }

  /** Runs `work` when every question before it was answered. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private async askNow(group: readonly WeatherPlace[], signal: AbortSignal): Promise<Trouble | null> {
    const { provider, clock } = this.deps;
    const [point] = group;
    if (!point || signal.aborted) return null;
    const pastDays = Math.max(...group.map((place) => pastDaysFor(place.fetchedAt, clock.now())));
    const outcome = await provider.forecast(point, { pastDays, signal });
    if (!outcome.ok) {
      if (!signal.aborted) for (const place of group) this.noteTrouble(place, outcome.trouble);
      return outcome.trouble;
    }
    const now = clock.now();
    for (const { id } of group) {
      // It may have gone while the answer was on its way.
      const place = this.deps.places.byId(id);
      if (!place) continue;
      const { elevationM } = outcome.answer;
      const fine = { ...place, elevationM, fetchedAt: now, triedAt: now, failures: 0, nextTryAt: null, trouble: null };
      this.deps.places.update(fine);
      this.deps.knowledge.takeForecast(fine, outcome.answer.block, now);
    }
    return null;
  }

  private noteTrouble({ id }: WeatherPlace, trouble: Trouble): void {
    const { places, clock, log } = this.deps;
    const place = places.byId(id);
    if (!place) return;
    const now = clock.now();
    const failures = place.failures + 1;
    const nextTryAt = Math.max(retryAt(failures, now), trouble.until ?? 0);
    places.update({ ...place, triedAt: now, failures, nextTryAt, trouble });
    const note = failures === 1 ? 'warn' : 'debug';
    log[note]('no weather', { kind: trouble.kind, reason: trouble.message, failures });
  }
}
