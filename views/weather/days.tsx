import { unknownText } from '../../src/core/format.ts';
import type { WeatherDay, WeatherView } from '../../src/weather/weather-view.ts';
import { Icon, type IconName } from '../parts/index.ts';
import { SkyIcon } from './sky-icon.tsx';

/** Today and the seven days after it, one under the other. */
export function WeatherDays({ view }: { view: WeatherView }) {
  return (
    <section aria-labelledby="days-title">
      <h2 id="days-title">Day by day</h2>
      <ol class="weather-days">
        {view.days.map((day) => (
          <li class={isUnknown(day) ? 'weather-day is-unknown' : 'weather-day'} id={`day-${day.date}`}>
            <h3 class="weather-day-name">
              {day.label}
              {day.asOf && <span class="hint"> as of {day.asOf}</span>}
            </h3>
            {!isUnknown(day) && (
              <>
                <p class="weather-day-sky">
                  {day.look !== null && <SkyIcon look={day.look} size={30} />}
                  <span>{day.words ?? 'Sky not known'}</span>
                </p>
                <Temperatures day={day} scale={view.temperatures} />
              </>
            )}
            <Sun day={day} most={view.mostClearKwh} />
            <Facts day={day} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Only the course of its sun is known. */
function isUnknown({ look, lowC, sunKwh }: WeatherDay): boolean {
  return look === null && lowC === null && sunKwh === null;
}

function Facts({ day }: { day: WeatherDay }) {
  const sun = day.sunrise === unknownText ? day.daylight : `${day.sunrise}–${day.sunset}`;
  return (
    <dl class="weather-day-facts">
      {!isUnknown(day) && (
        <>
          <Fact icon="drop" name="Rain" value={day.rain} unit="mm" isStrong={day.isWet} />
          <Fact icon="wind" name="Wind up to" value={day.wind} unit="km/h" />
          <Fact icon="sun" name="UV index" value={day.uv === unknownText ? day.uv : `UV ${day.uv}`} />
        </>
      )}
      <Fact icon="sunrise" name="Sunrise and sunset" value={sun} />
    </dl>
  );
}

function Temperatures({ day, scale }: { day: WeatherDay; scale: WeatherView['temperatures'] }) {
  if (day.lowC === null || day.highC === null || !scale) return <p class="weather-day-range hint">{unknownText}</p>;
  const width = Math.max(1, scale.most - scale.least);
  const at = (celsius: number) => Math.round(((celsius - scale.least) / width) * 1000) / 10;
  return (
    <p class="weather-day-range">
      <span class="visually-hidden">From </span>
      <span class="num">{day.low}</span>
      <svg class="range-bar" width="100%" height="6" aria-hidden="true">
        <rect class="range-track" width="100%" height="6" rx="3" />
        <rect
          class="range-fill"
          x={`${at(day.lowC)}%`}
          width={`${Math.max(3, at(day.highC) - at(day.lowC))}%`}
          height="6"
          rx="3"
        />
      </svg>
      <span class="visually-hidden"> to </span>
      <span class="num is-high">{day.high}</span>
    </p>
  );
}

/** The light that is expected, in front of what a clear sky would bring. */
function Sun({ day, most }: { day: WeatherDay; most: number }) {
  const share = (kwh: number) => `${Math.round((Math.min(kwh, most) / most) * 1000) / 10}%`;
  const isKnown = day.sunKwh !== null;
  return (
    <p class="weather-day-sun" title={isKnown ? `${day.sunMj} MJ/m²; ${day.clear} kWh/m² without clouds` : ''}>
      <svg class="sun-bar solar" width="100%" height="8" aria-hidden="true">
        <rect class="sun-clear" width={share(day.clearKwh)} height="8" rx="2" />
        {day.sunKwh !== null && <rect class="sun-fill" width={share(day.sunKwh)} height="8" rx="2" />}
      </svg>
      <span class="sun-figure">
        {isKnown ? (
          <span class="num">{day.sun}</span>
        ) : (
          <>
            <span class="hint">at most </span>
            <span class="num">{day.clear}</span>
          </>
        )}
        <span class="unit"> kWh/m²</span>
      </span>
    </p>
  );
}

interface FactProps {
  icon: IconName;
  name: string;
  value: string;
  unit?: string;
  isStrong?: boolean;
}

function Fact({ icon, name, value, unit, isStrong }: FactProps) {
  return (
    <div class={isStrong ? 'is-strong' : ''}>
      <dt title={name}>
        <Icon name={icon} />
        <span class="visually-hidden">{name}</span>
      </dt>
      <dd class="num">
        {value}
        {unit && value !== unknownText ? ` ${unit}` : ''}
      </dd>
    </div>
  );
}
