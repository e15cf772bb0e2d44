import { Reason } from './reason-codes.ts';
import { ProtocolError } from './wire.ts';

/** Takes one whole packet: its first byte and where its body lies. Answers false to stop after this packet for now. */
export type FrameHandler = (first: number, bytes: Buffer, start: number, end: number) => boolean;

/**
 * Cuts a byte stream into MQTT packets, however it was split on the way. A packet that lies whole in a chunk is not
 * copied; one that does not is gathered in a buffer of its final size, which the limit bounds.
 */
export class FrameSplitter {
  private header: number[] = [];
  private packet: Buffer | null = null;
  private filled = 0;
  /** What `hasWholeHeader` found; no object is made for each packet, of which a flood brings a million a second. */
  private bodyStart = 0;
  private bodyEnd = 0;

  constructor(private readonly maxPacketBytes: number) {}

  /** Feeds a chunk from `from`; answers the position it stopped at, the chunk's length when all of it was taken. */
  feed(chunk: Buffer, from: number, handle: FrameHandler): number {
    let at = from;
    while (at < chunk.length || this.packet?.length === 0) {
      if (this.packet) {
        at = this.fill(chunk, at);
        if (this.packet.length > this.filled) return at;
        const { packet } = this;
        this.packet = null;
        const first = this.header[0] as number;
        this.header.length = 0;
        if (!handle(first, packet, 0, packet.length)) return at;
        continue;
      }
      if (this.header.length === 0 && this.hasWholeHeader(chunk, at) && this.bodyEnd <= chunk.length) {
        const first = chunk[at] as number;
        at = this.bodyEnd;
        if (!handle(first, chunk, this.bodyStart, at)) return at;
        continue;
      }
      at = this.collectHeader(chunk, at);
    }
    return at;
  }

  /** Finds the position of a packet's body when the header lies whole in the chunk. */
  private hasWholeHeader(chunk: Buffer, first: number): boolean {
    let length = 0;
    for (let i = 0; i < 4; i++) {
      const byte = chunk[first + 1 + i];
      if (byte === undefined) return false;
      length += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) {
        this.checkSize(length + 2 + i);
        this.bodyStart = first + 2 + i;
        this.bodyEnd = this.bodyStart + length;
        return true;
      }
    }
    throw new ProtocolError('the remaining length is longer than four bytes');
  }

  private collectHeader(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at++] as number;
      this.header.push(byte);
      if (this.header.length === 1) continue;
      if (byte < 0x80) {
        const length = this.header.slice(1).reduce((sum, b, i) => sum + (b & 0x7f) * 2 ** (7 * i), 0);
        this.checkSize(length + this.header.length);
        this.packet = Buffer.allocUnsafe(length);
        this.filled = 0;
        if (length === 0) break;
        return at;
      }
      if (this.header.length === 5) throw new ProtocolError('the remaining length is longer than four bytes');
    }
    return at;
  }

  private fill(chunk: Buffer, at: number): number {
    const packet = this.packet as Buffer;
    const copied = chunk.copy(packet, this.filled, at, Math.min(chunk.length, at + packet.length - this.filled));
    this.filled += copied;
    return at + copied;
  }

  private checkSize(bytes: number): void {
    if (bytes > this.maxPacketBytes)
      throw new ProtocolError(`packet of ${bytes} bytes, at most ${this.maxPacketBytes}`, Reason.packetTooLarge);
  }
}
