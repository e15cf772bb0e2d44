import { formatAge } from '../../src/core/format.ts';
import type { BalanceResult } from '../../src/ingest/balance.ts';
import { factorWords, findingTitle } from '../../src/ingest/balance-words.ts';
import type { Source } from '../../src/sources/source.ts';
import { Button, ButtonRow, Card, Form, LinkButton, Notice } from '../parts/index.ts';
import { metricLabel } from './words.ts';

export interface BalancePageProps {
  source: Source;
  checkedAt: number | null;
  result: BalanceResult;
  corrections: readonly { metric: string; factor: number }[];
  now: number;
}

const reasons = {
  few: 'There are not enough moments yet in which everything was measured. It looks again by itself.',
  little: 'Too little power flowed to tell anything. It looks again by itself.',
  missing:
    'It takes the load and one of solar, grid and battery, or two of those three. This source does not send them.',
} as const;

/** Whether load = solar + bought - charged, and what would make it so. */
export function BalancePage({ source, checkedAt, result, corrections, now }: BalancePageProps) {
  const action = `/sources/${source.id}/balance`;
  return (
    <div class="stack">
      <Card
        title="Do the figures add up?"
        lead="What is used is what comes from the sun and the grid, less what goes into the battery."
      >
        <Verdict result={result} action={action} />
        <p class="hint">{checkedAt === null ? 'Not checked yet.' : `Checked ${formatAge(now - checkedAt)}.`}</p>
        <ButtonRow>
          <Form action={`${action}/check`} class="inline-form">
            <Button>Check now</Button>
          </Form>
          <LinkButton href={`/sources/${source.id}`}>Back</LinkButton>
        </ButtonRow>
      </Card>
      {corrections.length > 0 && (
        <Card title="Corrections" lead="Applied to each reading as it comes in. What was stored before stays as it is.">
          <ul class="plain-list">
            {corrections.map(({ metric, factor }) => (
              <li>
                {metricLabel(metric)}: {factorWords(factor)}{' '}
                <Form action={`${action}/correct`} class="inline-form">
                  <input type="hidden" name="metric" value={metric} />
                  <input type="hidden" name="factor" value="1" />
                  <Button kind="quiet" small aria-label={`Take back the correction of ${metricLabel(metric)}`}>
                    Take back
                  </Button>
                </Form>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}

function Verdict({ result, action }: { result: BalanceResult; action: string }) {
  if (result.kind === 'unknown') return <p>{reasons[result.reason]}</p>;
  if (result.kind === 'balanced')
    return (
      <p>
        Yes, in {percent(result.fit)} of {result.points} moments.
      </p>
    );
  if (result.kind === 'unexplained')
    return (
      <p>
        Only in {percent(result.fit)} of {result.points} moments, and no single wrong sign or unit explains it. A device
        that is not measured, or a meter in another place, would.
      </p>
    );
  const { corrections, sureness, fit, fitBefore } = result;
  return (
    <>
      <Notice kind="problem" title={findingTitle(corrections)}>
        As it is, they add up in {percent(fitBefore)} of {result.points} moments; put right, in {percent(fit)}. This is{' '}
        {sureness >= 0.85 ? 'nearly certain' : sureness >= 0.65 ? 'quite sure' : 'likely'}.
      </Notice>
      {corrections.map(({ metric, factor }) => (
        <Form action={`${action}/correct`} class="inline-form">
          <input type="hidden" name="metric" value={metric} />
          <input type="hidden" name="factor" value={String(factor)} />
          <Button kind="primary">
            {metricLabel(metric)}: {factorWords(factor)}
          </Button>
        </Form>
      ))}
    </>
  );
}

const percent = (share: number) => `${Math.round(share * 100)}\u00a0%`;
