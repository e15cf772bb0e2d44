import { formatDate, formatEnergy, formatNumber, joinShown, lowered } from '../../src/core/format.ts';
import { findMetric } from '../../src/core/metrics.ts';
import { isOfUnknown } from '../../src/sources/refused-words.ts';
import type { Source } from '../../src/sources/source.ts';
import { newCorrectionUrl } from '../../src/telemetry/corrections/correction-form.ts';
import { tellPowers } from '../../src/telemetry/power-oddities.ts';
import type { CounterOddity, QualityView } from '../../src/telemetry/quality/quality-view.ts';
import { counterTitle, isCorrectable, tellArrivals, tellSound } from '../../src/telemetry/quality/quality-words.ts';

/** How readings came: each oddity with what was done about it, then what was in order. */
export function ArrivalOddities({ view, source }: { view: QualityView; source: Source }) {
  const oddities = tellArrivals(view);
  const powers = tellPowers(view, source);
  return (
    <>
      {oddities.length + powers.length > 0 && (
        <ul class="oddities">
          {oddities.map(({ title, found, done }) => (
            <li class="oddity">
              <h3>{title}</h3>
              <p>{found}</p>
              <p class="hint">{done}</p>
            </li>
          ))}
          {powers.map(({ title, found, done, url }) => (
            <li class="oddity">
              <h3>{title}</h3>
              <p>{found}</p>
              <p class="hint">{done}</p>
              <p>
                <a href={url}>Take it out of charts, too</a>
              </p>
            </li>
          ))}
        </ul>
      )}
      {tellSound(view).map((sentence) => (
        <p class="oddities-sound">{sentence}</p>
      ))}
      {view.refused.some(({ reason }) => !isOfUnknown(reason)) && (
        <p>
          <a href={`/sources/${source.id}/refused`}>The messages that were not stored</a>
        </p>
      )}
    </>
  );
}

/** What counters did other than counting on, newest first. */
export function CounterOddities({ view, source }: { view: QualityView; source: Source }) {
  return (
    <ul class="oddities">
      {view.counters.map((oddity) => (
        <li class="oddity">
          <h3>
            {findMetric(oddity.metric)?.label ?? oddity.metric}: {lowered(counterTitle(oddity.kind))}
          </h3>
          <p>{sayCounter(oddity, source.timeZone)}</p>
          <p class="hint">
            {oddity.done}
            {oddity.kwh > 0.005 && ` Counted for it: ${joinShown(formatEnergy(oddity.kwh))}.`}
          </p>
          {isCorrectable(oddity.kind) && (
            <p>
              <a href={jumpUrl(source, oddity)}>Say what it counted instead</a>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function sayCounter({ times, newest, before, after }: CounterOddity, timeZone: string): string {
  const when = formatDate(newest, timeZone, 'dateTime');
  const step = `from ${formatNumber(before, 2)} to ${formatNumber(after, 2)}\u00a0kWh`;
  return times === 1 ? `${when}, ${step}.` : `${formatNumber(times)} times, the newest ${when}, ${step}.`;
}

function jumpUrl(source: Source, { metric, newest }: CounterOddity): string {
  return newCorrectionUrl(source.id, { kind: 'jump', metric, from: new Date(newest).toISOString() });
}
