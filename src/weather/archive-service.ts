import { type Clock, isClockSet } from '../core/clock.ts';
import { seconds } from '../core/durations.ts';
import type { JobContext, JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import { rest } from '../core/rest.ts';
import { dayKey } from '../core/zone.ts';
import type { TelemetryReader } from '../telemetry/ports.ts';
import type { WeatherPermission } from './access-service.ts';
import { type DayRange, missingRanges, wantedDays } from './archive-rules.ts';
import type { WeatherAsking } from './asking-service.ts';
import type { WeatherKnowledge } from './knowledge-service.ts';
import type { WeatherPlaces } from './places-service.ts';
import type { PastStore, WeatherPlace, WeatherProvider } from './ports.ts';
import type { Trouble } from './trouble.ts';

export const ARCHIVE_JOB = 'weather.archive';

export interface ArchiveDeps {
  asking: WeatherAsking;
  permission: WeatherPermission;
  places: WeatherPlaces;
  /** Those whose weather is fetched by itself. */
  automatic(): readonly WeatherPlace[];
  knowledge: WeatherKnowledge;
  provider: WeatherProvider;
  past: PastStore;
  telemetry: Pick<TelemetryReader, 'span'>;
  jobs: JobQueue;
  clock: Clock;
  log: Log;
  /** Rest between two questions, ms. */
  restMs?: number;
}

/** Fetches the weather of the time before Ampra asked, as far back as there are readings to learn from. */
export class WeatherArchive {
  constructor(private readonly deps: ArchiveDeps) {}

  defineJobs(): void {
    this.deps.jobs.define({
      kind: ARCHIVE_JOB,
      title: 'Fetch the weather of past years',
      cron: '37 3 * * *',
      maxAttempts: 1,
      run: (context) => this.run(context),
    });
  }

  /** After the first forecast of a place came, or readings of older days. */
  lookSoon(reason: string): void {
    if (this.deps.permission.isAllowed())
      this.deps.jobs.enqueue(ARCHIVE_JOB, { dedupeKey: `${ARCHIVE_JOB}:${reason}` });
  }

  private async run({ signal, progress }: JobContext): Promise<void> {
    if (!this.deps.permission.isAllowed()) return progress(1, 'Not allowed to ask');
    if (!isClockSet(this.deps.clock)) return progress(1, 'The time is not known yet');
    for (const place of this.deps.automatic()) {
      const ranges = await this.missingOf(place);
      for (const [done, range] of ranges.entries()) {
        if (signal.aborted) return;
        progress(done / ranges.length, `${dayKey(range.first)} to ${dayKey(range.last)}`);
        const trouble = await this.fetch(place, range, signal);
        if (trouble) return progress(1, this.later(trouble));
        await rest(this.deps.restMs ?? seconds(2), signal);
      }
    }
  }

  private async missingOf(place: WeatherPlace): Promise<DayRange[]> {
    const { telemetry, places, clock, past } = this.deps;
    const spans = await Promise.all(places.sourcesAt(place).map((source) => telemetry.span(source.id)));
    const first = Math.min(...spans.flatMap((span) => span?.from ?? []));
    const wanted = Number.isFinite(first) ? wantedDays(first, clock.now()) : null;
    return wanted ? missingRanges(wanted, past.known(place.id, wanted.first, wanted.last + 1)) : [];
  }

  private async fetch(of: WeatherPlace, range: DayRange, signal: AbortSignal): Promise<Trouble | null> {
    const { provider, places, knowledge, clock, asking, log } = this.deps;
    const days = { first: dayKey(range.first), last: dayKey(range.last), signal };
    const outcome = await asking.inTurn(() => provider.archive(of, days));
    if (!outcome.ok) {
      if (!signal.aborted) log.info('no weather of past years', { ...days, reason: outcome.trouble.message });
      return outcome.trouble;
    }
    const place = places.byId(of.id);
    if (place) knowledge.takeArchive(place, outcome.answer.block, clock.now());
    return null;
  }

  /** The schedule comes by each night; a limit that ends sooner is waited for. */
  private later({ until, message }: Trouble): string {
    if (until !== undefined)
      this.deps.jobs.enqueue(ARCHIVE_JOB, { runAt: until + seconds(10), dedupeKey: `${ARCHIVE_JOB}:${until}` });
    return message;
  }
}
