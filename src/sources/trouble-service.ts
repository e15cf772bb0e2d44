import type { Clock } from '../core/clock.ts';
import type { RefusedMessages, SourceTroubles, TurnedAwayNotes } from './ports.ts';
import { refusedText } from './refused-words.ts';
import type { Source } from './source.ts';
import type { SourceTrouble } from './trouble.ts';
import { turnedAwayMark } from './turned-away.ts';

export interface TroubleDeps {
  turnedAway: TurnedAwayNotes;
  refused: Pick<RefusedMessages, 'summaryOf' | 'onRefused'>;
  clock: Clock;
}

/** Why a source that should report does not: its device is not let in, or nothing understands what it sends. */
export class Troubles implements SourceTroubles {
  constructor(private readonly deps: TroubleDeps) {}

  troubleOf({ id, timeZone }: Source): SourceTrouble | null {
    const { turnedAway, refused, clock } = this.deps;
    const note = turnedAway.noteOf(id);
    if (note) return { words: turnedAwayMark(note, timeZone), needsHand: true };
    const summary = refused.summaryOf(id);
    return summary && { words: refusedText(summary, clock.now(), timeZone), needsHand: false };
  }

  onChange(listener: (sourceId: string) => void): () => void {
    const stops = [this.deps.turnedAway.onChange(listener), this.deps.refused.onRefused?.(listener)];
    return () => {
      for (const stop of stops) stop?.();
    };
  }
}
