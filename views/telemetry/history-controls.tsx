import { toLocalInput } from '../../src/core/wall-clock.ts';
import {
  type HistoryContext,
  type HistoryLook,
  type HistoryRequest,
  historySteps,
  historyUrl,
  type RangeName,
} from '../../src/telemetry/history-query.ts';
import { LinkButton, Step } from '../parts/index.ts';
import { HistoryLink } from './history-link.tsx';
import { MetricChoice } from './metric-choice.tsx';

/** A source or group that can be shown alone, or the whole house. */
export interface HistoryScope {
  key: string;
  label: string;
}

interface ControlsProps {
  request: HistoryRequest;
  context: HistoryContext;
  scopes: readonly HistoryScope[];
}

/** What is shown, and of which time: links and a form, so that they work without a script. */
export function HistoryControls(props: ControlsProps) {
  const { request, context } = props;
  return (
    <div class="history-controls">
      <div class="history-row">
        <PeriodTabs request={request} />
        <LookTabs request={request} />
        <Steps {...props} />
      </div>
      {request.look === 'own' && <MetricChoice request={request} available={context.available} />}
      <DatesForm {...props} />
    </div>
  );
}

function PeriodTabs({ request }: { request: HistoryRequest }) {
  return (
    <nav class="tabs" aria-label="Period">
      {rangesOf(request.look).map(([name, label]) => (
        <HistoryLink
          href={historyUrl(request, { rangeName: name })}
          isActive={request.rangeName === name && !request.problem}
          keyName={name}
        >
          {label}
        </HistoryLink>
      ))}
    </nav>
  );
}

function LookTabs({ request }: { request: HistoryRequest }) {
  return (
    <nav class="tabs" aria-label="What to show">
      {looks.map(([look, label]) => (
        <HistoryLink href={lookUrl(request, look)} isActive={request.look === look} keyName={look}>
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

function DatesForm({ request, context, scopes }: ControlsProps) {
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
    </form>
  );
}

interface DateFieldProps {
  name: 'from' | 'to';
  label: string;
  request: HistoryRequest;
  timeZone: string;
}

/** One end of the range: as it is shown, or as it was typed when it cannot be, with the reason under it. */
function DateField({ name, label, request, timeZone }: DateFieldProps) {
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
      {request.look === 'own' && <input type="hidden" name="metrics" value={request.metrics.join(',')} />}
      {request.isTable && <input type="hidden" name="as" value="table" />}
    </>
  );
}

/** The same time in another look; the last 24 hours have no bars, so energy shows the week. */
function lookUrl(request: HistoryRequest, look: HistoryLook): string {
  return historyUrl(request, {
    look,
    ...(look === 'energy' && request.rangeName === '24h' ? { rangeName: '7d' as const } : {}),
    // What is shown now is where choosing starts.
    ...(look === 'own' && request.metrics.length === 0 ? { metrics: ['solarPower'] as const } : {}),
  });
}

const looks: readonly [HistoryLook, string][] = [
  ['power', 'Power'],
  ['battery', 'Battery'],
  ['energy', 'Energy'],
  ['own', 'Choose'],
];

function rangesOf(look: HistoryLook): readonly [Exclude<RangeName, 'custom'>, string][] {
  const all: [Exclude<RangeName, 'custom'>, string][] = [
    ['24h', '24 h'],
    ['7d', '7 d'],
    ['30d', '30 d'],
    ['year', 'Year'],
    ['all', 'All'],
  ];
  return look === 'energy' ? all.slice(1) : all;
}
