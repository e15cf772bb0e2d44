import type { Source } from '../../src/sources/source.ts';
import type { Correction } from '../../src/telemetry/corrections/correction.ts';
import type { CorrectionEffect } from '../../src/telemetry/corrections/correction-effect.ts';
import { sayCorrection } from '../../src/telemetry/corrections/correction-words.ts';
import { Button, Card, Form, FormActions, LinkButton } from '../parts/index.ts';
import { Effect } from './effect.tsx';

interface UndoProps {
  source: Source;
  correction: Correction;
  effect: CorrectionEffect;
}

/** What undoing would do, before it is done. */
export function UndoCorrection({ source, correction, effect }: UndoProps) {
  const action = `/sources/${source.id}/corrections/${correction.id}/undo`;
  return (
    <Card title={sayCorrection(correction, source.timeZone)} lead="Undone, what was received is read again as it came.">
      <Effect effect={effect} kind={correction.kind} timeZone={source.timeZone}>
        <Form action={action}>
          <FormActions>
            <Button kind="primary">Undo it</Button>
            <LinkButton href={`/sources/${source.id}/corrections`}>Leave it in force</LinkButton>
          </FormActions>
        </Form>
      </Effect>
    </Card>
  );
}
