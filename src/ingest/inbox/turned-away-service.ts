import type { Clock } from '../../core/clock.ts';
import { hasPassed, hours, seconds } from '../../core/durations.ts';
import type { TurnedAwayNotes } from '../../sources/ports.ts';
import type { TurnedAway, TurnedAwayWhy } from '../../sources/turned-away.ts';

/** Longer ago than this a device has been mended, or is gone. */
const KEPT_MS = hours(1);
/** Open pages hear of the same trouble no oftener. */
const TOLD_EVERY_MS = seconds(10);
const LONGEST_TOPIC = 120;

/** Remembers of each source the last device that was turned away, so that its page can say why nothing comes. */
export class TurnedAwayMemory implements TurnedAwayNotes {
  private readonly bySource = new Map<string, TurnedAway>();
  private readonly listeners = new Set<(sourceId: string) => void>();

  constructor(private readonly clock: Clock) {}

  /** The caller has made sure that the source exists, so that strangers cannot fill the memory. */
  wrongKey(sourceId: string, address: string): void {
    this.note(sourceId, 'key', { address });
  }

  wrongTopic(sourceId: string, topic: string): void {
    this.note(sourceId, 'topic', { topic: topic.slice(0, LONGEST_TOPIC) });
  }

  /** A post to the webhook, as for `wrongKey`. `ageMs` of its time; NaN when it gave none. */
  wrongPost(sourceId: string, why: 'unsigned' | 'signature' | 'clock', address: string, ageMs = Number.NaN): void {
    this.note(sourceId, why, { address, ageMs: Number.isFinite(ageMs) ? ageMs : null });
  }

  /** It came in by MQTT, or a post of it was taken: what was wrong with the way it came in is mended. */
  cameIn(sourceId: string, by: 'mqtt' | 'webhook' = 'mqtt'): void {
    const why = this.bySource.get(sourceId)?.why;
    if (why && (by === 'mqtt' ? why === 'key' : why !== 'key' && why !== 'topic')) this.forget(sourceId);
  }

  forget(sourceId: string): void {
    if (this.bySource.delete(sourceId)) this.tell(sourceId);
  }

  noteOf(sourceId: string): TurnedAway | null {
    const note = this.bySource.get(sourceId);
    return note && !hasPassed(note.at, KEPT_MS, this.clock.now()) ? note : null;
  }

  onChange(listener: (sourceId: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private note(sourceId: string, why: TurnedAwayWhy, facts: Partial<TurnedAway>): void {
    const note: TurnedAway = { ...{ address: null, topic: null, ageMs: null }, ...facts, why, at: this.clock.now() };
    const known = this.bySource.get(sourceId);
    const isSame = known?.why === note.why && !hasPassed(known.at, TOLD_EVERY_MS, note.at);
    this.bySource.set(sourceId, isSame ? { ...note, at: known.at } : note);
    if (!isSame) this.tell(sourceId);
  }

  private tell(sourceId: string): void {
    for (const listener of this.listeners) listener(sourceId);
  }
}
