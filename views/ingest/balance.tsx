import type { Child } from 'hono/jsx';
import { formatAge } from '../../src/core/format.ts';
import type { BalanceResult } from '../../src/ingest/balance/balance.ts';
import { factorWords, findingTitle, subjectOf } from '../../src/ingest/balance/balance-words.ts';
import type { Source } from '../../src/sources/source.ts';
import { newCorrectionUrl } from '../../src/telemetry/corrections/correction-form.ts';
import { Button, ButtonRow, Card, Form, LinkButton, Notice } from '../parts/index.ts';

interface Verdict {
  checkedAt: number | null;
  result: BalanceResult;
}

interface SourceCorrection {
  sourceId: string;
  metric: string;
  factor: number;
}

/** In force for what comes since then, ms UTC. */
interface AppliedCorrection extends SourceCorrection {
  since: number;
}

export interface BalancePageProps extends Verdict {
  source: Source;
  corrections: readonly AppliedCorrection[];
  /** The house that it is a part of; null where it stands alone. */
  house: (Verdict & { sources: readonly Source[]; corrections: readonly AppliedCorrection[] }) | null;
  /** ms UTC; ages count from it. */
  now: number;
}

const reasons = {
  few: 'There are not enough moments yet in which everything was measured. It looks again by itself.',
  little: 'Too little power flowed to tell anything. It looks again by itself.',
} as const;
const lacking = {
  source:
    'It takes the load and one of solar, grid and battery, or two of those three. This source alone does not send them.',
  house:
    'It takes the load and one of solar, grid and battery, or two of those three, from at least two sources. They do not send them, or not in their role.',
} as const;

/** Whether load = solar + bought - charged, of the source and of its house, and what would make it so. */
export function BalancePage({ source, checkedAt, result, corrections, house, now }: BalancePageProps) {
  const nameOf = (id: string) => house?.sources.find((one) => one.id === id)?.name ?? source.name;
  return (
    <div class="stack">
      <p>
        Do the figures add up? What is used is what comes from the sun and the grid, less what goes into the battery.
      </p>
      {house && (
        <Card title="The house together" lead={<HouseSources sources={house.sources} />}>
          <VerdictWords result={house.result} missing={lacking.house} nameOf={nameOf} />
          <CheckedAt at={house.checkedAt} now={now} />
        </Card>
      )}
      <Card title={`“${source.name}” by itself`}>
        <VerdictWords result={result} missing={lacking.source} />
        <CheckedAt at={checkedAt} now={now} />
      </Card>
      <ButtonRow>
        <Form action={`/sources/${source.id}/balance/check`} class="inline-form">
          <Button>Check now</Button>
        </Form>
        <LinkButton href={`/sources/${source.id}`}>Back to the source</LinkButton>
      </ButtonRow>
      <CorrectionsCard corrections={house?.corrections ?? corrections} {...(house ? { nameOf } : {})} />
    </div>
  );
}

function HouseSources({ sources }: { sources: readonly Source[] }) {
  return (
    <>
      Each power is taken from the sources whose role it is:{' '}
      {sources.map(({ id, name }, i) => (
        <>
          {i > 0 && ', '}
          <a href={`/sources/${id}`}>{name}</a>
        </>
      ))}
      .
    </>
  );
}

function CheckedAt({ at, now }: { at: number | null; now: number }) {
  return <p class="hint">{at === null ? 'Not checked yet.' : `Checked ${formatAge(now - at)}.`}</p>;
}

interface VerdictProps {
  result: BalanceResult;
  /** What to say when not enough is measured. */
  missing: string;
  /** Names the source at fault; absent where there is only one. */
  nameOf?: (sourceId: string) => string;
}

function VerdictWords({ result, missing, nameOf }: VerdictProps) {
  if (result.kind === 'unknown') return <p>{result.reason === 'missing' ? missing : reasons[result.reason]}</p>;
  if (result.kind === 'balanced')
    return (
      <p>
        Yes, the figures add up in {percent(result.fit)} of {result.points} moments.
      </p>
    );
  if (result.kind === 'unexplained')
    return (
      <p>
        The figures add up only in {percent(result.fit)} of {result.points} moments, and no single wrong sign or unit
        explains it. A device that is not measured, or a meter in another place, would.
      </p>
    );
  const { corrections, sureness, fit, fitBefore } = result;
  return (
    <>
      <Notice kind="problem" title={findingTitle(corrections, nameOf)}>
        As it is, they add up in {percent(fitBefore)} of {result.points} moments; put right, in {percent(fit)}. This is{' '}
        {sureness >= 0.85 ? 'nearly certain' : sureness >= 0.65 ? 'quite sure' : 'likely'}.
      </Notice>
      {corrections.map((correction) => (
        <CorrectForm correction={correction}>
          <Button kind="primary">
            Put it right: {subjectOf(correction, nameOf)}, {factorWords(correction.factor)}
          </Button>
        </CorrectForm>
      ))}
    </>
  );
}

function CorrectForm({ correction, children }: { correction: SourceCorrection; children?: Child }) {
  const { sourceId, metric, factor } = correction;
  return (
    <Form action={`/sources/${sourceId}/balance/correct`} class="inline-form">
      <input type="hidden" name="metric" value={metric} />
      <input type="hidden" name="factor" value={String(factor)} />
      {children}
    </Form>
  );
}

type CorrectionsCardProps = { corrections: readonly AppliedCorrection[]; nameOf?: (sourceId: string) => string };

function CorrectionsCard({ corrections, nameOf }: CorrectionsCardProps) {
  if (corrections.length === 0) return null;
  return (
    <Card
      title="Corrections"
      lead="Applied to each reading as it comes in. What was stored before stays as it is until you correct it too."
    >
      <ul class="plain-list">
        {corrections.map((correction) => (
          <li>
            {subjectOf(correction, nameOf)}: {factorWords(correction.factor)}{' '}
            <CorrectForm correction={{ ...correction, factor: 1 }}>
              <Button kind="quiet" small aria-label={`Take back the correction of ${subjectOf(correction, nameOf)}`}>
                Take back
              </Button>
            </CorrectForm>{' '}
            <a href={beforeUrl(correction)}>Correct what was stored before</a>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The form that does the same to what came before it was in force. */
const beforeUrl = ({ sourceId, metric, factor, since }: AppliedCorrection): string =>
  newCorrectionUrl(sourceId, { kind: 'scale', metric, amount: String(factor), to: new Date(since).toISOString() });

const percent = (share: number) => `${Math.round(share * 100)}\u00a0%`;
