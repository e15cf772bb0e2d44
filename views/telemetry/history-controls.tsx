import { allFromLocalInput, offsetText, toLocalInput } from '../../src/core/wall-clock.ts';
import { lineKey, linesOf } from '../../src/telemetry/history/history-lines.ts';
import {
  type HistoryContext,
  type HistoryLook,
  type HistoryRequest,
  historyUrl,
  toPeriod,
  toRange,
} from '../../src/telemetry/history/history-query.ts';
import { isMovingRange, type MovingRange } from '../../src/telemetry/history/history-range.ts';
import { calendarKey, historySteps } from '../../src/telemetry/history/history-steps.ts';
import { LinkButton, Step } from '../parts/index.ts';
import { HistoryLink } from './history-link.tsx';
import type { HistoryScope } from './history-scope.ts';
import { MetricChoice } from './metric-choice.tsx';

interface ControlsProps {
  request: HistoryRequest;
  context: HistoryContext;
  scopes: readonly HistoryScope[];
  /** Where these readings can be corrected; null where they are those of several sources. */
  correctUrl: string | null;
}

/** What is shown, and of which time: links and a form, so that they work without a script. */
export function HistoryControls(props: ControlsProps) {
  const { request } = props;
  return (
    <div class="history-controls">
      <div class="history-row">
        <PeriodTabs {...props} />
        <LookTabs {...props} />
        {!request.problem && <Steps {...props} />}
      </div>
      {request.look === 'own' && <MetricChoice {...props} />}
      <DatesForm {...props} />
    </div>
  );
}

/** The time up to now, or a period of the calendar. */
function PeriodTabs({ request, context }: ControlsProps) {
  const isNow = (name: string): boolean => request.rangeName === name && !request.problem;
  const kind = request.periodKey && calendarKinds.find(([, , length]) => length === request.periodKey?.length)?.[0];
  return (
    <nav class="tabs" aria-label="Period">
      {movingRanges
        .filter(([name]) => !(request.look === 'energy' && name === '24h'))
        .map(([name, label]) => (
          <HistoryLink href={historyUrl(request, toRange(name))} isActive={isNow(name)} keyName={name}>
            {label}
          </HistoryLink>
        ))}
      {calendarKinds
        .filter(([name]) => !(request.look === 'energy' && name === 'day'))
        .map(([name, label]) => (
          <HistoryLink
            href={historyUrl(request, toPeriod(calendarKey(name, request, context)))}
            isActive={kind === name}
            keyName={name}
          >
            {label}
          </HistoryLink>
        ))}
      <HistoryLink href={historyUrl(request, toRange('all'))} isActive={isNow('all')} keyName="all">
        All
      </HistoryLink>
    </nav>
  );
}

const movingRanges: readonly [MovingRange, string][] = [
  ['24h', '24 h'],
  ['7d', '7 d'],
  ['30d', '30 d'],
];
const calendarKinds: readonly ['day' | 'month' | 'year', string, keyLength: number][] = [
  ['day', 'Day', 10],
  ['month', 'Month', 7],
  ['year', 'Year', 4],
];

function LookTabs({ request, context }: ControlsProps) {
  return (
    <nav class="tabs" aria-label="What to show">
      {looks.map(([look, label]) => (
        <HistoryLink href={lookUrl(request, look, context)} isActive={request.look === look} keyName={look}>
          {label}
        </HistoryLink>
      ))}
    </nav>
  );
}

function Steps({ request, context }: ControlsProps) {
  const steps = historySteps(request, context);
  return (
    <div class="history-steps">
      <Step href={steps.earlier} icon="back" label="Earlier" data-history="Earlier" />
      <Step href={steps.later} icon="chevron" label="Later" data-history="Later" />
      <Step href={steps.closer} icon="plus" label="Zoom in" data-history="Zoom in" />
      <Step href={steps.wider} icon="minus" label="Zoom out" data-history="Zoom out" />
      <HistoryLink
        href={historyUrl(request, { isTable: !request.isTable })}
        keyName="table"
        className="button button-plain button-small"
      >
        {request.isTable ? 'Chart' : 'Table'}
      </HistoryLink>
      <LinkButton href={historyUrl(request, { isTable: false }, '/history.csv')} kind="plain" small download>
        CSV
      </LinkButton>
    </div>
  );
}

function DatesForm({ request, context, scopes, correctUrl }: ControlsProps) {
  return (
    <form class="history-dates" method="get" action="/history" data-history-form="">
      <HiddenFields request={request} />
      {scopes.length > 2 && (
        <label class="field">
          <span class="field-label">Source</span>
          <select class="input" name="show">
            {scopes.map((scope) => (
              <option value={scope.key} selected={scope.key === request.scope}>
                {scope.label}
              </option>
            ))}
          </select>
        </label>
      )}
      <DateField name="from" label="From" request={request} timeZone={context.timeZone} />
      <DateField name="to" label="To" request={request} timeZone={context.timeZone} />
      <button class="button button-plain" type="submit">
        Show
      </button>
      {isMovingRange(request.rangeName) && !request.problem && (
        <p class="hint history-exact">
          This address moves with the time.{' '}
          <HistoryLink href={historyUrl(request, { rangeName: 'custom' })} keyName="exact">
            The address of exactly this
          </HistoryLink>
        </p>
      )}
      {correctUrl && !request.problem && (
        <p class="hint history-exact">
          Something wrong here? <a href={correctUrl}>Correct these readings</a>
        </p>
      )}
    </form>
  );
}

interface DateFieldProps {
  name: 'from' | 'to';
  label: string;
  request: HistoryRequest;
  timeZone: string;
}

/** One end of the range; where its clock shows it twice, which of the two. */
function DateField(props: DateFieldProps) {
  const { name, label, request, timeZone } = props;
  const moments = request.problem ? [] : allFromLocalInput(toLocalInput(request.range[name], timeZone), timeZone);
  if (moments.length < 2) return <MomentField {...props} />;
  const shown = offsetText(request.range[name], timeZone);
  return (
    <>
      <MomentField {...props} />
      <label class="field">
        <span class="field-label">{label}, of the two</span>
        <select class="input" name={`${name}Offset`}>
          {moments.map((moment, i) => {
            const offset = offsetText(moment, timeZone);
            return (
              <option value={offset} selected={offset === shown}>
                {i === 0 ? 'the first' : 'the second'}, UTC{offset}
              </option>
            );
          })}
        </select>
        <span class="hint">The clock was put back: this time came twice.</span>
      </label>
    </>
  );
}

/** One end of the range: as it is shown, or as it was typed when it cannot be, with the reason under it. */
function MomentField({ name, label, request, timeZone }: DateFieldProps) {
  const { problem } = request;
  const error = problem?.field === name ? problem.message : null;
  const note = name === 'to' && request.isCut ? 'Later has not happened yet, so it ends today.' : null;
  const text = problem ? asInput(problem.typed[name], timeZone) : toLocalInput(request.range[name], timeZone);
  const described = error ? `${name}-error` : note ? `${name}-note` : null;
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <input
        class="input"
        type="datetime-local"
        name={name}
        value={text}
        {...(error ? { 'aria-invalid': 'true' as const } : {})}
        {...(described ? { 'aria-describedby': described } : {})}
      />
      {error && (
        <span class="field-error" id={`${name}-error`} role="alert">
          {error}
        </span>
      )}
      {note && (
        <span class="hint" id={`${name}-note`}>
          {note}
        </span>
      )}
    </label>
  );
}

/** What was typed, as the field takes it: a day alone gets its midnight, a moment with a zone is turned into this one. */
function asInput(typed: string, timeZone: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(typed)) return `${typed}T00:00`;
  const moment = /(?:Z|[+-]\d\d:\d\d)$/.test(typed) ? Date.parse(typed) : Number.NaN;
  return Number.isFinite(moment) ? toLocalInput(moment, timeZone) : typed;
}

function HiddenFields({ request }: { request: HistoryRequest }) {
  return (
    <>
      <input type="hidden" name="view" value={request.look} />
      {request.look === 'own' && <input type="hidden" name="metrics" value={request.lines.map(lineKey).join(',')} />}
      {request.axes !== 'over' && <input type="hidden" name="axes" value={request.axes} />}
      {request.isTable && <input type="hidden" name="as" value="table" />}
    </>
  );
}

/** The same time in another look; a day has no bars here, so energy shows the days around it. */
export function lookUrl(request: HistoryRequest, look: HistoryLook, context: HistoryContext): string {
  const isDay = request.rangeName === '24h' || request.periodKey?.length === 10;
  const toDays = request.rangeName === '24h' ? toRange('7d') : toPeriod(calendarKey('month', request, context));
  return historyUrl(request, {
    look,
    ...(look === 'energy' && isDay ? toDays : {}),
    // What is shown now is where choosing starts.
    ...(look === 'own' && request.lines.length === 0 ? { lines: linesOf(['solarPower']) } : {}),
  });
}

const looks: readonly [HistoryLook, string][] = [
  ['power', 'Power'],
  ['battery', 'Battery'],
  ['energy', 'Energy'],
  ['own', 'Choose'],
];
