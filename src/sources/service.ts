import type { AuditLog } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { newId, newSecretHex } from '../core/ids.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import type { MemoryDirectory } from './directory-service.ts';
import type { GroupDirectory, ImageStore, KeyVault, SiteDefaults, SourceStore } from './ports.ts';
import type { SourceRemoval } from './removal-service.ts';
import { ownTopic, type Source } from './source.ts';
import { DEFAULT_CURRENCY, readSourceDetails, type SourceDetails, type SourceInput } from './source-rules.ts';
import { stale } from './stale.ts';

/** Most sources one owner may have: far more than a house needs, few enough to stay in memory. */
export const MAX_SOURCES_PER_OWNER = 500;

/** A source and its secrets, given out once. */
export interface NewKeys {
  source: Source;
  /** 64 hex digits; the MQTT password. */
  mqttApiKey: string;
  /** 64 hex digits; the key of the webhook's HMAC. */
  webhookSecret: string;
}

export interface SourceServiceDeps {
  directory: MemoryDirectory;
  store: SourceStore;
  groups: GroupDirectory;
  vault: KeyVault;
  images: ImageStore;
  removal: SourceRemoval;
  clock: Clock;
  site: SiteDefaults;
  audit?: Pick<AuditLog, 'record'>;
}

export interface ChangeOptions {
  /** The version that the editor saw; another one now is refused as `stale`. Absent: the last one wins. */
  version?: number | undefined;
  /** A new picture, or null to take it away. */
  icon?: Uint8Array | null | undefined;
  /** False: the history stays, the device is no longer let in. */
  isActive?: boolean | undefined;
}

/** What one may do with sources. What the viewer may not see is `not_found` everywhere. */
export class SourceService {
  constructor(private readonly deps: SourceServiceDeps) {}

  /** Creates a source of the viewer's; a place that is not given is the site's. The secrets are in this answer only. */
  async create(viewer: Viewer, input: SourceInput, icon?: Uint8Array): Promise<Result<NewKeys>> {
    const { directory, store, clock } = this.deps;
    if (directory.ownedBy(viewer.userId).length >= MAX_SOURCES_PER_OWNER)
      return refuse('conflict', `You have ${MAX_SOURCES_PER_OWNER} sources, as many as there may be.`, {
        hint: 'Delete one that you no longer need.',
      });
    const start = { currency: this.startFor(viewer).currency ?? DEFAULT_CURRENCY, ...this.deps.site.place() };
    const details = this.readDetails(input, start, viewer.userId);
    if (!details.ok) return details;
    const iconFile = icon ? await this.deps.images.add(icon, 'icon') : ok(null);
    if (!iconFile.ok) return iconFile;
    const now = clock.now();
    const id = newId();
    const source: Source = {
      ...details.value,
      id,
      ownerId: viewer.userId,
      mqttTopic: ownTopic(id),
      isActive: true,
      iconFile: iconFile.value,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    const keys = this.makeKeys(id);
    const stored = { source, ...keys.stored, deletedAt: null };
    store.insert(stored);
    directory.put(stored, 'created');
    this.record(viewer, 'source.created', source);
    return ok({ source, ...keys.shown });
  }

  /** Creates a source that stands where the viewer's others do; refused while no place is known. */
  async createBeside(viewer: Viewer, input: SourceInput): Promise<Result<NewKeys>> {
    const start = this.startFor(viewer);
    if (start.latitude === undefined)
      return refuse('invalid', 'Ampra does not know yet where the house stands.', {
        field: 'sourceId',
        hint: 'Add a source with its place first, then choose it here.',
      });
    return this.create(viewer, { ...start, ...input });
  }

  /** What a form for a new source starts with: the site's place, or that of the owner's newest source; its currency. */
  startFor(viewer: Viewer): Partial<SourceDetails> {
    const newest = [...this.deps.directory.ownedBy(viewer.userId)].sort((a, b) => b.createdAt - a.createdAt)[0];
    const { latitude, longitude, timeZone } = this.deps.site.place() ?? newest ?? {};
    return {
      ...(latitude !== undefined && longitude !== undefined && timeZone ? { latitude, longitude, timeZone } : {}),
      ...(newest ? { currency: newest.currency } : {}),
    };
  }

  /** Changes what the input names; the rest stays. */
  async update(viewer: Viewer, id: string, input: SourceInput, options: ChangeOptions = {}): Promise<Result<Source>> {
    const checked = this.prepare(viewer, id, input, options);
    if (!checked.ok) return checked;
    const added = options.icon ? await this.deps.images.add(options.icon, 'icon') : ok(null);
    if (!added.ok) return added;
    // While the picture was decoded, somebody else may have been here.
    const again = this.prepare(viewer, id, input, options);
    const result = again.ok
      ? this.write(again.value.before, {
          ...again.value.details,
          ...(options.icon === undefined ? {} : { iconFile: added.value }),
          isActive: options.isActive ?? again.value.before.isActive,
        })
      : again;
    if (!result.ok && added.value) await this.deps.images.remove(added.value);
    if (result.ok && again.ok && options.icon !== undefined) await this.forget(again.value.before.iconFile);
    return result;
  }

  /** A deactivated source keeps its history; its device is no longer let in. */
  setActive(viewer: Viewer, id: string, isActive: boolean): Result<Source> {
    const found = this.deps.directory.findFor(viewer, id);
    if (!found.ok || found.value.isActive === isActive) return found;
    const written = this.write(found.value, { isActive });
    if (written.ok) this.record(viewer, isActive ? 'source.activated' : 'source.deactivated', written.value);
    return written;
  }

  /** New API key and webhook secret; the old ones end at once. */
  rotateKeys(viewer: Viewer, id: string): Result<NewKeys> {
    const found = this.deps.directory.findFor(viewer, id);
    if (!found.ok) return found;
    const source = { ...found.value, updatedAt: this.deps.clock.now(), version: found.value.version + 1 };
    const keys = this.makeKeys(id);
    this.deps.store.replaceKeys(source, keys.stored);
    this.deps.directory.put({ source, ...keys.stored, deletedAt: null }, 'keyRotated');
    this.record(viewer, 'source.keysRotated', source);
    return ok({ source, ...keys.shown });
  }

  /** The source is gone at once; what it left is removed by a job. */
  remove(viewer: Viewer, id: string): Result<Source> {
    const found = this.deps.directory.findFor(viewer, id);
    if (!found.ok) return found;
    this.deps.store.markDeleted(id, this.deps.clock.now());
    this.deps.directory.drop(id);
    this.deps.removal.condemn(found.value);
    this.record(viewer, 'source.deleted', found.value);
    return found;
  }

  /** Removes every source of a person who is being deleted, and waits until all of it is gone. */
  async removeAllOf(userId: string): Promise<void> {
    const { directory, store, removal, clock } = this.deps;
    for (const source of directory.ownedBy(userId)) {
      store.markDeleted(source.id, clock.now());
      directory.drop(source.id);
      removal.note(source);
    }
    for (const source of removal.waitingOf(userId)) await removal.purge(source.id);
  }

  /** The icon's bytes (WebP), if the viewer may see the source and it has one. */
  async icon(viewer: Viewer, id: string): Promise<Result<Uint8Array>> {
    const found = this.deps.directory.findFor(viewer, id);
    if (!found.ok) return found;
    const bytes = found.value.iconFile ? await this.deps.images.read(found.value.iconFile) : undefined;
    return bytes ? ok(bytes) : refuse('not_found', 'This source has no icon.');
  }

  private prepare(viewer: Viewer, id: string, input: SourceInput, options: ChangeOptions) {
    const found = this.deps.directory.findFor(viewer, id);
    if (!found.ok) return found;
    const before = found.value;
    if (options.version !== undefined && options.version !== before.version) return stale('source');
    const details = this.readDetails(input, before, before.ownerId);
    return details.ok ? ok({ before, details: details.value }) : details;
  }

  private readDetails(input: SourceInput, before: Partial<SourceDetails>, ownerId: string): Result<SourceDetails> {
    const details = readSourceDetails(input, before);
    if (!details.ok || !details.value.groupId) return details;
    const { groupId } = details.value;
    return this.deps.groups.isGroupOf(ownerId, groupId)
      ? details
      : refuse('invalid', 'groupId is not one of the groups of the source’s owner.', {
          field: 'groupId',
          fields: [{ field: 'groupId', message: 'is not one of the groups of the source’s owner' }],
        });
  }

  private write(before: Source, change: Partial<Source>): Result<Source> {
    const source = { ...before, ...change, updatedAt: this.deps.clock.now(), version: before.version + 1 };
    if (!this.deps.store.update(source, before.version)) return stale('source');
    this.deps.directory.change(source, before.isActive && !source.isActive ? 'deactivated' : 'updated');
    return ok(source);
  }

  private makeKeys(id: string) {
    const shown = { mqttApiKey: newSecretHex(), webhookSecret: newSecretHex() };
    const stored = {
      apiKeyHash: this.deps.vault.hashKey(shown.mqttApiKey),
      sealedWebhookSecret: this.deps.vault.seal(id, shown.webhookSecret),
    };
    return { shown, stored };
  }

  private record({ userId, email }: Viewer, action: string, { id, name }: Source): void {
    this.deps.audit?.record({ actor: { userId, email }, action, subject: { id, label: name } });
  }

  private async forget(file: string | null): Promise<void> {
    if (file) await this.deps.images.remove(file);
  }
}
