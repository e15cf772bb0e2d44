import { clientAddress, isFromForeignPage, plainAddress } from '../core/client-address.ts';
import { isOwnHost } from '../core/own-host.ts';
import { AmpraError } from '../core/result.ts';
import { strictHeaders } from '../core/strict-headers.ts';
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
  /** Address that owners type behind a proxy; '' when unknown. */
  publicUrl?: string;
  /** Bytes of the largest MQTT frame that is taken; a longer one ends its connection. Default 1 MiB. */
  largestFrameBytes?: number;
  /** Told when an answer broke in a way that nobody expected. */
  onError?(error: unknown): void;
}

interface SocketData {
  address: string;
  mqtt: MqttOverWebSocket;
  connection: WebSocketConnection | null;
}

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
        return this.options.fetch(withUrl(request), peer);
      },
      // Bun's own page for errors shows the inside of the program. Without it Bun shares ports, unless told not to.
      development: false,
      reusePort: false,
      error: (error) => {
        this.options.onError?.(error);
        return plain('Something broke on our side. What was stored before is safe.', 500);
      },
      websocket: {
        // A frame is gathered in memory before anybody is asked who sends it.
        maxPayloadLength: this.options.largestFrameBytes ?? 1024 * 1024,
        // The broker sends no more to a client that reads nothing long before this; it would be thrown away unsaid.
        backpressureLimit: 2 * (this.options.largestFrameBytes ?? 1024 * 1024),
        closeOnBackpressureLimit: true,
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
    const { pathname } = new URL(withUrl(request).url);
    if (!mqtt || pathname !== mqtt.path) return plain('Nothing to upgrade to here.', 404);
    const { headers } = request;
    if (!this.options.allowsForeignPages && this.isForeignPage(headers))
      return plain('Open MQTT is for pages of this Ampra only.', 403);
    const protocol = mqtt.chooseProtocol(request.headers.get('sec-websocket-protocol'));
    if (!protocol) return plain('The subprotocol must be mqtt.', 400);
    const isUpgraded = server.upgrade(request, {
      data: { address: this.addressOf(peer, headers), mqtt, connection: null },
      headers: { 'Sec-WebSocket-Protocol': protocol },
    });
    return isUpgraded ? undefined : plain('Not a WebSocket handshake.', 400);
  }

  /** A page of another host, or one whose own name was pointed at this machine (DNS rebinding). */
  private isForeignPage(headers: Headers): boolean {
    const [origin, host] = [headers.get('origin'), headers.get('host')];
    if (isFromForeignPage(origin, host)) return true;
    return origin !== null && !isOwnHost(host ?? '', { publicUrl: this.options.publicUrl ?? '' });
  }

  /** '' when a proxy asks for somebody else and is not trusted to say for whom: then it is no address of the house. */
  private addressOf(peer: string, headers: Headers): string {
    if (this.options.trustProxy) return clientAddress(peer, headers.get('x-forwarded-for'));
    return headers.has('x-forwarded-for') || headers.has('forwarded') ? '' : plainAddress(peer);
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

/** An answer of the port itself. */
function plain(text: string, status: number): Response {
  const headers = { ...strictHeaders, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  return new Response(`${text}\n`, { status, headers });
}

function isUpgrade(request: Request): boolean {
  return request.headers.get('upgrade')?.toLowerCase() === 'websocket';
}

/** A request whose `Host` is missing or no name has an address that cannot be read; what it asks for there can be. */
function withUrl(request: Request): Request {
  if (URL.canParse(request.url)) return request;
  const path = /^(?:https?:\/\/[^/]*)?(\/.*)$/i.exec(request.url)?.[1] ?? '/';
  const url = `http://localhost${path}`;
  return new Request(URL.canParse(url) ? url : 'http://localhost/', request);
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
