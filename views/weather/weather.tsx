import type { WeatherFrame } from '../../src/weather/weather-frame.ts';
import { EmptyState, LinkButton, Tabs } from '../parts/index.ts';
import { WeatherDays } from './days.tsx';
import { WeatherFoot } from './foot.tsx';
import { HourStrip } from './hours.tsx';
import { WeatherNotices } from './notices.tsx';
import { Today } from './today.tsx';

/** The Weather page: what the sun will do today and in the seven days after. */
export function WeatherPage({ frame }: { frame: WeatherFrame }) {
  const { choices, choice } = frame;
  const address = (key: string) => `?show=${encodeURIComponent(key)}`;
  return (
    <div class="weather">
      {choices.length > 1 && (
        <Tabs
          label="Where"
          tabs={choices.map(({ key, label }) => ({
            label,
            href: `/weather${address(key)}`,
            isActive: key === choice.key,
          }))}
        />
      )}
      <div id="weather" hx-sse:connect={`/weather/events${address(choice.key)}`} hx-swap="innerMorph" hx-target="this">
        <WeatherBody frame={frame} />
      </div>
    </div>
  );
}

/** What an event replaces. */
export function WeatherBody({ frame }: { frame: WeatherFrame }) {
  const { view } = frame;
  return (
    <div class="weather-body">
      <WeatherNotices frame={frame} />
      <Today frame={frame} />
      {view.hours.length > 0 && <HourStrip hours={view.hours} unit={frame.unit} />}
      <WeatherDays view={view} />
      <WeatherFoot frame={frame} />
    </div>
  );
}

/** There is no source, and so no place. */
export function WeatherWithoutSources() {
  return (
    <EmptyState
      title="No place to look at yet"
      isPage
      action={
        <LinkButton kind="primary" href="/sources/new" icon="plus">
          Add a source
        </LinkButton>
      }
    >
      The weather is that of the place where a source stands.
    </EmptyState>
  );
}
