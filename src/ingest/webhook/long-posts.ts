import { Lanes } from '../../core/lanes.ts';

/** Shorter posts are nothing to wait for. */
const SHORT_BYTES = 512 * 1024;
/** What reading a long one left behind is collected in this time, ms. */
const REST_MS = 300;

/**
 * Long posts are read one after the other, whoever sends them, each when the database has room: reading eight megabytes takes
 * a hundred megabytes for a moment, and what was read waits in memory until it is written.
 */
export class LongPosts {
  private readonly lanes = new Lanes<'long'>();
  private rest: Promise<unknown> = Promise.resolve();
  private readonly wait: (ms: number) => Promise<unknown>;

  /** `room` resolves when the database has little left to write. */
  constructor(
    private readonly options: { room?: (() => Promise<void>) | undefined; wait?: (ms: number) => Promise<unknown> },
  ) {
    this.wait = options.wait ?? Bun.sleep;
  }

  /** Does `work` with a post of so many bytes when it is its turn. */
  run<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    return bytes <= SHORT_BYTES ? work() : this.lanes.run('long', () => this.runAlone(work));
  }

  private async runAlone<T>(work: () => Promise<T>): Promise<T> {
    await this.rest;
    await this.options.room?.();
    try {
      return await work();
    } finally {
      this.rest = this.wait(REST_MS);
    }
  }
}
