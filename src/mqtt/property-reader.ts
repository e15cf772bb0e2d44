import { Property } from './properties.ts';
import { Reason } from './reason-codes.ts';
import { ProtocolError, type Reader } from './wire.ts';

type Kind = 'flag' | 'u16' | 'u32' | 'varint' | 'text' | 'binary' | 'pair';

/** How each property is written that a client may send outside of a PUBLISH (MQTT 5.0, section 2.2.2.2). */
const KINDS: ReadonlyMap<number, Kind> = new Map([
  [Property.subscriptionId, 'varint'],
  [Property.sessionExpiry, 'u32'],
  [Property.authenticationMethod, 'text'],
  [Property.authenticationData, 'binary'],
  [Property.requestProblemInformation, 'flag'],
  [Property.requestResponseInformation, 'flag'],
  [Property.serverReference, 'text'],
  [Property.reasonString, 'text'],
  [Property.receiveMaximum, 'u16'],
  [Property.topicAliasMaximum, 'u16'],
  [Property.userProperty, 'pair'],
  [Property.maximumPacketSize, 'u32'],
]);

/** The numbers and texts among a packet's properties, by identifier. */
export interface FoundProperties {
  numbers: ReadonlyMap<number, number>;
  has(id: number): boolean;
}

/**
 * Reads properties of which only some matter. One that does not belong into its packet is malformed, one that is there
 * twice a protocol error; user properties may repeat.
 */
export function readProperties(reader: Reader, allowed: ReadonlySet<number>): FoundProperties {
  const numbers = new Map<number, number>();
  const seen = new Set<number>();
  const length = reader.varint();
  if (length > reader.left) throw new ProtocolError('properties are longer than their packet');
  const end = reader.at + length;
  while (reader.at < end) {
    const id = reader.varint();
    const kind = allowed.has(id) ? KINDS.get(id) : undefined;
    if (!kind) throw new ProtocolError(`property ${id} does not belong here`);
    if (seen.has(id) && id !== Property.userProperty)
      throw new ProtocolError(`property ${id} is there twice`, Reason.protocolError);
    seen.add(id);
    const value = readValue(reader, kind, id);
    if (value !== null) numbers.set(id, value);
  }
  if (reader.at !== end) throw new ProtocolError('properties run over their length');
  return { numbers, has: (id) => seen.has(id) };
}

function readValue(reader: Reader, kind: Kind, id: number): number | null {
  switch (kind) {
    case 'flag': {
      const value = reader.u8();
      if (value > 1) throw new ProtocolError(`property ${id} is neither 0 nor 1`, Reason.protocolError);
      return value;
    }
    case 'u16':
      return reader.u16();
    case 'u32':
      return reader.u32();
    case 'varint':
      return reader.varint();
    case 'binary':
      reader.binary();
      return null;
    case 'pair':
      reader.text();
      reader.text();
      return null;
    case 'text':
      reader.text();
      return null;
  }
}
