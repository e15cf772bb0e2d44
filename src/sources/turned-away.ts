import { formatDate, formatDuration } from '../core/format.ts';

/**
 * What was wrong with a device that came with a source's name. `key`: the password was not the source's key; `topic`: it
 * published where it may not. Of posts to the webhook, `unsigned`: without a signature; `signature`: signed with another
 * secret, or something else than what was sent; `clock`: signed at a time too far from ours.
 */
export type TurnedAwayWhy = 'key' | 'topic' | 'unsigned' | 'signature' | 'clock';

/** A device that came with a source's name and was not let in, or not let through. */
export interface TurnedAway {
  why: TurnedAwayWhy;
  /** ms UTC. */
  at: number;
  /** Where it came from; null when only the connection knows. */
  address: string | null;
  /** Where it wanted to publish. */
  topic: string | null;
  /** How old its time was; negative when it was ahead, null when it gave none [ms]. */
  ageMs: number | null;
}

const marks: Record<TurnedAwayWhy, string> = {
  key: 'wrong password',
  topic: 'wrong topic',
  unsigned: 'no signature',
  signature: 'wrong signature',
  clock: 'wrong time',
};

/** In a few words, beside the state of the source. */
export function turnedAwayMark({ why, at }: TurnedAway, timeZone: string): string {
  return `Turned away at ${formatDate(at, timeZone, 'time')}: ${marks[why]}`;
}

/** What happened and what to do about it. */
export function turnedAwayWords(
  note: TurnedAway,
  { mqttTopic, timeZone }: { mqttTopic: string; timeZone: string },
): string {
  const { why, at, address, topic } = note;
  const time = formatDate(at, timeZone, 'time');
  const from = address === null ? '' : ` from ${address}`;
  if (why === 'key')
    return `At ${time} a device${from} came with this user name, and its password is not this source’s key. If the key is lost, make new ones below.`;
  if (why === 'topic')
    return `At ${time} the device published at “${topic}”, where it may not. Its own topic is ${mqttTopic}; topics that do not begin with “ampra/” are free.`;
  return `At ${time} a post${from} to this source’s webhook ${postTrouble(note)}`;
}

function postTrouble({ why, ageMs }: TurnedAway): string {
  if (why === 'unsigned')
    return 'had no signature. It belongs into the header X-Ampra-Signature; the connection settings show how it is made.';
  if (why === 'signature')
    return 'was signed with another secret than this source’s, or was changed after it was signed. If the secret is lost, make new ones below.';
  if (ageMs === null) return 'did not say when it was signed. X-Ampra-Timestamp takes whole seconds since 1970.';
  const off = `${formatDuration(Math.abs(ageMs))} ${ageMs > 0 ? 'ago' : 'ahead'}`;
  return `was signed ${off} by its clock; 5 min are allowed. Set the clock of the device, or sign each post when it is sent.`;
}
