import type { AedesClient, Connack } from './aedes-internals.ts';
import { encodeConnack } from './encode.ts';
import { type BrokerLimits, toldReceiveMaximum } from './limits.ts';
import type { Link } from './link.ts';
import { Property, PropertyWriter } from './properties.ts';
import { Reason } from './reason-codes.ts';

/** Answers a CONNECT: with what the broker takes (MQTT 5.0, section 3.2.2.3), or with why not. */
export function sendConnack(connack: Connack, client: AedesClient<Link>, limits: BrokerLimits): void {
  const link = client.conn;
  const code = link.version === 5 ? (connack.reasonCode ?? 0) : (connack.returnCode ?? 0);
  if (code !== 0 || !link.session) {
    // Refused by Aedes itself: a version, a client id or a property that it does not take.
    if (link.version === 5) link.refuse(code || Reason.unspecified);
    else link.send(Uint8Array.of(0x20, 2, 0, code || 5));
    return;
  }
  const properties = link.version === 5 ? connackProperties(client, limits) : new PropertyWriter();
  const reasonCode = Reason.success;
  const isSessionPresent = link.isSessionPresent;
  link.send(encodeConnack({ version: link.version, reasonCode, isSessionPresent, properties }));
}

function connackProperties(client: AedesClient<Link>, limits: BrokerLimits): PropertyWriter {
  const properties = new PropertyWriter()
    .u16(Property.receiveMaximum, toldReceiveMaximum(limits))
    .u32(Property.maximumPacketSize, limits.maxPacketBytes)
    .u16(Property.topicAliasMaximum, limits.topicAliasMaximum);
  const decision = client.conn.accepted;
  if (decision?.isIdAssigned) properties.text(Property.assignedClientId, decision.clientId);
  if (decision?.serverKeepAliveS) properties.u16(Property.serverKeepAlive, decision.serverKeepAliveS);
  if (client._sessionExpiryClamped) properties.u32(Property.sessionExpiry, client.sessionExpiryInterval);
  return properties;
}
