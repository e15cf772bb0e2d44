import { formatDate } from '../../src/core/format.ts';
import type { ForecastFrame } from '../../src/forecast/pages/frames.ts';
import { forecastUrl } from '../../src/forecast/pages/page-query.ts';
import { Button, Form, Icon, LinkButton, SelectField } from '../parts/index.ts';

/** The way to what was forecast before: each forecast is kept as it was issued. */
export function CallBack({ frame }: { frame: ForecastFrame }) {
  const { shown, request, place, issues, timeZone, now } = frame;
  if (!shown) return null;
  const { issuedAt, previousIssueAt, nextIssueAt, isNewest } = shown.view;
  const isBack = request.at !== null;
  const isOnItsDay = shown.view.days.some(({ date }) => date === request.span);
  const span = request.span === 'today' || request.span === 'tomorrow' || isOnItsDay ? request.span : 'week';
  const back = (at: number | null) => forecastUrl(place, { span, at });
  return (
    <section class="call-back" aria-labelledby="call-back-title">
      <header>
        <h2 id="call-back-title">What was forecast before</h2>
        <p class="hint">
          Each forecast is kept as it was issued, so that you can hold it against what came. Times are those of{' '}
          {timeZone}.
        </p>
      </header>
      <div class="button-row call-back-steps">
        {previousIssueAt !== null && (
          <LinkButton small icon="back" href={back(previousIssueAt)}>
            The one before
          </LinkButton>
        )}
        <LinkButton small href={back(issuedAt - DAY_MS)}>
          A day earlier
        </LinkButton>
        {isBack && nextIssueAt !== null && !isNewest && (
          <LinkButton small href={back(nextIssueAt)}>
            The one after
          </LinkButton>
        )}
        {isBack && (
          <LinkButton small href={back(null)}>
            The newest
          </LinkButton>
        )}
      </div>
      {issues.length > 0 && (
        <Form action="/forecast" method="get" class="call-back-form">
          <input type="hidden" name="show" value={place.show} />
          <input type="hidden" name="of" value={place.quantity} />
          {span !== 'today' && <input type="hidden" name="span" value={span} />}
          {request.isTable && <input type="hidden" name="as" value="table" />}
          <SelectField
            name="at"
            label="As it stood on"
            value={isBack ? new Date(issuedAt).toISOString() : 'now'}
            options={[
              ['now', `Now, ${formatDate(now, timeZone, 'time')}`],
              ...issues.map((issue) => [new Date(issue.issuedAt).toISOString(), issue.label] as const),
            ]}
          />
          <Button>Show</Button>
        </Form>
      )}
    </section>
  );
}

const DAY_MS = 86_400_000;

/** Says that this is not the newest forecast, and leads there. */
export function CalledBack({ frame }: { frame: ForecastFrame }) {
  const { shown, request, place, timeZone } = frame;
  if (!shown || request.at === null) return null;
  return (
    <p class="called-back">
      <Icon name="clock" />
      <span>
        As it was issued on {formatDate(shown.view.issuedAt, timeZone, 'dateTime')}
        {shown.view.isReplayed && ' (worked out later, from what was known then)'}.{' '}
        <a href={forecastUrl(place, { span: request.span === 'today' ? 'today' : 'week' })}>Show the newest</a>
      </span>
    </p>
  );
}
