import { capitalised, formatNumber } from '../../src/core/format.ts';
import type { BlendPart, ModelsView } from '../../src/forecast/forecast-view.ts';
import { type Column, Table } from '../parts/index.ts';

/** Less than this is nothing to speak of. */
const SHOWN = 0.02;

/** Whose word counts how much in the forecast, by part of the day; moved by how each did. */
export function Blend({ models }: { models: ModelsView }) {
  const { blend, parts, serving } = models;
  const heard = blend.filter(({ start, weights }) => start >= SHOWN || weights.some((weight) => weight >= SHOWN));
  const silent = blend.filter((part) => !heard.includes(part));
  const percent = (share: number): string => `${formatNumber(share * 100)} %`;
  const columns: Column<BlendPart>[] = [
    { label: 'Forecaster', isHeader: true, cell: ({ label }) => capitalised(label) },
    ...parts.map((name, at) => ({
      label: capitalised(name),
      isNumber: true,
      cell: ({ weights }: BlendPart) => <Weight share={weights[at] ?? 0} text={percent(weights[at] ?? 0)} />,
    })),
    { label: 'At the start', isNumber: true, cell: ({ start }) => percent(start) },
  ];
  return (
    <section class="stack" aria-labelledby="blend-title">
      <header>
        <h2 id="blend-title">Whose word counts how much</h2>
        <p class="hint">
          {serving
            ? 'The forecast is a blend. Each night the weights move towards those that did better here.'
            : 'Until something has been learned here, one forecaster speaks alone.'}
        </p>
      </header>
      <Table caption="Weights of the blend by part of the day" columns={columns} rows={heard} />
      {serving && silent.length > 0 && (
        <p class="hint">Tried, and not heard at present: {silent.map(({ label }) => label).join(', ')}.</p>
      )}
    </section>
  );
}

function Weight({ share, text }: { share: number; text: string }) {
  return (
    <span class="weight">
      <svg class="weight-bar" width="64" height="8" aria-hidden="true">
        <rect class="held-track" width="64" height="8" rx="2" />
        <rect class="held-fill" width={Math.round(share * 640) / 10} height="8" rx="2" />
      </svg>
      <span>{text}</span>
    </span>
  );
}
