/** So long after the first of them changes are told, together. ms. */
const TOLD_AFTER_MS = 200;

/** Tells whoever listens which sources have new readings: a few times a second at most. */
export class News {
  private readonly listeners = new Set<(sourceIds: ReadonlySet<string>) => void>();
  private changed = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly onFailure: (error: unknown) => void) {}

  /** Gives the way to stop listening. */
  listen(listener: (sourceIds: ReadonlySet<string>) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Remembers a source; it is told with the others `tellSoon` or `tell` is called for. */
  add(sourceId: string): void {
    this.changed.add(sourceId);
  }

  tellSoon(): void {
    if (this.changed.size > 0) this.timer ??= setTimeout(() => this.tell(), TOLD_AFTER_MS);
  }

  tell(): void {
    this.stop();
    const { changed } = this;
    this.changed = new Set();
    for (const listener of this.listeners) {
      try {
        listener(changed);
      } catch (error) {
        this.onFailure(error);
      }
    }
  }

  /** Tells nothing until it is asked to again. */
  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }
}
