import { formatDate, formatNumber, formatQuantity, joinShown } from '../../src/core/format.ts';
import type { ChartAxis } from '../../src/telemetry/history/chart-axis.ts';
import type { ChartModel } from '../../src/telemetry/history/history-view.ts';
import type { Dot, Scatter, ScatterSide } from '../../src/telemetry/history/scatter.ts';
import { unitText } from '../../src/telemetry/metric-look.ts';
import { PanelAxis } from './chart.tsx';
import { stepText } from './history-table.tsx';

/** One metric to the right, the other upwards, each time a dot; all of it drawn by the server. */
export function ScatterChart({ scatter, model }: { scatter: Scatter; model: ChartModel }) {
  const { x, y, dots } = scatter;
  return (
    <>
      <div class="panel panel-alone scatter">
        <p class="panel-unit" aria-hidden="true">
          {y.line.label}, {y.axis.axisUnit}
        </p>
        <PanelAxis ticks={y.axis.scale.ticks.map((tick, i) => [up(tick, y.axis), y.axis.tickTexts[i] ?? ''])} />
        <svg class="panel-plot" width="100%" height="100%" role="img" aria-label={sayScatter(scatter, model)}>
          {y.axis.scale.ticks.map((tick) => (
            <line class={ruleClass(tick)} x1="0" x2="100%" y1={up(tick, y.axis)} y2={up(tick, y.axis)} />
          ))}
          {x.axis.scale.ticks.map((tick, i) => (
            <>
              <line class={ruleClass(tick)} x1={right(tick, x.axis)} x2={right(tick, x.axis)} y1="0" y2="100%" />
              <text class="tick" x={right(tick, x.axis)} y="100%" dy="19">
                {x.axis.tickTexts[i]}
              </text>
            </>
          ))}
          <g class={`dots ${y.line.colour}`}>
            {dots.map((dot, i) => (
              <circle
                class={i === dots.length - 1 ? 'dot is-newest' : 'dot'}
                cx={right(dot.x, x.axis)}
                cy={up(dot.y, y.axis)}
                r={i === dots.length - 1 ? 5 : 3}
              >
                <title>{sayDot(dot, scatter, model)}</title>
              </circle>
            ))}
          </g>
        </svg>
      </div>
      <p class="scatter-x">
        {x.line.label}, {x.axis.axisUnit}
      </p>
      <p class="chart-note hint">{scatterNote(scatter, model)}</p>
    </>
  );
}

const ruleClass = (tick: number): string => (tick === 0 ? 'rule rule-zero' : 'rule');
const share = (value: number, { scale }: ChartAxis): number =>
  Math.round((10_000 * (value - scale.min)) / (scale.max - scale.min)) / 100;
const right = (value: number, axis: ChartAxis): string => `${share(value, axis)}%`;
const up = (value: number, axis: ChartAxis): string => `${Math.round(100 * (100 - share(value, axis))) / 100}%`;

/** "Each dot is the mean of 30 min; the ring is the newest of 337. Correlation 0.43: ..." */
export function scatterNote({ dots, correlation }: Scatter, model: ChartModel): string {
  if (dots.length === 0) return 'At no time of this were both measured.';
  const each = `Each dot is the mean of ${model.bucketMs === 86_400_000 ? 'a day' : stepText(model.bucketMs)}, ${formatNumber(dots.length)} in all; the ring is the newest.`;
  if (correlation === null) return each;
  return `${each} Correlation ${formatNumber(correlation, 2)} (1: they rise together, 0: neither follows the other, −1: one falls as the other rises).`;
}

function sayScatter(scatter: Scatter, model: ChartModel): string {
  return `${scatter.y.line.label} against ${scatter.x.line.label}. ${scatterNote(scatter, model)}`;
}

function sayDot(dot: Dot, { x, y }: Scatter, model: ChartModel): string {
  const style = model.bucketMs >= 86_400_000 ? 'date' : 'dateTime';
  const time = formatDate(dot.time, model.timeZone, style);
  return `${time}: ${sayValue(dot.x, x, model)}, ${sayValue(dot.y, y, model)}`;
}

function sayValue(value: number, { line, axis }: ScatterSide, { temperatureUnit }: ChartModel): string {
  const shown =
    axis.unit === 'degC'
      ? { ...formatQuantity(value, ''), unit: unitText('degC', temperatureUnit) }
      : formatQuantity(value, axis.unit);
  return `${line.label} ${joinShown(shown)}`;
}
