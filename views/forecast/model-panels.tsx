import type { ModelCard } from '../../src/forecast/model-card.ts';
import { isFound, panelFacts, panelLead, panelLines } from '../../src/forecast/pages/panel-words.ts';
import { Card, Facts, LinkButton } from '../parts/index.ts';

/** How the panels seem to lie, for whoever has not stated it; nothing where it is stated. */
export function SeenPanelsCard({ card, sourceId }: { card: ModelCard; sourceId: string }) {
  const { panels } = card;
  if (!panels) return null;
  const edit = `/sources/${sourceId}/edit`;
  const title = 'How the panels seem to lie';
  if (!isFound(panels))
    return (
      <Card id="model-panels" title={title} lead={panels.problem}>
        <LinkButton href={edit}>State how they lie</LinkButton>
      </Card>
    );
  return (
    <Card id="model-panels" title={title} lead={panelLead(panels)}>
      <Facts items={panelFacts(panels)} />
      <p class="hint">
        Whoever knows better says so in the source’s form; these would be its lines:{' '}
        {panelLines(panels).map((line) => (
          <>
            <code>{line}</code>{' '}
          </>
        ))}
      </p>
      <LinkButton href={edit}>State how they lie</LinkButton>
    </Card>
  );
}
