import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { minutes } from '../../core/durations.ts';
import type { Log } from '../../core/log.ts';
import type { MetricValues } from '../../core/reading.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import type { ReadingSink } from '../../telemetry/ports.ts';
import type { IncomingMessage } from '../dialect.ts';
import { dialects } from '../dialects.ts';
import { type FreeNumber, freeNumbers } from '../discovery/free-numbers.ts';
import type { KeptMessages } from '../inbox/kept-messages-service.ts';
import type { Interpreter } from '../interpreter-service.ts';
import { MessageView } from '../payload/message-view.ts';
import type { Journal, Quarantine, StoredMapping, TuningStore } from '../ports.ts';
import { understand } from '../understand.ts';
import { type MappingRule, mappingDialect, readRules } from './mapping.ts';
import { mappingFileOf, readMappingFile } from './mapping-file.ts';
import { mappingOver } from './mapping-over.ts';
import type { Tunings } from './tuning.ts';

export interface MappingDeps {
  store: TuningStore;
  tunings: Tunings;
  journal: Pick<Journal, 'newestOf'>;
  quarantine: Pick<Quarantine, 'newestOf'>;
  kept: Pick<KeptMessages, 'readAnew' | 'mendQuarantine'>;
  sink: ReadingSink;
  sources: Pick<SourceDirectory, 'byId' | 'findFor'>;
  interpreter: Pick<Interpreter, 'contextOf'>;
  clock: Clock;
  log: Log;
}

/** A message of the source, and what it would become. */
export interface PreviewedMessage {
  topic: string;
  text: string;
  receivedAt: number;
  /** Whose it is: `mapping`, another dialect, or nobody's. */
  dialect: string | null;
  values: MetricValues;
  problem: string | null;
  /** Numbers of which nothing is made yet. */
  free: FreeNumber[];
}

export interface MappingView {
  source: Source;
  rules: readonly MappingRule[];
  /** 0 while there is none. */
  version: number;
  isReplayed: boolean;
}

const NEWEST = 40;
const MOST_SHOWN = 25;
const TEXT_LENGTH = 400;
const RETRY_MS = minutes(1);

/** What owners say about how their source's messages are to be read. */
export class Mappings {
  private work: Promise<unknown> = Promise.resolve();
  private retry: ReturnType<typeof setTimeout> | null = null;
  private isStopped = false;

  constructor(private readonly deps: MappingDeps) {}

  /** Puts every mapping and correction in force; to be called before anything is received. */
  load(): void {
    const { store, tunings } = this.deps;
    for (const { sourceId, rules } of store.mappings()) tunings.setRules(sourceId, rules);
    const bySource = Map.groupBy(store.corrections(), (c) => c.sourceId);
    for (const [sourceId, list] of bySource)
      tunings.setCorrections(sourceId, new Map(list.map((c) => [c.metric, c.factor])));
  }

  /** Goes on with what a stop interrupted. */
  start(): void {
    this.isStopped = false;
    for (const mapping of this.deps.store.mappings()) if (!mapping.isReplayed) this.replay(mapping.sourceId);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.retry) clearTimeout(this.retry);
    await this.work;
  }

  view(viewer: Viewer, sourceId: string): Result<MappingView> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const stored = this.deps.store.mapping(sourceId);
    const { rules = [], version = 0, isReplayed = true } = stored ?? {};
    return ok({ source: found.value, rules, version, isReplayed });
  }

  /** Checks and keeps the rules; they count at once, and older messages follow into their own place in time. */
  save(viewer: Viewer, sourceId: string, raw: unknown, version: number): Result<MappingView> {
    const before = this.view(viewer, sourceId);
    if (!before.ok) return before;
    const rules = readRules(raw);
    if (!rules.ok) return rules;
    if (before.value.version !== version) return staleMapping();
    const stored: StoredMapping = {
      ...{ sourceId, rules: rules.value, isReplayed: rules.value.length === 0 },
      ...{ updatedAt: this.deps.clock.now(), version: version + 1 },
    };
    if (!this.deps.store.saveMapping(stored, version)) return staleMapping();
    this.deps.tunings.setRules(sourceId, rules.value);
    if (!stored.isReplayed) this.replay(sourceId);
    return this.view(viewer, sourceId);
  }

  /** A file with the source's rules, for another appliance or person. */
  exported(viewer: Viewer, sourceId: string): Result<{ name: string; text: string }> {
    const found = this.view(viewer, sourceId);
    if (!found.ok) return found;
    const { source, rules } = found.value;
    const name = `${source.name.replaceAll(/[^\w-]+/g, '-').slice(0, 60) || 'source'}.mapping.json`;
    return ok({ name, text: `${JSON.stringify(mappingFileOf(source.id, rules), null, 2)}\n` });
  }

  /** Replaces the rules by those of a file. */
  imported(viewer: Viewer, sourceId: string, text: string, version: number): Result<MappingView> {
    const found = this.view(viewer, sourceId);
    if (!found.ok) return found;
    const rules = readMappingFile(text);
    return rules.ok ? this.save(viewer, sourceId, rules.value, version) : rules;
  }

  /** What the newest messages would become by these rules. The caller has checked that the source may be seen. */
  async preview(source: Source, rules: readonly MappingRule[]): Promise<PreviewedMessage[]> {
    const mapping = mappingOver(rules, dialects);
    const context = this.deps.interpreter.contextOf(source);
    const shown = (await this.newestOf(source)).map((message): PreviewedMessage => {
      const view = new MessageView(message);
      const { dialect, values, problem } = understand(view, context, [mapping, ...dialects]);
      const free = freeNumbers(view, rules, context);
      const text = (view.text ?? '(not text)').slice(0, TEXT_LENGTH);
      return { topic: message.topic, receivedAt: message.receivedAt, text, dialect, values, problem, free };
    });
    return newestOfEachTopic(shown.reverse());
  }

  /** Of each rule whether the newest messages hold anything where it looks; null while there are none. */
  async met(source: Source, rules: readonly MappingRule[]): Promise<(boolean | null)[]> {
    const views = (await this.newestOf(source)).map((message) => new MessageView(message));
    const context = this.deps.interpreter.contextOf(source);
    return rules.map((rule) => {
      const line = mappingDialect([rule]);
      return views.length === 0 ? null : views.some((view) => line.recognise(view, context) !== null);
    });
  }

  /** Its newest messages, the oldest first: those that were stored, and those that were refused. */
  private async newestOf(source: Source): Promise<IncomingMessage[]> {
    const { quarantine, journal } = this.deps;
    const stored: IncomingMessage[] = await journal.newestOf(source.id, NEWEST);
    const refused = quarantine
      .newestOf(source.id, NEWEST)
      .filter((q) => !stored.some((s) => s.topic === q.topic && s.receivedAt === q.receivedAt))
      .map(({ topic, payload, receivedAt }) => ({ topic, payload, receivedAt, isRetained: false }));
    return [...stored, ...refused].sort((a, b) => a.receivedAt - b.receivedAt);
  }

  /** Reads kept messages with the rules once more, as after a change. */
  readAgain(viewer: Viewer, sourceId: string): Result<MappingView> {
    const found = this.view(viewer, sourceId);
    if (!found.ok || found.value.rules.length === 0) return found;
    this.deps.store.markReplayed(sourceId, found.value.version, false);
    this.replay(sourceId);
    return this.view(viewer, sourceId);
  }

  forget(sourceId: string): void {
    this.deps.tunings.forget(sourceId);
    this.deps.store.forget(sourceId);
  }

  /** Resolves once nothing is being read anew; for tests. */
  async settled(): Promise<void> {
    await this.work;
  }

  private replay(sourceId: string): void {
    this.work = this.work
      .then(() => (this.isStopped ? undefined : this.readAnew(sourceId)))
      .catch((cause: unknown) => {
        this.deps.log.error('Older messages could not be read with the new mapping; they follow', { cause });
        if (!this.isStopped) this.retry = setTimeout(() => this.replay(sourceId), RETRY_MS);
      });
  }

  /**
   * Reads the source's kept messages that the mapping knows once more, in their order and with a memory of their own, and
   * stores what they say at its own time; the same value twice is one value.
   */
  private async readAnew(sourceId: string): Promise<void> {
    const { sources, store, tunings, kept, interpreter, sink } = this.deps;
    const source = sources.byId(sourceId);
    const stored = store.mapping(sourceId);
    const mapping = tunings.of(sourceId)?.mapping;
    if (!source || !stored || !mapping) return;
    const context = interpreter.contextOf(source);
    const isMeant = (message: IncomingMessage) => mapping.recognise(new MessageView(message), context) !== null;
    await kept.readAnew({ source, context, isMeant });
    await kept.mendQuarantine({ source, context, isMeant });
    await sink.flush();
    store.markReplayed(sourceId, stored.version);
  }
}

const staleMapping = () =>
  refuse('stale', 'This mapping was changed meanwhile, and yours was not kept.', {
    hint: 'Open it again to see what it is now.',
  });

/** One of each topic is enough to see what it becomes. */
function newestOfEachTopic(messages: readonly PreviewedMessage[]): PreviewedMessage[] {
  const seen = new Set<string>();
  return messages.filter(({ topic }) => !seen.has(topic) && seen.add(topic).size > 0).slice(0, MOST_SHOWN);
}
