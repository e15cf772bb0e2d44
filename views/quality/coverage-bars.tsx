import { formatDate } from '../../src/core/format.ts';
import type { Source } from '../../src/sources/source.ts';
import type { QualityView, ShownDay } from '../../src/telemetry/quality/quality-view.ts';
import { sharePercent } from '../../src/telemetry/quality/quality-words.ts';

/** A bar a day, as high as its share that was measured; each leads to the lines of that day. */
export function CoverageBars({ view, source }: { view: QualityView; source: Source }) {
  const { days } = view;
  const share = 100 / Math.max(1, days.length);
  const every = Math.ceil(days.length / 5);
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element groups the links of a picture
    <svg class="coverage" width="100%" height="100%" role="group">
      <title>Share of each day that was measured</title>
      {days.map((day, i) => (
        <DayBar day={day} source={source} x={i * share} width={share} label={i % every === 0} />
      ))}
    </svg>
  );
}

interface DayBarProps {
  day: ShownDay;
  source: Source;
  x: number;
  width: number;
  label: boolean;
}

function DayBar({ day, source, x, width, label }: DayBarProps) {
  const percent = (n: number): string => `${Math.round(n * 100) / 100}%`;
  const gap = width * 0.28;
  const inner = { x: percent(x + gap / 2), width: percent(width - gap) };
  const height = day.coverage * FULL;
  const bar = (
    <>
      <rect class="coverage-touch" x={percent(x)} width={percent(width)} y="0" height="100%" />
      {day.isExpected && <rect class="coverage-missing" {...inner} y="0" height={percent(FULL)} />}
      {height > 0 && <rect class="coverage-measured" {...inner} y={percent(FULL - height)} height={percent(height)} />}
      {!day.isExpected && <rect class="coverage-none" {...inner} y={percent(FULL - 1.5)} height="1.5%" />}
      {label && (
        <text class="coverage-tick" x={percent(x + gap / 2)} y="100%" dy="-3">
          {formatDate(day.span.from, source.timeZone, 'dayMonth')}
        </text>
      )}
    </>
  );
  if (!day.isExpected) return <g>{bar}</g>;
  return (
    <a class="coverage-day" href={dayLines(source, day)} aria-label={sayDay(day, source)}>
      {bar}
    </a>
  );
}

/** Percent of the picture that bars may fill; the dates stand below. */
const FULL = 74;

const sayDay = (day: ShownDay, source: Source): string =>
  `${formatDate(day.span.from, source.timeZone, 'date')}: ${sharePercent(day.coverage)} % measured`;

/** The lines of a day of this source. */
export function dayLines(source: Source, { day, span }: ShownDay): string {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  const query = new URLSearchParams({ show: `source:${source.id}`, view: 'power', from: day, to: next });
  return span.to > span.from ? `/history?${query.toString().replaceAll('%3A', ':')}` : '/history';
}
