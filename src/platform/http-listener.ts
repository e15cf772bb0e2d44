/** The web port: hands requests, with their peer's address, to whoever answers them. */
export interface HttpListenerOptions {
  port: number;
  host: string;
  fetch(request: Request, peer: string): Promise<Response>;
}

export class HttpListener {
  private server: Bun.Server<undefined> | null = null;
  constructor(private readonly options: HttpListenerOptions) {}

  async start(): Promise<void> {
    this.server = Bun.serve({
      port: this.options.port,
      hostname: this.options.host,
      // Event streams stay open; each answers for its own end.
      idleTimeout: 0,
      fetch: (request, server) => this.options.fetch(request, server.requestIP(request)?.address ?? ''),
    });
  }

  async stop(): Promise<void> {
    await this.server?.stop(true);
    this.server = null;
  }

  /** Port that was taken (when 0 was asked for, the one the kernel gave). */
  get port(): number {
    return this.server?.port ?? 0;
  }

  get url(): string | null {
    if (!this.server) return null;
    const host = this.options.host === '0.0.0.0' || this.options.host === '::' ? '127.0.0.1' : this.options.host;
    return `http://${host}:${this.port}`;
  }
}
