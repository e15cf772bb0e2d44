import { Property } from './properties.ts';
import { readProperties } from './property-reader.ts';
import { Reason } from './reason-codes.ts';
import { ProtocolError, Reader } from './wire.ts';

export const PacketType = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
  auth: 15,
} as const;

/** One line of a SUBSCRIBE. */
export interface SubscriptionRequest {
  filter: string;
  qos: 0 | 1 | 2;
  noLocal: boolean;
  retainAsPublished: boolean;
  retainHandling: 0 | 1 | 2;
}

export interface SubscribePacket {
  packetId: number;
  subscriptionId: number | null;
  requests: SubscriptionRequest[];
  /** Lines behind those, which are as they should be, but were not made anything of. */
  more: number;
}

export interface AckPacket {
  packetId: number;
  reasonCode: number;
}

/** Flags of the first byte are fixed for all packets but PUBLISH (MQTT 5.0, section 2.1.3). */
export function checkFlags(first: number): void {
  const type = first >> 4;
  const expected =
    type === PacketType.pubrel || type === PacketType.subscribe || type === PacketType.unsubscribe ? 2 : 0;
  if ((first & 0x0f) !== expected) throw new ProtocolError('reserved bits of the first byte are set');
}

const ACK_PROPERTIES: ReadonlySet<number> = new Set([Property.reasonString, Property.userProperty]);
const SUBSCRIBE_PROPERTIES: ReadonlySet<number> = new Set([Property.subscriptionId, Property.userProperty]);
const UNSUBSCRIBE_PROPERTIES: ReadonlySet<number> = new Set([Property.userProperty]);
const DISCONNECT_PROPERTIES: ReadonlySet<number> = new Set([
  ...[Property.sessionExpiry, Property.reasonString, Property.userProperty, Property.serverReference],
]);

/** Bytes behind what a packet holds make it malformed. */
function checkEnd(reader: Reader): void {
  if (reader.left > 0) throw new ProtocolError('the packet is longer than its fields');
}

/** PINGREQ has nothing in it. */
export function checkEmpty(start: number, end: number): void {
  if (start !== end) throw new ProtocolError('the packet is longer than its fields');
}

function readPacketId(reader: Reader): number {
  const id = reader.u16();
  if (id === 0) throw new ProtocolError('packet identifier 0', Reason.protocolError);
  return id;
}

/** PUBACK, PUBREC, PUBREL and PUBCOMP. */
export function decodeAck(bytes: Buffer, start: number, end: number, version: number): AckPacket {
  const reader = new Reader(bytes, start, end);
  const packetId = readPacketId(reader);
  if (version < 5 || reader.left === 0) {
    checkEnd(reader);
    return { packetId, reasonCode: Reason.success };
  }
  const reasonCode = reader.u8();
  if (reader.left > 0) readProperties(reader, ACK_PROPERTIES);
  checkEnd(reader);
  return { packetId, reasonCode };
}

/** Reads at most `most` lines: a packet may hold sixty thousand. */
export function decodeSubscribe(
  bytes: Buffer,
  { start, end }: { start: number; end: number },
  version: number,
  most: number,
): SubscribePacket {
  const reader = new Reader(bytes, start, end);
  const packetId = readPacketId(reader);
  let subscriptionId: number | null = null;
  if (version === 5) {
    subscriptionId = readProperties(reader, SUBSCRIBE_PROPERTIES).numbers.get(Property.subscriptionId) ?? null;
    if (subscriptionId === 0) throw new ProtocolError('subscription identifier 0', Reason.protocolError);
  }
  const requests: SubscriptionRequest[] = [];
  while (reader.left > 0 && requests.length < most) requests.push(readRequest(reader, version));
  let more = 0;
  for (; reader.left > 0; more++) skipRequest(reader, version);
  if (requests.length === 0) throw new ProtocolError('SUBSCRIBE without a filter', Reason.protocolError);
  return { packetId, subscriptionId, requests, more };
}

function readRequest(reader: Reader, version: number): SubscriptionRequest {
  const filter = reader.text();
  const options = readOptions(reader, version);
  return {
    filter,
    qos: (options & 3) as 0 | 1 | 2,
    noLocal: (options & 4) !== 0,
    retainAsPublished: (options & 8) !== 0,
    retainHandling: ((options >> 4) & 3) as 0 | 1 | 2,
  };
}

function skipRequest(reader: Reader, version: number): void {
  reader.skip(reader.u16());
  readOptions(reader, version);
}

function readOptions(reader: Reader, version: number): number {
  const options = reader.u8();
  if (options & (version === 5 ? 0xc0 : 0xfc))
    throw new ProtocolError('subscription options have reserved bits', Reason.malformed);
  if ((options & 3) === 3 || ((options >> 4) & 3) === 3)
    throw new ProtocolError('subscription options have a value that does not exist', Reason.protocolError);
  return options;
}

export function decodeUnsubscribe(
  bytes: Buffer,
  start: number,
  end: number,
  version: number,
): { packetId: number; filters: string[] } {
  const reader = new Reader(bytes, start, end);
  const packetId = readPacketId(reader);
  if (version === 5) readProperties(reader, UNSUBSCRIBE_PROPERTIES);
  const filters: string[] = [];
  while (reader.left > 0) filters.push(reader.text());
  if (filters.length === 0) throw new ProtocolError('UNSUBSCRIBE without a filter', Reason.protocolError);
  return { packetId, filters };
}

/** `sessionExpiry` is in seconds, null when the client did not change it. */
export function decodeDisconnect(
  bytes: Buffer,
  start: number,
  end: number,
  version: number,
): { reasonCode: number; sessionExpiry: number | null } {
  const reader = new Reader(bytes, start, end);
  if (version < 5 || reader.left === 0) {
    checkEnd(reader);
    return { reasonCode: Reason.success, sessionExpiry: null };
  }
  const reasonCode = reader.u8();
  const found = reader.left > 0 ? readProperties(reader, DISCONNECT_PROPERTIES) : null;
  checkEnd(reader);
  return { reasonCode, sessionExpiry: found?.numbers.get(Property.sessionExpiry) ?? null };
}
