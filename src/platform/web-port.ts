import { seconds } from '../core/durations.ts';
import type { Log } from '../core/log.ts';
import { HttpListener, type HttpListenerOptions } from './http-listener.ts';
import { explain, type Parts } from './parts.ts';

/** How many ports above a taken one are tried. */
const STAND_INS = 10;
const RETRY_MS = seconds(15);
const PART = 'web port';

/**
 * Gets the pages onto the network whatever happens: when the configured port is taken they come up on the next free one,
 * say so, and move in as soon as the port is free.
 */
export class WebPort {
  private readonly wanted: HttpListener;
  private standIn: HttpListener | null = null;
  private retry: ReturnType<typeof setInterval> | null = null;

  constructor(
    private readonly options: HttpListenerOptions,
    private readonly parts: Parts,
    private readonly log: Log,
  ) {
    this.wanted = new HttpListener(options);
  }

  /** Throws when neither the port nor any of its stand-ins can be had. */
  start(): void {
    try {
      this.wanted.start();
      this.parts.set(PART, 'ok');
    } catch (error) {
      this.standIn = this.findStandIn();
      if (!this.standIn) throw error;
      const message = `${explain(error)} Until then the pages are at port ${this.standIn.port}.`;
      this.parts.set(PART, 'broken', message);
      this.log.error(message);
      this.retry = setInterval(() => this.moveIn(), RETRY_MS);
    }
  }

  private findStandIn(): HttpListener | null {
    const { port } = this.options;
    for (let next = port + 1; next <= Math.min(port + STAND_INS, 65535); next++) {
      const listener = new HttpListener(this.options);
      try {
        listener.start(next);
        return listener;
      } catch {
        // Taken too; the next one.
      }
    }
    return null;
  }

  private moveIn(): void {
    try {
      this.wanted.start();
    } catch {
      return;
    }
    if (this.retry) clearInterval(this.retry);
    this.parts.set(PART, 'ok');
    this.log.info('the web port is free again and in use', { port: this.wanted.port });
  }

  async stop(): Promise<void> {
    if (this.retry) clearInterval(this.retry);
    await this.wanted.stop();
    await this.standIn?.stop();
  }

  get url(): string | null {
    return this.wanted.url ?? this.standIn?.url ?? null;
  }
}
