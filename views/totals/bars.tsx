import { axisScale, tickDigits } from '../../src/core/axis.ts';
import { formatNumber, joinShown } from '../../src/core/format.ts';
import type { EnergySummary } from '../../src/telemetry/house/house.ts';
import { hasGaps, percentMeasured } from '../../src/telemetry/quality/coverage-words.ts';
import { type Amount, amountOf, amounts, showAmount } from '../../src/telemetry/totals/amount.ts';
import {
  nextDay,
  periodOfKey,
  type TotalsContext,
  type TotalsRequest,
  totalsUrl,
} from '../../src/telemetry/totals/totals-query.ts';
import type { TotalsPart, TotalsView } from '../../src/telemetry/totals/totals-view.ts';
import { partNames, partTick } from '../../src/telemetry/totals/totals-words.ts';
import { PanelAxis } from '../telemetry/chart.tsx';
import { isMeasured } from './figures.tsx';

interface BarsProps {
  request: TotalsRequest;
  context: TotalsContext;
  view: TotalsView | null;
}

/** What came in, bottom up, and where it went, top down. */
const comingIn = ['solar', 'discharge', 'import'] as const;
const goingOut = ['load', 'charge', 'export'] as const;

/** Bars of the parts of a period, each beside a pale one of the year before; each leads to a closer look. */
export function TotalsBars({ request, context, view }: BarsProps) {
  if (!view) return <div class="panel panel-alone" />;
  if (view.isEmpty && view.parts.every((part) => part.before === null)) {
    return <p class="chart-empty">Nothing was measured in this time.</p>;
  }
  return (
    <>
      <Panel request={request} context={context} view={view} />
      <BarsNote view={view} request={request} />
      <BarsData view={view} />
    </>
  );
}

/** The heights of one bar: parts upwards and downwards from zero. */
interface Stack {
  up: readonly Amount[];
  down: readonly Amount[];
}

function stackOf(request: TotalsRequest): Stack {
  if (request.subject !== 'together') return { up: [amountOf(request.subject)], down: [] };
  return { up: comingIn.map(amountOf), down: goingOut.map(amountOf) };
}

const heightOf = (list: readonly Amount[], summary: EnergySummary): number =>
  list.reduce((sum, amount) => sum + (amount.of(summary) ?? 0), 0);

function Panel({ request, context, view }: BarsProps & { view: TotalsView }) {
  const stack = stackOf(request);
  const isShare = request.subject === 'own';
  const heights = view.parts.flatMap((part) =>
    [part, part.before].flatMap((one) => (one ? [heightOf(stack.up, one), -heightOf(stack.down, one)] : [])),
  );
  const scale = axisScale(heights, {
    hasZero: true,
    steps: 6,
    ...(isShare ? { bounds: [0, 1] as const, steps: 4 } : {}),
  });
  const y = (value: number): number => Math.round(10_000 * ((scale.max - value) / (scale.max - scale.min))) / 100;
  const tick = (value: number): string =>
    isShare ? formatNumber(value * 100) : formatNumber(Math.abs(value), tickDigits(scale));
  const last = view.parts.reduce((at, part, i) => (part.hasBegun ? i : at), 0);
  return (
    <div class="panel panel-alone bars">
      <p class="panel-unit" aria-hidden="true">
        {isShare ? '%' : 'kWh'}
      </p>
      <PanelAxis ticks={scale.ticks.map((value) => [`${y(value)}%`, tick(value)])} />
      {/* biome-ignore lint/a11y/useSemanticElements: no element groups the links of a picture */}
      <svg class="panel-plot" width="100%" height="100%" role="group">
        <title>{`Energy by ${view.step}`}</title>
        {scale.ticks.map((value) => (
          <line
            class={value === 0 ? 'rule rule-zero' : 'rule'}
            x1="0"
            x2="100%"
            y1={`${y(value)}%`}
            y2={`${y(value)}%`}
          />
        ))}
        {view.parts.map((part, index) => (
          <Bar
            part={part}
            stack={stack}
            place={{ index, count: view.parts.length }}
            y={y}
            href={closerLook(request, context, part)}
            isFirst={index === last}
            label={sayPart(part, request, view)}
          />
        ))}
        <Ticks parts={view.parts} most={7} className="ticks-narrow" />
        <Ticks parts={view.parts} most={16} className="ticks-wide" />
      </svg>
    </div>
  );
}

/** Names under the bars, as many as have room. */
function Ticks({ parts, most, className }: { parts: readonly TotalsPart[]; most: number; className: string }) {
  const every = Math.ceil(parts.length / most);
  return (
    <g class={className}>
      {parts.map((part, i) =>
        i % every === 0 ? (
          <text class="tick" x={percent((100 / parts.length) * (i + 0.5))} y="100%" dy="19">
            {partTick(part.period)}
          </text>
        ) : null,
      )}
    </g>
  );
}

const percent = (share: number): string => `${Math.round(share * 100) / 100}%`;

/** Of the width of the panel, %. */
const WIDEST = 14;

interface BarProps {
  part: TotalsPart;
  stack: Stack;
  place: { index: number; count: number };
  y(value: number): number;
  href: string | null;
  /** The one that the Tab key reaches. */
  isFirst: boolean;
  label: string;
}

function Bar({ part, stack, place, y, href, isFirst, label }: BarProps) {
  const share = 100 / place.count;
  const left = place.index * share;
  const { before } = part;
  // Few bars are no wider than many: they stand in the middle of their share.
  const room = Math.min(share, WIDEST);
  const inner = left + (share - room) / 2;
  const ghost = before && { x: inner + room * 0.1, width: room * 0.24 };
  const own = { x: inner + room * (before ? 0.36 : 0.17), width: room * (before ? 0.52 : 0.66) };
  const content = (
    <>
      <rect class="bar-touch" x={percent(left)} width={percent(share)} y="0" height="100%" />
      {ghost && before && <Ghost summary={before} stack={stack} at={ghost} y={y} />}
      {part.hasBegun && <Column summary={part} list={stack.up} sign={1} at={own} y={y} />}
      {part.hasBegun && <Column summary={part} list={stack.down} sign={-1} at={own} y={y} />}
      {part.hasBegun && hasGaps(part) && (
        <circle class="bar-partial" cx={percent(own.x + own.width / 2)} cy="100%" r="2.5" />
      )}
    </>
  );
  if (!href) return <g data-bar={place.index}>{content}</g>;
  return (
    <a class="bar" href={href} data-bar={place.index} tabindex={isFirst ? 0 : -1} aria-label={label}>
      {content}
    </a>
  );
}

interface ColumnProps {
  summary: EnergySummary;
  list: readonly Amount[];
  sign: 1 | -1;
  at: { x: number; width: number };
  y(value: number): number;
}

function Column({ summary, list, sign, at, y }: ColumnProps) {
  let from = 0;
  return (
    <>
      {list.map((amount) => {
        const value = amount.of(summary);
        if (!value) return null;
        const [a, b] = [y(sign * from), y(sign * (from + value))];
        from += value;
        return (
          <rect
            class={`bar-part ${amount.colour}${amount.isPale && list.length > 1 ? ' is-pale' : ''}`}
            x={percent(at.x)}
            width={percent(at.width)}
            y={percent(Math.min(a, b))}
            height={percent(Math.max(0.15, Math.abs(a - b) - (list.length > 1 ? 0.25 : 0)))}
          />
        );
      })}
    </>
  );
}

/** The year before: its whole height, without what it was made of. */
function Ghost({ summary, stack, at, y }: Pick<ColumnProps, 'summary' | 'at' | 'y'> & { stack: Stack }) {
  const only = stack.down.length === 0 ? (stack.up[0]?.colour ?? '') : '';
  const [top, bottom] = [y(heightOf(stack.up, summary)), y(-heightOf(stack.down, summary))];
  if (bottom - top < 0.05) return null;
  return (
    <rect
      class={`bar-ghost ${only}`}
      x={percent(at.x)}
      width={percent(at.width)}
      y={percent(top)}
      height={percent(bottom - top)}
    />
  );
}

function BarsNote({ view, request }: { view: TotalsView; request: TotalsRequest }) {
  const isTogether = request.subject === 'together';
  const notes = [
    isTogether ? 'Above the line what came in, below it where it went.' : '',
    view.parts.some((part) => part.before) ? 'The pale bar beside each is a year before.' : '',
    view.parts.some((part) => part.hasBegun && hasGaps(part))
      ? `A dot marks ${view.step === 'hour' ? 'an' : 'a'} ${view.step} with gaps.`
      : '',
  ];
  return <p class="chart-note hint">{notes.filter(Boolean).join(' ')}</p>;
}

/** A year leads to its months, a month to its days, a day to its hours, and an hour to its lines; null for what has not begun. */
export function closerLook(
  request: TotalsRequest,
  context: TotalsContext,
  part: Pick<TotalsPart, 'period' | 'from' | 'to'>,
): string | null {
  if (part.from > context.now) return null;
  if (part.period.length > 10) return linesOf(request, part.from - 3_600_000, part.to + 3_600_000);
  const period = periodOfKey(part.period, context);
  return period && totalsUrl(request, { period, isTable: false });
}

/** The lines of a time on the History page. */
function linesOf(request: TotalsRequest, from: number, to: number): string {
  const iso = (time: number): string => new Date(time).toISOString().replace('.000', '');
  const show = request.scope === 'house' ? '' : `show=${encodeURIComponent(request.scope)}&`;
  return `/history?${show}view=power&from=${iso(from)}&to=${iso(to)}`;
}

/** The lines of a whole day. */
export const dayLines = (request: TotalsRequest, { timeZone }: TotalsContext): string =>
  linesOf(request, request.period.from, nextDay(request.period.from, timeZone));

const namesOf = (view: TotalsView): ((key: string) => string) => partNames(view.parts.map(({ period }) => period));

function sayPart(part: TotalsPart, request: TotalsRequest, view: TotalsView): string {
  const told = request.subject === 'together' ? amounts : [amountOf(request.subject)];
  const words = told
    .filter((amount) => isMeasured(amount, view))
    .flatMap((amount) => {
      const value = amount.of(part);
      if (value === null) return [];
      const text = joinShown(showAmount(amount, value));
      return [amount.unit === '%' ? `${text} ${amount.verb}` : `${amount.verb} ${text}`];
    });
  const measured = hasGaps(part) ? `, measured for ${percentMeasured(part.coverage)} of it` : '';
  const said = words.length > 0 ? words.join(', ') : 'nothing measured';
  return `${namesOf(view)(part.period)}: ${said}${measured}`.replaceAll('\u00a0', ' ');
}

/** What the browser shows of each bar in the fixed place. */
function BarsData({ view }: { view: TotalsView }) {
  const textsOf = (summary: EnergySummary | null) =>
    summary &&
    Object.fromEntries(amounts.map((amount) => [amount.key, joinShown(showAmount(amount, amount.of(summary)))]));
  const [nameOf, beforeNameOf] = [namesOf(view), partNames(view.parts.flatMap(({ beforeKey }) => beforeKey ?? []))];
  const items = view.parts.map((part) => ({
    title: nameOf(part.period),
    texts: textsOf(part.hasBegun ? part : null) ?? {},
    beforeTitle: part.beforeKey === null ? null : beforeNameOf(part.beforeKey),
    before: textsOf(part.before),
  }));
  const json = JSON.stringify(items).replaceAll('<', '\\u003c');
  return <script type="application/json" id="bars-data" dangerouslySetInnerHTML={{ __html: json }} />;
}
