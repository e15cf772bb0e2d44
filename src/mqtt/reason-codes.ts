/** MQTT 5 reason codes that this broker sends (MQTT 5.0, section 2.4). */
export const Reason = {
  success: 0x00,
  disconnectWithWill: 0x04,
  noMatchingSubscribers: 0x10,
  noSubscriptionExisted: 0x11,
  unspecified: 0x80,
  malformed: 0x81,
  protocolError: 0x82,
  implementation: 0x83,
  unsupportedVersion: 0x84,
  clientIdInvalid: 0x85,
  badCredentials: 0x86,
  notAuthorized: 0x87,
  unavailable: 0x88,
  busy: 0x89,
  shuttingDown: 0x8b,
  badAuthMethod: 0x8c,
  keepAliveTimeout: 0x8d,
  takenOver: 0x8e,
  filterInvalid: 0x8f,
  topicInvalid: 0x90,
  packetIdNotFound: 0x92,
  receiveMaximumExceeded: 0x93,
  topicAliasInvalid: 0x94,
  packetTooLarge: 0x95,
  rateTooHigh: 0x96,
  quotaExceeded: 0x97,
  administrative: 0x98,
  payloadInvalid: 0x99,
  subscriptionIdsUnsupported: 0xa1,
  connectionRate: 0x9f,
} as const;

/** The CONNACK return code of MQTT 3.1 and 3.1.1 that says the same. */
export function connackReturnCode(reason: number): number {
  switch (reason) {
    case Reason.success:
      return 0;
    case Reason.unsupportedVersion:
      return 1;
    case Reason.clientIdInvalid:
      return 2;
    case Reason.badCredentials:
      return 4;
    case Reason.unavailable:
    case Reason.busy:
    case Reason.quotaExceeded:
    case Reason.connectionRate:
    case Reason.shuttingDown:
      return 3;
    default:
      return 5;
  }
}
