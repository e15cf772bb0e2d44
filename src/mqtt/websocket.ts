import type { Transport } from './link.ts';
import type { MqttOverWebSocket, WebSocketConnection, WebSocketPeer } from './ports.ts';
import type { ConnectionHandle } from './tcp.ts';

const PROTOCOLS = ['mqtt', 'mqttv3.1'];

/** MQTT in the binary frames of a WebSocket; packets may be cut anywhere between frames [MQTT-6.0.0-2]. */
export class WebSocketDoor implements MqttOverWebSocket {
  readonly path: string;
  readonly maxFrameBytes: number;

  constructor(
    private readonly options: {
      path: string;
      maxFrameBytes: number;
      open(transport: Transport): ConnectionHandle | undefined;
    },
  ) {
    this.path = options.path;
    this.maxFrameBytes = options.maxFrameBytes;
  }

  chooseProtocol(header: string | null): string | null {
    const offered = (header ?? '').split(',').map((name) => name.trim());
    return offered.find((name) => PROTOCOLS.includes(name)) ?? null;
  }

  open(peer: WebSocketPeer, address: string): WebSocketConnection {
    const handle = this.options.open(transportOf(peer, address));
    if (!handle) peer.close(1013, 'too many connections');
    return {
      message: (data) => {
        // Text frames are not allowed [MQTT-6.0.0-1].
        if (typeof data === 'string') peer.close(1003, 'binary frames only');
        else handle?.data(Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength));
      },
      drain: () => handle?.drain(),
      closed: () => handle?.closed(),
    };
  }
}

function transportOf(peer: WebSocketPeer, address: string): Transport {
  return {
    kind: 'ws',
    address,
    // The web server keeps what the socket does not take; a copy, because the caller's buffer is used again.
    write: (bytes) => {
      if (peer.sendBinary(bytes) !== 0 || bytes.length === 0) return bytes.length;
      // It kept too much already and threw this away: what follows would not be understood.
      peer.terminate();
      return -1;
    },
    buffered: () => peer.getBufferedAmount(),
    pause: () => {},
    resume: () => {},
    end: () => peer.close(1000, ''),
    terminate: () => peer.terminate(),
  };
}
