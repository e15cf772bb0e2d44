import type { AuditLog } from '../../accounts/ports.ts';
import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import type { TelemetryCorrections } from '../ports.ts';
import {
  type AskedCorrection,
  type Correction,
  type CorrectionDraft,
  MOST_CORRECTIONS,
  readCorrection,
} from './correction.ts';
import { type CorrectionEffect, changeSentence, correctionSentence } from './correction-effect.ts';

export interface CorrectionServiceDeps {
  telemetry: TelemetryCorrections;
  sources: Pick<SourceDirectory, 'findFor'>;
  clock: Clock;
  audit?: Pick<AuditLog, 'record'> | undefined;
}

/** How owners mend what their devices told. What the viewer may not see is `not_found` everywhere. */
export class CorrectionService {
  constructor(private readonly deps: CorrectionServiceDeps) {}

  /** All that were made, newest first, also those undone. */
  list(viewer: Viewer, sourceId: string): Result<Correction[]> {
    const source = this.deps.sources.findFor(viewer, sourceId);
    return source.ok ? ok([...this.deps.telemetry.corrections(sourceId)].reverse()) : source;
  }

  /** What a correction would do; nothing is stored. */
  async preview(viewer: Viewer, sourceId: string, asked: AskedCorrection): Promise<Result<CorrectionEffect>> {
    const read = this.read(viewer, sourceId, asked);
    return read.ok ? await this.effect(sourceId, this.made(viewer, sourceId, read.value.draft)) : read;
  }

  /** What undoing a correction would do; nothing is stored. */
  async previewUndo(viewer: Viewer, sourceId: string, id: string): Promise<Result<CorrectionEffect>> {
    const found = this.findInForce(viewer, sourceId, id);
    return found.ok ? await this.effect(sourceId, this.undone(viewer, found.value.correction)) : found;
  }

  async apply(viewer: Viewer, sourceId: string, asked: AskedCorrection): Promise<Result<Correction>> {
    const read = this.read(viewer, sourceId, asked);
    if (!read.ok) return read;
    const { source, draft } = read.value;
    const inForce = this.deps.telemetry.corrections(sourceId).filter((c) => c.undoneAt === null);
    if (inForce.length >= MOST_CORRECTIONS)
      return refuse('conflict', `${MOST_CORRECTIONS} corrections are in force, as many as there may be.`, {
        hint: 'Undo some that are no longer needed.',
      });
    const correction = this.made(viewer, sourceId, draft);
    const effect = await this.effect(sourceId, correction);
    if (!effect.ok) return effect;
    await this.deps.telemetry.correct(sourceId, correction);
    this.record(viewer, 'telemetry.corrected', source, correction, effect.value);
    return ok(correction);
  }

  async undo(viewer: Viewer, sourceId: string, id: string): Promise<Result<Correction>> {
    const found = this.findInForce(viewer, sourceId, id);
    if (!found.ok) return found;
    const { source, correction } = found.value;
    const undone = this.undone(viewer, correction);
    const effect = await this.effect(sourceId, undone);
    await this.deps.telemetry.correct(sourceId, undone);
    this.record(viewer, 'telemetry.correctionUndone', source, correction, effect.ok ? effect.value : null);
    return ok(undone);
  }

  private read(
    viewer: Viewer,
    sourceId: string,
    asked: AskedCorrection,
  ): Result<{ source: Source; draft: CorrectionDraft }> {
    const source = this.deps.sources.findFor(viewer, sourceId);
    if (!source.ok) return source;
    const draft = readCorrection(asked, this.deps.clock.now());
    return draft.ok ? ok({ source: source.value, draft: draft.value }) : draft;
  }

  private findInForce(
    viewer: Viewer,
    sourceId: string,
    id: string,
  ): Result<{ source: Source; correction: Correction }> {
    const source = this.deps.sources.findFor(viewer, sourceId);
    if (!source.ok) return source;
    const correction = this.deps.telemetry.corrections(sourceId).find((c) => c.id === id);
    if (!correction) return refuse('not_found', 'There is no such correction.');
    if (correction.undoneAt !== null) return refuse('conflict', 'This correction is undone already.');
    return ok({ source: source.value, correction });
  }

  private async effect(sourceId: string, correction: Correction): Promise<Result<CorrectionEffect>> {
    const effect = await this.deps.telemetry.correctionEffect(sourceId, correction);
    return effect ? ok(effect) : refuse('conflict', 'This source has no readings yet, so there is nothing to correct.');
  }

  private made(viewer: Viewer, sourceId: string, draft: CorrectionDraft): Correction {
    // They follow each other: no two are of the same moment.
    const last = this.deps.telemetry.corrections(sourceId).at(-1)?.madeAt ?? 0;
    const madeAt = Math.max(this.deps.clock.now(), last + 1);
    return { ...draft, id: newId(), madeAt, madeBy: viewer.name, undoneAt: null, undoneBy: null };
  }

  private undone(viewer: Viewer, correction: Correction): Correction {
    return { ...correction, undoneAt: this.deps.clock.now(), undoneBy: viewer.name };
  }

  /** The audit log keeps what it was, and what the old values were; each of them stays readable as received. */
  private record(
    { userId, email }: Viewer,
    action: string,
    { id, name }: Source,
    correction: Correction,
    effect: CorrectionEffect | null,
  ): void {
    this.deps.audit?.record({
      actor: { userId, email },
      action,
      subject: { id, label: name },
      detail: [correctionSentence(correction), ...(effect ? [changeSentence(effect)] : [])].join('; '),
    });
  }
}
