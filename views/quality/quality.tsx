import type { Source } from '../../src/sources/source.ts';
import { type QualityPeriod, qualityUrl } from '../../src/telemetry/quality/quality-query.ts';
import type { QualityView } from '../../src/telemetry/quality/quality-view.ts';
import { tellQuality } from '../../src/telemetry/quality/quality-words.ts';
import { ButtonRow, Card, EmptyState, LinkButton, Step } from '../parts/index.ts';
import { CoverageBars } from './coverage-bars.tsx';
import { QualityDays } from './days.tsx';
import { ArrivalOddities, CounterOddities } from './oddities.tsx';

export interface QualityPageProps {
  source: Source;
  period: QualityPeriod;
  view: QualityView;
}

/** Of a source of which nothing is stored; `trouble` says why, where somebody knows. */
export function NoQuality({ source, trouble }: { source: Source; trouble: string | null }) {
  return (
    <EmptyState
      title={trouble ? 'Nothing is stored yet' : 'Nothing has come yet'}
      action={
        <LinkButton kind="primary" href={`/sources/${source.id}`}>
          To the source
        </LinkButton>
      }
    >
      {trouble && `${trouble}: the page of the source says more. `}
      As soon as “{source.name}” has reported, you find here how much of each day was measured, and what was odd.
    </EmptyState>
  );
}

/** How well the readings of a source came: how much of each day was measured, what was odd, and what was done about it. */
export function QualityPage(props: QualityPageProps) {
  const { source, period, view } = props;
  if (period.problem !== null)
    return (
      <EmptyState
        title="Nothing is shown"
        action={
          <LinkButton kind="primary" href={qualityUrl(source.id)}>
            The last 30 days
          </LinkButton>
        }
      >
        {period.problem} Choose another month.
      </EmptyState>
    );
  return (
    <div class="stack quality">
      <QualityHead source={source} period={period} view={view} />
      <Card
        title="What was odd, and what was done about it"
        lead="What was received is kept as it came; what is done about it is done when it is read."
      >
        <ArrivalOddities view={view} source={source} />
      </Card>
      {view.counters.length > 0 && (
        <Card title="What counters did" lead="Other than counting on. Energy stands on them where there are some.">
          <CounterOddities view={view} source={source} />
        </Card>
      )}
      <Card title="Day by day">
        <QualityDays view={view} source={source} />
      </Card>
      <ButtonRow>
        <LinkButton href={`/sources/${source.id}/corrections`}>Correct readings</LinkButton>
        <LinkButton href={`/sources/${source.id}`}>Back to the source</LinkButton>
      </ButtonRow>
    </div>
  );
}

function QualityHead({ source, period, view }: QualityPageProps) {
  return (
    <section class="quality-head" aria-label={period.title}>
      <div class="quality-title">
        <h2>{period.title}</h2>
        <div class="quality-steps">
          <Step href={period.earlier && qualityUrl(source.id, period.earlier)} icon="back" label="The month before" />
          <Step href={period.later && qualityUrl(source.id, period.later)} icon="chevron" label="The month after" />
        </div>
      </div>
      <p class="quality-story">{tellQuality(view)}</p>
      <CoverageBars view={view} source={source} />
      <p class="hint">
        Each bar is a day of {source.timeZone.replaceAll('_', ' ')}: how much of it lies between readings that are close
        enough together.
        {period.key !== 'recent' && (
          <>
            {' '}
            <a href={qualityUrl(source.id)}>The last 30 days</a>
          </>
        )}
      </p>
    </section>
  );
}
