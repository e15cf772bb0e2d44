import { monitorEventLoopDelay } from 'node:perf_hooks';
import { minutes, seconds } from '../core/durations.ts';
import type { Feature } from './feature.ts';
import type { MetricSample } from './metrics.ts';

/** A flood brings two hundred megabytes a second. */
const LOOK_MS = 50;
/** From this much resident memory on garbage is not left lying about: half of what a Pi with 2 GB has to spare. */
const MANY_BYTES = 300e6;
/** From this much on it is urgent, and from the second on more than pages that wait. */
const TOO_MANY_BYTES = 380e6;
const NEARLY_ALL_BYTES = 430e6;
/**
 * So much more than the last collection left is garbage in all likelihood, of a flood, and not waited with: the engine would let it
 * grow to several times what is in use. Where more is in use already, less.
 */
const GROWN_BYTES = 60e6;
const GROWN_BYTES_ABOVE = 30e6;
const ABOVE_BYTES = 350e6;
/** With next to nothing left, this: questions without a pause while a worker learns bring it in a tenth of a second. */
const GROWN_BYTES_AT_LAST = 15e6;
/** Delays of the loop are told over a window of this length, and the one before it. */
const WINDOW_MS = minutes(5);
/** A collection stops everything for up to a tenth of a second: not more often than this. */
const LEAST_PAUSE_MS = seconds(10);
const LEAST_URGENT_PAUSE_MS = seconds(2);
const LEAST_PAUSE_AT_LAST_MS = 350;
const LEAST_PAUSE_GROWN_MS = 300;
const LEAST_PAUSE_GROWN_AT_LAST_MS = 150;
/**
 * A collection that gives back less than this was in vain: the memory is a worker's, or in use. The next one waits twice as long,
 * unless so much more is in use by then that it may be another story.
 */
const WORTHWHILE_BYTES = 15e6;
const MOST_PATIENCE = 32;
const NEWS_BYTES = 50e6;
const NEWS_BYTES_AT_LAST = 15e6;

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
    if (bytes < MANY_BYTES || now - this.collectedAt < this.pauseMs(bytes)) return;
    this.collectedAt = now;
    this.collections++;
    this.collect();
    this.leftBytes = this.residentBytes();
    const isInVain = bytes - this.leftBytes < WORTHWHILE_BYTES;
    this.patience = isInVain ? Math.min(MOST_PATIENCE, 2 * this.patience) : 1;
  }

  /** How long after the last collection the next one is due. */
  private pauseMs(bytes: number): number {
    const grown = bytes - this.leftBytes;
    const patience = grown < newsBytes(bytes) ? this.patience : 1;
    const usual = patience * leastPauseMs(bytes);
    return grown >= grownBytes(bytes) ? Math.min(usual, leastPauseGrownMs(bytes)) : usual;
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

function leastPauseMs(bytes: number): number {
  if (bytes >= NEARLY_ALL_BYTES) return LEAST_PAUSE_AT_LAST_MS;
  return bytes >= TOO_MANY_BYTES ? LEAST_URGENT_PAUSE_MS : LEAST_PAUSE_MS;
}

const leastPauseGrownMs = (bytes: number): number =>
  bytes >= NEARLY_ALL_BYTES ? LEAST_PAUSE_GROWN_AT_LAST_MS : LEAST_PAUSE_GROWN_MS;

function grownBytes(bytes: number): number {
  if (bytes >= NEARLY_ALL_BYTES) return GROWN_BYTES_AT_LAST;
  return bytes >= ABOVE_BYTES ? GROWN_BYTES_ABOVE : GROWN_BYTES;
}

function newsBytes(bytes: number): number {
  return bytes >= NEARLY_ALL_BYTES ? NEWS_BYTES_AT_LAST : NEWS_BYTES;
}

function gauge(name: string, help: string, nanoseconds: number): MetricSample {
  return { name, help, type: 'gauge', value: Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0 };
}
