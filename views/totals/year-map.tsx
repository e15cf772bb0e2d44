import { formatDate, joinShown } from '../../src/core/format.ts';
import { amounts, showAmount } from '../../src/telemetry/totals/amount.ts';
import { type TotalsRequest, totalsUrl, urlOfKey } from '../../src/telemetry/totals/totals-query.ts';
import { periodName } from '../../src/telemetry/totals/totals-words.ts';
import { MAP_LEVELS, type MapDay, type YearMap } from '../../src/telemetry/totals/year-map.ts';
import { LinkButton } from '../parts/index.ts';

/** Side of a day and the gap to the next, in the units of the picture. */
const CELL = 10;
const STEP = 12;

/** The days of a year by how much there was, month by month; each leads to its hours. */
export function YearMapCard({ map, request }: { map: YearMap; request: TotalsRequest }) {
  const lastKnown = map.months
    .flatMap(({ days }) => days)
    .filter((day) => !day.isOutside)
    .at(-1)?.date;
  return (
    <section class="year-map" id="year-map" aria-labelledby="year-map-title">
      <header class="year-map-head">
        <h2 id="year-map-title">Day by day</h2>
        <LinkButton
          href={`${totalsUrl(request, { isTable: false }, '/totals.csv')}&by=day`}
          kind="plain"
          small
          download
        >
          CSV of the days
        </LinkButton>
        <nav class="tabs" aria-label="What the days show">
          {amounts.map((amount) => (
            <a
              href={totalsUrl(request, { subject: amount.key })}
              data-totals={`map-${amount.key}`}
              {...(amount.key === map.subject.key ? { 'aria-current': 'true' as const } : {})}
            >
              {amount.label}
            </a>
          ))}
        </nav>
      </header>
      <p class="year-map-read" data-map-read="">
        {bestOf(map)}
      </p>
      <Hatch />
      <div class={`year-map-months ${map.subject.colour}`}>
        {map.months.map(({ month, days }) => (
          <div class="year-map-month">
            <p aria-hidden="true">{formatDate(Date.UTC(map.year, month - 1, 15), 'UTC', 'month').slice(0, 3)}</p>
            {/* biome-ignore lint/a11y/useSemanticElements: no element groups the links of a picture */}
            <svg viewBox={`0 0 ${7 * STEP - 2} ${6 * STEP - 2}`} role="group">
              <title>{periodName(days[0]?.date.slice(0, 7) ?? '')}</title>
              {days.map((day) => (
                <Day day={day} map={map} request={request} isReached={day.date === lastKnown} />
              ))}
            </svg>
          </div>
        ))}
      </div>
      <Scale map={map} />
    </section>
  );
}

function bestOf(map: YearMap): string {
  const days = map.months.flatMap(({ days }) => days);
  const best = days.reduce<MapDay | null>((top, day) => ((day.value ?? 0) > (top?.value ?? 0) ? day : top), null);
  if (!best) return 'Nothing was measured in this year.';
  return `The most: ${periodName(best.date)}, ${joinShown(showAmount(map.subject, best.value))}`;
}

interface DayProps {
  day: MapDay;
  map: YearMap;
  request: TotalsRequest;
  /** The one that the Tab key reaches. */
  isReached: boolean;
}

function Day({ day, map, request, isReached }: DayProps) {
  const place = { x: day.weekday * STEP, y: day.week * STEP, width: CELL, height: CELL, rx: 1.5 };
  if (day.isOutside) return <circle class="map-outside" cx={place.x + CELL / 2} cy={place.y + CELL / 2} r="0.8" />;
  const kind = day.value === null ? 'is-unknown' : `level-${day.level}`;
  return (
    <a
      class="map-day"
      href={urlOfKey(request, day.date)}
      tabindex={isReached ? 0 : -1}
      data-day={day.date}
      aria-label={sayDay(day, map)}
    >
      <rect class={`map-cell ${kind}`} {...place} />
      {day.isPartial && <rect class="map-hatch" fill="url(#map-hatch)" {...place} />}
    </a>
  );
}

function sayDay(day: MapDay, map: YearMap): string {
  const value = day.value === null ? 'nothing measured' : joinShown(showAmount(map.subject, day.value));
  const partial = day.isPartial ? ', not measured all through' : '';
  return `${periodName(day.date)}: ${value}${partial}`.replaceAll('\u00a0', ' ');
}

/** Lines over a day that was not measured all through. */
function Hatch() {
  return (
    <svg class="map-defs" width="0" height="0" aria-hidden="true">
      <defs>
        <pattern id="map-hatch" width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="map-hatch-line" width="1.1" height="3" />
        </pattern>
      </defs>
    </svg>
  );
}

function Scale({ map }: { map: YearMap }) {
  const sample = { width: CELL, height: CELL, rx: 1.5 };
  return (
    <p class="year-map-scale hint">
      <span>0</span>
      <svg
        class={map.subject.colour}
        width={(MAP_LEVELS + 1) * 14}
        height="12"
        viewBox={`0 -1 ${(MAP_LEVELS + 1) * STEP} 12`}
        aria-hidden="true"
      >
        {Array.from({ length: MAP_LEVELS + 1 }, (_, level) => (
          <rect class={`map-cell level-${level}`} x={level * STEP} {...sample} />
        ))}
      </svg>
      <span>{joinShown(showAmount(map.subject, map.most))}</span>
      <span class="year-map-sign">
        <svg class={map.subject.colour} width="12" height="12" viewBox="-1 -1 12 12" aria-hidden="true">
          <rect class="map-cell level-4" {...sample} />
          <rect class="map-hatch" fill="url(#map-hatch)" {...sample} />
        </svg>
        not measured all through
      </span>
      <span class="year-map-sign">
        <svg width="12" height="12" viewBox="-1 -1 12 12" aria-hidden="true">
          <rect class="map-cell is-unknown" {...sample} />
        </svg>
        nothing measured
      </span>
    </p>
  );
}
