import type { Clock } from '../core/clock.ts';
import { unlessDiskTrouble } from '../core/disk-trouble.ts';
import { hours, seconds } from '../core/durations.ts';
import { newId } from '../core/ids.ts';
import type { Job, JobDefinition, JobQueue, JobState } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import { CronTriggers, nextTime } from './cron.ts';
import type { Feature } from './feature.ts';
import type { JobTable } from './jobs.sqlite.ts';
import type { MetricSample } from './metrics.ts';

const DEFAULT_ATTEMPTS = 3;
/** Two at once: one that waits for the network does not hold up one that works. */
const AT_ONCE = 2;
const TROUBLE_PAUSE_MS = seconds(30);
/** How long a stop waits for running jobs to return; the rest is taken up again at the next start. */
const STOP_PATIENCE_MS = seconds(1.5);

export interface JobRunnerOptions {
  table: JobTable;
  clock: Clock;
  log: Log;
  /** Wait after the first failed attempt, ms; it doubles with each further one, up to an hour. */
  backOffMs?: number;
  /** IANA zone of the cron expressions; the machine's own when absent. */
  timeZone?: string;
}

interface Running {
  job: Job;
  abort: AbortController;
  done: Promise<void>;
}

/**
 * Runs the jobs of the table. Every move is in the table before it counts, so a crash at any moment leaves a job either
 * waiting or marked as running, and the next start takes the latter up again. Progress lives in memory only: it is worth
 * no write.
 */
export class JobRunner implements JobQueue, Feature {
  readonly name = 'jobs';
  private readonly definitions = new Map<string, JobDefinition>();
  private readonly running = new Map<string, Running>();
  private readonly cron: CronTriggers;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isStarted = false;

  constructor(private readonly options: JobRunnerOptions) {
    this.cron = new CronTriggers(options.timeZone);
  }

  define(definition: JobDefinition): void {
    if (this.definitions.has(definition.kind)) throw new Error(`job kind ${definition.kind} is defined twice`);
    this.definitions.set(definition.kind, definition);
    if (definition.cron) this.cron.add(definition.cron, () => this.trigger(definition.kind));
    if (this.isStarted) this.poke();
  }

  enqueue(
    kind: string,
    options: { payload?: unknown; runAt?: number; dedupeKey?: string; ownerId?: string | null } = {},
  ): string {
    const now = this.options.clock.now();
    const id = this.options.table.insert({
      id: newId(),
      kind,
      payload: options.payload ?? null,
      maxAttempts: this.definitions.get(kind)?.maxAttempts ?? DEFAULT_ATTEMPTS,
      // Whole milliseconds, and never early: whoever reckons with shares of an hour need not think of it.
      runAt: Math.ceil(options.runAt ?? now),
      createdAt: now,
      dedupeKey: options.dedupeKey ?? null,
      ownerId: options.ownerId ?? null,
    });
    this.poke();
    return id;
  }

  find(id: string): Job | undefined {
    return this.withProgress(this.options.table.find(id));
  }

  list(options: { state?: JobState; limit?: number } = {}): Job[] {
    const { state, limit = 100 } = options;
    return this.options.table.list({ limit, ...(state ? { state } : {}) }).map((job) => this.withProgress(job) ?? job);
  }

  retry(id: string): boolean {
    const isQueued = this.options.table.retry(id, this.options.clock.now());
    if (isQueued) this.poke();
    return isQueued;
  }

  /** Everything that this Ampra knows to do, as it was defined. */
  kinds(): readonly Pick<JobDefinition, 'kind' | 'title' | 'cron'>[] {
    return [...this.definitions.values()];
  }

  /** Title of a kind, for people; the kind itself when this Ampra does not know it. */
  titleOf(kind: string): string {
    return this.definitions.get(kind)?.title ?? kind;
  }

  async start(): Promise<void> {
    const recovered = this.options.table.recover(this.options.clock.now());
    if (recovered > 0) this.options.log.warn('jobs taken up again after an unclean end', { count: recovered });
    this.isStarted = true;
    this.catchUp();
    this.cron.start();
    this.poke();
  }

  async stop(): Promise<void> {
    this.isStarted = false;
    this.cron.stop();
    if (this.timer) clearTimeout(this.timer);
    for (const { abort } of this.running.values()) abort.abort(new Error('Ampra is stopping'));
    const all = Promise.all([...this.running.values()].map((r) => r.done));
    await Promise.race([all, Bun.sleep(STOP_PATIENCE_MS)]);
    for (const id of this.running.keys()) this.options.table.release(id);
    // What returns only now finds itself forgotten and leaves the table, perhaps closed by then, alone.
    this.running.clear();
  }

  metrics(): MetricSample[] {
    return Object.entries(this.options.table.counts()).map(([state, value]) => ({
      name: 'ampra_jobs',
      help: 'Jobs in the table by state.',
      type: 'gauge',
      value,
      labels: { state },
    }));
  }

  /** Looks for due work now; called by itself after each change. */
  poke(): void {
    if (!this.isStarted) return;
    try {
      while (this.running.size < AT_ONCE) {
        const job = this.options.table.claim(this.startable(), this.options.clock.now());
        if (!job) break;
        this.launch(job);
      }
      this.sleepUntilDue();
    } catch (error) {
      // A full or failing disk: work waits until the table can be written again.
      this.options.log.error('the job table cannot be written; it is tried again', { error });
      if (this.timer) clearTimeout(this.timer);
      this.timer = setTimeout(() => this.poke(), TROUBLE_PAUSE_MS);
    }
  }

  /** Kinds of which one may start now. */
  private startable(): string[] {
    const isHeavy = (kind: string) => this.definitions.get(kind)?.isHeavy === true;
    const isBusy = [...this.running.values()].some(({ job }) => isHeavy(job.kind));
    return [...this.definitions.keys()].filter((kind) => !(isBusy && isHeavy(kind)));
  }

  private sleepUntilDue(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const due =
      this.running.size < AT_ONCE ? this.options.table.nextDue(this.startable(), this.options.clock.now()) : null;
    if (due === null) return;
    // At most a minute, so that a corrected clock does not make it oversleep.
    const wait = Math.min(Math.max(due - this.options.clock.now(), 10), seconds(60));
    this.timer = setTimeout(() => this.poke(), wait);
  }

  private launch(job: Job): void {
    const abort = new AbortController();
    const running: Running = { job, abort, done: Promise.resolve() };
    this.running.set(job.id, running);
    running.done = this.run(running).finally(() => {
      this.running.delete(job.id);
      this.poke();
    });
  }

  private async run({ job, abort }: Running): Promise<void> {
    const { table, clock, log } = this.options;
    try {
      await this.definitions.get(job.kind)?.run({
        job,
        signal: abort.signal,
        progress: (share, text) => {
          job.progress = Math.min(1, Math.max(0, share));
          job.progressText = text ?? job.progressText;
        },
      });
      if (!this.running.has(job.id)) return;
      if (abort.signal.aborted) table.release(job.id);
      else table.succeed(job.id, clock.now());
    } catch (error) {
      if (!this.running.has(job.id)) return;
      if (abort.signal.aborted) return table.release(job.id);
      const retryAt = job.attempts < job.maxAttempts ? clock.now() + this.backOff(job.attempts) : null;
      log.warn('job failed', { kind: job.kind, job: job.id, attempt: job.attempts, isDead: retryAt === null, error });
      // What the table does not take stays "running" there and is taken up at the next start.
      const failure = { error: messageOf(error), now: clock.now(), retryAt };
      if (!unlessDiskTrouble(() => table.fail(job.id, failure)))
        log.error('a failed job could not be written down', {});
    }
  }

  private backOff(attempts: number): number {
    return Math.min((this.options.backOffMs ?? seconds(30)) * 2 ** (attempts - 1), hours(1));
  }

  /** What a cron expression would have started while the appliance was off is done now, once for all the times missed. */
  private catchUp(): void {
    for (const { kind, cron } of this.definitions.values()) {
      const last = cron ? this.options.table.newestOf(kind) : null;
      if (!cron || last === null) continue;
      const next = nextTime(cron, last, this.options.timeZone);
      if (next !== null && next <= this.options.clock.now()) this.trigger(kind);
    }
  }

  private trigger(kind: string): void {
    if (!unlessDiskTrouble(() => this.enqueue(kind, { dedupeKey: `cron:${kind}` })))
      this.options.log.error('a regular job could not be queued; it has its turn at the next time', { kind });
  }

  private withProgress(job: Job | undefined): Job | undefined {
    const live = job && this.running.get(job.id)?.job;
    return job && live ? { ...job, progress: live.progress, progressText: live.progressText } : job;
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2000);
}
