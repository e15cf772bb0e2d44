import type { Log } from '../core/log.ts';
import type { Transport } from './link.ts';

/** What the broker does with one connection, whatever carries it. */
export interface ConnectionHandle {
  data(chunk: Buffer): void;
  drain(): void;
  closed(): void;
}

export interface TcpListenerOptions {
  host: string;
  port: number;
  /** PEM texts; null for plain TCP. */
  tls: { cert: string; key: string } | null;
  log: Log;
  /** Undefined: the connection is not wanted. */
  open(transport: Transport): ConnectionHandle | undefined;
  retryMs?: number;
}

type Socket = Bun.Socket<{ handle: ConnectionHandle | undefined }>;

/** Listens for MQTT over TCP or TLS. A port that is taken is tried again until it is free. */
export class TcpListener {
  private server: Bun.TCPSocketListener<{ handle: ConnectionHandle | undefined }> | null = null;
  private retry: Timer | null = null;
  private isStopped = false;
  /** Why it does not listen; null while it does. */
  problem: string | null = null;

  constructor(private readonly options: TcpListenerOptions) {}

  /** Port that was taken; 0 while it does not listen. */
  get port(): number {
    return this.server?.port ?? 0;
  }

  start(): void {
    this.isStopped = false;
    const { host, port, tls, log } = this.options;
    const name = tls ? 'MQTT over TLS' : 'MQTT';
    try {
      this.server = this.listen();
      if (this.problem) log.info(`${name} listens again`, { port: this.port });
      this.problem = null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const problem = `${name} does not listen on port ${port} (${host}): ${reason}. Is another broker running? Stop it, or choose another port (${tls ? 'AMPRA_MQTT_TLS_PORT' : 'AMPRA_MQTT_PORT'}).`;
      if (this.problem !== problem) log.error(problem);
      this.problem = problem;
      this.retry = setTimeout(() => this.start(), this.options.retryMs ?? 10_000);
      this.retry.unref();
    }
  }

  private listen() {
    const { host, port, tls } = this.options;
    const kind = tls ? 'tls' : 'tcp';
    return Bun.listen<{ handle: ConnectionHandle | undefined }>({
      hostname: host,
      port,
      ...(tls ? { tls } : {}),
      socket: {
        binaryType: 'buffer',
        open: (socket) => {
          socket.setNoDelay(true);
          socket.setKeepAlive(true, 60_000);
          socket.data = { handle: this.isStopped ? undefined : this.options.open(transportOf(socket, kind)) };
          if (!socket.data.handle) socket.terminate();
        },
        data: (socket, chunk) => socket.data.handle?.data(chunk as Buffer),
        drain: (socket) => socket.data?.handle?.drain(),
        close: (socket) => socket.data?.handle?.closed(),
        // A client's half-close is the end of an MQTT connection.
        end: (socket) => {
          socket.data?.handle?.closed();
          socket.end();
        },
        error: (socket) => socket.data?.handle?.closed(),
      },
    });
  }

  /** Takes no more connections; those that are open stay. */
  stop(): void {
    this.isStopped = true;
    if (this.retry) clearTimeout(this.retry);
    this.retry = null;
    this.server?.stop(false);
    this.server = null;
  }
}

function transportOf(socket: Socket, kind: 'tcp' | 'tls'): Transport {
  const address = socket.remoteAddress;
  return {
    kind,
    address,
    write: (bytes) => socket.write(bytes),
    buffered: () => 0,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
    terminate: () => void socket.terminate(),
  };
}
