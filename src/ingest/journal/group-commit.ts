import type { Log } from '../../core/log.ts';
import type { CommitPacing } from './commit-pacing.ts';
import { GroupEncoder } from './journal-format.ts';
import type { JournalRecord } from './journal-record.ts';

/** Told once what a message was part of is on disk, or why it is not. */
export type OnDurable = (error: Error | null, position: number) => void;

export interface GroupCommitOptions {
  /** Puts a group on disk; throws when nothing of it may count as stored. */
  write: (group: GroupEncoder) => Promise<void>;
  pacing: CommitPacing;
  /** A steady clock in ms; only differences count. */
  steadyNow: () => number;
  log: Log;
}

/** Messages of one commit, and who wants to know. */
interface Batch {
  group: GroupEncoder;
  senders: string[];
  waiting: OnDurable[];
  positions: number[];
}

/**
 * Messages that share a commit: one group is on its way to the disk while the next one fills. A commit that fails is
 * refused to its senders; the next one is tried as if nothing had been.
 */
export class GroupCommit {
  private filling = newBatch();
  private spare: Batch | null = newBatch();
  private flight: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private immediate: ReturnType<typeof setImmediate> | null = null;
  private dueAt = Number.POSITIVE_INFINITY;
  /** Why the last commit failed, or null when it did not. */
  problem: string | null = null;
  readonly totals = { commits: 0, failedCommits: 0, lastCommitMs: 0 };

  constructor(private readonly options: GroupCommitOptions) {}

  /** Bytes that wait for the next commit. */
  get pendingBytes(): number {
    return this.filling.group.rawBytes;
  }

  add(record: Omit<JournalRecord, 'position'>, position: number, onDurable: OnDurable, isUrgent: boolean): void {
    const batch = this.filling;
    const sender = record.sourceId ?? '';
    batch.group.add(record, position);
    batch.senders.push(sender);
    batch.waiting.push(onDurable);
    batch.positions.push(position);
    const now = this.options.steadyNow();
    const waiting = batch.waiting.length;
    const message = { sender, now, waiting, waitingBytes: batch.group.rawBytes, isUrgent };
    this.schedule(now + this.options.pacing.arrived(message), now);
  }

  /** Returns when everything added so far is on disk, or refused. */
  async flush(): Promise<void> {
    // What waits now is in the next flight at the latest.
    if (this.flight !== null) await this.flight;
    this.launch();
    if (this.flight !== null) await this.flight;
  }

  /** Runs `work` while no commit is under way. */
  async alone(work: () => Promise<void>): Promise<void> {
    while (this.flight !== null) await this.flight;
    this.flight = work().finally(() => {
      this.flight = null;
      if (this.filling.waiting.length > 0) this.arm(this.options.steadyNow());
    });
    await this.flight;
  }

  cancelTimers(): void {
    if (this.timer) clearTimeout(this.timer);
    if (this.immediate) clearImmediate(this.immediate);
    this.timer = null;
    this.immediate = null;
  }

  private schedule(dueAt: number, now: number): void {
    if (dueAt >= this.dueAt) return;
    this.dueAt = dueAt;
    if (this.flight !== null) return; // Looked at again when it has landed.
    this.arm(now);
  }

  /** Waits for `dueAt`. "At once" means after what is already in the sockets, so that it shares the commit. */
  private arm(now: number): void {
    this.cancelTimers();
    const wait = this.dueAt - now;
    if (wait <= 0) this.immediate = setImmediate(() => this.launch());
    else this.timer = setTimeout(() => this.launch(), wait);
  }

  private launch(): void {
    if (this.flight !== null || this.filling.waiting.length === 0) return;
    this.cancelTimers();
    this.dueAt = Number.POSITIVE_INFINITY;
    const batch = this.filling;
    this.filling = this.spare ?? newBatch();
    this.spare = null;
    this.flight = this.fly(batch).finally(() => {
      this.flight = null;
      this.spare ??= emptied(batch);
      if (this.filling.waiting.length > 0) this.arm(this.options.steadyNow());
    });
  }

  private async fly(batch: Batch): Promise<void> {
    const { steadyNow, log } = this.options;
    const startedAt = steadyNow();
    let failure: Error | null = null;
    try {
      await this.options.write(batch.group);
      this.totals.commits++;
      if (this.problem) log.info('The journal can be written again', { after: this.problem });
      this.problem = null;
    } catch (cause) {
      failure = cause instanceof Error ? cause : new Error(String(cause));
      this.totals.failedCommits++;
      if (this.problem !== failure.message)
        log.error('Readings cannot be written to disk and are not acknowledged', { cause: failure });
      this.problem = failure.message;
    }
    const now = steadyNow();
    this.totals.lastCommitMs = now - startedAt;
    this.settle(batch, failure, now);
  }

  private settle(batch: Batch, failure: Error | null, now: number): void {
    const { waiting, positions, senders } = batch;
    for (let i = 0; i < waiting.length; i++) {
      try {
        this.options.pacing.acknowledged(senders[i] ?? '', now);
        waiting[i]?.(failure, positions[i] ?? 0);
      } catch (cause) {
        this.options.log.error('What followed a commit failed', { cause });
      }
    }
  }
}

function newBatch(): Batch {
  return { group: new GroupEncoder(), senders: [], waiting: [], positions: [] };
}

function emptied(batch: Batch): Batch {
  batch.group.reset();
  batch.senders.length = 0;
  batch.waiting.length = 0;
  batch.positions.length = 0;
  return batch;
}
