import { formatDate } from '../core/format.ts';

/** A device that came with a source's name and was not let in, or not let through. */
export interface TurnedAway {
  /** `key`: the password was not the source's key; `topic`: it published where it may not. */
  why: 'key' | 'topic';
  /** ms UTC. */
  at: number;
  /** Where it came from; null when only the connection knows. */
  address: string | null;
  /** Where it wanted to publish. */
  topic: string | null;
}

/** In a few words, beside the state of the source. */
export function turnedAwayMark({ why, at }: TurnedAway, timeZone: string): string {
  return `Turned away at ${formatDate(at, timeZone, 'time')}: ${why === 'key' ? 'wrong password' : 'wrong topic'}`;
}

/** What happened and what to do about it. */
export function turnedAwayWords(
  { why, at, address, topic }: TurnedAway,
  { mqttTopic, timeZone }: { mqttTopic: string; timeZone: string },
): string {
  const time = formatDate(at, timeZone, 'time');
  const from = address === null ? '' : ` from ${address}`;
  if (why === 'key')
    return `At ${time} a device${from} came with this user name, and its password is not this source’s key. If the key is lost, make new ones below.`;
  return `At ${time} the device published at “${topic}”, where it may not. Its own topic is ${mqttTopic}; topics that do not begin with “ampra/” are free.`;
}
