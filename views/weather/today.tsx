import { unknownText } from '../../src/core/format.ts';
import type { WeatherFrame } from '../../src/weather/weather-frame.ts';
import { EnergyMark, Icon, type IconName } from '../parts/index.ts';
import { SkyIcon } from './sky-icon.tsx';

/** Today in one glance: a sentence, the light of the day, and what else counts. */
export function Today({ frame }: { frame: WeatherFrame }) {
  const { view, state } = frame;
  const [today] = view.days;
  if (!today) return null;
  const isOld = state.age === 'stale';
  return (
    <section class={`today-weather${isOld ? ' is-old' : ''}`} aria-label="Today">
      <div class="today-weather-words">
        {today.look !== null && <SkyIcon look={today.look} size={56} />}
        <div>
          <h1>{view.headline}</h1>
          {view.outlook && <p class="page-lead">{view.outlook}</p>}
        </div>
      </div>
      <div class="today-weather-figures">
        <p class="today-sun">
          <span class="stat-label">
            <EnergyMark energy="solar" />
            {today.sunKwh === null ? 'Sun at most' : 'Sun on a level square metre'}
          </span>
          <span class="stat-value">
            {today.sunKwh !== null && <span class="stat-about">about</span>}
            <span class="stat-number">{today.sunKwh === null ? today.clear : today.sun}</span>
            <span class="stat-unit">kWh/m²</span>
          </span>
          <span class="stat-note">
            {today.sunKwh === null
              ? 'On a level square metre, without clouds'
              : `${today.sunMj} MJ/m²${today.clearness ? `, ${today.clearness} of a clear sky` : ''}`}
          </span>
        </p>
        <dl class="today-facts">
          <Fact icon="drop" name="Rain" value={today.rain} unit="mm" />
          <Fact icon="wind" name="Wind up to" value={today.wind} unit="km/h" />
          <Fact icon="sun" name="UV index up to" value={today.uv} />
          <Fact icon="sunrise" name="Sunrise" value={today.sunrise} />
          <Fact icon="sunset" name="Sunset" value={today.sunset} />
          <Fact icon="clock" name="Daylight" value={today.daylight} />
        </dl>
      </div>
    </section>
  );
}

/** What is not known needs no place of its own here. */
function Fact({ icon, name, value, unit }: { icon: IconName; name: string; value: string; unit?: string }) {
  if (value === unknownText) return null;
  return (
    <div>
      <dt>
        <Icon name={icon} />
        {name}
      </dt>
      <dd>
        <span class="num">{value}</span>
        {unit && <span class="unit"> {unit}</span>}
      </dd>
    </div>
  );
}
