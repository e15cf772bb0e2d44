import type { Viewer } from '../accounts/viewer.ts';
import type { Result } from '../core/result.ts';
import type { Source } from './source.ts';

/** What later features may ask about sources. Answers come from memory, so that a broker can ask for each message. */
export interface SourceDirectory {
  /** The source, active or not; undefined when there is none. For use inside the appliance only. */
  byId(id: string): Source | undefined;
  all(): readonly Source[];
  ownedBy(userId: string): readonly Source[];
  /** The source if the viewer may see it, else `not_found`: what is not yours is not there. */
  findFor(viewer: Viewer, id: string): Result<Source>;
  /** Sources the viewer may see, by name. */
  listFor(viewer: Viewer): readonly Source[];
  /** True if `apiKey` is the source's key, compared in constant time. */
  checkApiKey(id: string, apiKey: string): boolean;
  /** The webhook secret as shown to the owner, or undefined. */
  webhookSecret(id: string): string | undefined;
  /** Called after a source was created, changed or removed; returns the way to stop. */
  onChange(listener: (change: SourceChange) => void): () => void;
}

export type SourceChange =
  | { kind: 'created' | 'updated'; source: Source }
  /** Its key was made anew: open connections with the old one end. */
  | { kind: 'keyRotated' | 'deactivated'; source: Source }
  | { kind: 'deleted'; source: Source };

/** Features that keep something of a source hand in how to remove it; called before the source itself goes. */
export interface SourceDeletionHooks {
  onDelete(remove: (sourceId: string) => Promise<void>): void;
}
