import { formatNumber } from '../../src/core/format.ts';
import type { CardFeature, ModelCard } from '../../src/forecast/model-card.ts';
import { featureWords } from '../../src/forecast/pages/model-words.ts';
import { Table } from '../parts/index.ts';

/** So many are shown at once; the others follow on request. */
const FIRST = 8;

/** What the model looks at, the weightiest first. */
export function ModelFeatures({ card }: { card: ModelCard }) {
  const features = [...card.features].sort((a, b) => b.importance - a.importance);
  const most = Math.max(1e-9, features[0]?.importance ?? 0);
  const rest = features.slice(FIRST);
  return (
    <section class="stack" aria-labelledby="features-title">
      <header>
        <h2 id="features-title">What it looks at</h2>
        <p class="hint">By how much each moved the forecasts of this place, as shares of all.</p>
      </header>
      <FeatureTable features={features.slice(0, FIRST)} most={most} caption="The weightiest" />
      {rest.length > 0 && (
        <details class="fold" id="other-features">
          <summary>{rest.length} more</summary>
          <FeatureTable features={rest} most={most} caption="The others" />
        </details>
      )}
    </section>
  );
}

function FeatureTable(props: { features: readonly CardFeature[]; most: number; caption: string }) {
  const { features, most, caption } = props;
  return (
    <Table
      caption={caption}
      rows={features}
      columns={[
        { label: 'What it is', isHeader: true, cell: (feature) => featureWords(feature).meaning },
        { label: 'Share', isNumber: true, cell: ({ importance }) => <Share share={importance} most={most} /> },
        { label: 'Counted in', cell: (feature) => featureWords(feature).unit },
        { label: 'Name', cell: ({ name }) => <code>{name}</code> },
      ]}
    />
  );
}

function Share({ share, most }: { share: number; most: number }) {
  return (
    <span class="weight">
      <svg class="weight-bar" width="64" height="8" aria-hidden="true">
        <rect class="held-track" width="64" height="8" rx="2" />
        <rect class="held-fill" width={Math.round((share / most) * 640) / 10} height="8" rx="2" />
      </svg>
      <span>{share > 0 && share < 0.001 ? '< 0.1 %' : `${formatNumber(share * 100, 1)} %`}</span>
    </span>
  );
}
