import { formatDate } from '../../src/core/format.ts';
import type { Source } from '../../src/sources/source.ts';
import type { Correction } from '../../src/telemetry/corrections/correction.ts';
import { newCorrectionUrl } from '../../src/telemetry/corrections/correction-form.ts';
import { sayCorrection } from '../../src/telemetry/corrections/correction-words.ts';
import { ButtonRow, Card, EmptyState, LinkButton } from '../parts/index.ts';

/** What was corrected by hand, newest first: what counts now, then what was undone. */
export function CorrectionsPage({ source, corrections }: { source: Source; corrections: readonly Correction[] }) {
  const inForce = corrections.filter((one) => one.undoneAt === null);
  const undone = corrections.filter((one) => one.undoneAt !== null);
  if (corrections.length === 0)
    return (
      <EmptyState title="Nothing was corrected" action={<NewLink source={source} />}>
        Readings that were wrong can be removed or put right, and a counter that jumped can be told what it counted. You
        see what becomes of values and totals before anything is saved, and can undo it.
      </EmptyState>
    );
  return (
    <div class="stack">
      <p>
        What was received is kept as it came; charts, totals and exports read it with these corrections, in the order in
        which they were made.
      </p>
      <Card title="In force" actions={<NewLink source={source} />}>
        {inForce.length === 0 ? (
          <p>None: everything is read as it was received.</p>
        ) : (
          <CorrectionList source={source} corrections={inForce} />
        )}
      </Card>
      {undone.length > 0 && (
        <Card title="Undone" lead="They no longer count.">
          <CorrectionList source={source} corrections={undone} />
        </Card>
      )}
      <ButtonRow>
        <LinkButton href={`/sources/${source.id}/data`}>How well its data came</LinkButton>
        <LinkButton href={`/sources/${source.id}`}>Back to the source</LinkButton>
      </ButtonRow>
    </div>
  );
}

const NewLink = ({ source }: { source: Source }) => (
  <LinkButton kind="primary" href={newCorrectionUrl(source.id, {}).replace(/\?$/, '')}>
    Correct readings
  </LinkButton>
);

function CorrectionList({ source, corrections }: { source: Source; corrections: readonly Correction[] }) {
  return (
    <ul class="oddities">
      {corrections.map((correction) => (
        <li class="oddity correction">
          <div>
            <p class="correction-what">{sayCorrection(correction, source.timeZone)}</p>
            {correction.note && <p>“{correction.note}”</p>}
            <p class="hint">{sayWho(correction, source.timeZone)}</p>
          </div>
          {correction.undoneAt === null && (
            <LinkButton
              small
              href={`/sources/${source.id}/corrections/${correction.id}/undo`}
              aria-label={`Undo: ${sayCorrection(correction, source.timeZone)}`}
            >
              Undo …
            </LinkButton>
          )}
        </li>
      ))}
    </ul>
  );
}

function sayWho({ madeBy, madeAt, undoneBy, undoneAt }: Correction, timeZone: string): string {
  const at = (time: number): string => formatDate(time, timeZone, 'dateTime');
  const made = `By ${madeBy}, ${at(madeAt)}`;
  return undoneAt === null ? `${made}.` : `${made}; undone by ${undoneBy}, ${at(undoneAt)}.`;
}
