import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { seconds } from '../../core/durations.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import type { IncomingMessage } from '../dialect.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { filtersOf, isForeign, portalIn } from './connection.ts';
import type { ConnectionInput } from './connection-rules.ts';
import type { Connections } from './connection-service.ts';
import type { Link, LinkMessage, LinkOpener, LinkTarget } from './ports.ts';
import type { TrialOutcome } from './shown.ts';
import { troubleWords } from './trouble.ts';

export interface TrialDeps {
  connections: Connections;
  links: LinkOpener;
  clock: Clock;
  /** Longest time to listen, and how much longer once something was recognised, ms. */
  listenMs?: number;
  enoughMs?: number;
}

const TOPICS_LISTED = 40;
const MOST_TOPICS = 2000;
const MOST_AT_ONCE = 4;

/** Connects for some seconds and says what was heard; keeps nothing. */
export class ConnectionTrials {
  private readonly running = new Set<string>();
  constructor(private readonly deps: TrialDeps) {}

  /** One at a time for each person. With `id` the stored password stands in for one that was not typed. */
  async run(viewer: Viewer, input: ConnectionInput, id?: string): Promise<Result<TrialOutcome>> {
    const checked = this.deps.connections.targetOf(viewer, input, id);
    if (!checked.ok) return checked;
    if (this.running.has(viewer.userId) || this.running.size >= MOST_AT_ONCE)
      return refuse('rate_limited', 'A connection is being tried already.', { retryAfterS: 10 });
    this.running.add(viewer.userId);
    try {
      const filters = filtersOf({ kind: 'auto', detectedKind: null, topicFilters: checked.value.topicFilters });
      const timeZone = checked.value.source?.timeZone ?? 'UTC';
      return ok(await this.listen(checked.value.target, filters, timeZone));
    } finally {
      this.running.delete(viewer.userId);
    }
  }

  private async listen(target: LinkTarget, filters: readonly string[], timeZone: string): Promise<TrialOutcome> {
    const { listenMs = seconds(10), enoughMs = seconds(3), clock, links } = this.deps;
    const heard = new Heard(timeZone);
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = setTimeout(resolve, listenMs);
    let enough: Timer | null = null;
    const at = `${target.host}:${target.port}`;
    const link: Link = links.open(target, {
      onUp: () => {
        heard.isConnected = true;
        void link.subscribe(filters).then((refused) => {
          if (refused.length > 0)
            heard.trouble = troubleWords({ code: 'filterRefused', detail: refused.join(', ') }, at);
        });
        for (const filter of filters) heard.askPortal(portalIn(filter), link);
      },
      onMessage: (message, done) => {
        done();
        heard.note(message, clock.now(), link);
        if (heard.isRecognised) enough ??= setTimeout(resolve, enoughMs);
      },
      onDown: (trouble) => {
        heard.trouble = troubleWords(trouble, at);
        resolve();
      },
    });
    await promise;
    clearTimeout(end);
    if (enough) clearTimeout(enough);
    link.end();
    return heard.outcome();
  }
}

class Heard {
  isConnected = false;
  trouble: TrialOutcome['trouble'] = null;
  private messages = 0;
  private readonly topics = new Map<string, string | null>();
  private readonly dialects = new Map<string, { name: string; reason: string; messages: number }>();
  private readonly portals = new Set<string>();
  private readonly memory = new DialectMemory();
  constructor(private readonly timeZone: string) {}

  get isRecognised(): boolean {
    return this.dialects.size > 0;
  }

  note({ topic, payload, isRetained }: LinkMessage, receivedAt: number, link: Link): void {
    if (!isForeign(topic)) return;
    this.messages++;
    this.askPortal(portalIn(topic), link);
    const dialect = this.recognise({ topic, payload, isRetained, receivedAt });
    if (this.topics.has(topic) || this.topics.size < MOST_TOPICS) this.topics.set(topic, dialect);
  }

  askPortal(portal: string | null, link: Link): void {
    if (portal === null || this.portals.has(portal) || this.portals.size >= 8) return;
    this.portals.add(portal);
    link.publish(`R/${portal}/keepalive`, '');
  }

  outcome(): TrialOutcome {
    const { isConnected, trouble, messages, topics } = this;
    const dialects = [...this.dialects.values()].sort((a, b) => b.messages - a.messages);
    const listed = [...topics].slice(0, TOPICS_LISTED).map(([topic, dialect]) => ({ topic, dialect }));
    return { isConnected, trouble, messages, dialects, topics: listed, topicCount: topics.size };
  }

  private recognise(message: IncomingMessage): string | null {
    const found = interpretMessage(message, { timeZone: this.timeZone, role: 'system', memory: this.memory });
    if (!found) return null;
    const { dialect: name, recognition } = found;
    const known = this.dialects.get(name) ?? { name, reason: recognition.reason, messages: 0 };
    known.messages++;
    this.dialects.set(name, known);
    return name;
  }
}
