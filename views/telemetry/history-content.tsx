import { capitalised, formatPercent } from '../../src/core/format.ts';
import { energyQuantities } from '../../src/telemetry/energy/energy.ts';
import type { EnergyBars } from '../../src/telemetry/energy/energy-bars.ts';
import { panelSize, planPanels } from '../../src/telemetry/history/chart-panels.ts';
import { isLong } from '../../src/telemetry/history/history-combine.ts';
import {
  type HistoryContext,
  type HistoryRequest,
  historyUrl,
  isAgainst,
} from '../../src/telemetry/history/history-query.ts';
import { type ChartModel, linesWithAxis } from '../../src/telemetry/history/history-view.ts';
import { type ToldEnergy, tellBars, tellLines } from '../../src/telemetry/history/history-words.ts';
import { buildScatter } from '../../src/telemetry/history/scatter.ts';
import { hasGaps, percentMeasured, SLEEP, sayMeasured } from '../../src/telemetry/quality/coverage-words.ts';
import { ChartData, ChartPanels } from './chart.tsx';
import { BarsData, EnergyBarChart, periodName } from './energy-bars.tsx';
import { lookUrl } from './history-controls.tsx';
import { NothingChosen } from './history-empty.tsx';
import { BarsTable, LinesTable } from './history-table.tsx';
import { Readout } from './readout.tsx';
import { newestItems, sumItems, unknownItems, unknownSums } from './readout-items.ts';
import { ScatterChart } from './scatter.tsx';
import { GoWhereThePageWaits } from './waiting.tsx';

export type HistoryAnswer =
  | { kind: 'lines'; model: ChartModel; energy: ToldEnergy | null }
  | { kind: 'bars'; bars: EnergyBars };

/** What happened, in a sentence or two; null when what is shown does not tell. */
export const storyOf = (content: HistoryAnswer): string | null =>
  content.kind === 'bars' ? tellBars(content.bars, periodName) : tellLines(content.model, content.energy);

/** Lines, bars or a table: whatever was asked for. */
export function HistoryContent(props: { request: HistoryRequest; context: HistoryContext; content: HistoryAnswer }) {
  const { request, context, content } = props;
  if (content.kind === 'bars') return <Bars request={request} bars={content.bars} timeZone={context.timeZone} />;
  const { model } = content;
  if (request.lines.length === 0) {
    const energyHref = content.energy && isCounted(content.energy) ? lookUrl(request, 'energy', context) : null;
    return <NothingChosen look={request.look} energyHref={energyHref} />;
  }
  if (request.isTable) return <LinesTable model={model} />;
  const scatter = isAgainst(request) ? buildScatter(model) : null;
  if (scatter)
    return (
      <>
        <Readout {...newestItems(model)} />
        <ScatterChart scatter={scatter} model={model} />
      </>
    );
  return (
    <>
      <Readout {...newestItems(model)} />
      <ChartPanels model={model} />
      {isLong(request.range) && !model.isEmpty && (
        <p class="chart-note hint">
          Lines are means of a week; bands reach from the lowest to the highest of each day.
        </p>
      )}
      {linesWithAxis(model).some(({ line }) => line.isDerived) && (
        <p class="chart-note hint">House: worked out from the other powers, since nothing measures it.</p>
      )}
      {model.isEmpty && <p class="chart-empty">Nothing was measured in this time.</p>}
      <ChartData model={model} />
    </>
  );
}

const isCounted = (energy: ToldEnergy): boolean =>
  energyQuantities.some((quantity) => energy[`${quantity}Kwh`] !== null);

function Bars({ request, bars, timeZone }: { request: HistoryRequest; bars: EnergyBars; timeZone: string }) {
  if (request.isTable) return <BarsTable bars={bars} timeZone={timeZone} />;
  return (
    <>
      <Readout time="Sum of what is shown" items={sumItems(bars)} />
      <EnergyBarChart bars={bars} linkOf={(period) => closerLook(request, period)} />
      <BarsData bars={bars} />
      <BarsNote bars={bars} />
    </>
  );
}

function BarsNote({ bars }: { bars: EnergyBars }) {
  const { selfSufficiency, coverage, rests } = bars.total;
  const own = selfSufficiency === null ? '' : `${formatPercent(selfSufficiency * 100).text} % self-sufficient. `;
  return (
    <p class="chart-note hint">
      Above the line what came in, below it where it went. {own}
      {bars.items.some(hasGaps)
        ? `A dot marks a ${bars.period} with gaps; ${percentMeasured(coverage)} of the time was measured in all${rests ? `; ${SLEEP}` : ''}.`
        : rests && `${capitalised(sayMeasured(coverage, [], rests))}.`}
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

/** The same heights as what is coming, so that nothing moves when it comes. */
export function HistoryLoading({ request }: { request: HistoryRequest }) {
  const isTogether = request.look === 'own' && request.axes !== 'apart';
  const isAlone = request.look === 'energy' || isAgainst(request);
  const plan = isAlone ? [null] : planPanels(request.lines, { range: request.range, isTogether });
  const items = request.look === 'energy' ? unknownSums() : unknownItems(request.lines);
  return (
    <>
      <Readout time={'\u00a0'} items={items} />
      <GoWhereThePageWaits href={`${historyUrl(request)}&wait=1`} />
      {plan.map((_, index) => (
        <div class={`panel panel-${panelSize(index, plan.length)}`} />
      ))}
    </>
  );
}
