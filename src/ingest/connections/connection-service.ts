import type { AuditLog, UserDirectory } from '../../accounts/ports.ts';
import { ownsOrOversees, type Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { newId, newSecretHex } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import type { KeyVault, SourceDirectory, SourceFeed } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import type { IngestService } from '../ports.ts';
import type { Connection, ConnectionState } from './connection.ts';
import { type ConnectionDetails, type ConnectionInput, readConnection } from './connection-rules.ts';
import { ConnectionKeeper, type KeeperTiming } from './keeper-service.ts';
import type { ConnectionStore, LinkOpener, LinkTarget, SourceMaker, StoredConnection } from './ports.ts';
import type { ShownConnection } from './shown.ts';
import { placeOf } from './target.ts';
import { troubleWords } from './trouble.ts';

export interface ConnectionsDeps {
  store: ConnectionStore;
  links: LinkOpener;
  vault: Pick<KeyVault, 'seal' | 'open'>;
  sources: SourceDirectory;
  sourceMaker: SourceMaker;
  users: Pick<UserDirectory, 'viewerFor'>;
  ingest: IngestService;
  audit?: Pick<AuditLog, 'record'>;
  clock: Clock;
  log: Log;
  timing: KeeperTiming;
}

/** A connection and, where it is to feed a new source, that source's name. */
export interface NewConnection extends ConnectionInput {
  /** An existing source; absent: a new one is made. */
  sourceId?: string | undefined;
}

const MOST_OF_AN_OWNER = 20;
const noConnection = (): Result<never> => refuse('not_found', 'There is no such connection.');

/** Connections to brokers that already exist: what one may do with them, and keeping them up. */
export class Connections {
  private readonly stored = new Map<string, StoredConnection>();
  private readonly keepers = new Map<string, ConnectionKeeper>();
  /** Whether a connection may reach everything, as of when it was last begun. */
  private readonly reaches = new Map<string, boolean>();
  private readonly listeners = new Set<(sourceId: string) => void>();
  private isRunning = false;
  private ending: (() => void) | null = null;

  constructor(private readonly deps: ConnectionsDeps) {}

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

  /** Those that the viewer may see, by name. */
  listFor(viewer: Viewer): ShownConnection[] {
    return [...this.stored.keys()]
      .flatMap((id) => {
        const found = this.findFor(viewer, id);
        return found.ok ? [found.value] : [];
      })
      .sort((a, b) => a.connection.name.localeCompare(b.connection.name, 'en', { numeric: true }));
  }

  /** The one place that says whose connection it is: its source's owner's. What is not yours is not there. */
  findFor(viewer: Viewer, id: string): Result<ShownConnection> {
    const connection = this.stored.get(id)?.connection;
    const source = connection && this.deps.sources.byId(connection.sourceId);
    if (!source || !ownsOrOversees(viewer, source.ownerId)) return noConnection();
    const keeper = this.keepers.get(id);
    return ok({
      connection,
      source,
      state: keeper?.state ?? { phase: 'off', reason: null },
      traffic: keeper?.traffic ?? { messages: 0, heldBack: 0, lastMessageAt: null },
    });
  }

  /** For the pages of sources. */
  feedOf(sourceId: string): SourceFeed | undefined {
    const found = this.ofSource(sourceId);
    if (!found) return undefined;
    const { connection, state } = found;
    const trouble = state.phase === 'broken' ? { reason: state.reason, hint: state.hint } : null;
    return { name: connection.name, href: `/connections#connection-${connection.id}`, phase: state.phase, trouble };
  }

  /** The connection that feeds a source, and how it is. */
  ofSource(sourceId: string): { connection: Connection; state: ConnectionState } | undefined {
    const found = [...this.stored.values()].find(({ connection }) => connection.sourceId === sourceId);
    const keeper = found && this.keepers.get(found.connection.id);
    return found && { connection: found.connection, state: keeper?.state ?? { phase: 'off', reason: null } };
  }

  /** For /metrics. */
  countByPhase(): Record<ConnectionState['phase'], number> {
    const counts = { off: 0, connecting: 0, connected: 0, broken: 0 };
    for (const { state } of this.keepers.values()) counts[state.phase]++;
    return counts;
  }

  async create(viewer: Viewer, input: NewConnection): Promise<Result<ShownConnection>> {
    const start = { clientId: `ampra-${newSecretHex(4)}` };
    const details = readConnection(input, start);
    if (!details.ok) return details;
    const source = await this.sourceFor(viewer, input, details.value);
    if (!source.ok) return source;
    const now = this.deps.clock.now();
    const id = newId();
    const sealedPassword = input.password ? this.deps.vault.seal(sealName(id), input.password) : null;
    const connection: Connection = {
      ...details.value,
      id,
      sourceId: source.value.id,
      hasPassword: sealedPassword !== null,
      detectedKind: null,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    const stored = { connection, sealedPassword, portals: [] };
    this.deps.store.insert(stored);
    this.stored.set(id, stored);
    this.record(viewer, 'connection.created', connection);
    this.keep(id);
    return this.findFor(viewer, id);
  }

  /** Changes what the input names; the rest stays. It is tried again at once. */
  update(viewer: Viewer, id: string, input: ConnectionInput, version?: number): Result<ShownConnection> {
    const found = this.findFor(viewer, id);
    const before = this.stored.get(id);
    if (!found.ok || !before) return noConnection();
    const was = before.connection;
    if (version !== undefined && version !== was.version) return stale();
    const details = readConnection(input, was);
    if (!details.ok) return details;
    const guarded = this.checkHost(details.value.host, found.value.source.ownerId);
    if (!guarded.ok) return guarded;
    const goesElsewhere = details.value.host !== was.host || details.value.port !== was.port;
    const isLessSafe = was.usesTls && !details.value.usesTls;
    if (was.hasPassword && input.password === undefined && (goesElsewhere || isLessSafe))
      return refuse('invalid', 'Type the password again: from now on it goes to another place.', {
        field: 'password',
      });
    const sealedPassword = this.sealed(id, input.password, before.sealedPassword);
    const isSamePlace = !goesElsewhere && details.value.kind === was.kind;
    const connection: Connection = {
      ...was,
      ...details.value,
      hasPassword: sealedPassword !== null,
      detectedKind: isSamePlace ? was.detectedKind : null,
      updatedAt: this.deps.clock.now(),
      version: was.version + 1,
    };
    const stored = { connection, sealedPassword, portals: isSamePlace ? before.portals : [] };
    if (!this.deps.store.update(stored, was.version)) return stale();
    this.stored.set(id, stored);
    this.record(viewer, 'connection.changed', connection);
    this.keep(id);
    return this.findFor(viewer, id);
  }

  remove(viewer: Viewer, id: string): Result<Connection> {
    const found = this.findFor(viewer, id);
    if (!found.ok) return found;
    this.deps.store.remove(id);
    this.drop(id);
    this.record(viewer, 'connection.deleted', found.value.connection);
    return ok(found.value.connection);
  }

  /** For the deletion of sources. */
  forgetSource(sourceId: string): void {
    this.dropOfSource(sourceId);
    this.deps.store.removeOfSource(sourceId);
  }

  /** Somebody's role changed: what they may no longer reach is hung up on, what they may now is tried. */
  followOwner(ownerId: string): void {
    for (const [id, { connection }] of this.stored) {
      const isTheirs = this.deps.sources.byId(connection.sourceId)?.ownerId === ownerId;
      if (isTheirs && this.reaches.get(id) !== this.mayGoAnywhere(ownerId)) this.keep(id);
    }
  }

  /** Where a draft or a stored connection leads, for trying it without keeping it. */
  targetOf(
    viewer: Viewer,
    input: ConnectionInput,
    id?: string,
  ): Result<{ target: LinkTarget; topicFilters: readonly string[]; source: Source | null }> {
    const before = id === undefined ? undefined : this.stored.get(id);
    const found = id === undefined ? undefined : this.findFor(viewer, id);
    if (found && !found.ok) return found;
    const details = readConnection(input, before?.connection ?? { clientId: `ampra-${newSecretHex(4)}` });
    if (!details.ok) return details;
    const ownerId = found?.value.source.ownerId ?? viewer.userId;
    const guarded = this.checkHost(details.value.host, ownerId);
    if (!guarded.ok) return guarded;
    const was = before?.connection;
    // The stored password goes only where it was meant to go.
    const isThere =
      was &&
      was.host === details.value.host &&
      was.port === details.value.port &&
      was.usesTls === details.value.usesTls;
    const stored =
      isThere && before.sealedPassword ? this.deps.vault.open(sealName(was.id), before.sealedPassword) : null;
    const password = input.password === undefined ? (stored ?? null) : input.password || null;
    const target = this.target(details.value, password, ownerId);
    const { topicFilters } = details.value;
    const tried = { ...target, clientId: `${target.clientId}-try` };
    return ok({ target: tried, topicFilters, source: found?.value.source ?? null });
  }

  private async sourceFor(viewer: Viewer, input: NewConnection, details: ConnectionDetails): Promise<Result<Source>> {
    if (input.sourceId) {
      const found = this.deps.sources.findFor(viewer, input.sourceId);
      if (!found.ok) return refuse('invalid', 'There is no such source.', { field: 'sourceId' });
      const other = this.ofSource(found.value.id);
      if (other)
        return refuse('conflict', `“${other.connection.name}” feeds this source already.`, {
          field: 'sourceId',
          hint: 'Choose another source, or let a new one be made.',
        });
      const guarded = this.checkHost(details.host, found.value.ownerId);
      const allowed = guarded.ok ? this.checkCount(found.value.ownerId) : guarded;
      return allowed.ok ? found : allowed;
    }
    const guarded = this.checkHost(details.host, viewer.userId);
    const allowed = guarded.ok ? this.checkCount(viewer.userId) : guarded;
    if (!allowed.ok) return allowed;
    const made = await this.deps.sourceMaker.create(viewer, { name: details.name, connectionType: 'mqtt' });
    if (made.ok) return ok(made.value.source);
    const lacksPlace = made.error.fields?.some(({ field }) => field === 'latitude' || field === 'timeZone');
    return lacksPlace || made.error.field === 'latitude' || made.error.field === 'timeZone'
      ? refuse('invalid', 'Ampra does not know yet where the house stands.', {
          field: 'sourceId',
          hint: 'Add a source with its place first, then choose it here.',
        })
      : made;
  }

  private checkCount(ownerId: string): Result<null> {
    const count = [...this.stored.values()].filter(
      ({ connection }) => this.deps.sources.byId(connection.sourceId)?.ownerId === ownerId,
    ).length;
    if (count < MOST_OF_AN_OWNER) return ok(null);
    return refuse('conflict', `There are ${MOST_OF_AN_OWNER} connections, as many as one owner may have.`);
  }

  /** What can be said before a name is looked up; the link checks every address that it really goes to. */
  private checkHost(host: string, ownerId: string): Result<null> {
    const isOwnMachine = /^localhost\.?$|\.localhost\.?$/i.test(host);
    const place = isOwnMachine ? 'guarded' : /^[\d.]+$|:/.test(host) ? placeOf(host) : 'open';
    if (place === 'open' || (place === 'guarded' && this.mayGoAnywhere(ownerId))) return ok(null);
    const { reason, hint } = troubleWords({ code: 'guarded' }, host);
    return refuse('invalid', reason, { field: 'host', hint });
  }

  /** Whoever looks after the appliance may reach what runs beside it. */
  private mayGoAnywhere(ownerId: string): boolean {
    const role = this.deps.users.viewerFor(ownerId)?.role;
    return role === 'overseer' || role === 'admin';
  }

  private target(details: Omit<ConnectionDetails, 'isOn'>, password: string | null, ownerId: string): LinkTarget {
    const { host, port, usesTls, verifiesCertificate, authorityPem, userName, clientId } = details;
    const where = { host, port, usesTls, verifiesCertificate, authorityPem };
    return { ...where, userName, password, clientId, resumes: false, mayGoAnywhere: this.mayGoAnywhere(ownerId) };
  }

  private sealed(id: string, typed: string | null | undefined, was: Uint8Array | null): Uint8Array | null {
    if (typed === undefined) return was;
    return typed ? this.deps.vault.seal(sealName(id), typed) : null;
  }

  /** (Re)starts what keeps the connection up. */
  private keep(id: string): void {
    this.keepers.get(id)?.stop();
    const stored = this.stored.get(id);
    if (!stored || !this.isRunning) return;
    const { connection, portals } = stored;
    this.reaches.set(id, this.mayGoAnywhere(this.deps.sources.byId(connection.sourceId)?.ownerId ?? ''));
    const { links, ingest, clock, log, timing, sources } = this.deps;
    const keeper = new ConnectionKeeper(connection, portals, {
      ...{ links, ingest, clock, log, timing },
      source: () => sources.byId(connection.sourceId),
      target: () => this.storedTarget(id),
      onLearned: (detectedKind, heard) => this.learned(id, detectedKind, heard),
      onChange: () => this.changed(connection.sourceId),
    });
    this.keepers.set(id, keeper);
    keeper.start();
  }

  private storedTarget(id: string): LinkTarget | undefined {
    const stored = this.stored.get(id);
    const source = stored && this.deps.sources.byId(stored.connection.sourceId);
    if (!source) return undefined;
    if (stored.sealedPassword === null) return this.target(stored.connection, null, source.ownerId);
    const password = this.opened(id, stored.sealedPassword);
    return password === undefined ? undefined : this.target(stored.connection, password, source.ownerId);
  }

  private opened(id: string, sealed: Uint8Array): string | undefined {
    try {
      return this.deps.vault.open(sealName(id), sealed);
    } catch {
      return undefined; // The vault itself is broken, which its own part of the appliance reports.
    }
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

  private dropOfSource(sourceId: string): void {
    for (const [id, { connection }] of this.stored) if (connection.sourceId === sourceId) this.drop(id);
  }

  private drop(id: string): void {
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

  private record(viewer: Viewer, action: string, { id, name }: Connection): void {
    const actor = { userId: viewer.userId, email: viewer.email };
    this.deps.audit?.record({ actor, action, subject: { id, label: name } });
  }
}

/** What a sealed password is bound to. */
const sealName = (id: string): string => `connection ${id}`;

function stale(): Result<never> {
  return refuse('stale', 'This connection was changed by somebody else since you opened it.', {
    hint: 'Look at what it is now, then save again. What you typed is kept.',
  });
}
