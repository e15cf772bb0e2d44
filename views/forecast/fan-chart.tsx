import type { FanHour, FanModel, FanTick } from '../../src/forecast/pages/fan-model.ts';
import { hourSentence } from '../../src/forecast/pages/forecast-words.ts';
import { PanelAxis, unbrokenRuns } from '../telemetry/chart.tsx';

export interface FanChartProps {
  model: FanModel;
  energy: 'solar' | 'load';
  /** What the picture says, for whoever does not see it. */
  title: string;
  /** The hour that is explained below. */
  chosen: FanHour | null;
  linkOf(hour: FanHour): string;
}

/** Steps of height in which lines are written. */
const GRAIN = 400;

/**
 * What will come with its odds, and what came drawn over it. Everything stands in shares of the panel, so that one picture fits
 * every screen. Each hour is a link to what moved it; arrow keys walk among them.
 */
export function FanChart({ model, energy, title, chosen, linkOf }: FanChartProps) {
  const { range, now, scale } = model;
  const y = (value: number): string => `${round(100 * (1 - (value - scale.min) / (scale.max - scale.min)))}%`;
  const entry = chosen ?? model.hours[0];
  return (
    <div class="panel panel-alone fan" id="fan">
      <p class="panel-unit" aria-hidden="true">
        {model.axisUnit}
      </p>
      <PanelAxis ticks={scale.ticks.map((tick, i) => [y(tick), model.tickTexts[i] ?? ''])} />
      {/* biome-ignore lint/a11y/useSemanticElements: no element groups the links of a picture */}
      <svg class="panel-plot" width="100%" height="100%" role="group" aria-labelledby="fan-title">
        <title id="fan-title">{title}</title>
        {model.nights.map((night) => (
          <rect class="night" x={share(night.from, model)} width={width(night, model)} height="100%" />
        ))}
        {scale.ticks.map((tick) => (
          <line class={tick === 0 ? 'rule rule-zero' : 'rule'} x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
        ))}
        <Ticks className="ticks-narrow" ticks={model.ticks} model={model} />
        <Ticks className="ticks-wide" ticks={model.wideTicks} model={model} />
        <svg width="100%" height="100%" viewBox={`0 0 1000 ${GRAIN}`} preserveAspectRatio="none" aria-hidden="true">
          <Shapes model={model} energy={energy} />
        </svg>
        {model.weatherEndsAt !== null && (
          <line class="fan-edge" {...at(share(model.weatherEndsAt, model))} y1="0" y2="100%" />
        )}
        {now >= range.from && now < range.to && <line class="now-line" {...at(share(now, model))} y1="0" y2="100%" />}
        {model.hours.map((hour) => (
          <a
            class={hour === chosen ? 'fan-hour is-chosen' : 'fan-hour'}
            id={`hour-${hour.from}`}
            href={linkOf(hour)}
            tabindex={hour === entry ? 0 : -1}
            aria-label={hourSentence(hour, model.timeZone)}
            {...(hour === chosen ? { 'aria-current': 'true' as const } : {})}
          >
            <rect x={share(hour.from, model)} width={width(hour, model)} height="100%" />
          </a>
        ))}
      </svg>
    </div>
  );
}

const at = (x: string) => ({ x1: x, x2: x });

function Ticks({ className, ticks, model }: { className: string; ticks: readonly FanTick[]; model: FanModel }) {
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

/** Bands, the line in their middle, and what was measured. */
function Shapes({ model, energy }: { model: FanModel; energy: 'solar' | 'load' }) {
  const { steps, came, range, scale, inner } = model;
  const x = (time: number): number => round((1000 * (time - range.from)) / (range.to - range.from));
  const y = (value: number): number => round(GRAIN * (1 - (value - scale.min) / (scale.max - scale.min)));
  const middles = steps.map((step) => (step.from + step.to) / 2);
  // The coarse steps of far days are an hour long; nothing shorter than two of them is a gap.
  const runs = (values: readonly number[]) => unbrokenRuns(middles, values, 2 * 3_600_000);
  const line = (points: readonly { time: number; value: number }[]): string =>
    points.map((point) => `${x(point.time)} ${y(point.value)}`).join('L');
  const band = (lows: readonly number[], highs: readonly number[]): string => {
    const below = runs(lows);
    return runs(highs)
      .map((run, i) => `M${line(run)}L${line([...(below[i] ?? [])].reverse())}Z`)
      .join('');
  };
  const measured = unbrokenRuns(
    came.map((step) => (step.from + step.to) / 2),
    came.map(({ powerW }) => powerW),
    2 * 3_600_000,
  );
  const level = (place: number): number[] => steps.map((step) => step.quantilesW[place] ?? 0);
  const p10 = steps.map((step) => step.p10W);
  const p90 = steps.map((step) => step.p90W);
  const p50 = steps.map((step) => step.p50W);
  return (
    <g class={energy}>
      <path class="fan-band" d={band(p10, p90)} />
      <path class="fan-band" d={band(level(inner[0]), level(inner[1]))} />
      <path
        class="fan-middle"
        vector-effect="non-scaling-stroke"
        d={runs(p50)
          .map((run) => `M${line(run)}`)
          .join('')}
      />
      <path class="fan-came" vector-effect="non-scaling-stroke" d={measured.map((run) => `M${line(run)}`).join('')} />
    </g>
  );
}

/** What the shapes mean. */
export function FanLegend({ energy, hasCome }: { energy: 'solar' | 'load'; hasCome: boolean }) {
  const mark = (shape: 'outer' | 'inner' | 'middle' | 'came') => (
    <svg class={`fan-mark ${energy}`} viewBox="0 0 24 12" width="24" height="12" aria-hidden="true">
      {(shape === 'outer' || shape === 'inner') && <path class="fan-band" d="M0 1h24v10H0z" />}
      {shape === 'inner' && <path class="fan-band" d="M0 1h24v10H0z" />}
      {shape === 'middle' && <path class="fan-middle" d="M0 6h24" />}
      {shape === 'came' && <path class="fan-came" d="M0 6h24" />}
    </svg>
  );
  return (
    <ul class="fan-legend hint">
      <li>{mark('middle')} most likely</li>
      <li>{mark('inner')} 5 times in 10</li>
      <li>{mark('outer')} 8 times in 10</li>
      {hasCome && <li>{mark('came')} measured</li>}
    </ul>
  );
}

const round = (n: number): number => Math.round(n * 10) / 10;
const share = (time: number, { range }: FanModel): string =>
  `${Math.round(((time - range.from) / (range.to - range.from)) * 10_000) / 100}%`;
const width = ({ from, to }: { from: number; to: number }, { range }: FanModel): string =>
  `${Math.round(((to - from) / (range.to - range.from)) * 10_000) / 100}%`;
