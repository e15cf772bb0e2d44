import { formatPower, joinShown } from '../../src/core/format.ts';
import type { AccuracyView, LeadView } from '../../src/forecast/forecast-view.ts';
import { type Rival, rivalsOf } from '../../src/forecast/pages/accuracy-words.ts';

/** A bar for Ampra's error at each lead time, and a mark for each forecast that learns nothing. The table says the same. */
export function LeadChart({ view }: { view: AccuracyView }) {
  const { quantity } = view.subject;
  const rivals = rivalsOf(quantity);
  const all = view.leads.flatMap((lead) => [lead.errorW, ...rivals.map(({ errorOf }) => errorOf(lead) ?? 0)]);
  const most = Math.max(1, ...all);
  return (
    <div class="leads">
      <ul class="leads-legend hint">
        <li>
          <svg class={`lead-mark ${quantity}`} viewBox="0 0 24 12" width="24" height="12" aria-hidden="true">
            <rect class="lead-bar" y="2" width="24" height="8" rx="2" />
          </svg>
          Ampra
        </li>
        {rivals.map((rival) => (
          <li title={rival.hint}>
            <svg class="lead-mark" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
              <RivalMark rival={rival} />
            </svg>
            {rival.label}
          </li>
        ))}
      </ul>
      <ol class="lead-rows">
        {view.leads.map((lead) => (
          <LeadRow lead={lead} rivals={rivals} most={most} energy={quantity} />
        ))}
      </ol>
    </div>
  );
}

interface LeadRowProps {
  lead: LeadView;
  rivals: readonly Rival[];
  most: number;
  energy: 'solar' | 'load';
}

function LeadRow({ lead, rivals, most, energy }: LeadRowProps) {
  const at = (watts: number): string => `${Math.round((watts / most) * 9600) / 100 + 2}%`;
  return (
    <li class="lead-row">
      <span class="lead-label">{lead.label}</span>
      <svg class={`lead-line ${energy}`} width="100%" height="20" aria-hidden="true">
        <rect class="lead-track" y="9" width="100%" height="2" />
        <rect
          class="lead-bar"
          x="2%"
          y="5"
          width={`${Math.round((lead.errorW / most) * 9600) / 100}%`}
          height="10"
          rx="2"
        />
        {rivals.map((rival) => {
          const error = rival.errorOf(lead);
          return (
            error !== null && (
              <svg class="lead-rival" x={at(error)} y="4" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
                <RivalMark rival={rival} />
              </svg>
            )
          );
        })}
      </svg>
      <span class="lead-figure num">{joinShown(formatPower(lead.errorW))}</span>
    </li>
  );
}

/** Told apart by shape. */
function RivalMark({ rival: { key } }: { rival: Rival }) {
  if (key === 'reference') return <path class="rival" d="M6 1 11 6 6 11 1 6Z" />;
  if (key === 'persistence') return <path class="rival" d="M6 1.5 11 10.5H1Z" />;
  return <circle class="rival" cx="6" cy="6" r="4.5" />;
}
