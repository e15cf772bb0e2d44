import type { DayView } from '../../src/forecast/forecast-view.ts';
import { daysOfSpan, type FanHour, hourToExplain } from '../../src/forecast/pages/fan-model.ts';
import { dayName, headlineOf, hourSentence, leadOf, oddsWords } from '../../src/forecast/pages/forecast-words.ts';
import type { ForecastFrame } from '../../src/forecast/pages/frames.ts';
import { type ForecastSpan, forecastUrl } from '../../src/forecast/pages/page-query.ts';
import { LinkButton, Tabs } from '../parts/index.ts';
import { CallBack, CalledBack } from './call-back.tsx';
import { ForecastDays } from './days.tsx';
import { NoForecastYet } from './empty.tsx';
import { FanChart, FanLegend } from './fan-chart.tsx';
import { ForecastFoot } from './foot.tsx';
import { ForecastTable } from './forecast-table.tsx';
import { ForecastPageTabs, ForecastScopeTabs } from './forecast-tabs.tsx';
import { CapacityNotices, ForecastNotices } from './notices.tsx';
import { Why } from './why.tsx';

/** The Forecast page: what will come, how sure. The newest one renews itself. */
export function ForecastPage({ frame }: { frame: ForecastFrame }) {
  const { request, place } = frame;
  const { span, hour } = request;
  const isLive = request.at === null && !request.isTable;
  const events = forecastUrl(place, { span, hour }, 'forecast/events');
  return (
    <div class="forecast">
      <ForecastPageTabs scope={frame} page="forecast" />
      <div
        id="forecast-live"
        class="forecast-part"
        {...(isLive ? { 'hx-sse:connect': events, 'hx-swap': 'none', 'hx-target': 'this' } : {})}
      >
        <div id="forecast-now" class="forecast-part">
          <ForecastNow frame={frame} />
        </div>
        <div id="why" aria-live="polite">
          <ForecastWhy frame={frame} />
        </div>
        <div id="forecast-days" class="forecast-part">
          <ForecastLater frame={frame} />
        </div>
      </div>
      <CallBack frame={frame} />
      <ForecastScopeTabs scope={frame} page="forecast" />
    </div>
  );
}

/** What an event replaces: all but the explanation of the hour that was chosen. */
export function ForecastNews({ frame }: { frame: ForecastFrame }) {
  return (
    <>
      <hx-partial hx-target="#forecast-now" hx-swap="innerMorph">
        <ForecastNow frame={frame} />
      </hx-partial>
      <hx-partial hx-target="#forecast-days" hx-swap="innerMorph">
        <ForecastLater frame={frame} />
      </hx-partial>
    </>
  );
}

/** The answer, and the picture of it. */
function ForecastNow({ frame }: { frame: ForecastFrame }) {
  const { shown, request, now, timeZone, place } = frame;
  const days = shown ? daysOfSpan(shown.view, request.span) : [];
  const [day] = days;
  if (!shown || !day) return <NoForecastYet frame={frame} />;
  const { view, model } = shown;
  const chosen = hourToExplain(model, request.hour);
  const linkOf = (hour: FanHour) => hourUrl(frame, hour);
  const words = chosen ? hourSentence(chosen, timeZone) : '\u00a0';
  return (
    <>
      <header class="forecast-head">
        <h1>{headlineOf(view, day, now)}</h1>
        <p class="page-lead">{leadOf(view, day, now)}</p>
        <CalledBack frame={frame} />
      </header>
      <ForecastNotices frame={frame} />
      <SpanTabs frame={frame} />
      {request.isTable ? (
        <ForecastTable model={model} isSolar={place.quantity === 'solar'} linkOf={linkOf} />
      ) : (
        <section class="fan-card" aria-label="Chart">
          <p class="fan-read" id="fan-read" data-usual={words}>
            {words}
          </p>
          <FanChart
            model={model}
            energy={place.quantity}
            title={fanTitle(frame, days)}
            chosen={chosen}
            linkOf={linkOf}
          />
          <FanLegend energy={place.quantity} hasCome={model.came.length > 0} />
        </section>
      )}
    </>
  );
}

/** The days and their age. */
function ForecastLater({ frame }: { frame: ForecastFrame }) {
  const { shown, request, now, timeZone, place } = frame;
  if (!shown) return null;
  const { days } = shown.view;
  const [day] = daysOfSpan(shown.view, request.span);
  return (
    <>
      <ForecastDays
        days={days}
        quantity={place.quantity}
        now={now}
        timeZone={timeZone}
        chosen={request.span === 'week' ? null : (day?.date ?? null)}
        linkOf={(one) => forecastUrl(place, { span: spanOfDay(days, one), at: request.at })}
      />
      <CapacityNotices frame={frame} />
      <ForecastFoot frame={frame} />
    </>
  );
}

/** An hour's odds and reasons; also what the browser asks for when another hour is chosen. */
export function ForecastWhy({ frame }: { frame: ForecastFrame }) {
  const { shown, request, place, timeZone } = frame;
  if (!shown) return null;
  const { model, view } = shown;
  const hour = hourToExplain(model, request.hour);
  if (!hour) return null;
  const index = model.hours.indexOf(hour);
  const linkAt = (at: number): string | null => {
    const other = model.hours[at];
    return other ? hourUrl(frame, other) : null;
  };
  return (
    <Why
      hour={hour}
      state={view.state}
      quantity={place.quantity}
      timeZone={timeZone}
      issuedAt={view.issuedAt}
      previous={linkAt(index - 1)}
      next={linkAt(index + 1)}
    />
  );
}

const hourUrl = ({ place, request }: ForecastFrame, hour: FanHour): string =>
  `${forecastUrl(place, { span: request.span, at: request.at, hour: hour.from })}#why`;

function spanOfDay(days: readonly DayView[], day: DayView): ForecastSpan {
  const index = days.indexOf(day);
  if (index === 0) return 'today';
  return index === 1 ? 'tomorrow' : (day.date as ForecastSpan);
}

function SpanTabs({ frame }: { frame: ForecastFrame }) {
  const { shown, request, place, now, timeZone } = frame;
  if (!shown) return null;
  const { at, isTable } = request;
  const days = shown.view.days;
  const isAlone = daysOfSpan(shown.view, request.span)[0];
  const tab = (span: ForecastSpan, label: string, isActive: boolean) => ({
    label,
    isActive,
    href: forecastUrl(place, { span, at, isTable }),
  });
  const [first, second] = days;
  const other = isAlone && isAlone !== first && isAlone !== second && request.span !== 'week' ? isAlone : null;
  return (
    <div class="forecast-row">
      <Tabs
        label="Which days"
        tabs={[
          ...(first ? [tab('today', dayName(first, now, timeZone), request.span !== 'week' && isAlone === first)] : []),
          ...(second
            ? [tab('tomorrow', dayName(second, now, timeZone), request.span !== 'week' && isAlone === second)]
            : []),
          ...(other ? [tab(request.span, dayName(other, now, timeZone), true)] : []),
          tab('week', `${days.length} days`, request.span === 'week'),
        ]}
      />
      <div class="button-row forecast-actions">
        <LinkButton small data-table="" href={forecastUrl(place, { span: request.span, at, isTable: !isTable })}>
          {isTable ? 'Chart' : 'Table'}
        </LinkButton>
        <LinkButton small download href={forecastUrl(place, { span: request.span, at }, 'forecast.csv')}>
          CSV
        </LinkButton>
      </div>
    </div>
  );
}

/** The picture in a sentence. */
function fanTitle({ now, timeZone, place }: ForecastFrame, days: readonly DayView[]): string {
  const what = place.quantity === 'solar' ? 'Production' : 'Consumption';
  const words = days.map((day) => `${dayName(day, now, timeZone)} ${oddsWords(day)}`);
  return `${what} as it is forecast, with the band that holds 8 times in 10. ${words.join('; ')}. Arrow keys walk through the hours; the table holds the same figures.`;
}
