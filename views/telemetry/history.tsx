import type { Child } from 'hono/jsx';
import { formatDate, formatDuration, formatPercent } from '../../src/core/format.ts';
import { findMetric, type MetricGroup, type MetricName, metrics, type NumericMetric } from '../../src/core/metrics.ts';
import { startOfDay, toLocalInput } from '../../src/core/time-range.ts';
import type { EnergyBars } from '../../src/telemetry/energy-bars.ts';
import {
  type HistoryContext,
  type HistoryLook,
  type HistoryRequest,
  historySteps,
  historyUrl,
  type RangeName,
} from '../../src/telemetry/history-query.ts';
import { type ChartModel, colourOf, panelSize, shortLabel, unitsOf } from '../../src/telemetry/history-view.ts';
import { EmptyState, type Energy, EnergyMark, Icon, LinkButton } from '../parts/index.ts';
import { ChartData, ChartPanels } from './chart.tsx';
import { BarsData, comingIn, EnergyBarChart, goingOut } from './energy-bars.tsx';
import { BarsTable, LinesTable } from './history-table.tsx';
import { Readout, type ReadoutItem } from './readout.tsx';

export interface HistoryScope {
  key: string;
  label: string;
}

export interface HistoryProps {
  request: HistoryRequest;
  context: HistoryContext;
  scopes: readonly HistoryScope[];
  /** Null while the answer takes longer than the first byte may wait; the browser then asks for it. */
  content: { kind: 'lines'; model: ChartModel } | { kind: 'bars'; bars: EnergyBars } | null;
}

/** The whole of the History page below the navigation; also what the browser asks for when it zooms. */
export function History(props: HistoryProps) {
  const { request, context, content } = props;
  if (content && !context.span && context.available.length === 0) return <NothingStored />;
  return (
    <>
      <Head {...props} />
      <section
        class="chart-card"
        id="chart"
        tabindex={0}
        aria-label="Chart. Arrow keys read out values, plus and minus zoom, brackets move in time, T shows the table."
        data-url={historyUrl(request)}
        data-full={historyUrl(request, { rangeName: usualRange(request.look) })}
        {...(content === null ? { 'data-load': historyUrl(request) } : {})}
      >
        {content ? <Content {...props} content={content} /> : <Loading request={request} />}
      </section>
      <p class="visually-hidden" aria-live="polite" id="chart-voice" />
      <Controls {...props} />
    </>
  );
}

export const usualRange = (look: HistoryLook): RangeName => (look === 'energy' ? '30d' : '24h');

function Content({ request, context, content }: HistoryProps & { content: NonNullable<HistoryProps['content']> }) {
  if (content.kind === 'bars') {
    if (request.isTable) return <BarsTable bars={content.bars} timeZone={context.timeZone} />;
    return (
      <>
        <Readout time="Sum of what is shown" items={sumItems(content.bars)} />
        <EnergyBarChart bars={content.bars} linkOf={(period) => closerLook(request, period)} />
        <BarsData bars={content.bars} />
        <BarsNote bars={content.bars} />
      </>
    );
  }
  const { model } = content;
  if (request.metrics.length === 0) return <NothingChosen look={request.look} />;
  if (request.isTable) return <LinesTable model={model} />;
  return (
    <>
      <Readout {...newest(model)} />
      <ChartPanels model={model} />
      {model.isEmpty && <p class="chart-empty">Nothing was measured in this time.</p>}
      <ChartData model={model} />
    </>
  );
}

/** The same heights as what is coming, so that nothing moves when it comes. */
function Loading({ request }: { request: HistoryRequest }) {
  const units = request.look === 'energy' ? ['kWh'] : unitsOf(request.metrics);
  const items = request.look === 'energy' ? sumItems(emptyBars) : request.metrics.map(unknownItem);
  return (
    <>
      <Readout time={'\u00a0'} items={items} />
      {units.map((_, index) => (
        <div class={`panel panel-${panelSize(index, units.length)}`}>
          {index === 0 && (
            <noscript>
              <a href={`${historyUrl(request)}&wait=1`}>Show the chart</a>
            </noscript>
          )}
        </div>
      ))}
    </>
  );
}

const noEnergy = {
  solarKwh: null,
  loadKwh: null,
  importKwh: null,
  exportKwh: null,
  chargeKwh: null,
  dischargeKwh: null,
};
const emptyBars = {
  period: 'day',
  items: [],
  hasGrid: true,
  hasBattery: true,
  total: { ...noEnergy, coverage: 0, isLoadDerived: false, selfSufficiency: null, selfConsumption: null },
} satisfies EnergyBars;

const unknownItem = (metric: NumericMetric): ReadoutItem => ({
  key: metric,
  label: shortLabel(metric),
  colour: colourOf(metric),
  value: null,
  unit: findMetric(metric)?.unit ?? 'W',
  pattern: 0,
  temperatureUnit: 'celsius',
});

function newest(model: ChartModel): { time: string; items: ReadoutItem[] } {
  const lines = model.panels.flatMap((panel) => panel.lines.map((line) => ({ line, panel })));
  let last = model.times.length - 1;
  while (last > 0 && lines.every(({ line }) => line.values[last] == null)) last--;
  const time = model.times[last];
  return {
    time:
      time === undefined
        ? '\u00a0'
        : formatDate(Math.min(model.now, time + model.bucketMs / 2), model.timeZone, 'dateTime'),
    items: lines.map(({ line, panel }) => ({
      key: line.metric,
      label: line.label,
      colour: line.colour,
      value: line.values[last] ?? null,
      unit: panel.unit,
      pattern: line.pattern,
      temperatureUnit: model.temperatureUnit,
    })),
  };
}

function sumItems(bars: EnergyBars): ReadoutItem[] {
  const isShown = (label: string): boolean =>
    label === 'Bought' || label === 'Sold' ? bars.hasGrid : label.endsWith('harged') ? bars.hasBattery : true;
  const all = [...comingIn(bars.total), ...goingOut(bars.total)].filter((part) => isShown(part.label));
  return all.map((part) => ({
    key: part.label,
    label: part.label,
    colour: part.energy,
    value: part.kwh,
    unit: 'kWh' as const,
    pattern: 0 as const,
    temperatureUnit: 'celsius' as const,
  }));
}

function BarsNote({ bars }: { bars: EnergyBars }) {
  const { selfSufficiency, coverage } = bars.total;
  const isPartial = bars.items.some((item) => item.coverage < 0.985 && item.coverage > 0);
  const own = selfSufficiency === null ? '' : `${formatPercent(selfSufficiency * 100).text} % self-sufficient. `;
  return (
    <p class="chart-note hint">
      Above the line what came in, below it where it went. {own}
      {isPartial ? `A dot marks a ${bars.period} with gaps; ${Math.floor(coverage * 100)} % was measured in all.` : ''}
    </p>
  );
}

/** A month leads to its days, a year to its months, a day to its lines. */
function closerLook(request: HistoryRequest, period: string): string {
  const query = new URLSearchParams(request.scope === 'house' ? {} : { show: request.scope });
  const [year = 0, month = 1, day = 1] = period.split('-').map(Number);
  const two = (n: number): string => String(n).padStart(2, '0');
  const date = (y: number, m: number, d: number): string => new Date(Date.UTC(y, m - 1, d)).toISOString().slice(0, 10);
  query.set('view', period.length === 10 ? 'power' : 'energy');
  query.set('from', `${year}-${two(month)}-${two(day)}`);
  if (period.length === 10) query.set('to', date(year, month, day + 1));
  else if (period.length === 7) query.set('to', date(year, month + 1, 1));
  else query.set('to', date(year + 1, 1, 1));
  return `/history?${query}`;
}

const rangeTitles: Record<RangeName, string> = {
  '24h': 'The last 24 hours',
  '7d': 'The last 7 days',
  '30d': 'The last 30 days',
  year: 'The last year',
  all: 'All there is',
  custom: '',
};

/** A whole day is called by its date; anything else by its length. */
function ownTitle({ range, look }: HistoryRequest, zone: string): string {
  if (range.from === startOfDay(range.from, zone) && range.to === startOfDay(range.from, zone, 1)) {
    return formatDate(range.from, zone, 'date');
  }
  return look === 'energy' ? 'Chosen days' : `A window of ${formatDuration(range.to - range.from)}`;
}

function Head({ request, context }: HistoryProps) {
  const { from, to } = request.range;
  const zone = context.timeZone;
  const isDays = request.look === 'energy';
  const end = isDays ? to - 1 : to;
  const style = isDays || to - from > 8 * 86_400_000 ? 'date' : 'dateTime';
  return (
    <header class="history-head">
      <h1>{rangeTitles[request.rangeName] || ownTitle(request, zone)}</h1>
      <p class="history-span">
        {formatDate(from, zone, style)} to {formatDate(end, zone, style)}{' '}
        <span class="history-zone">{zone.replaceAll('_', ' ')}</span>
      </p>
    </header>
  );
}

function Controls(props: HistoryProps) {
  const { request, context, scopes } = props;
  const steps = historySteps(request, context);
  return (
    <div class="history-controls">
      <div class="history-row">
        <nav class="tabs" aria-label="Period">
          {rangesOf(request.look).map(([name, label]) => (
            <HistoryLink
              href={historyUrl(request, { rangeName: name })}
              isActive={request.rangeName === name}
              keyName={name}
            >
              {label}
            </HistoryLink>
          ))}
        </nav>
        <nav class="tabs" aria-label="What to show">
          {looks.map(([look, label]) => (
            <HistoryLink href={lookUrl(request, look)} isActive={request.look === look} keyName={look}>
              {label}
            </HistoryLink>
          ))}
        </nav>
        <div class="history-steps">
          <Step href={steps.earlier} icon="back" label="Earlier" />
          <Step href={steps.later} icon="chevron" label="Later" />
          <Step href={steps.closer} icon="plus" label="Zoom in" />
          <Step href={steps.wider} icon="minus" label="Zoom out" />
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
      </div>
      {request.look === 'own' && <MetricChoice request={request} available={context.available} />}
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
        <label class="field">
          <span class="field-label">From</span>
          <input
            class="input"
            type="datetime-local"
            name="from"
            value={toLocalInput(request.range.from, context.timeZone)}
          />
        </label>
        <label class="field">
          <span class="field-label">To</span>
          <input
            class="input"
            type="datetime-local"
            name="to"
            value={toLocalInput(request.range.to, context.timeZone)}
          />
        </label>
        <button class="button button-plain" type="submit">
          Show
        </button>
      </form>
    </div>
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

interface HistoryLinkProps {
  href: string;
  isActive?: boolean;
  /** Names the control, so that the focus finds it again after the page changed under it. */
  keyName: string;
  className?: string;
  label?: string;
  children?: Child;
}

function HistoryLink({ href, isActive, keyName, className, label, children }: HistoryLinkProps) {
  return (
    <a
      href={href}
      data-history={keyName}
      {...(className ? { class: className } : {})}
      {...(label ? { 'aria-label': label } : {})}
      {...(isActive ? { 'aria-current': 'page' as const } : {})}
    >
      {children}
    </a>
  );
}

function Step({
  href,
  icon,
  label,
}: {
  href: string | null;
  icon: 'back' | 'chevron' | 'plus' | 'minus';
  label: string;
}) {
  const picture = icon === 'minus' ? <MinusIcon /> : <Icon name={icon} />;
  if (!href) {
    return (
      <span class="step is-off" aria-hidden="true">
        {picture}
      </span>
    );
  }
  return (
    <HistoryLink href={href} keyName={label} className="step" label={label}>
      {picture}
    </HistoryLink>
  );
}

function MinusIcon() {
  return (
    <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true">
      <path d="M5 12h14" stroke-linecap="round" />
    </svg>
  );
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

const groupNames: Record<MetricGroup, string> = {
  solar: 'Solar',
  battery: 'Battery',
  load: 'House',
  grid: 'Grid',
  generator: 'Generator',
  energy: 'Counters',
  inverter: 'Inverter',
  status: 'Status',
};

function MetricChoice({ request, available }: { request: HistoryRequest; available: readonly MetricName[] }) {
  const choosable = metrics.filter((m) => m.unit !== null && available.includes(m.name));
  const groups = [...new Set(choosable.map((m) => m.group))];
  const toggled = (name: NumericMetric): readonly NumericMetric[] =>
    request.metrics.includes(name) ? request.metrics.filter((m) => m !== name) : [...request.metrics, name];
  return (
    <div class="metric-choice">
      {groups.map((group) => (
        <div class="metric-group">
          <p class="metric-group-name">
            {isEnergy(group) && <EnergyMark energy={group} />}
            {groupNames[group]}
          </p>
          <div class="metric-chips">
            {choosable
              .filter((m) => m.group === group)
              .map((m) => (
                <a
                  class="chip"
                  href={historyUrl(request, { metrics: toggled(m.name as NumericMetric) })}
                  data-history={m.name}
                  {...(request.metrics.includes(m.name as NumericMetric) ? { 'aria-current': 'true' as const } : {})}
                >
                  {findMetric(m.name)?.label}
                </a>
              ))}
          </div>
        </div>
      ))}
    </div>
  );
}

const isEnergy = (group: MetricGroup): group is Energy & MetricGroup =>
  group === 'solar' || group === 'battery' || group === 'load' || group === 'grid' || group === 'generator';

function NothingChosen({ look }: { look: HistoryLook }) {
  return (
    <EmptyState title={look === 'own' ? 'Choose what to show' : 'Nothing of this is measured'}>
      {look === 'own'
        ? 'Pick one or more values below; values of one unit share an axis.'
        : 'This source has not reported any value of this view. Choose shows everything that it does report.'}
    </EmptyState>
  );
}

function NothingStored() {
  return (
    <EmptyState
      title="No history yet"
      action={
        <LinkButton kind="primary" href="/sources">
          To the sources
        </LinkButton>
      }
    >
      As soon as a source has reported, you find here what happened: hour by hour, and in time over years.
    </EmptyState>
  );
}
