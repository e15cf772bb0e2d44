import { clientAddress, isFromForeignPage, plainAddress } from '../core/client-address.ts';
import { AmpraError } from '../core/result.ts';
import type { MqttOverWebSocket, WebSocketConnection } from '../mqtt/ports.ts';

export interface HttpListenerOptions {
  port: number;
  host: string;
  /** PEM texts; plain http without. */
  tls?: { cert: string; key: string } | null;
  fetch(request: Request, peer: string): Promise<Response>;
  /** MQTT over WebSocket, once there is a broker. */
  mqtt?: () => MqttOverWebSocket | null;
  /** Believe X-Forwarded-For for MQTT sockets; `fetch` decides for itself. */
  trustProxy?: boolean;
  /**
   * Let pages of other hosts open MQTT sockets. Not with open access: there an address of the house is all that is
   * asked for, and any web page that somebody of the house looks at would come from one.
   */
  allowsForeignPages?: boolean;
}

interface SocketData {
  address: string;
  mqtt: MqttOverWebSocket;
  connection: WebSocketConnection | null;
}

/** The largest MQTT frame that any setting allows, bytes; the broker's own limit is checked for each frame. */
const LARGEST_FRAME = 256 * 1024 * 1024;

/** The web port: hands requests, with their peer's address, to whoever answers them, and MQTT sockets to the broker. */
export class HttpListener {
  private server: Bun.Server<SocketData> | null = null;

  constructor(private readonly options: HttpListenerOptions) {}

  /** Throws `AmpraError` (unavailable) when the port cannot be had. */
  start(port = this.options.port): void {
    try {
      this.server = this.listen(port);
    } catch (cause) {
      throw portRefusal({ name: 'web', port, host: this.options.host, env: 'AMPRA_HTTP_PORT', cause });
    }
  }

  private listen(port: number): Bun.Server<SocketData> {
    const { tls } = this.options;
    return Bun.serve<SocketData>({
      port,
      hostname: this.options.host,
      ...(tls ? { tls: { cert: tls.cert, key: tls.key } } : {}),
      // Seconds without a byte in either direction. Event streams send a sign of life more often.
      idleTimeout: 120,
      // The features' own limit counts; this one only bounds what is read before they are asked.
      maxRequestBodySize: 1024 * 1024 * 1024,
      fetch: async (request, server) => {
        const peer = plainAddress(server.requestIP(request)?.address ?? '');
        if (isUpgrade(request)) return this.upgrade(request, server, peer);
        return this.options.fetch(request, peer);
      },
      websocket: {
        maxPayloadLength: LARGEST_FRAME,
        idleTimeout: 0,
        perMessageDeflate: false,
        open(socket) {
          const { mqtt, address } = socket.data;
          socket.data.connection = mqtt.open(socket, address);
        },
        message(socket, data) {
          const isTooLong = data.length > socket.data.mqtt.maxFrameBytes;
          if (isTooLong) socket.close(1009, 'frame too long');
          else socket.data.connection?.message(data);
        },
        drain: (socket) => socket.data.connection?.drain(),
        close: (socket) => socket.data.connection?.closed(),
      },
    });
  }

  private upgrade(request: Request, server: Bun.Server<SocketData>, peer: string): Response | undefined {
    const mqtt = this.options.mqtt?.() ?? null;
    const { pathname } = new URL(request.url);
    if (!mqtt || pathname !== mqtt.path) return new Response('Nothing to upgrade to here.\n', { status: 404 });
    const { headers } = request;
    if (!this.options.allowsForeignPages && isFromForeignPage(headers.get('origin'), headers.get('host')))
      return new Response('Open MQTT is for pages of this Ampra only.\n', { status: 403 });
    const protocol = mqtt.chooseProtocol(request.headers.get('sec-websocket-protocol'));
    if (!protocol) return new Response('The subprotocol must be mqtt.\n', { status: 400 });
    const address = clientAddress(peer, this.options.trustProxy ? headers.get('x-forwarded-for') : null);
    const isUpgraded = server.upgrade(request, {
      data: { address, mqtt, connection: null },
      headers: { 'Sec-WebSocket-Protocol': protocol },
    });
    return isUpgraded ? undefined : new Response('Not a WebSocket handshake.\n', { status: 400 });
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = null;
    await server?.stop(true);
  }

  get isListening(): boolean {
    return this.server !== null;
  }

  /** The port in use (when 0 was asked for, the one the kernel gave). */
  get port(): number {
    return this.server?.port ?? 0;
  }

  get url(): string | null {
    if (!this.server) return null;
    const isAny = this.options.host === '0.0.0.0' || this.options.host === '::';
    const host = isAny ? '127.0.0.1' : this.options.host.includes(':') ? `[${this.options.host}]` : this.options.host;
    return `${this.options.tls ? 'https' : 'http'}://${host}:${this.port}`;
  }
}

function isUpgrade(request: Request): boolean {
  return request.headers.get('upgrade')?.toLowerCase() === 'websocket';
}

/** Why a port could not be had, in words. */
export function portRefusal(options: {
  name: string;
  port: number;
  host: string;
  env: string;
  cause: unknown;
}): AmpraError {
  const { name, port, host, env, cause } = options;
  const code = (cause as { code?: string }).code;
  const what =
    code === 'EADDRINUSE'
      ? `is taken by another program`
      : code === 'EACCES'
        ? 'cannot be opened: this user may not use ports below 1024'
        : code === 'EADDRNOTAVAIL'
          ? `cannot be opened: this machine has no address ${host}`
          : `cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new AmpraError(
    {
      code: 'unavailable',
      message: `The ${name} port ${port} ${what}.`,
      hint:
        code === 'EADDRINUSE'
          ? `Stop that program, or choose another port with ${env}.`
          : `Choose another with ${env}.`,
    },
    { cause },
  );
}
