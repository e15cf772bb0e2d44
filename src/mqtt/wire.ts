import { Reason } from './reason-codes.ts';

/** A client broke the protocol; the connection ends with `reasonCode`. */
export class ProtocolError extends Error {
  readonly reasonCode: number;
  constructor(message: string, reasonCode: number = Reason.malformed) {
    super(message);
    this.name = 'ProtocolError';
    this.reasonCode = reasonCode;
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes an MQTT string; ill-formed UTF-8 and U+0000 are malformed [MQTT-1.5.4-1, -2]. */
export function decodeText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch {
    throw new ProtocolError('text is not valid UTF-8');
  }
  if (text.includes('\u0000')) throw new ProtocolError('text contains U+0000');
  return text;
}

/** Reads the body of one packet; reading past its end is malformed. */
export class Reader {
  at: number;
  readonly bytes: Buffer;
  readonly end: number;
  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    if (this.at >= this.end) throw new ProtocolError('packet is too short');
    return this.bytes[this.at++] as number;
  }

  u16(): number {
    return (this.u8() << 8) | this.u8();
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  /** A variable byte integer (MQTT 5), which must be as short as it can be [MQTT-1.5.5-1]. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte === 0 && shift > 0) throw new ProtocolError('a length is longer than it needs to be');
      if (byte < 0x80) return value;
    }
    throw new ProtocolError('a length is longer than four bytes');
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Buffer {
    const from = this.at;
    this.skip(length);
    return this.bytes.subarray(from, this.at);
  }

  skip(length: number): void {
    if (length > this.left) throw new ProtocolError('packet is too short');
    this.at += length;
  }

  text(): string {
    return decodeText(this.take(this.u16()));
  }

  binary(): Buffer {
    return this.take(this.u16());
  }
}

/** Bytes that a variable byte integer takes. */
export function varintBytes(value: number): number {
  return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
}

/** Writes a variable byte integer and returns the position behind it. */
export function writeVarint(target: Buffer, at: number, value: number): number {
  let rest = value;
  let to = at;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    target[to++] = rest > 0 ? low | 0x80 : low;
  } while (rest > 0);
  return to;
}
