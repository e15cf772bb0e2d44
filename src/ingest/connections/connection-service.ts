import type { AuditLog } from '../../accounts/ports.ts';
import { ownsOrOversees, type Viewer } from '../../accounts/viewer.ts';
import { newId, newSecretHex } from '../../core/ids.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import type { SourceFeed } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import type { Connection, ConnectionState } from './connection.ts';
import { type ConnectionDetails, type ConnectionInput, readConnection } from './connection-rules.ts';
import { type KeepingDeps, KeptConnections } from './keeping-service.ts';
import type { LinkTarget, SourceMaker } from './ports.ts';
import type { ShownConnection } from './shown.ts';
import { ConnectionTargets, type TargetDeps } from './target-service.ts';

export interface ConnectionsDeps extends KeepingDeps, TargetDeps {
  sourceMaker: SourceMaker;
  audit?: Pick<AuditLog, 'record'>;
}

/** A connection and, where it is to feed a new source, that source's name. */
export interface NewConnection extends ConnectionInput {
  /** An existing source; absent: a new one is made. */
  sourceId?: string | undefined;
}

const MOST_OF_AN_OWNER = 20;
const noConnection = (): Result<never> => refuse('not_found', 'There is no such connection.');

/** Connections to brokers that already exist, and what one may do with them. */
export class Connections {
  private readonly targets: ConnectionTargets;
  private readonly kept: KeptConnections;

  constructor(private readonly deps: ConnectionsDeps) {
    this.targets = new ConnectionTargets(deps);
    this.kept = new KeptConnections(deps, this.targets);
  }

  start(): void {
    this.kept.start();
  }

  stop(): void {
    this.kept.stop();
  }

  /** Called with the source's id after a state changed or a message came; returns the way to stop. */
  onChange(listener: (sourceId: string) => void): () => void {
    return this.kept.onChange(listener);
  }

  /** Those that the viewer may see, by name. */
  listFor(viewer: Viewer): ShownConnection[] {
    return [...this.kept.all()]
      .flatMap(({ connection }) => {
        const found = this.findFor(viewer, connection.id);
        return found.ok ? [found.value] : [];
      })
      .sort((a, b) => a.connection.name.localeCompare(b.connection.name, 'en', { numeric: true }));
  }

  /** The one place that says whose connection it is: its source's owner's. What is not yours is not there. */
  findFor(viewer: Viewer, id: string): Result<ShownConnection> {
    const connection = this.kept.find(id)?.connection;
    const source = connection && this.deps.sources.byId(connection.sourceId);
    if (!source || !ownsOrOversees(viewer, source.ownerId)) return noConnection();
    return ok({ connection, source, ...this.kept.stateOf(id) });
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
    const found = [...this.kept.all()].find(({ connection }) => connection.sourceId === sourceId)?.connection;
    return found && { connection: found, state: this.kept.stateOf(found.id).state };
  }

  /** For /metrics. */
  countByPhase(): Record<ConnectionState['phase'], number> {
    return this.kept.countByPhase();
  }

  async create(viewer: Viewer, input: NewConnection): Promise<Result<ShownConnection>> {
    const start = { clientId: `ampra-${newSecretHex(4)}` };
    const details = readConnection(input, start);
    if (!details.ok) return details;
    const source = await this.sourceFor(viewer, input, details.value);
    if (!source.ok) return source;
    const now = this.deps.clock.now();
    const id = newId();
    const sealedPassword = this.targets.sealed(id, input.password, null);
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
    this.record(viewer, 'connection.created', connection);
    this.kept.take(stored);
    return this.findFor(viewer, id);
  }

  /** Changes what the input names; the rest stays. It is tried again at once. */
  update(viewer: Viewer, id: string, input: ConnectionInput, version?: number): Result<ShownConnection> {
    const found = this.findFor(viewer, id);
    const before = this.kept.find(id);
    if (!found.ok || !before) return noConnection();
    const was = before.connection;
    if (version !== undefined && version !== was.version) return stale();
    const details = readConnection(input, was);
    if (!details.ok) return details;
    const guarded = this.targets.checkHost(details.value.host, found.value.source.ownerId);
    if (!guarded.ok) return guarded;
    const goesElsewhere = details.value.host !== was.host || details.value.port !== was.port;
    const isLessSafe = was.usesTls && !details.value.usesTls;
    if (was.hasPassword && input.password === undefined && (goesElsewhere || isLessSafe))
      return refuse('invalid', 'Type the password again: from now on it goes to another place.', {
        field: 'password',
      });
    const sealedPassword = this.targets.sealed(id, input.password, before.sealedPassword);
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
    this.record(viewer, 'connection.changed', connection);
    this.kept.take(stored);
    return this.findFor(viewer, id);
  }

  remove(viewer: Viewer, id: string): Result<Connection> {
    const found = this.findFor(viewer, id);
    if (!found.ok) return found;
    this.deps.store.remove(id);
    this.kept.drop(id);
    this.record(viewer, 'connection.deleted', found.value.connection);
    return ok(found.value.connection);
  }

  /** For the deletion of sources. */
  forgetSource(sourceId: string): void {
    this.kept.dropOfSource(sourceId);
    this.deps.store.removeOfSource(sourceId);
  }

  /** Somebody's role changed: what they may no longer reach is hung up on, what they may now is tried. */
  followOwner(ownerId: string): void {
    this.kept.followOwner(ownerId);
  }

  /** Where a draft or a stored connection leads, for trying it without keeping it. */
  targetOf(
    viewer: Viewer,
    input: ConnectionInput,
    id?: string,
  ): Result<{ target: LinkTarget; topicFilters: readonly string[]; source: Source | null }> {
    const before = id === undefined ? undefined : this.kept.find(id);
    const found = id === undefined ? undefined : this.findFor(viewer, id);
    if (found && !found.ok) return found;
    const details = readConnection(input, before?.connection ?? { clientId: `ampra-${newSecretHex(4)}` });
    if (!details.ok) return details;
    const ownerId = found?.value.source.ownerId ?? viewer.userId;
    const guarded = this.targets.checkHost(details.value.host, ownerId);
    if (!guarded.ok) return guarded;
    const was = before?.connection;
    // The stored password goes only where it was meant to go.
    const isThere =
      was &&
      was.host === details.value.host &&
      was.port === details.value.port &&
      was.usesTls === details.value.usesTls;
    const stored = isThere && before.sealedPassword ? this.targets.passwordOf(was.id, before.sealedPassword) : null;
    const password = input.password === undefined ? (stored ?? null) : input.password || null;
    const target = this.targets.of(details.value, password, ownerId);
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
      const guarded = this.targets.checkHost(details.host, found.value.ownerId);
      const allowed = guarded.ok ? this.checkCount(found.value.ownerId) : guarded;
      return allowed.ok ? found : allowed;
    }
    const guarded = this.targets.checkHost(details.host, viewer.userId);
    const allowed = guarded.ok ? this.checkCount(viewer.userId) : guarded;
    if (!allowed.ok) return allowed;
    const made = await this.deps.sourceMaker.create(viewer, { name: details.name, connectionType: 'mqtt' });
    return made.ok ? ok(made.value.source) : made;
  }

  private checkCount(ownerId: string): Result<null> {
    const count = [...this.kept.all()].filter(
      ({ connection }) => this.deps.sources.byId(connection.sourceId)?.ownerId === ownerId,
    ).length;
    if (count < MOST_OF_AN_OWNER) return ok(null);
    return refuse('conflict', `There are ${MOST_OF_AN_OWNER} connections, as many as one owner may have.`);
  }

  private record(viewer: Viewer, action: string, { id, name }: Connection): void {
    const actor = { userId: viewer.userId, email: viewer.email };
    this.deps.audit?.record({ actor, action, subject: { id, label: name } });
  }
}

function stale(): Result<never> {
  return refuse('stale', 'This connection was changed by somebody else since you opened it.', {
    hint: 'Look at what it is now, then save again. What you typed is kept.',
  });
}
