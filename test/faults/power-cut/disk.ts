import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Chance } from '../random.ts';
import type { FileEvent } from './trace.ts';

/**
 * A disk behind a cache, as a power cut finds it: what was synced is there, of the rest each part may be there, missing or
 * torn, in any order. `ordered`: changes of names reach the disk in their order, and with any sync (as the journals of
 * ext4, XFS and btrfs do it). `loose`: each for itself, and only with a sync of its folder or of the new file itself, which
 * is as little as POSIX promises.
 */
export type NameOrder = 'ordered' | 'loose';

/** How careless the disk was: nothing of the cache, all of it, or some of it, in pieces of so many bytes. */
export type Fate = 'dropped' | 'kept' | { torn: 512 | 4096 };

type Change = { done: number } & ({ offset: number; bytes: Uint8Array } | { length: number });
type NameChange = { done: number } & (
  | { kind: 'name'; path: string; inode: Inode }
  | { kind: 'remove'; path: string }
  | { kind: 'rename'; from: string; path: string }
);

interface Inode {
  isFolder: boolean;
  stable: Uint8Array;
  loose: Change[];
}

type Step = { time: number } & (FileEvent | { kind: 'synced'; path: string; asked: number; at: number; done: number });

export class CachedDisk {
  /** As the process sees it. */
  private readonly names = new Map<string, Inode>();
  private stableNames = new Map<string, Inode>();
  private looseNames: NameChange[] = [];
  private readonly steps: Step[];
  private next = 0;

  constructor(
    private readonly folder: string,
    events: readonly FileEvent[],
    private readonly order: NameOrder,
  ) {
    this.steps = events
      .map(
        (e): Step => (e.kind === 'sync' ? { ...e, kind: 'synced', asked: e.at, time: e.done } : { ...e, time: e.at }),
      )
      .sort((a, b) => a.time - b.time);
    const root: Inode = { isFolder: true, stable: new Uint8Array(), loose: [] };
    this.names.set(folder, root);
    this.stableNames.set(folder, root);
  }

  /** Moments at which something changes [ms since 1970], by the store that it belongs to. */
  moments(): Map<string, number[]> {
    const moments = new Map<string, number[]>();
    for (const step of this.steps) {
      // `telemetry.duckdb` and `telemetry.duckdb.wal` apart; segments of the journal together.
      const store = relative(this.folder, step.path).split('/')[0] ?? '';
      const known = moments.get(store);
      if (known) known.push(step.time);
      else moments.set(store, [step.time]);
    }
    return moments;
  }

  /** Lets everything happen until `time`, which never goes back. */
  advance(time: number): void {
    for (let step = this.steps[this.next]; step && step.time <= time; step = this.steps[++this.next]) this.happen(step);
  }

  /** Cuts the power: writes what is left of the folder into `target`. */
  cut(target: string, chance: Chance, fate: Fate): void {
    const names = new Map(this.stableNames);
    for (const change of this.survivingNames(chance, fate)) applyName(names, change);
    const paths = [...names.keys()].sort();
    for (const path of paths) {
      const inode = names.get(path) as Inode;
      const place = join(target, relative(this.folder, path));
      // A name whose folder did not make it leads nowhere.
      if (path !== this.folder && !names.get(dirname(path))?.isFolder) continue;
      if (inode.isFolder) mkdirSync(place, { recursive: true, mode: 0o700 });
      else if (!isMadeAnew(path)) writeFileSync(place, contentAfter(inode, chance, fate), { mode: 0o600 });
    }
  }

  private survivingNames(chance: Chance, fate: Fate): NameChange[] {
    if (fate === 'dropped') return [];
    if (fate === 'kept') return this.looseNames;
    if (this.order === 'ordered') return this.looseNames.slice(0, chance.between(0, this.looseNames.length));
    return this.looseNames.filter(() => chance.is(0.5));
  }

  private happen(step: Step): void {
    switch (step.kind) {
      case 'create': {
        const known = this.names.get(step.path);
        if (!known) this.rename({ done: step.done, kind: 'name', path: step.path, inode: newInode(step.isFolder) });
        else if (step.truncates) known.loose.push({ done: step.done, length: 0 });
        return;
      }
      case 'write':
        this.inode(step.path).loose.push(step);
        return;
      case 'truncate':
        this.inode(step.path).loose.push(step);
        return;
      case 'copy': {
        const bytes = contentOf(this.inode(step.from)).slice(step.fromOffset, step.fromOffset + step.length);
        this.inode(step.path).loose.push({ done: step.done, offset: step.offset, bytes });
        return;
      }
      case 'rename':
        this.rename({ done: step.done, kind: 'rename', from: step.from, path: step.path });
        return;
      case 'link':
        this.rename({ done: step.done, kind: 'name', path: step.path, inode: this.inode(step.from) });
        return;
      case 'remove':
        this.rename({ done: step.done, kind: 'remove', path: step.path });
        return;
      case 'synced':
        this.synced(step.path, step.asked);
        return;
    }
  }

  private inode(path: string): Inode {
    const found = this.names.get(path);
    if (!found) throw new Error(`the trace writes to ${path}, which is not there`);
    return found;
  }

  private rename(change: NameChange): void {
    this.looseNames.push(change);
    applyName(this.names, change);
  }

  /** What was done before the sync was asked for is on the disk now. */
  private synced(path: string, asked: number): void {
    const inode = this.names.get(path);
    if (!inode) return;
    const covered = inode.loose.filter((c) => c.done <= asked);
    for (const change of covered) inode.stable = applied(inode.stable, change);
    inode.loose = inode.loose.filter((c) => c.done > asked);
    const isCovered = (c: NameChange) =>
      c.done <= asked &&
      (this.order === 'ordered' ||
        (c.kind === 'name' && c.inode === inode) ||
        dirname(c.path) === path ||
        (c.kind === 'rename' && dirname(c.from) === path));
    const isDone = new Set(this.looseNames.filter(isCovered));
    // A name cannot be taken again before it was given back.
    for (const [i, change] of this.looseNames.entries())
      if (this.looseNames.slice(i + 1).some((later) => isDone.has(later) && touches(later, change))) isDone.add(change);
    for (const change of this.looseNames) if (isDone.has(change)) applyName(this.stableNames, change);
    this.looseNames = this.looseNames.filter((c) => !isDone.has(c));
  }
}

function touches(a: NameChange, b: NameChange): boolean {
  const names = (c: NameChange) => (c.kind === 'rename' ? [c.from, c.path] : [c.path]);
  return names(a).some((name) => names(b).includes(name));
}

const newInode = (isFolder: boolean): Inode => ({ isFolder, stable: new Uint8Array(), loose: [] });

/** Locks, sockets and shared memory mean nothing after a power cut. */
const isMadeAnew = (path: string): boolean => /-shm$|control\.sock$/.test(path);

function applyName(names: Map<string, Inode>, change: NameChange): void {
  if (change.kind === 'name') names.set(change.path, change.inode);
  else if (change.kind === 'remove') names.delete(change.path);
  else {
    const inode = names.get(change.from);
    if (!inode) return;
    names.delete(change.from);
    names.set(change.path, inode);
    // What lies in a folder goes with it.
    for (const [path, inside] of [...names])
      if (path.startsWith(`${change.from}/`)) {
        names.delete(path);
        names.set(change.path + path.slice(change.from.length), inside);
      }
  }
}

function contentOf(inode: Inode): Uint8Array {
  return inode.loose.reduce(applied, inode.stable);
}

function applied(content: Uint8Array, change: Change): Uint8Array {
  if ('length' in change) return resized(content, change.length);
  const { offset, bytes } = change;
  const grown = content.length < offset + bytes.length ? resized(content, offset + bytes.length) : content.slice();
  grown.set(bytes, offset);
  return grown;
}

function resized(content: Uint8Array, length: number): Uint8Array {
  const other = new Uint8Array(length);
  other.set(content.subarray(0, length));
  return other;
}

function contentAfter(inode: Inode, chance: Chance, fate: Fate): Uint8Array {
  if (fate === 'dropped') return inode.stable;
  if (fate === 'kept') return contentOf(inode);
  return inode.loose.reduce((content, change) => survived(content, change, fate.torn, chance), inode.stable);
}

/** A change as a careless disk may have carried it out: wholly, not at all, or only some of its pieces. */
function survived(content: Uint8Array, change: Change, piece: number, chance: Chance): Uint8Array {
  const luck = chance.next();
  if (luck < 0.3) return content;
  if (luck < 0.6 || 'length' in change) return applied(content, change);
  let after = content;
  const { offset, bytes, done } = change;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, (Math.floor((offset + at) / piece) + 1) * piece - offset);
    if (chance.is(0.5)) after = applied(after, { done, offset: offset + at, bytes: bytes.subarray(at, end) });
    at = end;
  }
  return after;
}
