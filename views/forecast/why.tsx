import { formatDate, formatPower, joinShown } from '../../src/core/format.ts';
import type { ForecastState } from '../../src/forecast/forecast-view.ts';
import type { ForecastQuantity } from '../../src/forecast/issue.ts';
import type { FanHour } from '../../src/forecast/pages/fan-model.ts';
import { noReasons, type ReasonText, reasonTexts } from '../../src/forecast/pages/forecast-words.ts';
import { Step } from '../parts/index.ts';

export interface WhyProps {
  hour: FanHour;
  state: ForecastState;
  quantity: ForecastQuantity;
  timeZone: string;
  issuedAt: number;
  previous: string | null;
  next: string | null;
}

/** An hour's odds, and the three things that moved it. */
export function Why({ hour, state, quantity, timeZone, issuedAt, previous, next }: WhyProps) {
  const { step, cameW } = hour;
  const reasons = reasonTexts(step.reasons, quantity);
  const most = Math.max(1, ...reasons.map(({ effectW }) => Math.abs(effectW)));
  const shown = (watts: number | null): string => joinShown(formatPower(watts));
  return (
    <section class="why" aria-labelledby="why-title">
      <header class="why-head">
        <div>
          <h2 id="why-title">
            Why? {formatDate(hour.from, timeZone, 'time')} to {formatDate(hour.to, timeZone, 'time')}
          </h2>
          <p class="hint">{formatDate(hour.from, timeZone, 'date')}</p>
        </div>
        <div class="why-steps">
          <Step href={previous} icon="back" label="The hour before" data-why="previous" />
          <Step href={next} icon="chevron" label="The hour after" data-why="next" />
        </div>
      </header>
      <dl class="why-figures">
        <Figure name="Most likely" value={shown(step.p50W)} />
        <Figure name="8 times in 10 between" value={`${shown(step.p10W)} and ${shown(step.p90W)}`} />
        <Figure name={quantity === 'solar' ? 'Physics alone' : 'Usual then'} value={shown(step.referenceW)} />
        <Figure name="Measured" value={shown(cameW)} />
      </dl>
      {reasons.length > 0 ? (
        <>
          <p class="hint">What moved it most, away from what is usual at this hour:</p>
          <ol class={`why-reasons ${quantity}`}>
            {reasons.map((reason) => (
              <Reason reason={reason} most={most} />
            ))}
          </ol>
        </>
      ) : (
        <p class="why-none">{noReasons(hour, state, quantity, issuedAt)}</p>
      )}
      {!step.hasWeather && step.to > issuedAt && (
        <p class="hint">No weather is known of this hour, so its band is wider.</p>
      )}
    </section>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="num">{value}</dd>
    </div>
  );
}

/** From the middle to the right what adds, to the left what takes. */
function Reason({ reason, most }: { reason: ReasonText; most: number }) {
  const { effectW } = reason;
  const length = Math.max(1, Math.round((Math.abs(effectW) / most) * 500) / 10);
  return (
    <li class="why-reason">
      <p>
        <span class="why-name">{reason.name}</span> <span class="num why-effect">{reason.effect}</span>
      </p>
      <svg class="why-bar" width="100%" height="8" aria-hidden="true">
        <rect class="why-track" width="100%" height="8" rx="2" />
        <rect
          class={effectW < 0 ? 'why-fill is-less' : 'why-fill'}
          x={`${effectW < 0 ? 50 - length : 50}%`}
          width={`${length}%`}
          height="8"
        />
        <line class="why-zero" x1="50%" x2="50%" y1="0" y2="8" />
      </svg>
      <p class="hint">{reason.hint}</p>
    </li>
  );
}
