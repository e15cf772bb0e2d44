export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'dead';

/** A piece of work that survives a restart. */
export interface Job {
  id: string;
  kind: string;
  payload: unknown;
  state: JobState;
  /** 0..1, null when the work does not say. */
  progress: number | null;
  progressText: string | null;
  attempts: number;
  maxAttempts: number;
  /** ms UTC. */
  runAt: number;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  error: string | null;
  /** Whose work it is; null for the appliance's own. */
  ownerId: string | null;
}

/** Work as pages and the API tell it. */
export interface ToldJob extends Pick<Job, 'id' | 'state' | 'progress' | 'error' | 'startedAt' | 'finishedAt'> {
  /** What it is at. */
  text: string | null;
}

export const toldJob = ({ id, state, progress, progressText, error, startedAt, finishedAt }: Job): ToldJob => ({
  ...{ id, state, progress, text: progressText, error, startedAt, finishedAt },
});

export interface JobContext {
  job: Job;
  /** Set when the appliance stops; the job should return soon and is taken up again at the next start. */
  signal: AbortSignal;
  progress(share: number, text?: string): void;
}

export interface JobDefinition {
  kind: string;
  /** Shown on the System page. */
  title: string;
  run(context: JobContext): Promise<void>;
  /** Default 3. */
  maxAttempts?: number;
  /** It takes much memory for long: one such job runs at a time, whatever its kind. */
  isHeavy?: boolean;
  /** Cron expression that enqueues it, in the appliance's zone; a run that is still waiting is not doubled. */
  cron?: string;
}

/** The job table. node-cron only triggers; the work runs from the table. */
export interface JobQueue {
  define(definition: JobDefinition): void;
  /** Returns the job's id; with `dedupeKey` an unfinished job of that key is returned instead of a second one. */
  enqueue(
    kind: string,
    options?: { payload?: unknown; runAt?: number; dedupeKey?: string; ownerId?: string | null },
  ): string;
  find(id: string): Job | undefined;
  list(options?: { state?: JobState; limit?: number }): Job[];
  /** Queues a dead or failed job again. */
  retry(id: string): boolean;
}
