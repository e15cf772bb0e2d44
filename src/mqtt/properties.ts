import { Reason } from './reason-codes.ts';
import { ProtocolError, type Reader, writeVarint } from './wire.ts';

/** MQTT 5 property identifiers (MQTT 5.0, section 2.2.2.2). */
export const Property = {
  payloadFormat: 1,
  messageExpiry: 2,
  contentType: 3,
  responseTopic: 8,
  correlationData: 9,
  subscriptionId: 11,
  sessionExpiry: 17,
  assignedClientId: 18,
  serverKeepAlive: 19,
  authenticationMethod: 21,
  authenticationData: 22,
  requestProblemInformation: 23,
  willDelay: 24,
  requestResponseInformation: 25,
  responseInformation: 26,
  serverReference: 28,
  reasonString: 31,
  receiveMaximum: 33,
  topicAliasMaximum: 34,
  topicAlias: 35,
  maximumQos: 36,
  retainAvailable: 37,
  userProperty: 38,
  maximumPacketSize: 39,
  sharedSubscriptions: 42,
} as const;

/** What a PUBLISH or a will says besides topic and payload. */
export interface PublishProperties {
  /** 0 when there is none; never in a will. */
  topicAlias: number;
  /** Seconds, or null. */
  messageExpiry: number | null;
  /** Seconds; of a will only. */
  willDelay: number;
  /** What goes on to subscribers, as on the wire. */
  forwarded: Uint8Array | null;
}

export const NO_PUBLISH_PROPERTIES: Readonly<PublishProperties> = Object.freeze({
  topicAlias: 0,
  messageExpiry: null,
  willDelay: 0,
  forwarded: null,
});

/** Reads the properties of a PUBLISH or a will; unknown and misplaced ones are malformed, doubled ones protocol errors. */
export function readPublishProperties(reader: Reader, kind: 'publish' | 'will' = 'publish'): PublishProperties {
  const length = reader.varint();
  if (length === 0) return NO_PUBLISH_PROPERTIES;
  if (length > reader.left) throw new ProtocolError('properties are longer than their packet');
  const end = reader.at + length;
  const kept: Uint8Array[] = [];
  const found: PublishProperties = { ...NO_PUBLISH_PROPERTIES };
  let seen = 0;
  while (reader.at < end) {
    const start = reader.at;
    const id = reader.varint();
    if (id !== Property.userProperty) {
      const bit = id < 31 ? 1 << id : 1 << 31;
      if (seen & bit) throw new ProtocolError(`property ${id} is there twice`, Reason.protocolError);
      seen |= bit;
    }
    if (kind === 'will' && id === Property.willDelay) found.willDelay = reader.u32();
    else if (kind === 'publish' && id === Property.topicAlias) found.topicAlias = readAlias(reader);
    else if (readOne(reader, id, found)) kept.push(reader.bytes.subarray(start, reader.at));
  }
  if (reader.at !== end) throw new ProtocolError('properties run over their length');
  if (kept.length > 0) found.forwarded = kept.length === 1 ? (kept[0] as Uint8Array) : Buffer.concat(kept);
  return found;
}

function readAlias(reader: Reader): number {
  const alias = reader.u16();
  if (alias === 0) throw new ProtocolError('topic alias 0', Reason.topicAliasInvalid);
  return alias;
}

/** Reads one property; true if it is forwarded. */
function readOne(reader: Reader, id: number, found: PublishProperties): boolean {
  switch (id) {
    case Property.payloadFormat:
      if (reader.u8() > 1) throw new ProtocolError('payload format indicator is neither 0 nor 1', Reason.protocolError);
      return true;
    case Property.messageExpiry:
      found.messageExpiry = reader.u32();
      return false;
    case Property.responseTopic:
      if (!/^[^#+]+$/.test(reader.text()))
        throw new ProtocolError('response topic is empty or has wildcards', Reason.protocolError);
      return true;
    case Property.contentType:
      reader.text();
      return true;
    case Property.correlationData:
      reader.binary();
      return true;
    case Property.userProperty:
      reader.text();
      reader.text();
      return true;
    case Property.subscriptionId:
      throw new ProtocolError('only the server sends subscription identifiers', Reason.protocolError);
    default:
      throw new ProtocolError(`property ${id} does not belong here`);
  }
}

function lengthPrefixed(value: Uint8Array): Uint8Array {
  const bytes = value.subarray(0, 65_535);
  const part = new Uint8Array(2 + bytes.length);
  part[0] = bytes.length >> 8;
  part[1] = bytes.length & 0xff;
  part.set(bytes, 2);
  return part;
}

/** Collects properties to be sent. */
export class PropertyWriter {
  private readonly parts: Uint8Array[] = [];
  private bytes = 0;

  private add(part: Uint8Array): this {
    this.parts.push(part);
    this.bytes += part.length;
    return this;
  }

  raw(part: Uint8Array | null): this {
    return part ? this.add(part) : this;
  }

  u8(id: number, value: number): this {
    return this.add(Uint8Array.of(id, value));
  }

  u16(id: number, value: number): this {
    return this.add(Uint8Array.of(id, value >> 8, value & 0xff));
  }

  u32(id: number, value: number): this {
    const part = Buffer.allocUnsafe(5);
    part[0] = id;
    part.writeUInt32BE(value, 1);
    return this.add(part);
  }

  varint(id: number, value: number): this {
    const part = Buffer.allocUnsafe(5);
    part[0] = id;
    return this.add(part.subarray(0, writeVarint(part, 1, value)));
  }

  text(id: number, value: string): this {
    return this.binary(id, Buffer.from(value, 'utf8'));
  }

  binary(id: number, value: Uint8Array): this {
    return this.add(Uint8Array.of(id)).add(lengthPrefixed(value));
  }

  pair(id: number, name: string, value: string): this {
    const parts = [lengthPrefixed(Buffer.from(name, 'utf8')), lengthPrefixed(Buffer.from(value, 'utf8'))];
    return this.add(Buffer.concat([Uint8Array.of(id), ...parts]));
  }

  get length(): number {
    return this.bytes;
  }

  /** Copies everything to `target` at `at` and returns the position behind it. */
  copyTo(target: Buffer, at: number): number {
    let to = at;
    for (const part of this.parts) {
      target.set(part, to);
      to += part.length;
    }
    return to;
  }

  toBytes(): Buffer {
    const bytes = Buffer.allocUnsafe(this.bytes);
    this.copyTo(bytes, 0);
    return bytes;
  }
}
