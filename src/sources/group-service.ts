import { ownsOrOversees, type Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { newId } from '../core/ids.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import { byName, type MemoryDirectory } from './directory-service.ts';
import type { GroupDirectory, GroupStore, ImageStore } from './ports.ts';
import type { PowerGroup } from './source.ts';
import { type GroupInput, readGroupDetails } from './source-rules.ts';
import { stale } from './stale.ts';

/** Most groups one owner may have. */
export const MAX_GROUPS_PER_OWNER = 100;

export interface GroupsDeps {
  store: GroupStore;
  directory: MemoryDirectory;
  images: ImageStore;
  clock: Clock;
}

export interface GroupChangeOptions {
  /** The version that the editor saw; another one now is refused as `stale`. */
  version?: number | undefined;
  /** A new picture, or null to take it away. */
  logo?: Uint8Array | null | undefined;
}

/** Power groups: what stands together. Kept in memory like the sources. */
export class Groups implements GroupDirectory {
  private readonly groups = new Map<string, PowerGroup>();
  constructor(private readonly deps: GroupsDeps) {}

  /** Fills the memory at start. */
  load(): void {
    for (const group of this.deps.store.loadAll()) this.groups.set(group.id, group);
  }

  findGroupFor(viewer: Viewer, id: string): Result<PowerGroup> {
    const group = this.groups.get(id);
    return group && ownsOrOversees(viewer, group.ownerId) ? ok(group) : refuse('not_found', 'There is no such group.');
  }

  listGroupsFor(viewer: Viewer): readonly PowerGroup[] {
    return byName([...this.groups.values()].filter((group) => ownsOrOversees(viewer, group.ownerId)));
  }

  groupsOf(ownerId: string): readonly PowerGroup[] {
    return byName([...this.groups.values()].filter((group) => group.ownerId === ownerId));
  }

  isGroupOf(ownerId: string, id: string): boolean {
    return this.groups.get(id)?.ownerId === ownerId;
  }

  async create(viewer: Viewer, input: GroupInput, logo?: Uint8Array): Promise<Result<PowerGroup>> {
    if (this.groupsOf(viewer.userId).length >= MAX_GROUPS_PER_OWNER)
      return refuse('conflict', `You have ${MAX_GROUPS_PER_OWNER} groups, as many as there may be.`);
    const details = readGroupDetails(input, {});
    if (!details.ok) return details;
    const logoFile = logo ? await this.deps.images.add(logo, 'logo') : ok(null);
    if (!logoFile.ok) return logoFile;
    const now = this.deps.clock.now();
    const group: PowerGroup = {
      ...details.value,
      id: newId(),
      ownerId: viewer.userId,
      logoFile: logoFile.value,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    this.deps.store.insert(group);
    this.groups.set(group.id, group);
    return ok(group);
  }

  async update(viewer: Viewer, id: string, input: GroupInput, options: GroupChangeOptions = {}) {
    const checked = this.prepare(viewer, id, input, options);
    if (!checked.ok) return checked;
    const added = options.logo ? await this.deps.images.add(options.logo, 'logo') : ok(null);
    if (!added.ok) return added;
    const result = this.write(this.prepare(viewer, id, input, options), options, added.value);
    if (!result.ok && added.value) await this.deps.images.remove(added.value);
    if (!result.ok) return result;
    const old = checked.value.before.logoFile;
    if (options.logo !== undefined && old && old !== added.value) await this.deps.images.remove(old);
    return result;
  }

  /** The group goes, its sources stay and stand alone. */
  async remove(viewer: Viewer, id: string): Promise<Result<PowerGroup>> {
    const found = this.findGroupFor(viewer, id);
    if (found.ok) await this.drop(found.value);
    return found;
  }

  /** Removes every group of a person who is being deleted. */
  async removeAllOf(userId: string): Promise<void> {
    for (const group of this.groupsOf(userId)) await this.drop(group);
  }

  /** The logo's bytes (WebP), if the viewer may see the group and it has one. */
  async logo(viewer: Viewer, id: string): Promise<Result<Uint8Array>> {
    const found = this.findGroupFor(viewer, id);
    if (!found.ok) return found;
    const bytes = found.value.logoFile ? await this.deps.images.read(found.value.logoFile) : undefined;
    return bytes ? ok(bytes) : refuse('not_found', 'This group has no logo.');
  }

  logosInUse(): readonly string[] {
    return [...this.groups.values()].flatMap((group) => group.logoFile ?? []);
  }

  private prepare(viewer: Viewer, id: string, input: GroupInput, options: GroupChangeOptions) {
    const found = this.findGroupFor(viewer, id);
    if (!found.ok) return found;
    if (options.version !== undefined && options.version !== found.value.version) return stale('group');
    const details = readGroupDetails(input, found.value);
    return details.ok ? ok({ before: found.value, details: details.value }) : details;
  }

  private write(
    prepared: ReturnType<Groups['prepare']>,
    options: GroupChangeOptions,
    logoFile: string | null,
  ): Result<PowerGroup> {
    if (!prepared.ok) return prepared;
    const { before, details } = prepared.value;
    const group = {
      ...before,
      ...details,
      logoFile: options.logo === undefined ? before.logoFile : logoFile,
      updatedAt: this.deps.clock.now(),
      version: before.version + 1,
    };
    if (!this.deps.store.update(group, before.version)) return stale('group');
    this.groups.set(group.id, group);
    return ok(group);
  }

  private async drop(group: PowerGroup): Promise<void> {
    const now = this.deps.clock.now();
    this.deps.store.remove(group.id, now);
    this.groups.delete(group.id);
    for (const source of this.deps.directory.ownedBy(group.ownerId)) {
      if (source.groupId !== group.id) continue;
      this.deps.directory.change({ ...source, groupId: null, updatedAt: now, version: source.version + 1 });
    }
    if (group.logoFile) await this.deps.images.remove(group.logoFile);
  }
}
