import type { ChartAxis } from '../../src/telemetry/history/chart-axis.ts';
import {
  axisOf,
  type ChartLine,
  type ChartModel,
  type ChartPanel,
  type ChartTick,
} from '../../src/telemetry/history/history-view.ts';

/** Space around the lines; the script gets the same numbers, so that nothing moves when it takes over. */
export const chartFrame = { top: 12, bottom: 26, left: 46, right: 42 } as const;

/** Lines as the server draws them: the picture before any script runs, and all there is without one. */
export function ChartPanels({ model }: { model: ChartModel }) {
  return (
    <>
      {model.panels.map((panel, index) => (
        <div class={`panel panel-${panel.size}${panel.right ? ' has-right-axis' : ''}`} data-panel={index}>
          <p class="panel-unit" aria-hidden="true">
            {panel.lines.length === 1 && model.panels.length > 1 ? `${panel.lines[0]?.label}, ` : ''}
            {panel.axisUnit}
          </p>
          {panel.right && (
            <p class="panel-unit panel-unit-right" aria-hidden="true">
              {panel.right.axisUnit}
            </p>
          )}
          <StaticPanel model={model} panel={panel} />
        </div>
      ))}
    </>
  );
}

/** Everything in shares of the panel, so that one picture fits every screen. */
function StaticPanel({ model, panel }: { model: ChartModel; panel: ChartPanel }) {
  const y = (value: number): string =>
    `${round(100 * (1 - (value - panel.scale.min) / (panel.scale.max - panel.scale.min)))}%`;
  return (
    <div class="panel-static" aria-hidden="true">
      <PanelAxis ticks={ticksAt(panel)} />
      {panel.right && <PanelAxis ticks={ticksAt(panel.right)} isRight />}
      <svg class="panel-plot" width="100%" height="100%" aria-hidden="true">
        {model.nights.map((night) => (
          <rect class="night" x={share(night.from, model)} width={width(night.from, night.to, model)} height="100%" />
        ))}
        {panel.scale.ticks.map((tick) => (
          <line class={tick === 0 ? 'rule rule-zero' : 'rule'} x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
        ))}
        <Ticks className="ticks-narrow" ticks={model.ticks} model={model} />
        <Ticks className="ticks-wide" ticks={model.wideTicks} model={model} />
        <svg width="100%" height="100%" viewBox={`0 0 1000 ${GRAIN}`} preserveAspectRatio="none" aria-hidden="true">
          {panel.lines.map((line) => (
            <Line line={line} model={model} panel={panel} inner={GRAIN} />
          ))}
        </svg>
        {model.now >= model.range.from && model.now < model.range.to && (
          <line class="now-line" x1={share(model.now, model)} x2={share(model.now, model)} y1="0" y2="100%" />
        )}
      </svg>
    </div>
  );
}

/** Ticks of an axis by their height, as a share of the panel. */
const ticksAt = ({ scale, tickTexts }: ChartAxis): [y: string, text: string][] =>
  scale.ticks.map((tick, i) => [
    `${round(100 * (1 - (tick - scale.min) / (scale.max - scale.min)))}%`,
    tickTexts[i] ?? '',
  ]);

function Ticks({ className, ticks, model }: { className: string; ticks: readonly ChartTick[]; model: ChartModel }) {
  return (
    <g class={className}>
      {ticks.map((tick) => (
        <text class={tick.isMajor ? 'tick tick-major' : 'tick'} x={share(tick.time, model)} y="100%" dy="19">
          {tick.text}
        </text>
      ))}
    </g>
  );
}

/** Steps of height in which lines are written. */
const GRAIN = 400;

/** The numbers beside a panel; `y` as a share of its inner height. */
export function PanelAxis(props: { ticks: readonly (readonly [y: string, text: string])[]; isRight?: boolean }) {
  const { ticks, isRight } = props;
  return (
    <svg
      class={isRight ? 'panel-axis panel-axis-right' : 'panel-axis'}
      width={isRight ? chartFrame.right : chartFrame.left}
      height="100%"
      aria-hidden="true"
    >
      {ticks.map(([y, text]) => (
        <text x={isRight ? 8 : chartFrame.left - 8} y={y} dy="4">
          {text}
        </text>
      ))}
    </svg>
  );
}

function Line(props: { line: ChartLine; model: ChartModel; panel: ChartPanel; inner: number }) {
  const { line, model, panel, inner } = props;
  const { scale } = axisOf(panel, line);
  const x = (time: number): number =>
    round(((time + model.bucketMs / 2 - model.range.from) / (model.range.to - model.range.from)) * 1000);
  const y = (value: number): number => round(inner * (1 - (value - scale.min) / (scale.max - scale.min)));
  const at = (point: Point): string => `${x(point.time)} ${y(point.value)}`;
  const runs = unbrokenRuns(model.times, line.smooth ?? line.values, model.maxGapMs);
  const lone = runs.filter((run) => run.length === 1);
  const zero = y(Math.max(scale.min, Math.min(scale.max, 0)));
  return (
    <g class={`line ${line.colour} pattern-${line.pattern}`}>
      <Band line={line} model={model} at={at} />
      {line.hasArea &&
        runs.map((run) => {
          const [first, last] = [run[0], run[run.length - 1]];
          if (!first || !last) return null;
          return (
            <path
              class="line-area"
              d={`M${x(first.time)} ${zero}${run.map((p) => `L${at(p)}`).join('')}L${x(last.time)} ${zero}Z`}
            />
          );
        })}
      <path
        class="line-stroke"
        vector-effect="non-scaling-stroke"
        d={runs.map((run) => `M${run.map(at).join('L')}`).join('')}
      />
      {lone.length > 0 && (
        <path
          class="line-dots"
          vector-effect="non-scaling-stroke"
          d={lone.map((run) => `M${run.map(at).join('')}h0`).join('')}
        />
      )}
    </g>
  );
}

/** From the lowest to the highest of each bucket, behind the line. */
function Band({ line, model, at }: { line: ChartLine; model: ChartModel; at(point: Point): string }) {
  if (!line.lows || !line.highs) return null;
  const lows = unbrokenRuns(model.times, line.lows, model.maxGapMs);
  const highs = unbrokenRuns(model.times, line.highs, model.maxGapMs);
  const shapes = highs.map(
    (run, i) => `M${run.map(at).join('L')}L${[...(lows[i] ?? [])].reverse().map(at).join('L')}Z`,
  );
  return <path class="line-band" d={shapes.join('')} />;
}

interface Point {
  time: number;
  value: number;
}

/** Points that belong together: a gap in the data is a gap in the line. */
export function unbrokenRuns(times: readonly number[], values: readonly (number | null)[], maxGapMs: number) {
  const runs: Point[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  values.forEach((value, i) => {
    const time = times[i];
    if (value === null || time === undefined) return;
    if (time - last > maxGapMs) runs.push([]);
    runs[runs.length - 1]?.push({ time, value });
    last = time;
  });
  return runs;
}

const round = (n: number): number => Math.round(n * 10) / 10;
const share = (time: number, model: ChartModel): string =>
  `${round(((time - model.range.from) / (model.range.to - model.range.from)) * 100)}%`;
const width = (from: number, to: number, model: ChartModel): string =>
  `${round(((to - from) / (model.range.to - model.range.from)) * 100)}%`;

/** The same data for the script, as inert JSON; "<" is written so that no text can end the element. */
export function ChartData({ model }: { model: ChartModel }) {
  const json = JSON.stringify({ ...model, frame: chartFrame }).replaceAll('<', '\\u003c');
  return <script type="application/json" id="chart-data" dangerouslySetInnerHTML={{ __html: json }} />;
}
