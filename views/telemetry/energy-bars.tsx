import { axisScale, tickDigits } from '../../src/core/axis.ts';
import { formatDate, formatEnergy, formatNumber, joinShown } from '../../src/core/format.ts';
import type { EnergyBars } from '../../src/telemetry/energy/energy-bars.ts';
import { hasGaps, percentMeasured } from '../../src/telemetry/quality/coverage-words.ts';
import type { Energy } from '../parts/index.ts';
import { PanelAxis } from './chart.tsx';

interface Part {
  label: string;
  energy: Energy;
  kwh: number | null;
  /** Lighter: the half of a pair that goes the other way. */
  isPale: boolean;
}

type Item = EnergyBars['items'][number];

/** What came in, bottom up, and what it went into, top down. */
export const comingIn = (item: Pick<Item, 'solarKwh' | 'importKwh' | 'dischargeKwh'>): Part[] => [
  { label: 'Produced', energy: 'solar', kwh: item.solarKwh, isPale: false },
  { label: 'Discharged', energy: 'battery', kwh: item.dischargeKwh, isPale: true },
  { label: 'Bought', energy: 'grid', kwh: item.importKwh, isPale: false },
];
export const goingOut = (item: Pick<Item, 'loadKwh' | 'chargeKwh' | 'exportKwh'>): Part[] => [
  { label: 'Used', energy: 'load', kwh: item.loadKwh, isPale: false },
  { label: 'Charged', energy: 'battery', kwh: item.chargeKwh, isPale: false },
  { label: 'Sold', energy: 'grid', kwh: item.exportKwh, isPale: true },
];

export interface BarsProps {
  bars: EnergyBars;
  /** Address of the finer look at one bar. */
  linkOf(period: string): string;
}

/** Bars of energy: above the line what came in, below it where it went. Each bar leads to a closer look. */
export function EnergyBarChart({ bars, linkOf }: BarsProps) {
  const sum = (parts: Part[]): number => parts.reduce((total, part) => total + (part.kwh ?? 0), 0);
  const scale = axisScale(
    bars.items.flatMap((item) => [sum(comingIn(item)), -sum(goingOut(item))]),
    { hasZero: true, steps: 6 },
  );
  const y = (kwh: number): number => Math.round(10_000 * ((scale.max - kwh) / (scale.max - scale.min))) / 100;
  return (
    <div class="panel panel-alone bars" data-bars="">
      <p class="panel-unit" aria-hidden="true">
        kWh
      </p>
      <PanelAxis ticks={scale.ticks.map((tick) => [`${y(tick)}%`, formatNumber(Math.abs(tick), tickDigits(scale))])} />
      {/* biome-ignore lint/a11y/useSemanticElements: no element groups the links of a picture */}
      <svg class="panel-plot" width="100%" height="100%" role="group">
        <title>Energy by {bars.period}</title>
        {scale.ticks.map((tick) => (
          <line class={tick === 0 ? 'rule rule-zero' : 'rule'} x1="0" x2="100%" y1={`${y(tick)}%`} y2={`${y(tick)}%`} />
        ))}
        {bars.items.map((item, i) => (
          <Bar item={item} place={{ index: i, count: bars.items.length }} y={y} href={linkOf(item.period)} />
        ))}
        <Ticks items={bars.items} most={bars.period === 'day' ? 5 : 7} className="ticks-narrow" />
        <Ticks items={bars.items} most={12} className="ticks-wide" />
      </svg>
    </div>
  );
}

interface BarProps {
  item: Item;
  place: { index: number; count: number };
  y(kwh: number): number;
  href: string;
}

function Bar({ item, place, y, href }: BarProps) {
  const share = 100 / place.count;
  const width = Math.max(0.6, share * 0.66);
  const x = place.index * share + (share - width) / 2;
  const stack = (parts: Part[], sign: 1 | -1) => {
    let from = 0;
    return parts.map(({ kwh, energy, isPale }) => {
      if (!kwh) return null;
      const [a, b] = [y(sign * from), y(sign * (from + kwh))];
      from += kwh;
      return (
        <rect
          class={`bar-part ${energy}${isPale ? ' is-pale' : ''}`}
          x={percent(x)}
          width={percent(width)}
          y={percent(Math.min(a, b))}
          height={percent(Math.max(0.15, Math.abs(a - b) - 0.25))}
        />
      );
    });
  };
  return (
    <a
      class={hasGaps(item) ? 'bar is-partial' : 'bar'}
      href={href}
      data-index={place.index}
      tabindex={place.index === place.count - 1 ? 0 : -1}
      aria-label={sayPeriod(item)}
    >
      <rect class="bar-touch" x={percent(place.index * share)} width={percent(share)} y="0" height="100%" />
      {stack(comingIn(item), 1)}
      {stack(goingOut(item), -1)}
      {hasGaps(item) && <circle class="bar-partial" cx={percent(x + width / 2)} cy="-5" r="2.5" />}
    </a>
  );
}

const percent = (share: number): string => `${Math.round(share * 100) / 100}%`;

/** Times under the bars, as many as have room. */
function Ticks({ items, most, className }: { items: readonly Item[]; most: number; className: string }) {
  const isLabelled = labelledBars(items, most);
  return (
    <g class={className}>
      {items.map(({ period }, i) =>
        isLabelled(i) ? (
          <text class="tick" x={percent((100 / items.length) * (i + 0.5))} y="100%" dy="19">
            {periodTick(period, items.length)}
          </text>
        ) : null,
      )}
    </g>
  );
}

/** UTC noon inside a period, so that its name can be written without any zone. */
const inside = (period: string): number => Date.parse(`${period.padEnd(10, '-01').slice(0, 10)}T12:00:00Z`);

/** Which bars have their time under them: the last one and others at even steps; of more than a year's months each January. */
function labelledBars(items: readonly Item[], most: number): (index: number) => boolean {
  const every = Math.ceil(items.length / most);
  const step = [2, 3, 4, 6, 12].find((months) => months >= every) ?? 12;
  if (items.length <= 12 || items[0]?.period.length !== 7) return (i) => i % every === (items.length - 1) % every;
  return (i) => (Number(items[i]?.period.slice(5, 7)) - 1) % step === 0;
}

const periodTick = (period: string, count: number): string => {
  if (period.length === 4) return period;
  if (period.endsWith('-01') && period.length === 7 && count > 12) return period.slice(0, 4);
  if (period.length === 7) return formatDate(inside(`${period}-01`), 'UTC', 'month').slice(0, 3);
  return formatDate(inside(period), 'UTC', 'dayMonth');
};

/** "Sat, 21 Nov 2026", "Nov 2026" or "2026". */
export function periodName(period: string): string {
  if (period.length === 4) return period;
  if (period.length === 7) return formatDate(inside(`${period}-01`), 'UTC', 'month');
  return formatDate(inside(period), 'UTC', 'date');
}

function sayPeriod(item: Item): string {
  const parts = [...comingIn(item), ...goingOut(item)].filter((part) => part.kwh !== null);
  const words = parts.map((part) => `${part.label.toLowerCase()} ${joinShown(formatEnergy(part.kwh))}`);
  const coverage = hasGaps(item) ? `, measured for ${percentMeasured(item.coverage)} of it` : '';
  return `${periodName(item.period)}: ${words.join(', ') || 'nothing measured'}${coverage}`.replaceAll('\u00a0', ' ');
}

/** What the browser shows of each bar in the fixed place. */
export function BarsData({ bars }: { bars: EnergyBars }) {
  const items = bars.items.map((item) => ({
    title: periodName(item.period),
    texts: Object.fromEntries(
      [...comingIn(item), ...goingOut(item)].map((part) => [part.label, joinShown(formatEnergy(part.kwh))]),
    ),
  }));
  const json = JSON.stringify(items).replaceAll('<', '\\u003c');
  return <script type="application/json" id="bars-data" dangerouslySetInnerHTML={{ __html: json }} />;
}
