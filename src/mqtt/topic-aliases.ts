/** Aliases that the broker gives at most to one connection, whatever its client would take. */
const MOST = 64;

/** How the topic of a publication is written: whole, whole with a new alias, or as an alias alone. */
export interface AliasUse {
  alias: number;
  isNew: boolean;
}

/**
 * Short names for topics towards one MQTT 5 client, for the life of its connection (MQTT 5.0, section 3.3.2.3.4). The first
 * topics get one each; there is no reason to take one away again, since dashboards listen to the same few topics.
 */
export class TopicAliases {
  private readonly known = new Map<string, number>();
  private readonly most: number;

  /** `maximum` is what the client takes; 0 means that it wants none. */
  constructor(maximum: number) {
    this.most = Math.min(MOST, maximum);
  }

  /** How to write this topic now; null without an alias. */
  use(topic: string): AliasUse | null {
    const alias = this.known.get(topic);
    if (alias !== undefined) return { alias, isNew: false };
    return this.known.size < this.most ? { alias: this.known.size + 1, isNew: true } : null;
  }

  /** The packet that tells a new alias was sent: from now on the client knows it. */
  told(topic: string, { alias, isNew }: AliasUse): void {
    if (isNew) this.known.set(topic, alias);
  }
}
