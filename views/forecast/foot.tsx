import { formatDate } from '../../src/core/format.ts';
import { ageWords, basisWords } from '../../src/forecast/pages/forecast-words.ts';
import type { ForecastFrame } from '../../src/forecast/pages/frames.ts';
import { forecastUrl } from '../../src/forecast/pages/page-query.ts';
import { Button, Form } from '../parts/index.ts';

/** How old it is, what it rests on, how often it was right, and the way to a newer one. */
export function ForecastFoot({ frame }: { frame: ForecastFrame }) {
  const { shown, now, place, choice, request, timeZone } = frame;
  if (!shown) return null;
  const { view } = shown;
  const isSum = choice.subjects[place.quantity].length > 1;
  return (
    <footer class="forecast-foot">
      <div>
        <p id="forecast-age">
          {request.at === null
            ? ageWords(view, now)
            : `Made on ${formatDate(view.issuedAt, timeZone, 'dateTime')}, ${weatherWords(view.state.weatherAt, timeZone)}`}{' '}
          {basisWords(view.state, place.quantity)}
        </p>
        <p class="hint">
          {isSum &&
            'The bands of several sources are added as if all erred together, which makes them rather too wide. '}
          <a href={forecastUrl(place, {}, 'forecast/accuracy')}>How often it was right</a>
        </p>
      </div>
      {request.at === null && (
        <Form action="/forecast/refresh" class="inline-form">
          <input type="hidden" name="show" value={place.show} />
          <input type="hidden" name="of" value={place.quantity} />
          <input type="hidden" name="span" value={request.span} />
          <Button icon="refresh">Forecast now</Button>
        </Form>
      )}
    </footer>
  );
}

const weatherWords = (at: number | null, timeZone: string): string =>
  at === null ? 'without weather.' : `from the weather of ${formatDate(at, timeZone, 'dateTime')}.`;
