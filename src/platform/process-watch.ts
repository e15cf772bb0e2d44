import { monitorEventLoopDelay } from 'node:perf_hooks';
import { minutes, seconds } from '../core/durations.ts';
import type { Feature } from './feature.ts';
import type { MetricSample } from './metrics.ts';

/** A flood brings two hundred megabytes a second. */
const LOOK_MS = 50;

/** When garbage is collected, by how much memory is resident. */
interface Level {
  fromBytes: number;
  /** A collection stops everything for up to a tenth of a second: not more often than this. */
  leastPauseMs: number;
  /**
   * So much more than the last collection left is garbage in all likelihood, of a flood, and not waited with: the engine would let
   * it grow to several times what is in use.
   */
  grownBytes: number;
  leastPauseGrownMs: number;
  /** So much more in use since a collection in vain may be another story. */
  newsBytes: number;
}

const NEVER = Number.POSITIVE_INFINITY;
const levels: readonly Level[] = [
  // Half of what a Pi with 2 GB has to spare: from here on garbage is not left lying about. What answers take and leave is no flood.
  { fromBytes: 300e6, leastPauseMs: seconds(10), grownBytes: NEVER, leastPauseGrownMs: NEVER, newsBytes: 50e6 },
  // Urgent.
  { fromBytes: 380e6, leastPauseMs: seconds(2), grownBytes: 30e6, leastPauseGrownMs: 300, newsBytes: 50e6 },
  // More so than pages that wait: questions without a pause while a worker learns bring what is left in a tenth of a second.
  { fromBytes: 430e6, leastPauseMs: 350, grownBytes: 15e6, leastPauseGrownMs: 150, newsBytes: 15e6 },
];

/** Delays of the loop are told over a window of this length, and the one before it. */
const WINDOW_MS = minutes(5);
/**
 * A collection that gives back less than this was in vain: the memory is a worker's, or in use. The next one waits twice as long,
 * unless so much more is in use by then that it may be another story.
 */
const WORTHWHILE_BYTES = 15e6;
const MOST_PATIENCE = 32;

interface Delays {
  p99Ns: number;
  mostNs: number;
}

export interface ProcessWatchOptions {
  residentBytes?: () => number;
  /** Gives memory back to the system at once. */
  collect?: () => void;
  now?: () => number;
}

/**
 * Keeps an eye on the process itself. The engine collects garbage when it pleases, and on a machine with much memory that is
 * late; after a flood hundreds of megabytes would stay in use for nothing.
 */
export class ProcessWatch implements Feature {
  readonly name = 'process';
  private timer: ReturnType<typeof setInterval> | null = null;
  private delays: ReturnType<typeof monitorEventLoopDelay> | null = null;
  private windowFrom = 0;
  private before: Delays = { p99Ns: 0, mostNs: 0 };
  private collectedAt = Number.NEGATIVE_INFINITY;
  private collections = 0;
  /** How many times longer than usual the next collection waits. */
  private patience = 1;
  /** Least that was resident since the last collection: what it freed goes back to the system a little later. */
  private leftBytes = 0;
  private readonly residentBytes: () => number;
  private readonly collect: () => void;
  private readonly now: () => number;

  constructor(options: ProcessWatchOptions = {}) {
    this.residentBytes = options.residentBytes ?? (() => process.memoryUsage.rss());
    this.collect = options.collect ?? (() => Bun.gc(true));
    this.now = options.now ?? (() => performance.now());
  }

  start(): Promise<void> {
    this.delays = monitorEventLoopDelay({ resolution: 10 });
    this.delays.enable();
    this.windowFrom = this.now();
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.delays?.disable();
    return Promise.resolve();
  }

  /** Collects garbage if much memory is in use and the last time is long enough ago. */
  look(): void {
    const now = this.now();
    if (now - this.windowFrom >= WINDOW_MS) {
      this.before = this.current();
      this.delays?.reset();
      this.windowFrom = now;
    }
    const bytes = this.residentBytes();
    this.leftBytes = Math.min(this.leftBytes, bytes);
    const level = levels.findLast(({ fromBytes }) => bytes >= fromBytes);
    if (!level || now - this.collectedAt < this.pauseMs(level, bytes - this.leftBytes)) return;
    this.collectedAt = now;
    this.collections++;
    this.collect();
    this.leftBytes = this.residentBytes();
    const isInVain = bytes - this.leftBytes < WORTHWHILE_BYTES;
    this.patience = isInVain ? Math.min(MOST_PATIENCE, 2 * this.patience) : 1;
  }

  /** How long after the last collection the next one is due, when so much more is in use. */
  private pauseMs({ leastPauseMs, grownBytes, leastPauseGrownMs, newsBytes }: Level, grown: number): number {
    const usual = (grown < newsBytes ? this.patience : 1) * leastPauseMs;
    return grown >= grownBytes ? Math.min(usual, leastPauseGrownMs) : usual;
  }

  private current(): Delays {
    return { p99Ns: this.delays?.percentile(99) ?? 0, mostNs: this.delays?.max ?? 0 };
  }

  metrics(): MetricSample[] {
    const current = this.current();
    const p99Ns = Math.max(current.p99Ns, this.before.p99Ns);
    const mostNs = Math.max(current.mostNs, this.before.mostNs);
    return [
      gauge(
        'ampra_event_loop_delay_p99_seconds',
        'Delay of the main loop in the last minutes, 99th percentile.',
        p99Ns,
      ),
      gauge('ampra_event_loop_delay_max_seconds', 'Longest delay of the main loop in the last minutes.', mostNs),
      {
        name: 'ampra_collections_total',
        help: 'Times garbage was collected because much memory was in use.',
        type: 'counter',
        value: this.collections,
      },
    ];
  }
}

function gauge(name: string, help: string, nanoseconds: number): MetricSample {
  return { name, help, type: 'gauge', value: Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0 };
}
