import { Announcements } from '../announced/announcements.ts';
import { type Proven, SignProofs } from '../signs/sign-proof.ts';
import { DialectMemory, PartMemory } from './dialect-memory.ts';

/** The memories of all sources: parts for each source, announcements for each owner. */
export class DialectMemories {
  private readonly bySource = new Map<string, DialectMemory>();
  private readonly byOwner = new Map<string, Announcements>();
  /** What sources proved before this start. */
  private readonly proven = new Map<string, Proven>();

  /** Makes a source's memory begin with what it proved before. */
  recall(sourceId: string, proven: Proven): void {
    this.proven.set(sourceId, proven);
  }

  /** What is proven of each source that was heard. */
  allProven(): [sourceId: string, proven: Proven][] {
    return [...this.bySource].map(([id, { parts }]) => [id, parts.signs.proven()]);
  }

  of(source: { id: string; ownerId: string }): DialectMemory {
    let memory = this.bySource.get(source.id);
    if (memory === undefined) {
      const signs = new SignProofs(this.proven.get(source.id));
      memory = new DialectMemory(new PartMemory(new Set(), signs), this.announcementsOf(source.ownerId));
      this.bySource.set(source.id, memory);
    }
    return memory;
  }

  announcementsOf(ownerId: string): Announcements {
    let announcements = this.byOwner.get(ownerId);
    if (announcements === undefined) {
      announcements = new Announcements();
      this.byOwner.set(ownerId, announcements);
    }
    return announcements;
  }

  forget(sourceId: string): void {
    this.proven.delete(sourceId);
    this.bySource.delete(sourceId);
  }
}
