import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { Clock } from '../core/clock.ts';
import { seconds } from '../core/durations.ts';
import type { Log } from '../core/log.ts';
import type { AppEnv, ResolveViewer } from './app-env.ts';
import { problem } from './errors.tsx';
import { EventStream } from './event-stream.ts';
import { renderText } from './page.tsx';

/** A named event for scripts; unnamed HTML is swapped in by htmx. */
export interface NamedEvent {
  event: string;
  data: string;
}

export interface StreamOptions {
  /** What this page shows; `publish` of one of them makes it render again. */
  topics: readonly string[];
  /**
   * What to send: elements (usually `<hx-partial>`s or parts with `hx-swap-oob`), named events, or null for nothing.
   * `changed` holds the topics published since the last time; null right after connecting: then send the whole state.
   */
  render(changed: ReadonlySet<string> | null): Rendered | Promise<Rendered>;
  /** At most one message in this time, ms. Default 250. */
  minIntervalMs?: number;
}
export type Rendered = Child | NamedEvent | NamedEvent[] | null;

/** Live pages. */
export interface LiveEvents {
  /** Answers with the event stream of a page. */
  stream(c: Context<AppEnv>, options: StreamOptions): Response;
  /** Tells every page that shows `topic`. Cheap when nobody does. */
  publish(topic: string): void;
  /** True if somebody looks, so that expensive preparation can be spared. */
  isWatched(topic: string): boolean;
}

export interface EventHubOptions {
  clock: Clock;
  log: Log;
  resolveViewer: ResolveViewer;
  /** Time between signs of life, and between checks that the viewer is still signed in, ms. Default 20 s. */
  heartbeatMs?: number;
  /** Most open streams in all. Default 200. */
  maxStreams?: number;
  /** Most open streams of one person; the oldest gives way. Default 20. */
  maxStreamsPerViewer?: number;
  /** A reader that took nothing for this long is dropped, ms. Default 60 s. */
  maxStallMs?: number;
}

/**
 * Server-sent events: one stream a page. A stream keeps no queue, only which topics changed; a slow reader gets the
 * newest state when it reads again, so memory is bounded whatever the network does.
 */
export class EventHub implements LiveEvents {
  private readonly streams = new Set<EventStream>();
  private readonly byTopic = new Map<string, Set<EventStream>>();
  private isStopped = false;
  constructor(private readonly options: EventHubOptions) {}

  stream(c: Context<AppEnv>, options: StreamOptions): Response {
    const viewerKey = c.var.viewer?.userId ?? `address:${c.var.clientAddress}`;
    this.makeRoom(viewerKey);
    if (this.isStopped || this.streams.size >= (this.options.maxStreams ?? 200))
      return problem(c, { code: 'unavailable', message: 'Too many live pages are open.', retryAfterS: 10 });
    const stream = new EventStream({
      viewerKey,
      minIntervalMs: options.minIntervalMs ?? 250,
      heartbeatMs: this.options.heartbeatMs ?? seconds(20),
      maxStallMs: this.options.maxStallMs ?? seconds(60),
      now: () => this.options.clock.now(),
      render: async (changed) => messageText(await options.render(changed), (child) => renderText(c, child)),
      isStillAllowed: () => this.isSameViewer(c),
      onError: (error) => this.options.log.error('a live page could not be rendered', { path: c.req.path, error }),
      onEnd: () => this.remove(stream, options.topics),
    });
    this.add(stream, options.topics);
    c.req.raw.signal.addEventListener('abort', () => stream.end());
    c.header('Content-Type', 'text/event-stream; charset=utf-8');
    c.header('Cache-Control', 'no-store');
    c.header('X-Accel-Buffering', 'no');
    return c.body(stream.readable);
  }

  publish(topic: string): void {
    for (const stream of this.byTopic.get(topic) ?? []) stream.mark(topic);
  }

  isWatched(topic: string): boolean {
    return this.byTopic.has(topic);
  }

  /** Something of somebody's access changed: their live pages end now where they may not go on. */
  recheck(userId: string): void {
    for (const stream of [...this.streams]) if (stream.viewerKey === userId) void stream.check();
  }

  get openStreams(): number {
    return this.streams.size;
  }

  /** Ends every stream; the pages connect again when the appliance is back. */
  stop(): void {
    this.isStopped = true;
    for (const stream of [...this.streams]) stream.end();
  }

  private add(stream: EventStream, topics: readonly string[]): void {
    this.streams.add(stream);
    for (const topic of topics) {
      const set = this.byTopic.get(topic) ?? new Set();
      this.byTopic.set(topic, set.add(stream));
    }
  }

  private remove(stream: EventStream, topics: readonly string[]): void {
    this.streams.delete(stream);
    for (const topic of topics) {
      const set = this.byTopic.get(topic);
      set?.delete(stream);
      if (set?.size === 0) this.byTopic.delete(topic);
    }
  }

  private makeRoom(viewerKey: string): void {
    const own = [...this.streams].filter((s) => s.viewerKey === viewerKey);
    const excess = own.length + 1 - (this.options.maxStreamsPerViewer ?? 20);
    for (const stream of own.slice(0, Math.max(0, excess))) stream.end();
  }

  private async isSameViewer(c: Context<AppEnv>): Promise<boolean> {
    const before = c.var.viewer;
    if (!before) return true;
    const now = await this.options.resolveViewer(c.req.raw, {
      isSecure: c.var.isSecure,
      clientAddress: c.var.clientAddress,
      // The answer's headers went out long ago.
      setCookie: () => undefined,
    });
    return now?.userId === before.userId && now.role === before.role;
  }
}

async function messageText(rendered: Rendered, toText: (child: Child) => Promise<string>): Promise<string> {
  if (rendered === null || rendered === undefined || rendered === false) return '';
  const events = Array.isArray(rendered) ? rendered : [rendered];
  if (events.every(isNamedEvent)) return events.map((e) => `event: ${e.event}\n${dataLines(e.data)}\n`).join('');
  const html = await toText(rendered as Child);
  return html === '' ? '' : `${dataLines(html)}\n`;
}

function isNamedEvent(value: unknown): value is NamedEvent {
  return typeof value === 'object' && value !== null && 'event' in value && 'data' in value && !('tag' in value);
}

function dataLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}\n`)
    .join('');
}
