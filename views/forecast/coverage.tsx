import type { AccuracyView } from '../../src/forecast/forecast-view.ts';
import { coverageText, coverageWords } from '../../src/forecast/pages/accuracy-words.ts';

/** How often what came lay within the bands, against what they promise. */
export function Coverage({ view }: { view: AccuracyView }) {
  const unit = view.subject.quantity === 'solar' ? 'quarter hours by day' : 'quarter hours';
  return (
    <section class="stack" aria-labelledby="coverage-title">
      <header>
        <h2 id="coverage-title">Do the bands hold?</h2>
        <p class="hint">They promise to hold 80 %: more is too careful, less is too sure.</p>
      </header>
      <div class="coverage-pair">
        <Held name="Power, up to two days ahead" {...view.coverage} of={unit} />
        <Held name="Totals of days, said the day before" {...view.dayCoverage} of="days" />
      </div>
    </section>
  );
}

interface HeldProps {
  name: string;
  share: number | null;
  judged: number;
  wanted: number;
  of: string;
}

function Held({ name, share, judged, wanted, of }: HeldProps) {
  return (
    <div class="held">
      <p class="stat-label">{name}</p>
      <p class="stat-value">
        <span class="stat-number">{coverageText(share)}</span>
      </p>
      <svg class="held-bar" width="100%" height="18" aria-hidden="true">
        <rect class="held-track" y="5" width="100%" height="8" rx="2" />
        {share !== null && (
          <rect class="held-fill" y="5" width={`${Math.round(share * 1000) / 10}%`} height="8" rx="2" />
        )}
        <line class="held-wanted" x1={`${wanted * 100}%`} x2={`${wanted * 100}%`} y1="0" y2="18" />
      </svg>
      <p>{coverageWords(share, judged, wanted)}</p>
      <p class="hint">
        Of {judged.toLocaleString('en-GB')} {of}.
      </p>
    </div>
  );
}
