import { formatNumber } from '../../src/core/format.ts';
import type { ForecastQuantity } from '../../src/forecast/issue.ts';
import { dayName, isSettled, oddsText } from '../../src/forecast/pages/forecast-words.ts';
import type { Outlook } from '../../src/forecast/pages/outlook.ts';
import { forecastUrl } from '../../src/forecast/pages/page-query.ts';
import type { Source } from '../../src/sources/source.ts';
import { ButtonRow, Card, EnergyMark, LinkButton, OddsBar } from '../parts/index.ts';

interface OutlookDaysProps {
  outlook: Outlook;
  now: number;
  timeZone: string;
}

/** Today and tomorrow with their odds, on one scale. */
function OutlookDays({ outlook: { days, quantity }, now, timeZone }: OutlookDaysProps) {
  const most = Math.max(0.1, ...days.map(({ p90Kwh }) => p90Kwh));
  return (
    <ul class="outlook-days">
      {days.map((day) => {
        const { low, likely, high } = oddsText(day);
        return (
          <li>
            <span>{dayName(day, now, timeZone)}</span>
            <span class="outlook-likely">
              <span class="visually-hidden">most likely </span>
              <span class="num">{isSettled(day) ? formatNumber(day.p50Kwh, 1) : likely}</span>{' '}
              <span class="unit">kWh</span>
            </span>
            <OddsBar low={day.p10Kwh} likely={day.p50Kwh} high={day.p90Kwh} came={null} most={most} energy={quantity} />
            <span class="hint">{isSettled(day) ? 'no more to come' : `8 days in 10 between ${low} and ${high}`}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** The hours to come on the Live page. */
export function OutlookTile({ show, ...props }: OutlookDaysProps & { show: string }) {
  const { quantity } = props.outlook;
  return (
    <section class="outlook-tile" id="outlook" aria-labelledby="outlook-title">
      <header class="outlook-head">
        <h2 id="outlook-title">
          <EnergyMark energy={quantity} /> {quantity === 'solar' ? 'Sun to come' : 'Use to come'}
        </h2>
        <a class="outlook-more" href={forecastUrl({ show, quantity })}>
          Forecast
        </a>
      </header>
      <OutlookDays {...props} />
    </section>
  );
}

interface SourceForecastCardProps {
  source: Source;
  quantity: ForecastQuantity;
  outlook: Outlook | null;
  now: number;
}

/** What is forecast of a source, on its page. */
export function SourceForecastCard({ source, quantity, outlook, now }: SourceForecastCardProps) {
  const place = { show: `source:${source.id}`, quantity };
  return (
    <Card
      id="source-forecast"
      title="What is forecast"
      lead="What will come of it, how sure that is, and what was learned."
    >
      {outlook ? (
        <OutlookDays outlook={outlook} now={now} timeZone={source.timeZone} />
      ) : (
        <p>The first forecast is being made.</p>
      )}
      <ButtonRow>
        <LinkButton href={forecastUrl(place)}>Forecast</LinkButton>
        <LinkButton href={forecastUrl(place, {}, 'forecast/accuracy')}>How often it was right</LinkButton>
        <LinkButton href={forecastUrl(place, {}, 'forecast/model')}>Model</LinkButton>
      </ButtonRow>
    </Card>
  );
}
