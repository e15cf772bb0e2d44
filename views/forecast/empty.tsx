import type { ForecastFrame } from '../../src/forecast/pages/frames.ts';
import { EmptyState, LinkButton } from '../parts/index.ts';

/** There is no source, and so nothing to forecast. */
export function ForecastWithoutSources() {
  return (
    <EmptyState
      title="Nothing to forecast yet"
      isPage
      action={
        <LinkButton kind="primary" href="/sources/new" icon="plus">
          Add a source
        </LinkButton>
      }
    >
      A forecast is made for what a source measures: the sun on its panels, or what the house takes.
    </EmptyState>
  );
}

/** A source of which nothing is forecast, or of which the first forecast is on its way. */
export function NoForecastYet({ frame }: { frame: Pick<ForecastFrame, 'choice' | 'quantities' | 'waiting'> }) {
  const { choice, quantities, waiting } = frame;
  const [source] = choice.sources;
  if (quantities.length === 0)
    return (
      <EmptyState
        title="Waiting for the first reading"
        isPage
        action={
          source && (
            <LinkButton kind="primary" href={`/sources/${source.id}`}>
              How to connect it
            </LinkButton>
          )
        }
      >
        {source?.name ?? 'It'} has sent no power of the sun or of the house yet. The first forecast follows within
        minutes of its first readings: from the course of the sun at once, and surer once a few days have been learned
        from.
      </EmptyState>
    );
  if (waiting.problem !== null)
    return (
      <EmptyState title="No forecast could be made" isPage>
        {waiting.problem} It is tried again each quarter hour.
      </EmptyState>
    );
  return (
    <EmptyState
      title={waiting.isLearning ? 'Learning from what was measured' : 'The first forecast is being made'}
      isPage
    >
      It appears here by itself, within a minute or two.
    </EmptyState>
  );
}
