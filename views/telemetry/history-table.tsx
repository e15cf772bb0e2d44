import { formatDate, formatEnergy, formatNumber, formatPercent, formatQuantity } from '../../src/core/format.ts';
import { toZonedIso } from '../../src/core/wall-clock.ts';
import type { EnergyBars } from '../../src/telemetry/energy/energy-bars.ts';
import { filledBuckets, shownColumns } from '../../src/telemetry/history/history-columns.ts';
import type { ChartModel } from '../../src/telemetry/history/history-view.ts';
import { type Column, Table } from '../parts/index.ts';
import { periodName } from './energy-bars.tsx';

/** What the chart shows, as a table: same buckets, same values, newest first. */
export function LinesTable({ model }: { model: ChartModel }) {
  const rows = filledBuckets(model).reverse();
  const style = model.bucketMs >= 86_400_000 ? 'date' : model.bucketMs < 60_000 ? 'timeSeconds' : 'dateTime';
  const texts = rows.map((i) => formatDate(model.times[i] ?? 0, model.timeZone, style));
  const twice = new Set(texts.filter((text, at) => texts.indexOf(text) !== at));
  // What the clock shows twice is told apart by its offset.
  const timeOf = (i: number): string => {
    const text = texts[rows.indexOf(i)] ?? '';
    return twice.has(text) ? `${text} ${toZonedIso(model.times[i] ?? 0, model.timeZone).slice(-6)}` : text;
  };
  const columns: Column<number>[] = [
    { label: 'Time', isHeader: true, cell: timeOf },
    ...shownColumns(model).map(({ label, unit, values }) => ({
      label,
      isNumber: true,
      cell: (i: number) => tableNumber(values[i] ?? null, unit),
    })),
  ];
  return (
    <div class="history-table">
      <Table
        caption={`Mean of each ${stepText(model.bucketMs)}, times in ${model.timeZone}`}
        showsCaption
        columns={columns}
        rows={rows}
        phone="scroll"
        empty={<p class="chart-empty">Nothing was measured in this time.</p>}
      />
    </div>
  );
}

/** One unit a column, so W stays W. */
const tableNumber = (value: number | null, unit: string): string =>
  (unit === 'W' || unit === 'VA') && value !== null
    ? formatNumber(value)
    : formatQuantity(value, unit === 'degC' ? '' : unit).text;

/** "5 min", "1 h", "day". */
export function stepText(ms: number): string {
  if (ms < 60_000) return `${ms / 1000} s`;
  if (ms < 3_600_000) return `${ms / 60_000} min`;
  if (ms < 86_400_000) return `${ms / 3_600_000} h`;
  return ms === 86_400_000 ? 'day' : `${ms / 86_400_000} days`;
}

/** The bars as a table, with the sum as its last row. */
export function BarsTable({ bars, timeZone }: { bars: EnergyBars; timeZone: string }) {
  type Row = EnergyBars['items'][number];
  const kwh = (
    label: string,
    field: 'solarKwh' | 'loadKwh' | 'importKwh' | 'exportKwh' | 'chargeKwh' | 'dischargeKwh',
  ) => ({
    label,
    isNumber: true,
    cell: (row: Row) => formatEnergy(row[field]).text,
  });
  const columns: Column<Row>[] = [
    { label: bars.period, isHeader: true, cell: (row) => (row.period === 'sum' ? 'Sum' : periodName(row.period)) },
    kwh('Produced', 'solarKwh'),
    kwh('Used', 'loadKwh'),
    ...(bars.hasGrid ? [kwh('Bought', 'importKwh'), kwh('Sold', 'exportKwh')] : []),
    ...(bars.hasBattery ? [kwh('Charged', 'chargeKwh'), kwh('Discharged', 'dischargeKwh')] : []),
    { label: 'Measured %', isNumber: true, cell: (row) => formatPercent(Math.floor(row.coverage * 100)).text },
  ];
  return (
    <div class="history-table">
      <Table
        caption={`Energy by ${bars.period} in kWh, ${bars.period}s of ${timeZone}`}
        showsCaption
        columns={columns}
        rows={[{ ...bars.total, period: 'sum' }, ...[...bars.items].reverse()]}
        phone="scroll"
      />
    </div>
  );
}
