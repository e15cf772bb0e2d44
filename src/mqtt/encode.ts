import { PacketType } from './decode.ts';
import type { Message } from './message.ts';
import { Property, PropertyWriter } from './properties.ts';
import { connackReturnCode, Reason } from './reason-codes.ts';
import type { AliasUse } from './topic-aliases.ts';
import { varintBytes, writeVarint } from './wire.ts';

export const PINGRESP: Uint8Array = Uint8Array.of(PacketType.pingresp << 4, 0);

/** What varies from one receiver of a message to the next. */
export interface PublishHead {
  version: number;
  qos: 0 | 1 | 2;
  retain: boolean;
  isDuplicate: boolean;
  /** 0 at QoS 0. */
  packetId: number;
  subscriptionIds: readonly number[] | null;
  now: number;
  /** A short name of the topic (MQTT 5); one that the client knows already stands for it. */
  alias?: AliasUse | null;
}

/** A PUBLISH; with MQTT 5 the expiry interval is what is left of it [MQTT-3.3.2-6]. */
export function encodePublish(message: Message, head: PublishHead): Buffer {
  const topic = head.alias && !head.alias.isNew ? '' : message.topic;
  const topicBytes = Buffer.byteLength(topic);
  const properties = head.version === 5 ? publishProperties(message, head) : null;
  const propertyBytes = head.version === 5 ? varintBytes(properties?.length ?? 0) + (properties?.length ?? 0) : 0;
  const body = 2 + topicBytes + (head.qos > 0 ? 2 : 0) + propertyBytes + message.payload.length;
  const packet = Buffer.allocUnsafe(1 + varintBytes(body) + body);
  packet[0] = (PacketType.publish << 4) | (head.isDuplicate ? 8 : 0) | (head.qos << 1) | (head.retain ? 1 : 0);
  let at = writeVarint(packet, 1, body);
  packet.writeUInt16BE(topicBytes, at);
  at += 2;
  at += packet.write(topic, at, 'utf8');
  if (head.qos > 0) at = packet.writeUInt16BE(head.packetId, at);
  if (head.version === 5) {
    at = writeVarint(packet, at, properties?.length ?? 0);
    if (properties) at = properties.copyTo(packet, at);
  }
  packet.set(message.payload, at);
  return packet;
}

function publishProperties(message: Message, head: PublishHead): PropertyWriter | null {
  if (!message.properties && message.expiresAt === null && !head.subscriptionIds && !head.alias) return null;
  const writer = new PropertyWriter().raw(message.properties);
  if (message.expiresAt !== null)
    writer.u32(Property.messageExpiry, Math.max(0, Math.ceil((message.expiresAt - head.now) / 1000)));
  if (head.alias) writer.u16(Property.topicAlias, head.alias.alias);
  for (const id of head.subscriptionIds ?? []) writer.varint(Property.subscriptionId, id);
  return writer;
}

function packet(first: number, ...parts: Uint8Array[]): Buffer {
  const length = parts.reduce((sum, p) => sum + p.length, 0);
  const bytes = Buffer.allocUnsafe(1 + varintBytes(length) + length);
  bytes[0] = first;
  let at = writeVarint(bytes, 1, length);
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function withLength(writer: PropertyWriter): Buffer {
  const bytes = Buffer.allocUnsafe(varintBytes(writer.length) + writer.length);
  writer.copyTo(bytes, writeVarint(bytes, 0, writer.length));
  return bytes;
}

const id = (packetId: number): Uint8Array => Uint8Array.of(packetId >> 8, packetId & 0xff);

/** PUBACK, PUBREC, PUBREL or PUBCOMP. Reason and its text only exist in MQTT 5. */
export function encodeAck(
  type: 4 | 5 | 6 | 7,
  packetId: number,
  options: { version: number; reasonCode?: number; reason?: string | undefined },
): Buffer {
  const first = (type << 4) | (type === PacketType.pubrel ? 2 : 0);
  const code = options.reasonCode ?? Reason.success;
  if (options.version < 5 || code === Reason.success) return packet(first, id(packetId));
  if (!options.reason) return packet(first, id(packetId), Uint8Array.of(code));
  const properties = withLength(new PropertyWriter().text(Property.reasonString, options.reason));
  return packet(first, id(packetId), Uint8Array.of(code), properties);
}

/** SUBACK and UNSUBACK. */
export function encodeSubscriptionAck(
  type: 9 | 11,
  packetId: number,
  codes: readonly number[],
  version: number,
): Buffer {
  if (version === 5) return packet(type << 4, id(packetId), Uint8Array.of(0), Uint8Array.from(codes));
  if (type === PacketType.unsuback) return packet(type << 4, id(packetId));
  return packet(
    type << 4,
    id(packetId),
    Uint8Array.from(codes, (c) => (c > 2 ? 0x80 : c)),
  );
}

/** What a CONNACK tells an MQTT 5 client. */
export interface ConnackOptions {
  version: number;
  reasonCode: number;
  isSessionPresent: boolean;
  properties?: PropertyWriter;
}

export function encodeConnack(options: ConnackOptions): Buffer {
  const present = options.isSessionPresent && options.reasonCode === Reason.success ? 1 : 0;
  const first = PacketType.connack << 4;
  if (options.version < 5) return packet(first, Uint8Array.of(present, connackReturnCode(options.reasonCode)));
  return packet(
    first,
    Uint8Array.of(present, options.reasonCode),
    withLength(options.properties ?? new PropertyWriter()),
  );
}

/** DISCONNECT; servers send it in MQTT 5 only. */
export function encodeDisconnect(reasonCode: number, reason?: string): Buffer {
  const properties = new PropertyWriter();
  if (reason) properties.text(Property.reasonString, reason);
  return packet(PacketType.disconnect << 4, Uint8Array.of(reasonCode), withLength(properties));
}
