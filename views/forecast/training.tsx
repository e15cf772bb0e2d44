import { formatAge } from '../../src/core/format.ts';
import type { ToldJob } from '../../src/core/jobs.ts';
import type { ModelsView } from '../../src/forecast/forecast-view.ts';
import { Button, Card, Form, Progress } from '../parts/index.ts';

/** What is being learned, when it was last, and the button that starts it. */
export function Training({ view, sourceId, now }: { view: ModelsView; sourceId: string; now: number }) {
  const { job, isAutomatic, subject } = view;
  const isBusy = job?.state === 'queued' || job?.state === 'running';
  return (
    <Card
      id="training"
      title="Learning"
      lead={
        isAutomatic
          ? 'Each night it learns anew from all that was measured; the new model serves only if it does better.'
          : 'It learns when you ask for it. Under Account it can learn each night by itself.'
      }
      actions={
        <Form action={`/sources/${sourceId}/forecast/train`} class="inline-form">
          <input type="hidden" name="of" value={subject.quantity} />
          <Button kind="primary" icon="refresh" disabled={isBusy}>
            {isBusy ? 'Learning' : 'Learn now'}
          </Button>
        </Form>
      }
    >
      <div class="training-state">
        {job ? (
          <State job={job} now={now} hasModel={view.serving !== null || view.others.length > 0} />
        ) : (
          <p>Nobody has asked for it lately.</p>
        )}
      </div>
    </Card>
  );
}

function State({ job, now, hasModel }: { job: ToldJob; now: number; hasModel: boolean }) {
  const { state, progress, text, error, finishedAt } = job;
  if (state === 'queued') return <Progress label="Waiting for its turn" share={null} />;
  if (state === 'running') return <Progress label={text ?? 'Learning'} share={progress} />;
  const when = finishedAt === null ? '' : ` ${formatAge(now - finishedAt)}`;
  if (state === 'succeeded')
    return hasModel ? <p>Learned{when}.</p> : <p>Looked{when}: there are too few measured days to learn from yet.</p>;
  return (
    <p>
      It did not work out{when}: {error ?? 'nobody knows why'}. {state === 'failed' ? 'It is tried once more.' : ''}
    </p>
  );
}
