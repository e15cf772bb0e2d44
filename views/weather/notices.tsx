import { formatAge, formatDate } from '../../src/core/format.ts';
import type { WeatherFrame } from '../../src/weather/weather-frame.ts';
import { Button, Form, Notice } from '../parts/index.ts';

/** What stands above the weather: the question about the internet, or why the weather is old or missing. */
export function WeatherNotices({ frame }: { frame: WeatherFrame }) {
  const { state, mayDecide } = frame;
  if (state.access === 'undecided') return mayDecide ? <Question frame={frame} /> : <Undecided />;
  if (state.access !== 'allowed')
    return state.fetchedAt === null ? <Without isOff={state.access === 'off'} /> : <Old frame={frame} />;
  if (state.fetchedAt === null) return <NotYet frame={frame} />;
  return state.age === 'stale' ? <Old frame={frame} /> : null;
}

/** Asked once, in full: what would be sent, where to, how often. */
function Question({ frame }: { frame: WeatherFrame }) {
  const { supplier, state } = frame;
  return (
    <Notice title="May Ampra fetch the weather?">
      <p>
        It would ask {supplier.host} over the internet, about once an hour, and tell it one thing: the place rounded to{' '}
        {placeText(state.place)}, which is about a kilometre. Forecasts are surer with the weather. Without it they are
        made from the course of the sun and what this roof did lately.
      </p>
      <div class="button-row">
        <Decision isAllowed kind="primary">
          Fetch the weather
        </Decision>
        <Decision isAllowed={false} kind="plain">
          No
        </Decision>
      </div>
    </Notice>
  );
}

export function Decision(props: { isAllowed: boolean; kind: 'primary' | 'plain' | 'quiet'; children: string }) {
  return (
    <Form action="/weather/internet" class="inline-form">
      <Button name="isAllowed" value={props.isAllowed ? 'yes' : 'no'} kind={props.kind}>
        {props.children}
      </Button>
    </Form>
  );
}

function Undecided() {
  return (
    <Notice title="The weather is not fetched yet">
      <p>An Overseer of this Ampra can allow it here. The sun's course is known without it.</p>
    </Notice>
  );
}

function Without({ isOff }: { isOff: boolean }) {
  return (
    <Notice title="Without the weather">
      <p>
        {isOff
          ? 'This Ampra is set up not to fetch it.'
          : 'An Overseer chose that this Ampra does not ask the internet for it.'}{' '}
        What you see is worked out from the course of the sun.
      </p>
    </Notice>
  );
}

function NotYet({ frame }: { frame: WeatherFrame }) {
  const { state, source } = frame;
  if (state.isAsking || state.trouble === null)
    return (
      <Notice title={state.isAsking ? 'The weather is being fetched' : 'The weather was not fetched yet'}>
        <p>
          {state.isAsking
            ? 'It appears here by itself in a moment.'
            : state.isAutomatic
              ? 'It comes within the hour, or at once with the button below.'
              : 'Fetch it with the button below, or switch on under Account that it comes by itself.'}
        </p>
      </Notice>
    );
  return (
    <Notice title="The weather could not be fetched">
      <p>
        {state.trouble.message}
        {nextTry(state.nextTryAt, source.timeZone)} Until then you see what the course of the sun alone tells.
      </p>
    </Notice>
  );
}

/** Weather that is too old to lean on. */
function Old({ frame }: { frame: WeatherFrame }) {
  const { state, source, now } = frame;
  const age = formatAge(now - (state.fetchedAt ?? now));
  const why =
    state.access === 'allowed' ? (state.trouble?.message ?? '') : 'It is not fetched from the internet any more.';
  return (
    <Notice title={`This weather is old: fetched ${age}`}>
      <p>
        {why}
        {state.access === 'allowed' && nextTry(state.nextTryAt, source.timeZone)} Days further ahead than it reached
        show what a clear sky would bring.
      </p>
    </Notice>
  );
}

function nextTry(at: number | null, timeZone: string): string {
  return at === null ? '' : ` It is tried again about ${formatDate(at, timeZone, 'time')}.`;
}

/** "38.72, −9.14" */
export function placeText({ latitude, longitude }: { latitude: number; longitude: number }): string {
  return [latitude, longitude].map((degrees) => degrees.toFixed(2).replace('-', '\u2212')).join(', ');
}
