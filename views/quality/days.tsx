import { formatDate, formatDuration, formatNumber } from '../../src/core/format.ts';
import type { Source } from '../../src/sources/source.ts';
import { lateShare } from '../../src/telemetry/quality/quality.ts';
import type { QualityView, ShownDay } from '../../src/telemetry/quality/quality-view.ts';
import { sharePercent } from '../../src/telemetry/quality/quality-words.ts';
import { type Column, Table } from '../parts/index.ts';
import { dayLines } from './coverage-bars.tsx';

/** Each day in figures, the newest first. */
export function QualityDays({ view, source }: { view: QualityView; source: Source }) {
  return (
    <div class="days-table">
      <Table
        caption={`How the readings of each day came, days of ${source.timeZone}`}
        phone="scroll"
        columns={columnsOf(source).filter(
          (column) => column.isHeader || view.days.some((day) => column.cell(day) !== '-'),
        )}
        rows={view.days.filter((day) => day.isExpected).reverse()}
      />
    </div>
  );
}

function columnsOf(source: Source): Column<ShownDay>[] {
  const number = (label: string, cell: (day: ShownDay) => string): Column<ShownDay> => ({
    label,
    isNumber: true,
    cell,
  });
  const some = (n: number): string => (n === 0 ? '-' : formatNumber(n));
  return [
    {
      label: 'Day',
      isHeader: true,
      cell: (day) => <a href={dayLines(source, day)}>{formatDate(day.span.from, source.timeZone, 'weekdayMonth')}</a>,
    },
    number('Measured %', (day) => (day.isExpected ? sharePercent(day.coverage) : '-')),
    number('Readings', ({ readings }) => some(readings)),
    number('Every', ({ intervalMs }) => (intervalMs === null ? '-' : formatDuration(intervalMs))),
    number('Again', ({ arrivals }) => some(arrivals.again)),
    number('Late %', (day) => (day.arrivals.late === 0 ? '-' : sharePercent(lateShare(day)))),
    number('Clock', ({ arrivals: { timed, delayMs } }) => (timed === 0 ? '-' : clockText(delayMs / timed))),
    number('Left out', ({ leftOut }) => some(leftOut)),
    number('Counters', ({ counted }) => some(counted)),
  ];
}

/** How far the device's clock is behind ours (and the way of its messages long), in seconds; ahead with a minus. */
const clockText = (delayMs: number): string =>
  `${formatNumber(delayMs / 1000, Math.abs(delayMs) < 10_000 ? 1 : 0)}\u00a0s`;
