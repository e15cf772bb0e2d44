import { isFound, panelFacts, panelLead, panelLines } from '../../src/forecast/pages/panel-words.ts';
import type { SeenPanels } from '../../src/forecast/train/seen-panels.ts';
import { Card, Facts, LinkButton } from '../parts/index.ts';

/** How the panels seem to lie, for whoever has not stated it. */
export function SeenPanelsCard({ panels, sourceId }: { panels: SeenPanels; sourceId: string }) {
  const isSeen = isFound(panels);
  return (
    <Card id="model-panels" title="How the panels seem to lie" lead={isSeen ? panelLead(panels) : panels.problem}>
      {isSeen && (
        <>
          <Facts items={panelFacts(panels)} />
          <p class="hint">
            Whoever knows better says so in the source’s form; these would be its lines:{' '}
            {panelLines(panels).map((line) => (
              <>
                <code>{line}</code>{' '}
              </>
            ))}
          </p>
        </>
      )}
      <LinkButton href={`/sources/${sourceId}/edit`}>State how they lie</LinkButton>
    </Card>
  );
}
