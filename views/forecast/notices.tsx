import { formatAge } from '../../src/core/format.ts';
import type { ForecastFrame } from '../../src/forecast/pages/frames.ts';
import { LinkButton, Notice } from '../parts/index.ts';

/** What stands above a forecast: why it is less sure than it could be. */
export function ForecastNotices({ frame }: { frame: ForecastFrame }) {
  const { shown, now, place } = frame;
  if (!shown) return null;
  const { state, isNewest, issuedAt } = shown.view;
  if (!isNewest) return null;
  const isOld = now - issuedAt > OLD_MS;
  return (
    <>
      {state.problem !== null && (
        <Notice kind="problem" title="The newest forecast could not be made">
          <p>{state.problem} What you see is the one before.</p>
        </Notice>
      )}
      {state.problem === null && isOld && (
        <Notice title={`This forecast is old: made ${formatAge(now - issuedAt)}`}>
          <p>Forecasts are made by themselves each quarter hour, if that is switched on under Account.</p>
        </Notice>
      )}
      {state.isWithoutWeather && place.quantity === 'solar' && <WithoutWeather frame={frame} />}
    </>
  );
}

const OLD_MS = 2 * 3_600_000;

function WithoutWeather({ frame }: { frame: ForecastFrame }) {
  const until = frame.shown?.view.state.weatherUntil ?? null;
  return (
    <Notice title={until === null ? 'Without weather' : 'The weather that is known ends soon'}>
      <p>
        The clear sky and how clear the last weeks were here carry this forecast, so its bands are wider.{' '}
        <a href="/weather">See the Weather page</a> for why, and whether it may be fetched.
      </p>
    </Notice>
  );
}

/** What would make it surer, below it. */
export function CapacityNotices({ frame }: { frame: ForecastFrame }) {
  return (
    <>
      {frame.lacksCapacity.map((source) => (
        <Notice title="Nobody said what is installed">
          <p>
            Until then {source.name} is taken to be a little larger than the most that was measured. With the watts of
            the panels and how they stand the forecast is surer from the first day.
          </p>
          <p class="button-row">
            <LinkButton small href={`/sources/${source.id}/edit`}>
              Say what is installed
            </LinkButton>
          </p>
        </Notice>
      ))}
    </>
  );
}
