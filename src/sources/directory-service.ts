import { ownsOrOversees, type Viewer } from '../accounts/viewer.ts';
import { Bus } from '../core/bus.ts';
import type { Log } from '../core/log.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import type { KeyVault, SourceChange, SourceDirectory, StoredSource } from './ports.ts';
import type { Source } from './source.ts';

/** The answer for what does not exist and for what is not yours: nobody can tell the two apart. */
export function noSource(): Result<never> {
  return refuse('not_found', 'There is no such source.');
}

/** Compared when there is no such source, so that the answer takes as long as for one that exists. */
const NO_HASH = new Uint8Array(32);
/** Opened, in vain, for the same reason: a nonce, 64 characters and a tag. */
const NO_SEAL = new Uint8Array(12 + 64 + 16);

/**
 * All sources in memory, so that the broker may ask for each message. The service keeps it equal to the store: it
 * changes only after a change is on disk.
 */
export class MemoryDirectory implements SourceDirectory {
  private readonly stored = new Map<string, StoredSource>();
  private readonly byOwner = new Map<string, Set<string>>();
  private readonly bus: Bus<{ change: SourceChange }>;

  constructor(
    private readonly vault: KeyVault,
    log: Log,
  ) {
    this.bus = new Bus((error) => log.error('a listener for changes of sources failed', { cause: error }));
  }

  byId(id: string): Source | undefined {
    return this.stored.get(id)?.source;
  }

  all(): readonly Source[] {
    return [...this.stored.values()].map((s) => s.source);
  }

  ownedBy(userId: string): readonly Source[] {
    const ids = this.byOwner.get(userId) ?? [];
    return byName([...ids].flatMap((id) => this.byId(id) ?? []));
  }

  findFor(viewer: Viewer, id: string): Result<Source> {
    const source = this.byId(id);
    return source && ownsOrOversees(viewer, source.ownerId) ? ok(source) : noSource();
  }

  listFor(viewer: Viewer): readonly Source[] {
    return byName(this.all().filter((source) => ownsOrOversees(viewer, source.ownerId)));
  }

  checkApiKey(id: string, apiKey: string): boolean {
    const found = this.stored.get(id);
    const isSame = this.vault.isSame(this.vault.hashKey(apiKey), found?.apiKeyHash ?? NO_HASH);
    return isSame && found?.source.isActive === true;
  }

  webhookSecret(id: string): string | undefined {
    return this.vault.open(id, this.stored.get(id)?.sealedWebhookSecret ?? NO_SEAL);
  }

  onChange(listener: (change: SourceChange) => void): () => void {
    return this.bus.on('change', listener);
  }

  /** Fills the directory at start; nobody is told. */
  load(rows: Iterable<StoredSource>): void {
    for (const row of rows) this.place(row);
  }

  /** Takes the source as it now is on disk and tells the listeners. */
  put(row: StoredSource, kind: Exclude<SourceChange['kind'], 'deleted'>): void {
    this.place(row);
    this.bus.emit('change', { kind, source: row.source });
  }

  /** Replaces what is known of a source, with its keys as they were. */
  change(source: Source, kind: 'updated' | 'deactivated' = 'updated'): void {
    const before = this.stored.get(source.id);
    if (before) this.put({ ...before, source }, kind);
  }

  /** Forgets the source and tells the listeners. */
  drop(id: string): void {
    const found = this.stored.get(id);
    if (!found) return;
    this.stored.delete(id);
    this.byOwner.get(found.source.ownerId)?.delete(id);
    this.bus.emit('change', { kind: 'deleted', source: found.source });
  }

  private place(row: StoredSource): void {
    const { id, ownerId } = row.source;
    this.stored.set(id, row);
    const own = this.byOwner.get(ownerId) ?? new Set();
    this.byOwner.set(ownerId, own.add(id));
  }
}

/** By name as people sort, then by age, so that the order never jumps. */
export function byName<T extends { name: string; createdAt: number }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => collator.compare(a.name, b.name) || a.createdAt - b.createdAt);
}
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
