/** What runs behind a connection: `auto` finds out by listening. */
export type ConnectionKind = 'auto' | 'victron' | 'solarAssistant' | 'other';
export const connectionKinds: readonly ConnectionKind[] = ['auto', 'victron', 'solarAssistant', 'other'];

/** A broker elsewhere in the house to which Ampra connects as a client. It feeds one source. */
export interface Connection {
  id: string;
  /** Whose readings arrive through it; its owner is the connection's owner. */
  sourceId: string;
  name: string;
  /** Host name or address. */
  host: string;
  port: number;
  usesTls: boolean;
  /** False: any certificate is accepted (self-signed devices). */
  verifiesCertificate: boolean;
  /** PEM of the authority that signed the broker's certificate; null: those that the system trusts. */
  authorityPem: string | null;
  /** '' for none. */
  userName: string;
  hasPassword: boolean;
  clientId: string;
  /** What the owner said. */
  kind: ConnectionKind;
  /** What listening found out, while `kind` is `auto`; null before that. */
  detectedKind: Exclude<ConnectionKind, 'auto'> | null;
  /** Topics to subscribe to; empty: those of the kind. */
  topicFilters: readonly string[];
  isOn: boolean;
  createdAt: number;
  updatedAt: number;
  /** Grows by one with each change of the owner's; an edit that names an older one is refused as stale. */
  version: number;
}

/** How a connection is doing. Times are ms UTC. */
export type ConnectionState =
  | { phase: 'off'; reason: string | null }
  | { phase: 'connecting'; since: number }
  | { phase: 'connected'; since: number }
  /** `reason` and `hint` are whole sentences for people; `retryAt` null while the line stands but nothing comes. */
  | { phase: 'broken'; since: number; reason: string; hint: string; retryAt: number | null };

/** What came through since the appliance started. */
export interface ConnectionTraffic {
  /** Taken over into the source. */
  messages: number;
  /** Topics of which only a value is known that the broker had kept, of an unknown age: not shown as fresh. */
  heldBack: number;
  /** ms UTC; null when nothing came yet. */
  lastMessageAt: number | null;
}

const kindFilters: Record<ConnectionKind, readonly string[]> = {
  auto: ['#'],
  victron: ['N/#'],
  solarAssistant: ['solar_assistant/#'],
  other: ['#'],
};

/** The kind as far as it is known. */
export function kindOf(connection: Pick<Connection, 'kind' | 'detectedKind'>): ConnectionKind {
  return connection.kind === 'auto' ? (connection.detectedKind ?? 'auto') : connection.kind;
}

/** What to subscribe to. */
export function filtersOf(connection: Pick<Connection, 'kind' | 'detectedKind' | 'topicFilters'>): readonly string[] {
  return connection.topicFilters.length > 0 ? connection.topicFilters : kindFilters[kindOf(connection)];
}

const PORTAL = /^[0-9a-f]{12}$/i;

/** What a topic tells about what publishes there; null when nothing. */
export function kindByTopic(topic: string): 'victron' | 'solarAssistant' | null {
  if (portalIn(topic) !== null) return 'victron';
  return topic.startsWith('solar_assistant/') ? 'solarAssistant' : null;
}

/** The portal id in `N/<portal id>/...` of Venus OS, also in a filter; null in any other topic. */
export function portalIn(topic: string): string | null {
  if (!topic.startsWith('N/')) return null;
  const end = topic.indexOf('/', 2);
  const id = end === -1 ? '' : topic.slice(2, end);
  return PORTAL.test(id) ? id : null;
}

/** Topics that are Ampra's own or the broker's: taking them over would feed Ampra with itself. */
export function isForeign(topic: string): boolean {
  return !topic.startsWith('$') && topic !== 'ampra' && !topic.startsWith('ampra/');
}
