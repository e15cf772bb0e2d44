import { axisScale, tickDigits } from '../../src/core/axis.ts';
import { formatNumber } from '../../src/core/format.ts';
import type { AccuracyView, JudgedDayView } from '../../src/forecast/forecast-view.ts';
import { dateName, eveningBefore, shortDate } from '../../src/forecast/pages/accuracy-words.ts';
import { type ForecastPlace, type ForecastSpan, forecastUrl } from '../../src/forecast/pages/page-query.ts';
import { PanelAxis } from '../telemetry/chart.tsx';

interface JudgedDaysProps {
  view: AccuracyView;
  place: ForecastPlace;
}

/** More bars than this would be hairs. */
const MOST = 92;

/** Each day's total as it was said the evening before, and as it came. Each leads to the forecast of that evening. */
export function JudgedDays({ view, place }: JudgedDaysProps) {
  const days = view.days.slice(0, MOST).reverse();
  if (days.length === 0) return null;
  const scale = axisScale(
    days.flatMap((day) => [day.p90Kwh, day.actualKwh]),
    { hasZero: true },
  );
  const y = (kwh: number): string => `${Math.round(10_000 * (1 - kwh / scale.max)) / 100}%`;
  const every = Math.max(1, Math.ceil(days.length / 6));
  const missed = days.filter(({ isInside }) => !isInside).length;
  const words = `${days.length} days, ${missed} of them outside their band`;
  return (
    <section class="stack" aria-labelledby="judged-title">
      <header>
        <h2 id="judged-title">Day by day, as it was said the evening before</h2>
        <p class="hint">
          The bar holds 8 days in 10, the line in it is the most likely, the dot is what came; hollow where it lay
          outside.
        </p>
      </header>
      <p class="judged-read" id="judged-read" data-usual={words}>
        {words}
      </p>
      <div class={`panel panel-tall judged ${view.subject.quantity}`}>
        <p class="panel-unit" aria-hidden="true">
          kWh
        </p>
        <PanelAxis ticks={scale.ticks.map((tick) => [y(tick), formatNumber(tick, tickDigits(scale))])} />
        {/* biome-ignore lint/a11y/useSemanticElements: no element groups the links of a picture */}
        <svg class="panel-plot" width="100%" height="100%" role="group" aria-labelledby="judged-words">
          <title id="judged-words">{words}</title>
          {scale.ticks.map((tick) => (
            <line class={tick === 0 ? 'rule rule-zero' : 'rule'} x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
          ))}
          {days.map((day, i) => (
            <JudgedDay
              day={day}
              at={{ index: i, count: days.length }}
              y={y}
              href={dayUrl(view, place, day)}
              label={i % every === 0 ? shortDate(day.date) : ''}
            />
          ))}
        </svg>
      </div>
    </section>
  );
}

/** The forecast of a day as it stood the evening before. */
export const dayUrl = ({ timeZone }: AccuracyView, place: ForecastPlace, { date }: JudgedDayView): string =>
  forecastUrl(place, { span: date as ForecastSpan, at: eveningBefore(date, timeZone) });

interface JudgedDayProps {
  day: JudgedDayView;
  at: { index: number; count: number };
  y(kwh: number): string;
  href: string;
  label: string;
}

function JudgedDay({ day, at, y, href, label }: JudgedDayProps) {
  const share = 100 / at.count;
  const width = Math.min(3, share * 0.6);
  const percent = (n: number): string => `${Math.round(n * 100) / 100}%`;
  const middle = share * (at.index + 0.5);
  const [top, bottom] = [Number.parseFloat(y(day.p90Kwh)), Number.parseFloat(y(day.p10Kwh))];
  return (
    <a class="judged-day" href={href} aria-label={sayDay(day)}>
      <rect class="judged-touch" x={percent(share * at.index)} width={percent(share)} height="100%" />
      <rect
        class="odds-band"
        x={percent(middle - width / 2)}
        width={percent(width)}
        y={percent(top)}
        height={percent(Math.max(0.5, bottom - top))}
      />
      <line
        class="odds-middle"
        x1={percent(middle - width / 2)}
        x2={percent(middle + width / 2)}
        y1={y(day.p50Kwh)}
        y2={y(day.p50Kwh)}
      />
      <circle
        class={day.isInside ? 'judged-dot' : 'judged-dot is-outside'}
        cx={percent(middle)}
        cy={y(day.actualKwh)}
        r="3.5"
      />
      {label && (
        <text class="tick" x={percent(middle)} y="100%" dy="19">
          {label}
        </text>
      )}
    </a>
  );
}

function sayDay({ date, actualKwh, p10Kwh, p50Kwh, p90Kwh, isInside }: JudgedDayView): string {
  const [low, likely, high, came] = [p10Kwh, p50Kwh, p90Kwh, actualKwh].map((kwh) => formatNumber(kwh, 1));
  return `${dateName(date)}: ${came} kWh came, ${isInside ? 'within' : 'outside'} ${low} to ${high}, most likely ${likely}`;
}
