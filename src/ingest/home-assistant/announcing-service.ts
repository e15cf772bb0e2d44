import type { AuditLog } from '../../accounts/ports.ts';
import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { ok, type Result } from '../../core/result.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import type { AnnouncedSources } from './ports.ts';

export interface AnnouncingDeps {
  store: AnnouncedSources;
  sources: Pick<SourceDirectory, 'findFor'>;
  audit?: Pick<AuditLog, 'record'>;
  clock: Clock;
  /** Called when an owner switched it on or off. */
  onChange(sourceId: string): void;
  entitiesOf(sourceId: string): number | null;
}

/** Whether a source is announced, for its owner. */
export interface AnnouncingView {
  source: Source;
  /** Since when it is wanted, ms UTC; null while it is not. */
  since: number | null;
  /** How many entities Home Assistant was told of; null before the first reading. */
  entities: number | null;
}

/** What owners say about announcing their sources to Home Assistant. Off until they say otherwise. */
export class Announcing {
  private readonly since = new Map<string, number>();

  constructor(private readonly deps: AnnouncingDeps) {}

  load(): void {
    for (const { sourceId, since } of this.deps.store.all()) this.since.set(sourceId, since);
  }

  isWanted(sourceId: string): boolean {
    return this.since.has(sourceId);
  }

  wanted(): Iterable<string> {
    return this.since.keys();
  }

  view(viewer: Viewer, sourceId: string): Result<AnnouncingView> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    return found.ok ? ok(this.shown(found.value)) : found;
  }

  /** For whoever may see the source. */
  shown(source: Source): AnnouncingView {
    const { id } = source;
    return { source, since: this.since.get(id) ?? null, entities: this.deps.entitiesOf(id) };
  }

  set(viewer: Viewer, sourceId: string, isWanted: boolean): Result<AnnouncingView> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    if (isWanted !== this.since.has(sourceId)) this.change(viewer, found.value, isWanted);
    return ok(this.shown(found.value));
  }

  /** The source is gone. */
  forget(sourceId: string): void {
    this.since.delete(sourceId);
    this.deps.store.remove(sourceId);
  }

  private change(viewer: Viewer, { id, name }: Source, isWanted: boolean): void {
    const { store, clock, audit, onChange } = this.deps;
    if (isWanted) {
      this.since.set(id, clock.now());
      store.add(id, clock.now());
    } else {
      this.since.delete(id);
      store.remove(id);
    }
    const { userId, email } = viewer;
    const action = isWanted ? 'source.announced' : 'source.withdrawn';
    audit?.record({ actor: { userId, email }, action, subject: { id, label: name } });
    onChange(id);
  }
}
