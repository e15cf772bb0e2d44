import { hasPassed } from '../core/durations.ts';

export interface EventStreamOptions {
  viewerKey: string;
  minIntervalMs: number;
  heartbeatMs: number;
  maxStallMs: number;
  now(): number;
  /** The message's text in the event-stream format, '' for nothing. */
  render(changed: ReadonlySet<string> | null): Promise<string>;
  isStillAllowed(): Promise<boolean>;
  onError(error: unknown): void;
  onEnd(): void;
}

/** Told to the browser with the first bytes: how long to wait before it connects again. */
const opening = 'retry: 2000\n: hello\n\n';

/**
 * One page's stream. It is pulled: what changed is remembered as a set of topics, and rendered when the reader has
 * taken what was sent before.
 */
export class EventStream {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly viewerKey: string;
  private readonly encoder = new TextEncoder();
  private controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | null = null;
  private readonly changed = new Set<string>();
  private isFirst = true;
  private isRendering = false;
  private sentAt = 0;
  private takenAt: number;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly heart: ReturnType<typeof setInterval>;

  constructor(private readonly options: EventStreamOptions) {
    this.viewerKey = options.viewerKey;
    this.takenAt = options.now();
    this.heart = setInterval(() => void this.beat(), options.heartbeatMs);
    this.heart.unref();
    this.readable = new ReadableStream(
      {
        start: (controller) => {
          this.controller = controller;
          this.send(opening);
        },
        pull: () => {
          this.takenAt = options.now();
          void this.renderSoon();
        },
        cancel: () => this.end(),
      },
      { highWaterMark: 4 },
    );
  }

  /** Something that this page shows has changed. */
  mark(topic: string): void {
    this.changed.add(topic);
    void this.renderSoon();
  }

  end(): void {
    if (!this.controller) return;
    const controller = this.controller;
    this.controller = null;
    clearInterval(this.heart);
    if (this.timer) clearTimeout(this.timer);
    try {
      controller.close();
    } catch {
      // The reader closed it first.
    }
    this.options.onEnd();
  }

  private async renderSoon(): Promise<void> {
    if (this.isRendering || this.timer || !this.hasNews() || !this.hasRoom()) return;
    // A clock that was set back must not make the page wait until it has caught up.
    this.sentAt = Math.min(this.sentAt, this.options.now());
    const wait = this.isFirst ? 0 : this.sentAt + this.options.minIntervalMs - this.options.now();
    if (wait > 0) {
      this.timer = setTimeout(() => {
        this.timer = null;
        void this.renderNow();
      }, wait);
      return;
    }
    await this.renderNow();
  }

  private async renderNow(): Promise<void> {
    if (this.isRendering || !this.controller || !this.hasRoom()) return;
    this.isRendering = true;
    const changed = this.isFirst ? null : new Set(this.changed);
    this.isFirst = false;
    this.changed.clear();
    try {
      this.send(await this.options.render(changed));
    } catch (error) {
      this.options.onError(error);
      this.end();
    } finally {
      this.isRendering = false;
      this.sentAt = this.options.now();
    }
    void this.renderSoon();
  }

  private hasNews(): boolean {
    return this.controller !== null && (this.isFirst || this.changed.size > 0);
  }

  private hasRoom(): boolean {
    return (this.controller?.desiredSize ?? 0) > 0;
  }

  private send(text: string): void {
    if (text === '') return;
    this.controller?.enqueue(this.encoder.encode(text));
  }

  /** Ends it unless its viewer may still see it. */
  async check(): Promise<void> {
    try {
      if (!(await this.options.isStillAllowed())) this.end();
    } catch (error) {
      this.options.onError(error);
      this.end();
    }
  }

  private async beat(): Promise<void> {
    await this.check();
    if (!this.controller) return;
    if (this.hasRoom()) this.send(': still here\n\n');
    else if (hasPassed(this.takenAt, this.options.maxStallMs, this.options.now())) this.end();
  }
}
