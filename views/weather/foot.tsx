import { formatAge, formatDate } from '../../src/core/format.ts';
import type { WeatherFrame } from '../../src/weather/weather-frame.ts';
import { Button, Form } from '../parts/index.ts';
import { Decision, placeText } from './notices.tsx';

/** How old it is, where it comes from, and the way to newer weather. */
export function WeatherFoot({ frame }: { frame: WeatherFrame }) {
  const { state, source, supplier, mayDecide } = frame;
  return (
    <footer class="weather-foot">
      <div>
        <p id="weather-age">{ageSentence(frame)}</p>
        <p>
          <a href={`/forecast?show=source:${source.id}`}>What your panels will make of it</a>
        </p>
        {state.fetchedAt !== null && (
          <p class="hint">
            {supplier.attribution ?? `Weather from ${supplier.name}`}, for {placeText(state.place)}. Sunrise, sunset and
            the light of a clear sky are Ampra's own reckoning, for {source.timeZone}.
          </p>
        )}
      </div>
      <div class="button-row">
        {state.access === 'allowed' && (
          <Form action={`/sources/${source.id}/weather/refresh`} class="inline-form">
            <Button icon="refresh" disabled={state.isAsking}>
              {state.isAsking ? 'Fetching' : 'Fetch now'}
            </Button>
          </Form>
        )}
        {mayDecide && state.access === 'allowed' && (
          <Decision isAllowed={false} kind="quiet">
            Stop fetching
          </Decision>
        )}
        {mayDecide && state.access === 'declined' && (
          <Decision isAllowed kind="plain">
            Fetch the weather
          </Decision>
        )}
      </div>
    </footer>
  );
}

function ageSentence({ state, source, now }: WeatherFrame): string {
  if (state.fetchedAt === null) return 'Worked out without the internet.';
  const age = `Fetched ${formatAge(now - state.fetchedAt)}`;
  if (state.access !== 'allowed') return `${age}.`;
  if (state.trouble) return `${age}. ${state.trouble.message}`;
  if (!state.isAutomatic)
    return `${age}. Newer weather comes when you ask for it; under Account it can come by itself.`;
  return state.nextTryAt === null
    ? `${age}.`
    : `${age}, again after ${formatDate(state.nextTryAt, source.timeZone, 'time')}.`;
}
