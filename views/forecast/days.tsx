import { formatNumber } from '../../src/core/format.ts';
import type { DayView } from '../../src/forecast/forecast-view.ts';
import type { ForecastQuantity } from '../../src/forecast/issue.ts';
import { dayName, isSettled, oddsText, quantityWords } from '../../src/forecast/pages/forecast-words.ts';
import { OddsBar } from '../parts/index.ts';

export interface ForecastDaysProps {
  days: readonly DayView[];
  quantity: ForecastQuantity;
  now: number;
  timeZone: string;
  /** The date that is shown alone above; null for all. */
  chosen: string | null;
  linkOf(day: DayView): string;
}

/** Each day's energy with its odds, on one scale; a day leads to its hours. */
export function ForecastDays({ days, quantity, now, timeZone, chosen, linkOf }: ForecastDaysProps) {
  const most = Math.max(0.1, ...days.flatMap(({ p90Kwh, cameKwh }) => [p90Kwh, cameKwh ?? 0]));
  return (
    <section aria-labelledby="forecast-days-title">
      <header class="section-head">
        <h2 id="forecast-days-title">Day by day</h2>
        <p class="hint">The bar holds 8 days in 10, the line in it is the most likely.</p>
      </header>
      <ol class="odds-days">
        {days.map((day) => (
          <li>
            <a
              class={day.date === chosen ? 'odds-day is-chosen' : 'odds-day'}
              href={linkOf(day)}
              {...(day.date === chosen ? { 'aria-current': 'true' as const } : {})}
            >
              <OddsDay day={day} name={dayName(day, now, timeZone)} quantity={quantity} most={most} now={now} />
            </a>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface OddsDayProps {
  day: DayView;
  name: string;
  quantity: ForecastQuantity;
  most: number;
  now: number;
}

function OddsDay({ day, name, quantity, most, now }: OddsDayProps) {
  const { low, likely, high } = oddsText(day);
  const { came } = quantityWords[quantity];
  const isDone = isSettled(day);
  const isOver = day.to <= now;
  return (
    <>
      <span class="odds-name">{name}</span>
      <span class="odds-likely">
        {!isDone && <span class="visually-hidden">most likely </span>}
        <span class="num">{isDone ? formatNumber(day.cameKwh ?? 0, 1) : likely}</span>
        <span class="unit"> kWh</span>
      </span>
      <OddsBar
        low={day.p10Kwh}
        likely={day.p50Kwh}
        high={day.p90Kwh}
        came={day.cameKwh}
        most={most}
        energy={quantity}
      />
      <span class="odds-words hint">
        {isDone ? (
          'no more to come'
        ) : low === high ? (
          'sure'
        ) : (
          <>
            between <span class="num">{low}</span> and <span class="num">{high}</span>
          </>
        )}
        {day.cameKwh !== null && (
          <>
            {'; '}
            <span class="odds-came num">{formatNumber(day.cameKwh, 1)}</span> {came}
            {isOver ? '' : ' so far'}
          </>
        )}
      </span>
    </>
  );
}
