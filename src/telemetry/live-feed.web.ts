import type { Context } from 'hono';
import type { AppEnv } from '../web/routes.ts';

export interface LiveFeed {
  onReadings(listener: (sourceIds: ReadonlySet<string>) => void): () => void;
  isConcerned(sourceIds: ReadonlySet<string>): boolean;
  /** The fragment now; null ends the stream. */
  render(): Promise<string | null>;
}

/** Least time between two events to one browser. ms. */
const MIN_GAP_MS = 900;
/** Without news the picture is sent again after this, so that lines of a source that fell silent come to rest. ms. */
const REFRESH_MS = 20_000;
/** A stream ends after this and the browser comes back, so that who may look is asked again. ms. */
const MAX_LIFE_MS = 1_800_000;

/** Server-sent events with the whole fragment in each; one at most each second, the first change at once. */
export function streamLive(c: Context<AppEnv>, feed: LiveFeed): Response {
  const stream = new LiveStream(feed);
  c.req.raw.signal.addEventListener('abort', () => stream.end());
  c.header('Content-Type', 'text/event-stream; charset=utf-8');
  c.header('Cache-Control', 'no-store');
  c.header('X-Accel-Buffering', 'no');
  return c.body(stream.body);
}

class LiveStream {
  readonly body: ReadableStream<Uint8Array>;
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopListening: (() => void) | null = null;
  private lastSent = 0;
  private isRendering = false;
  private isWanted = false;
  private readonly endsAt = Date.now() + MAX_LIFE_MS;

  constructor(private readonly feed: LiveFeed) {
    this.body = new ReadableStream({ start: (controller) => this.begin(controller), cancel: () => this.end() });
  }

  private begin(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.controller = controller;
    this.send(': live\n\n');
    this.stopListening = this.feed.onReadings((ids) => {
      if (this.feed.isConcerned(ids)) this.schedule(Math.max(0, this.lastSent + MIN_GAP_MS - Date.now()));
    });
    this.schedule(0);
  }

  private schedule(delay: number): void {
    this.isWanted = true;
    if (this.isRendering) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.push(), delay);
  }

  private async push(): Promise<void> {
    if (!this.controller) return;
    this.isWanted = false;
    this.isRendering = true;
    const html = await this.feed.render().catch(() => null);
    this.isRendering = false;
    if (html === null || Date.now() > this.endsAt) return this.end();
    this.lastSent = Date.now();
    this.send(`${html.replace(/^/gm, 'data: ')}\n\n`);
    if (this.isWanted) this.schedule(MIN_GAP_MS);
    else this.timer = setTimeout(() => void this.push(), REFRESH_MS);
  }

  private send(text: string): void {
    try {
      this.controller?.enqueue(new TextEncoder().encode(text));
    } catch {
      this.end();
    }
  }

  end(): void {
    clearTimeout(this.timer);
    this.stopListening?.();
    this.stopListening = null;
    const { controller } = this;
    this.controller = null;
    try {
      controller?.close();
    } catch {
      // The browser closed it first.
    }
  }
}
