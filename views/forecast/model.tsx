import { formatDate } from '../../src/core/format.ts';
import type { ModelsView, ModelView } from '../../src/forecast/forecast-view.ts';
import type { ModelFrame } from '../../src/forecast/pages/frames.ts';
import { modelHeadline, modelLead, trialWords } from '../../src/forecast/pages/model-words.ts';
import { forecastUrl } from '../../src/forecast/pages/page-query.ts';
import { lastSeen } from '../../src/forecast/pages/panel-words.ts';
import { Button, Card, Form, FormActions, LinkButton } from '../parts/index.ts';
import { ForecastPageTabs, ForecastScopeTabs, OfWhat } from './forecast-tabs.tsx';
import { ModelCardView } from './model-card.tsx';
import { ModelFeatures } from './model-features.tsx';
import { SeenPanelsCard } from './model-panels.tsx';
import { ModelVersions } from './model-versions.tsx';
import { Training } from './training.tsx';

/** The Model page: what was learned here, from what, and how well; and the way to learn anew or to go back. */
export function ModelPage({ frame }: { frame: ModelFrame }) {
  const { place } = frame;
  const events = forecastUrl(place, {}, 'forecast/model/events');
  return (
    <div class="forecast">
      <ForecastPageTabs scope={frame} page="forecast/model" />
      <ForecastScopeTabs scope={frame} page="forecast/model" />
      <div id="model" class="forecast-part" hx-sse:connect={events} hx-swap="innerMorph" hx-target="this">
        <ModelBody frame={frame} />
      </div>
    </div>
  );
}

/** What an event replaces, a training's progress among it. */
export function ModelBody({ frame }: { frame: ModelFrame }) {
  const { view, source, now } = frame;
  const { serving } = view;
  const seen = lastSeen(view);
  return (
    <>
      <header class="forecast-head">
        <h1>{modelHeadline(view, now)}</h1>
        <p class="page-lead">
          <OfWhat scope={frame} />
          {modelLead(view)}
        </p>
      </header>
      <Training view={view} sourceId={source.id} now={now} />
      <Challenger view={view} />
      {serving && <ModelCardView model={serving} timeZone={view.timeZone} />}
      {seen && source.arrays.length === 0 && <SeenPanelsCard panels={seen} sourceId={source.id} />}
      {serving && <ModelFeatures card={serving.card} />}
      <ModelVersions view={view} sourceId={source.id} />
    </>
  );
}

/** The newest model that was tried and does not serve. */
function Challenger({ view }: { view: ModelsView }) {
  const newest = view.others.find(({ state }) => state === 'challenger');
  if (!newest || newest.madeAt < (view.serving?.madeAt ?? 0)) return null;
  return (
    <Card
      title="The newest one tried does not serve"
      lead={`Learned on ${formatDate(newest.madeAt, view.timeZone, 'dateTime')}.`}
    >
      <p>{trialWords(newest.card)}</p>
    </Card>
  );
}

interface PutBackProps {
  model: ModelView;
  serving: ModelView | null;
  timeZone: string;
  sourceId: string;
  backUrl: string;
}

/** Asks before a model that served before takes the place of the one that serves. */
export function PutBackPage({ model, serving, timeZone, sourceId, backUrl }: PutBackProps) {
  const name = (one: ModelView): string => formatDate(one.madeAt, timeZone, 'dateTime');
  return (
    <Card title={`The model of ${name(model)}`} lead={`It learned from ${model.card.window.days} days.`}>
      <p>{trialWords(model.card)}</p>
      <p>
        {serving
          ? `It would serve in the place of the one of ${name(serving)}, which is kept and can be put back the same way.`
          : 'Nothing learned serves at present.'}{' '}
        A new forecast is made with it at once. The next night a new model is tried against it as always.
      </p>
      <Form action={`/sources/${sourceId}/forecast/models/${model.version}/put-back`}>
        <FormActions>
          <Button kind="primary">Put it back</Button>
          <LinkButton href={backUrl}>Leave things as they are</LinkButton>
        </FormActions>
      </Form>
    </Card>
  );
}
