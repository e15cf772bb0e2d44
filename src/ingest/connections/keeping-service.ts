import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import type { IngestService } from '../ports.ts';
import type { Connection, ConnectionState } from './connection.ts';
import { ConnectionKeeper, type KeeperTiming } from './keeper-service.ts';
import type { ConnectionStore, LinkOpener, StoredConnection } from './ports.ts';
import type { ShownConnection } from './shown.ts';
import type { ConnectionTargets } from './target-service.ts';

export interface KeepingDeps {
  store: ConnectionStore;
  links: LinkOpener;
  sources: SourceDirectory;
  ingest: IngestService;
  clock: Clock;
  log: Log;
  timing: KeeperTiming;
}

/** Every connection that is stored, and what keeps each of them up while the appliance runs. */
export class KeptConnections {
  private readonly stored = new Map<string, StoredConnection>();
  private readonly keepers = new Map<string, ConnectionKeeper>();
  /** Whether a connection may reach everything, as of when it was last begun. */
  private readonly reaches = new Map<string, boolean>();
  private readonly listeners = new Set<(sourceId: string) => void>();
  private isRunning = false;
  private ending: (() => void) | null = null;

  constructor(
    private readonly deps: KeepingDeps,
    private readonly targets: ConnectionTargets,
  ) {}

  start(): void {
    for (const row of this.deps.store.loadAll()) this.stored.set(row.connection.id, row);
    this.isRunning = true;
    for (const id of this.stored.keys()) this.keep(id);
    this.ending = this.deps.sources.onChange(({ kind, source }) => {
      if (kind === 'deleted') this.dropOfSource(source.id);
      else if (kind === 'updated' || kind === 'deactivated') this.followSource(source);
    });
  }

  stop(): void {
    this.isRunning = false;
    this.ending?.();
    this.ending = null;
    for (const keeper of this.keepers.values()) keeper.stop();
    this.keepers.clear();
  }

  /** Called with the source's id after a state changed or a message came; returns the way to stop. */
  onChange(listener: (sourceId: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  all(): Iterable<StoredConnection> {
    return this.stored.values();
  }

  find(id: string): StoredConnection | undefined {
    return this.stored.get(id);
  }

  /** How a connection is, and what came through it. */
  stateOf(id: string): Pick<ShownConnection, 'state' | 'traffic'> {
    const keeper = this.keepers.get(id);
    return {
      state: keeper?.state ?? { phase: 'off', reason: null },
      traffic: keeper?.traffic ?? { messages: 0, heldBack: 0, lastMessageAt: null },
    };
  }

  countByPhase(): Record<ConnectionState['phase'], number> {
    const counts = { off: 0, connecting: 0, connected: 0, broken: 0 };
    for (const { state } of this.keepers.values()) counts[state.phase]++;
    return counts;
  }

  /** Takes what is stored now, and begins with it anew. */
  take(stored: StoredConnection): void {
    this.stored.set(stored.connection.id, stored);
    this.keep(stored.connection.id);
  }

  /** Somebody's role changed: what they may no longer reach is hung up on, what they may now is tried. */
  followOwner(ownerId: string): void {
    for (const [id, { connection }] of this.stored) {
      const isTheirs = this.deps.sources.byId(connection.sourceId)?.ownerId === ownerId;
      if (isTheirs && this.reaches.get(id) !== this.targets.mayGoAnywhere(ownerId)) this.keep(id);
    }
  }

  /** (Re)starts what keeps the connection up. */
  private keep(id: string): void {
    this.keepers.get(id)?.stop();
    const stored = this.stored.get(id);
    if (!stored || !this.isRunning) return;
    const { connection, portals } = stored;
    this.reaches.set(id, this.targets.mayGoAnywhere(this.deps.sources.byId(connection.sourceId)?.ownerId ?? ''));
    const { links, ingest, clock, log, timing, sources } = this.deps;
    const keeper = new ConnectionKeeper(connection, portals, {
      ...{ links, ingest, clock, log, timing },
      source: () => sources.byId(connection.sourceId),
      target: () => this.targetOf(id),
      onLearned: (detectedKind, heard) => this.learned(id, detectedKind, heard),
      onChange: () => this.changed(connection.sourceId),
    });
    this.keepers.set(id, keeper);
    keeper.start();
  }

  private targetOf(id: string) {
    const stored = this.stored.get(id);
    const source = stored && this.deps.sources.byId(stored.connection.sourceId);
    return source && this.targets.ofStored(stored, source.ownerId);
  }

  private learned(id: string, detectedKind: Connection['detectedKind'], portals: readonly string[]): void {
    const stored = this.stored.get(id);
    if (!stored) return;
    this.stored.set(id, { ...stored, connection: { ...stored.connection, detectedKind }, portals });
    this.deps.store.learn(id, { detectedKind, portals });
  }

  private followSource(source: Source): void {
    for (const [id, { connection }] of this.stored) {
      if (connection.sourceId !== source.id) continue;
      const isResting = this.keepers.get(id)?.state.phase === 'off';
      if (isResting === source.isActive) this.keep(id);
    }
  }

  dropOfSource(sourceId: string): void {
    for (const [id, { connection }] of this.stored) if (connection.sourceId === sourceId) this.drop(id);
  }

  drop(id: string): void {
    const sourceId = this.stored.get(id)?.connection.sourceId;
    this.stored.delete(id);
    this.keepers.get(id)?.stop();
    this.keepers.delete(id);
    this.reaches.delete(id);
    if (sourceId !== undefined) this.changed(sourceId);
  }

  private changed(sourceId: string): void {
    for (const listener of this.listeners) listener(sourceId);
  }
}
