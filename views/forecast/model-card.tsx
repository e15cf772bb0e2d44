import { formatDate, formatDuration, formatNumber, formatPower, joinShown } from '../../src/core/format.ts';
import type { ModelView } from '../../src/forecast/forecast-view.ts';
import { trialWords, weatherWords } from '../../src/forecast/pages/model-words.ts';
import { Card, Facts } from '../parts/index.ts';

/** The card of the model that serves: from what it learned, and how it did when it was tried. */
export function ModelCardView({ model, timeZone }: { model: ModelView; timeZone: string }) {
  const { card } = model;
  const { window, leftOut, trial } = card;
  const day = (time: number): string => formatDate(time, timeZone, 'date');
  const hours = (intervals: number): string => `${formatNumber((intervals * card.stepMs) / 3_600_000)} h`;
  const power = (watts: number): string => joinShown(formatPower(watts));
  return (
    <Card id="model-card" title="The model that serves" lead={trialWords(card)}>
      <Facts
        items={[
          ['Learned on', formatDate(model.madeAt, timeZone, 'dateTime')],
          ['Learned from', `${window.days} days, ${day(window.from)} to ${day(window.to)}`],
          ['In steps of', formatDuration(card.stepMs)],
          ['Weather', weatherWords(card)],
          [
            'Left out',
            `${hours(leftOut.gaps)} not measured, ${hours(leftOut.curtailed)} held back or faulty, ${hours(leftOut.clipped)} at a limit`,
          ],
          ...(card.clipW === null ? [] : [['Never above', power(card.clipW)] as const]),
          ['Tried on', `${trial.challenger.days} days, ${day(trial.from)} to ${day(trial.to - 1)}`],
          ['Error when tried', `${power(trial.challenger.mae)}, on average ${bias(trial.challenger.bias)}`],
          [
            'Held by its band',
            trial.challenger.coverage === null
              ? '-'
              : `${formatNumber(trial.challenger.coverage * 100)} %, and 80 % are promised`,
          ],
          ['Learning took', formatDuration(card.tookMs)],
          ['Version', <code>{model.version}</code>],
        ]}
      />
    </Card>
  );
}

const bias = (watts: number): string =>
  Math.abs(watts) < 0.5
    ? 'neither too high nor too low'
    : `${joinShown(formatPower(Math.abs(watts)))} too ${watts > 0 ? 'high' : 'low'}`;
