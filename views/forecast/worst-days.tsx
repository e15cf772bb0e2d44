import { formatNumber } from '../../src/core/format.ts';
import type { AccuracyView } from '../../src/forecast/forecast-view.ts';
import { dateName } from '../../src/forecast/pages/accuracy-words.ts';
import type { ForecastPlace } from '../../src/forecast/pages/page-query.ts';
import { OddsBar } from '../parts/index.ts';
import { dayUrl } from './judged-days.tsx';

/** The days that came furthest from what was said of them, and what explains it. */
export function WorstDays({ view, place }: { view: AccuracyView; place: ForecastPlace }) {
  const { worst } = view;
  if (worst.length === 0) return null;
  const most = Math.max(0.1, ...worst.flatMap(({ p90Kwh, actualKwh }) => [p90Kwh, actualKwh]));
  return (
    <section class="stack" aria-labelledby="worst-title">
      <h2 id="worst-title">The worst days, and why</h2>
      <ol class="worst-days">
        {worst.map((day) => (
          <li class="worst-day">
            <p class="worst-name">
              <a href={dayUrl(view, place, day)}>{dateName(day.date)}</a>
              <span class="num">
                {formatNumber(Math.abs(day.errorKwh), 1)} kWh {day.errorKwh > 0 ? 'too high' : 'too low'}
              </span>
            </p>
            <OddsBar
              low={day.p10Kwh}
              likely={day.p50Kwh}
              high={day.p90Kwh}
              came={day.actualKwh}
              most={most}
              energy={view.subject.quantity}
            />
            <p class="hint">
              Said {formatNumber(day.p50Kwh, 1)} kWh, between {formatNumber(day.p10Kwh, 1)} and{' '}
              {formatNumber(day.p90Kwh, 1)}; {formatNumber(day.actualKwh, 1)} came.
            </p>
            {day.because.map((sentence) => (
              <p>{sentence}</p>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
