import type { Child } from 'hono/jsx';
import type { TemperatureUnit } from '../../src/core/format.ts';
import type { WeatherHour } from '../../src/weather/weather-view.ts';
import { SkyIcon } from './sky-icon.tsx';

/** Bright enough for the tallest bar: more than a clear noon brings on level ground is rare. W/m2. */
const FULL_WM2 = 1000;
const BAR_PX = 44;

/** The hours from now to the end of tomorrow, a column each; moves sideways. */
export function HourStrip({ hours, unit }: { hours: readonly WeatherHour[]; unit: TemperatureUnit }) {
  return (
    <div class="hours">
      <header class="hours-head">
        <h2 id="hours-title">Hour by hour</h2>
        <p class="hint">Sun in W/m², rain in mm, wind in km/h</p>
      </header>
      <section class="hours-scroll" tabindex={0} aria-labelledby="hours-title">
        <table class="hours-table">
          <thead>
            <tr>
              <th scope="col">
                <span class="visually-hidden">Hour</span>
              </th>
              {hours.map((hour) => (
                <th scope="col" class={classOf(hour)}>
                  {hour.day && <span class="hours-day">{hour.day}</span>}
                  {hour.time}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Row name="Sky" hours={hours} cell={skyCell} />
            <Row
              name={unit === 'celsius' ? '°C' : '°F'}
              spoken="Temperature"
              hours={hours}
              isStrong
              cell={(hour) => hour.temperature}
            />
            <Row name="Sun" spoken="Sun in watts a square metre" hours={hours} cell={sunCell} />
            <Row name="Rain" spoken="Rain in millimetres" hours={hours} cell={(hour) => hour.rain} />
            <Row name="Wind" spoken="Wind in kilometres an hour" hours={hours} cell={(hour) => hour.wind} />
          </tbody>
        </table>
      </section>
    </div>
  );
}

interface RowProps {
  name: string;
  /** What the short name stands for. */
  spoken?: string;
  hours: readonly WeatherHour[];
  isStrong?: boolean;
  cell(hour: WeatherHour): Child;
}

function Row({ name, spoken, hours, isStrong, cell }: RowProps) {
  return (
    <tr class={isStrong ? 'is-strong' : ''}>
      <th scope="row" {...(spoken ? { 'aria-label': spoken } : {})}>
        {name}
      </th>
      {hours.map((hour) => (
        <td class={classOf(hour)}>{cell(hour)}</td>
      ))}
    </tr>
  );
}

function classOf({ isNight, day }: WeatherHour): string {
  return `num${isNight ? ' is-night' : ''}${day ? ' is-first' : ''}`;
}

function skyCell({ look, words, isNight }: WeatherHour) {
  return (
    <span title={words ?? 'Not known'}>
      <SkyIcon look={look} isNight={isNight} size={28} />
      <span class="visually-hidden">{words ?? 'Not known'}</span>
    </span>
  );
}

function sunCell({ sunWm2, sun }: WeatherHour) {
  const height = Math.round(Math.min(1, (sunWm2 ?? 0) / FULL_WM2) * BAR_PX * 10) / 10;
  return (
    <>
      <svg class="hours-bar solar" viewBox={`0 0 20 ${BAR_PX}`} width="20" height={BAR_PX} aria-hidden="true">
        <rect x="0" y={BAR_PX - height} width="20" height={height} />
      </svg>
      {sun}
    </>
  );
}
