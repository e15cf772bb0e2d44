import { formatDate, formatPercent } from '../../src/core/format.ts';
import { showRatio } from '../../src/telemetry/performance/performance-words.ts';
import { type Amount, amounts, showAmount } from '../../src/telemetry/totals/amount.ts';
import type { TotalsPart, TotalsView } from '../../src/telemetry/totals/totals-view.ts';
import { partNames, periodName } from '../../src/telemetry/totals/totals-words.ts';
import { type BesideRow, besideRows } from '../../src/telemetry/totals/year-beside.ts';
import type { YearMap } from '../../src/telemetry/totals/year-map.ts';
import { type Column, Table } from '../parts/index.ts';
import { isMeasured } from './figures.tsx';

type Row = BesideRow<TotalsPart>;

/** The bars as a table: the same parts, the same values, and the year before beside them, with what only it has. */
export function PartsTable({ view, timeZone }: { view: TotalsView; timeZone: string }) {
  const shown = amounts.filter((amount) => isMeasured(amount, view));
  const ratios = view.ratios('parts');
  const hasBefore = view.beforeAlone.length > 0 || view.parts.some((part) => part.before !== null);
  const nameOf = partNames(view.parts.map(({ period }) => period));
  const known = ({ part }: Row): TotalsPart | null => (part?.hasBegun ? part : null);
  const columns: Column<Row>[] = [
    {
      label: view.step,
      isHeader: true,
      cell: (row) => (row.part ? nameOf(row.part.period) : periodName(row.alone.period)),
    },
    ...shown.map((amount) => ofAmount(amount, amount.label, known)),
    { label: 'Measured %', isNumber: true, cell: (row) => percent(known(row)?.coverage ?? null) },
    ...(ratios.size > 0 ? [ratioColumn(ratios)] : []),
    ...(hasBefore
      ? shown.map((amount) => ofAmount(amount, `${amount.label}, a year before`, (row) => row.alone ?? row.part.before))
      : []),
  ];
  return (
    <div class="history-table">
      <Table
        caption={`Energy by ${view.step} in kWh, ${view.step}s of ${timeZone}`}
        showsCaption
        columns={columns}
        rows={besideRows(view.parts, view.beforeAlone)}
        phone="scroll"
      />
    </div>
  );
}

const ratioColumn = (ratios: ReadonlyMap<string, number>): Column<Row> => ({
  label: 'Performance ratio %',
  isNumber: true,
  cell: ({ part }) => showRatio(ratios.get(part?.period ?? '') ?? null)?.text ?? '-',
});

const percent = (share: number | null): string => (share === null ? '-' : formatPercent(Math.floor(share * 100)).text);

function ofAmount(
  amount: Amount,
  label: string,
  summaryOf: (row: Row) => Parameters<Amount['of']>[0] | null,
): Column<Row> {
  return {
    label: amount.unit === '%' ? `${label} %` : label,
    isNumber: true,
    cell: (row) => {
      const summary = summaryOf(row);
      return showAmount(amount, summary && amount.of(summary)).text;
    },
  };
}

/** The calendar as a table: a row for each day of the month, a column for each month. */
export function DaysTable({ map }: { map: YearMap }) {
  const rows = Array.from({ length: 31 }, (_, i) => i);
  const columns: Column<number>[] = [
    { label: 'Day', isHeader: true, cell: (i) => String(i + 1) },
    ...map.months.map(({ month, days }) => ({
      label: formatDate(Date.UTC(map.year, month - 1, 15), 'UTC', 'month').slice(0, 3),
      isNumber: true,
      cell: (i: number) => {
        const day = days[i];
        if (!day || day.isOutside) return '';
        return `${showAmount(map.subject, day.value).text}${day.isPartial ? '*' : ''}`;
      },
    })),
  ];
  return (
    <div class="history-table" id="year-map">
      <Table
        caption={`${map.subject.label} each day of ${map.year} in ${map.subject.unit}; * not measured all through`}
        showsCaption
        columns={columns}
        rows={rows}
        phone="scroll"
      />
    </div>
  );
}
