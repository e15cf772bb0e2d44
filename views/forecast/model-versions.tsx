import { formatDate, formatPower, joinShown } from '../../src/core/format.ts';
import type { ModelsView, ModelView } from '../../src/forecast/forecast-view.ts';
import { wasTried } from '../../src/forecast/pages/model-words.ts';
import { Badge, type BadgeKind, EmptyState, LinkButton, Table } from '../parts/index.ts';

const states: Record<ModelView['state'], readonly [BadgeKind, string]> = {
  serving: ['ok', 'serves'],
  challenger: ['off', 'did not win'],
  retired: ['plain', 'served before'],
};

/** All models that are remembered; those that served can be put back. */
export function ModelVersions({ view, sourceId }: { view: ModelsView; sourceId: string }) {
  const { serving, others, timeZone } = view;
  const rows = [...(serving ? [serving] : []), ...others];
  return (
    <section class="stack" aria-labelledby="versions-title">
      <h2 id="versions-title">Models so far</h2>
      <Table
        caption="Models, the serving one first"
        rows={rows}
        empty={
          <EmptyState title="Nothing has been learned yet">
            It begins by itself when a few days have been measured, or with the button above.
          </EmptyState>
        }
        columns={[
          { label: 'Learned on', isHeader: true, cell: (model) => formatDate(model.madeAt, timeZone, 'dateTime') },
          { label: 'State', cell: ({ state }) => <Badge kind={states[state][0]}>{states[state][1]}</Badge> },
          { label: 'From', isNumber: true, cell: ({ card }) => `${card.window.days} days` },
          {
            label: 'Error when tried',
            isNumber: true,
            cell: ({ card }) => (wasTried(card) ? joinShown(formatPower(card.trial.challenger.mae)) : '-'),
          },
          { label: '', cell: (model) => <PutBack model={model} sourceId={sourceId} /> },
        ]}
      />
    </section>
  );
}

function PutBack({ model, sourceId }: { model: ModelView; sourceId: string }) {
  if (!model.canBePutBack)
    return <span class="hint">{model.state === 'challenger' ? 'only its card is kept' : ''}</span>;
  return (
    <LinkButton small href={`/sources/${sourceId}/forecast/models/${model.version}/put-back`}>
      Put back
    </LinkButton>
  );
}
