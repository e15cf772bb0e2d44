import { NO_PUBLISH_PROPERTIES, Property, readPublishProperties } from './properties.ts';
import { type FoundProperties, readProperties } from './property-reader.ts';
import { Reason } from './reason-codes.ts';
import { topicProblem } from './topics.ts';
import { ProtocolError, Reader } from './wire.ts';

/** The will of a CONNECT. The delay and the expiry say when and how long, so they are no part of what is forwarded. */
export interface WillRequest {
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  retain: boolean;
  /** MQTT 5 properties that are forwarded, as on the wire. */
  properties: Uint8Array | null;
  messageExpiryS: number | null;
  delayS: number;
}

/** What a CONNECT says that the broker itself acts on; the rest is Aedes'. */
export interface ConnectRequest {
  version: 3 | 4 | 5;
  /** A Mosquitto bridge says so: it does not want back what it sent, and keeps the retain flag. */
  isBridge: boolean;
  will: WillRequest | null;
  receiveMaximum: number;
  /** Bytes; infinite when the client names none. */
  maximumPacketSize: number;
  topicAliasMaximum: number;
  /** False: no reasons in words, but with CONNACK and DISCONNECT [MQTT-3.1.2-29]. */
  wantsReasons: boolean;
}

/** A CONNECT that is answered with no; `version` is null where only the connection's end is the answer. */
export class ConnectError extends ProtocolError {
  constructor(
    readonly version: 3 | 4 | 5 | null,
    message: string,
    reasonCode: number,
  ) {
    super(message, reasonCode);
    this.name = 'ConnectError';
  }
}

const BRIDGE = 0x80;
const PROPERTIES: ReadonlySet<number> = new Set([
  ...[Property.sessionExpiry, Property.authenticationMethod, Property.authenticationData],
  ...[Property.requestProblemInformation, Property.requestResponseInformation],
  ...[Property.receiveMaximum, Property.topicAliasMaximum, Property.userProperty, Property.maximumPacketSize],
]);

/**
 * Reads a CONNECT as strictly as the standards ask (MQTT 3.1.1 and 5.0, section 3.1): Aedes' parser lets pass what they
 * forbid. Malformed packets throw; MQTT 5 clients are told why, older ones only where a return code says it.
 */
export function decodeConnect(bytes: Buffer, start: number, end: number): ConnectRequest {
  const reader = new Reader(bytes, start, end);
  const { version, isBridge } = readLevel(reader);
  try {
    return readRest(reader, version, isBridge);
  } catch (error) {
    if (error instanceof ConnectError || !(error instanceof ProtocolError)) throw error;
    throw new ConnectError(version === 5 ? 5 : null, error.message, error.reasonCode);
  }
}

function readLevel(reader: Reader): { version: 3 | 4 | 5; isBridge: boolean } {
  const name = reader.text();
  if (name !== 'MQTT' && name !== 'MQIsdp') throw new ConnectError(null, 'not the protocol MQTT', Reason.malformed);
  const byte = reader.u8();
  const isBridge = byte >= BRIDGE;
  const level = isBridge ? byte - BRIDGE : byte;
  const isKnown = name === 'MQTT' ? level === 4 || level === 5 : level === 3;
  // Answered as MQTT 3.1.1 demands: whoever comes with another version cannot be expected to read a newer form.
  if (!isKnown) throw new ConnectError(4, `version ${byte} of ${name} is not known`, Reason.unsupportedVersion);
  return { version: level as 3 | 4 | 5, isBridge };
}

function readRest(reader: Reader, version: 3 | 4 | 5, isBridge: boolean): ConnectRequest {
  const flags = reader.u8();
  checkFlags(flags, version);
  reader.u16();
  const properties = version === 5 ? readConnectProperties(reader) : null;
  reader.text();
  const will = flags & 4 ? readWill(reader, flags, version) : null;
  if (flags & 0x80) reader.text();
  if (flags & 0x40) reader.binary();
  if (reader.left > 0) throw new ProtocolError('CONNECT is longer than its fields');
  const number = (id: number) => properties?.numbers.get(id);
  return {
    ...{ version, isBridge, will },
    receiveMaximum: number(Property.receiveMaximum) ?? 0xffff,
    maximumPacketSize: number(Property.maximumPacketSize) ?? Number.POSITIVE_INFINITY,
    topicAliasMaximum: number(Property.topicAliasMaximum) ?? 0,
    wantsReasons: number(Property.requestProblemInformation) !== 0,
  };
}

function checkFlags(flags: number, version: number): void {
  if (flags & 1) throw new ProtocolError('the reserved flag of CONNECT is set');
  if (!(flags & 4) && flags & 0x38) throw new ProtocolError('the will has flags, but is not there');
  if ((flags & 0x18) === 0x18) throw new ProtocolError('the will has QoS 3');
  if (version < 5 && flags & 0x40 && !(flags & 0x80)) throw new ProtocolError('a password without a user name');
}

function readConnectProperties(reader: Reader): FoundProperties {
  const found = readProperties(reader, PROPERTIES);
  for (const id of [Property.receiveMaximum, Property.maximumPacketSize])
    if (found.numbers.get(id) === 0) throw new ProtocolError(`property ${id} is 0`, Reason.protocolError);
  if (found.has(Property.authenticationMethod))
    throw new ProtocolError('there is no extended authentication', Reason.badAuthMethod);
  if (found.has(Property.authenticationData))
    throw new ProtocolError('authentication data without a method', Reason.protocolError);
  return found;
}

function readWill(reader: Reader, flags: number, version: number): WillRequest {
  const { messageExpiry, willDelay, forwarded } =
    version === 5 ? readPublishProperties(reader, 'will') : NO_PUBLISH_PROPERTIES;
  const topic = reader.text();
  const problem = topicProblem(topic);
  if (problem) throw new ConnectError(version as 3 | 4 | 5, `will: ${problem}`, Reason.topicInvalid);
  return {
    topic,
    payload: new Uint8Array(reader.binary()),
    qos: ((flags >> 3) & 3) as 0 | 1 | 2,
    retain: (flags & 0x20) !== 0,
    properties: forwarded && new Uint8Array(forwarded),
    messageExpiryS: messageExpiry,
    delayS: willDelay,
  };
}
